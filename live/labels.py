"""Describe counts of units, and a shortage of them, as sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from live.models import RundownItem
from shops.models import Product


def get_unit(item: RundownItem) -> Product.Unit:
    return Product.Unit(item.product.unit if item.product else item.unit)


def count_units(item: RundownItem, number: int) -> str:
    """Return a number with its measure word: 12 箱."""
    return f"{number} {get_unit(item).after(number)}"


def describe_shortage(product: Product, wanted: int, left: int) -> str:
    """Return the sentence that `wanted` units cannot be reserved because only `left` are in stock."""
    unit = Product.Unit(product.unit)
    facts = {"name": product.name, "wanted": wanted, "left": left, "unit": unit.after(left)}
    return (
        _("“%(name)s”想留 %(wanted)s，库存只有 %(left)s %(unit)s。改少一点，或先把新采的记进库存。") % facts
    )
