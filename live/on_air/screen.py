"""Read what the screens of a running live show, for the phones on which sales are entered and for viewers.

One query reads everything that can change, after which a poll can be answered by 304. The live's version alone would not
suffice: stock also changes with orders, and a flash price ends by the clock.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import get_language

from live.models import LASTS, Livestream, LivestreamQuerySet
from live.on_air import host_actions, ledger
from live.scripts.speech import FASTEST, RATE, SLOWEST, list_prompter_items
from shops.models import Product
from ui.responses.page_cache import release

LIVE = ("pk", "version", "kind", "title", "started_at", "ended_at")
ITEM = ("pk", "name", "unit", "price_fen", "live_price_fen", "quota", "left", "product_id")
PRODUCT = ("name", "unit", "price_fen", "stock")


@dataclass(frozen=True)
class Item:
    """One item. `left`: units of its quota, None without one; `stock`: of its product, None if typed by hand."""

    id: int
    name: str
    unit: str
    price_fen: int | None
    usual_fen: int | None
    flash_until: datetime.datetime | None
    left: int | None
    stock: int | None
    sold: int = 0
    oversold: int = 0

    @property
    def there(self) -> int | None:
        """Return how many can still be sold; None where the count is unknown."""
        if self.left is None and self.stock is None:
            return None
        return (self.left or 0) + (self.stock or 0)

    @property
    def unit_label(self) -> str:
        """Return the measure word after a number that the page's script may change: 箱."""
        return str(Product.Unit(self.unit).after(2))

    @property
    def one_label(self) -> str:
        """Return the measure word after the price of one unit."""
        return str(Product.Unit(self.unit).after(1))


@dataclass
class Screen:
    """A live's screen: `rows` as read; `fill_screen` sets `item` (the featured one) and `items`."""

    pk: int
    version: int
    kind: str
    title: str
    started_at: datetime.datetime | None
    state: str
    etag: str
    rows: list[tuple]
    item: int | None = None
    items: list[Item] = field(default_factory=list)

    @property
    def is_on(self) -> bool:
        return self.state == "on"

    @property
    def is_real(self) -> bool:
        return self.kind == Livestream.Kind.REAL

    @property
    def running(self) -> Item | None:
        return next((item for item in self.items if item.id == self.item), None)

    @property
    def next(self) -> Item | None:
        """Return the item after the featured one in the rundown; before any was featured, the first."""
        at = next((n for n, item in enumerate(self.items) if item.id == self.item), -1)
        return self.items[at + 1] if at + 1 < len(self.items) else None


def read_screen(lives: LivestreamQuerySet, now: datetime.datetime | None = None) -> Screen | None:
    """Return the screen of the first of `lives`, or None. One query."""
    now = now or timezone.now()
    flash = host_actions.find_running_flash_prices(now).filter(item=OuterRef("items__pk"))
    rows = list(
        lives.order_by("items__position", "items__id")
        .annotate(
            flash_fen=Subquery(flash.values("price_fen")[:1]), flash_until=Subquery(flash.values("until")[:1])
        )
        .values_list(
            *LIVE,
            *(f"items__{name}" for name in ITEM),
            *(f"items__product__{name}" for name in PRODUCT),
            "flash_fen",
            "flash_until",
        )
    )
    if not rows:
        return None
    pk, version, kind, title, started, ended = rows[0][: len(LIVE)]
    state = get_state(started, ended, now)
    content = repr((release(), get_language(), state, rows))
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:24]}"'
    items = [row[len(LIVE) :] for row in rows if row[len(LIVE)] is not None]
    return Screen(pk, version, kind, title, started, state, etag, items)


def load_screen(live: Livestream) -> Screen:
    """Return the filled screen of one live."""
    screen = read_screen(Livestream.objects.filter(pk=live.pk))
    assert screen is not None  # a plan is never deleted while it is shown
    return fill_screen(screen)


def build_prompter_context(live: Livestream, screen: Screen) -> dict:
    """Return what the teleprompter's template reads: each item's script with its current figures, and the speeds."""
    figures = {item.id: item for item in screen.items}
    items = [(part, figures[part.item.pk]) for part in list_prompter_items(live) if part.item.pk in figures]
    return {"prompter_items": items, "rate": RATE, "slowest": SLOWEST, "fastest": FASTEST}


def get_state(
    started: datetime.datetime | None, ended: datetime.datetime | None, now: datetime.datetime
) -> str:
    """Return planned, on or over, as Livestream.is_on and is_over."""
    if started is None:
        return "planned"
    return "over" if ended is not None or started + LASTS <= now else "on"


def fill_screen(screen: Screen) -> Screen:
    """Fill in the items and the featured one. Four queries at most."""
    sold = ledger.count_units_by_item(screen.pk)
    practised = {} if screen.is_real else ledger.count_rehearsal_units_by_item(screen.pk)
    screen.item = host_actions.find_featured_item_id(screen.pk)
    screen.items = [make_item(screen, row, sold, practised) for row in screen.rows]
    return screen


def make_item(screen: Screen, row: tuple, sold: dict, practised: dict) -> Item:
    own = dict(zip(ITEM, row, strict=False))
    name, unit, price, stock = row[len(ITEM) : len(ITEM) + len(PRODUCT)]
    flash_fen, flash_until = row[-2:]
    if own["product_id"] is None:
        name, unit, price = own["name"], own["unit"], own["price_fen"]
    usual = own["live_price_fen"] or price
    counts = (own["left"] if own["quota"] else None, stock)
    if not screen.is_real:
        counts = count_rehearsal(own["quota"], stock, *practised.get(own["pk"], (0, 0)))
    units, over = sold.get(own["pk"], (0, 0))
    return Item(
        own["pk"],
        name,
        unit,
        usual if flash_fen is None else flash_fen,
        usual,
        flash_until,
        *counts,
        units,
        over,
    )


def count_rehearsal(quota: int | None, stock: int | None, from_quota: int, from_stock: int) -> tuple:
    """Return (left, stock) as a real live would have them, as sales.split_rehearsal_sale does."""
    left = None if quota is None else max(0, quota - from_quota)
    return left, None if stock is None else max(0, stock - (quota or 0) - from_stock)
