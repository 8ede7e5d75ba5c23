"""Filters of phone numbers: {{ user.phone|local_phone }}, {{ user.phone|masked_phone }}."""

from django import template

from accounts import phones
from accounts.demo import DemoPerson, list_people

register = template.Library()

register.filter("local_phone", phones.format_local)
register.filter("masked_phone", phones.mask)


@register.simple_tag
def demo_people() -> list[DemoPerson]:
    """Return the sign-ins that the sign-in page offers; none outside DEMO."""
    return list_people()
