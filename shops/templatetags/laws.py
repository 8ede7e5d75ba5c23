"""{{ finding.article|in_words }}: 第九条第三项 in Chinese, §9(3) in English."""

from django import template
from django.utils.translation import get_language

from wording import articles

register = template.Library()


@register.filter
def in_words(article: str) -> str:
    return articles.in_words(article, get_language() or "zh")
