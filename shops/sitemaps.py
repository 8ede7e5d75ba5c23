"""What of the shops a search engine may know: products, shops and villages that are open to all."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Max
from django.urls import reverse

from shops.models import Product, Shop, Village


def products(after: int, until: int) -> Iterator[str]:
    """Paths of those whose ids lie in (after, until]: a walk along the primary key, sorted out in passing, because the
    index by status would be read whole."""
    start = reverse("shops:product", args=[0]).removesuffix("0/")
    rows = Product.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    for pk, status, is_open in rows.values_list("pk", "status", "shop__is_open").iterator(5000):
        if status == Product.Status.PUBLISHED and is_open:
            yield f"{start}{pk}/"


def shops(after: int, until: int) -> Iterator[str]:
    rows = Shop.objects.open().filter(pk__gt=after, pk__lte=until).order_by("pk")
    return (reverse("shops:shop", args=[slug]) for slug in rows.values_list("slug", flat=True).iterator(5000))


def villages(after: int, until: int) -> Iterator[str]:
    rows = Village.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    return (
        reverse("shops:village", args=[slug]) for slug in rows.values_list("slug", flat=True).iterator(5000)
    )


# name → (its model, whose highest id says how many files there are, and its paths)
SECTIONS = {"products": (Product, products), "shops": (Shop, shops), "villages": (Village, villages)}


def highest(model: type) -> int:
    return model.objects.aggregate(last=Max("pk"))["last"] or 0
