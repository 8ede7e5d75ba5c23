"""Filters and tags of the shops' templates: names in the reader's language, articles of law, the note on the site's role."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from accounts.models import Place
from shops import site_mode
from shops.labels import in_language
from shops.models import Category
from wording import rulebook

register = template.Library()
register.simple_tag(site_mode.note, name="site_note")


@register.filter
def local_name(row: Place | Category) -> str:
    """Return the row's name in the reader's language: {{ village.place|local_name }}."""
    return in_language(row.name, row.name_en)


@register.filter
def spell_article(article: str) -> str:
    """Return 第九条第三项 on a Chinese page, §9(3) on an English one: {{ finding.article|spell_article }}."""
    return rulebook.spell_article(article, get_language() or "zh")
