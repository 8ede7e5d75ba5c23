"""{{ finding.article|in_words }}: 第九条第三项 in Chinese, §9(3) in English."""

from django import template
from django.utils.translation import get_language

from wording import rulebook

register = template.Library()


@register.filter
def in_words(article: str) -> str:
    return rulebook.spell_article(article, get_language() or "zh")
