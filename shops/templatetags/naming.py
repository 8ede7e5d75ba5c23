"""{{ village.place|local_name }}: a place or a kind in the reader's language."""

from django import template

from accounts.models import Place
from shops.labels import in_language
from shops.models import Category

register = template.Library()


@register.filter
def local_name(row: Place | Category) -> str:
    return in_language(row.name, row.name_en)
