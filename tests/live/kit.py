"""Lives for tests: planned, running or over, with sales as the second phone writes them."""

from __future__ import annotations

import datetime

from django.utils import timezone

from accounts.models import User
from live.models import LiveSale, Livestream, Pin, RundownItem
from shops.models import Product, Shop

START = datetime.datetime(2026, 11, 20, 20, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def make_live(shop: Shop | None = None, host: User | None = None, **fields) -> Livestream:
    """Return a real live of a shop, planned for half an hour from now; a rehearsal without a shop."""
    host = host or shop.owner
    facts = {
        "shop": shop,
        "place": shop.place if shop else host.memberships.first().place,
        "host": host,
        "kind": Livestream.Kind.REAL if shop else Livestream.Kind.REHEARSAL,
        "title": "冰糖橙专场",
        "starts_at": timezone.now() + datetime.timedelta(minutes=30),
        "made_by": host,
    }
    return Livestream.objects.create(**facts | fields)


def make_ended(shop: Shop, minutes: int = 60, start: datetime.datetime = START, **fields) -> Livestream:
    end = start + datetime.timedelta(minutes=minutes)
    return make_live(shop, **{"starts_at": start, "started_at": start, "ended_at": end} | fields)


def make_item(live: Livestream, product: Product | None = None, **fields) -> RundownItem:
    facts = {"position": live.items.count() + 1, "product": product, "minutes": 5}
    return RundownItem.objects.create(livestream=live, **facts | fields)


def add_sale(
    item: RundownItem, quantity: int = 1, minute: int = 0, price_fen: int = 2990, **fields
) -> LiveSale:
    """Add a sale as a row, all of it from the stock; stock and quota do not change."""
    live = item.livestream
    facts = {
        "livestream": live,
        "quantity": quantity,
        "price_fen": price_fen,
        "net_grams": 2500,
        "from_stock": quantity,
        "by": live.host,
        "happened_at": live.started_at + datetime.timedelta(minutes=minute),
    }
    return LiveSale.objects.create(item=item, **facts | fields)


def add_pin(item: RundownItem, minute: int = 0) -> Pin:
    live = item.livestream
    at = live.started_at + datetime.timedelta(minutes=minute)
    return Pin.objects.create(livestream=live, item=item, by=live.host, happened_at=at)
