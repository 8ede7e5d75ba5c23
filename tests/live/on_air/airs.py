"""Plan and run lives for tests."""

from __future__ import annotations

import datetime
import uuid

from django.db.models import Sum
from django.utils import timezone

from live.models import Livestream, RundownItem
from live.on_air import lifecycle
from shops.models import LedgerEntry, Product, Shop


def make_air(shop: Shop, kind: str = "real", **fields) -> Livestream:
    """Return a plan of this shop for today, hosted by its owner."""
    facts = {
        "kind": kind,
        "shop": shop if kind == "real" else None,
        "place": shop.place,
        "host": shop.owner,
        "title": "雾岭专场",
        "starts_at": timezone.now(),
        "made_by": shop.owner,
    }
    return Livestream.objects.create(**facts | fields)


def add_item(live: Livestream, product: Product | None = None, quota: int | None = None, **fields):
    position = live.items.count() + 1
    return RundownItem.objects.create(
        livestream=live, product=product, quota=quota, position=position, **fields
    )


def on_air(live: Livestream) -> Livestream:
    """Begin the live by its host, without the checklist, which has its own tests."""
    lifecycle.begin(live, live.load_items(), live.host)
    live.refresh_from_db()
    return live


def began_before(live: Livestream, **span) -> None:
    Livestream.objects.filter(pk=live.pk).update(started_at=timezone.now() - datetime.timedelta(**span))
    live.refresh_from_db()


def new() -> uuid.UUID:
    return uuid.uuid4()


def left(item: RundownItem) -> int:
    """Return what is left of the quota, after checking that it is the sum of its moves."""
    item.refresh_from_db()
    assert item.left == (item.moves.aggregate(sum=Sum("delta"))["sum"] or 0)
    return item.left


def stock(product: Product) -> int:
    """Return the stock, after checking that it is the sum of its moves."""
    product.refresh_from_db()
    assert product.stock == product.moves.filter(presale=None).aggregate(sum=Sum("delta"))["sum"]
    return product.stock


def split(sale) -> tuple[int, int, int]:
    return sale.from_quota, sale.from_stock, sale.oversold


def books(shop: Shop) -> list[tuple[str, int, int]]:
    """Return (kind, fen, grams) of the ledger rows in the order in which they were written."""
    rows = LedgerEntry.objects.filter(shop=shop).order_by("id")
    return list(rows.values_list("kind", "fen", "grams"))
