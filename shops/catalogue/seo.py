"""Describe products for search engines: schema.org offers and the paths of the site map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db import models
from django.db.models import Max
from django.urls import reverse

from shops import site_mode
from shops.models import GRAMS_PER_JIN, Presale, Product, Shop, Village
from ui import formats


class Offer(NamedTuple):
    """Prices in yuan with a decimal point: of one unit, and of a 斤 (0.5 kg)."""

    price: str
    per_jin: str
    availability: str


def describe_offer(product: Product, presale: Presale | None) -> Offer | None:
    """Return the offer; None on a training site, and for what is not on sale.

    It has no `priceValidUntil`, because nobody promises for how long a price holds.
    """
    if site_mode.is_practice() or not product.is_published or not product.shop.is_open:
        return None
    per_jin = formats.fen_per(product.price_fen, product.net_grams, GRAMS_PER_JIN)
    return Offer(
        format_plain(product.price_fen),
        format_plain(per_jin),
        f"https://schema.org/{describe_availability(product, presale)}",
    )


def describe_availability(product: Product, presale: Presale | None) -> str:
    if presale:
        return "PreOrder" if presale.left else "OutOfStock"
    return "InStock" if product.stock else "OutOfStock"


def format_plain(fen: int) -> str:
    """Format fen as plain yuan: 1234550 → "12345.50"."""
    return f"{fen // 100}.{fen % 100:02d}"


def list_products(after: int, until: int) -> Iterator[str]:
    """Yield the paths of products on sale whose ids are in (after, until].

    It scans the primary key and skips the others, because the index by status would be read as a whole.
    """
    start = reverse("shops:product", args=[0]).removesuffix("0/")
    rows = Product.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    for pk, status, is_open in rows.values_list("pk", "status", "shop__is_open").iterator(5000):
        if status == Product.Status.PUBLISHED and is_open:
            yield f"{start}{pk}/"


def list_shops(after: int, until: int) -> Iterator[str]:
    rows = Shop.objects.open().filter(pk__gt=after, pk__lte=until).order_by("pk")
    return (reverse("shops:shop", args=[slug]) for slug in rows.values_list("slug", flat=True).iterator(5000))


def list_villages(after: int, until: int) -> Iterator[str]:
    rows = Village.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    return (
        reverse("shops:village", args=[slug]) for slug in rows.values_list("slug", flat=True).iterator(5000)
    )


# name → (model, whose highest id gives the number of files; function that yields the paths)
SECTIONS = {
    "products": (Product, list_products),
    "shops": (Shop, list_shops),
    "villages": (Village, list_villages),
}


def find_highest_id(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0
