"""What the screens of a live show at this moment: for the phones that key in sales, and for viewers.

One query finds all that can change, so that who polls and has it already is answered by 304 after it: the live's own version
moves with sales and pins, but the stock also with orders, and a flash price ends by the clock.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import get_language

from live import flashing, pinning, tally
from live.models import LASTS, Livestream, LivestreamQuerySet
from shops.models import Product
from ui.stamps import release

LIVE = ("pk", "version", "kind", "title", "started_at", "ended_at")
ITEM = ("pk", "name", "unit", "price_fen", "live_price_fen", "quota", "left", "product_id")
PRODUCT = ("name", "unit", "price_fen", "stock")


@dataclass(frozen=True)
class Item:
    """`left`: of what was set aside, None where nothing was; `stock`: on the shelf, None for what is typed by hand."""

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
        """What can still be sold; None where nobody has said how many there are."""
        if self.left is None and self.stock is None:
            return None
        return (self.left or 0) + (self.stock or 0)

    @property
    def unit_label(self) -> str:
        """As after a number that a script may change: 箱."""
        return str(Product.Unit(self.unit).after(2))

    @property
    def one_label(self) -> str:
        """As after the price of one."""
        return str(Product.Unit(self.unit).after(1))


@dataclass
class Screen:
    """`rows` as they were read; `of` fills in what only a changed screen needs."""

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
        """What comes after the running item in the rundown; before any was put up, the first."""
        at = next((n for n, item in enumerate(self.items) if item.id == self.item), -1)
        return self.items[at + 1] if at + 1 < len(self.items) else None


def read(lives: LivestreamQuerySet, now: datetime.datetime | None = None) -> Screen | None:
    """The first of `lives` as it stands, or None. One query."""
    now = now or timezone.now()
    flash = flashing.running(now).filter(item=OuterRef("items__pk"))
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
    state = state_of(started, ended, now)
    said = repr((release(), get_language(), state, rows))
    etag = f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'
    kept = [row[len(LIVE) :] for row in rows if row[len(LIVE)] is not None]
    return Screen(pk, version, kind, title, started, state, etag, kept)


def state_of(
    started: datetime.datetime | None, ended: datetime.datetime | None, now: datetime.datetime
) -> str:
    """planned, on or over; what nobody has ended is over when its time is."""
    if started is None:
        return "planned"
    return "over" if ended is not None or started + LASTS <= now else "on"


def filled(screen: Screen) -> Screen:
    """With its items and the one on the table. Four queries at most."""
    sold = tally.sold(screen.pk)
    taken = {} if screen.is_real else tally.practised(screen.pk)
    screen.item = pinning.on_the_table(screen.pk)
    screen.items = [item_of(screen, row, sold, taken) for row in screen.rows]
    return screen


def item_of(screen: Screen, row: tuple, sold: dict, taken: dict) -> Item:
    own = dict(zip(ITEM, row, strict=False))
    name, unit, price, stock = row[len(ITEM) : len(ITEM) + len(PRODUCT)]
    flash_fen, flash_until = row[-2:]
    if own["product_id"] is None:
        name, unit, price = own["name"], own["unit"], own["price_fen"]
    usual = own["live_price_fen"] or price
    counts = (own["left"] if own["quota"] else None, stock)
    if not screen.is_real:
        counts = practice(own["quota"], stock, *taken.get(own["pk"], (0, 0)))
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


def practice(quota: int | None, stock: int | None, from_quota: int, from_stock: int) -> tuple:
    """In a rehearsal nothing is set aside or taken: what would be left, as selling.practised reckons it."""
    left = None if quota is None else max(0, quota - from_quota)
    return left, None if stock is None else max(0, stock - (quota or 0) - from_stock)
