"""What a buyer orders, as the form passes it on, and its totals in fen and grams, always computed from the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shops.models import Order, PickUpPoint, Product, Shop
from shops.orders.exceptions import NotShipped
from shops.orders.reservations import Wanted
from shops.shipping import rates


def read_source(value: str) -> str:
    """Return `value` if it is an Order.Source, else an empty string."""
    return value if value in Order.Source.values else ""


@dataclass(frozen=True)
class OrderRequest:
    """A buyer's order before it is placed.

    `lines`: product, quantity, and the price in fen a unit that the buyer saw. The order is sent to `province`, `city`,
    `county` (codes of GB/T 2260, named in `region`) and `address`, or fetched at `point`. `seen_total_fen`, when given, is
    the total the buyer saw; `came_from` is an Order.Source.
    """

    shop: Shop
    lines: list[tuple[Product, int, int]]
    buyer: str
    phone: str
    phone_verified: bool = False
    province: str = ""
    city: str = ""
    county: str = ""
    region: str = ""
    address: str = ""
    point: PickUpPoint | None = None
    note: str = ""
    perishable_ok: bool = False
    placed_from: str = ""
    seen_total_fen: int | None = None
    came_from: str = ""


@dataclass(frozen=True)
class OrderTotals:
    goods_fen: int
    freight_fen: int
    net_grams: int
    gross_grams: int

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.freight_fen


def compute_totals(
    shop: Shop, lines: Iterable[tuple[Product, int]], province: str, point: PickUpPoint | None = None
) -> OrderTotals:
    """Compute the totals of these lines (product, quantity); one query, none for a pick-up. Raises NotShipped.

    A product sold with its freight included adds nothing to the weight that freight is charged for.
    """
    lines = list(lines)
    paying = rates.calculate_charged_weight(lines)
    try:
        freight = 0 if point else rates.quote(shop, province, paying)
    except rates.NotShipped as problem:
        raise NotShipped(province) from problem
    return OrderTotals(
        goods_fen=sum(product.price_fen * n for product, n in lines),
        freight_fen=freight,
        net_grams=sum(product.net_grams * n for product, n in lines),
        gross_grams=sum(rates.get_gross_weight(product) * n for product, n in lines),
    )


@dataclass(frozen=True)
class PreparedOrder:
    """Hold everything that is read and computed before the write begins: SQLite has one writer at a time.

    `page` is the shop's frozen page; `lines` and `photos` hold the frozen page and the photo ids of each of `wanted`.
    """

    wanted: list[Wanted]
    total: OrderTotals
    page: dict
    lines: list[dict]
    photos: list[list[int]]
