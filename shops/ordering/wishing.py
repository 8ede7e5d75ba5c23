"""What a buyer wishes for, as the form hands it over."""

from __future__ import annotations

from dataclasses import dataclass

from shops.models import PickUpPoint, Product, Shop


@dataclass(frozen=True)
class Wish:
    """`lines`: product, how many, and the price in fen a unit that the buyer saw. Sent to `province`, `city`, `county`
    (GB/T 2260, named in `region`) and `address`, or fetched at `point`.
    `seen_total_fen`, when given, is the sum the buyer saw; `came_from` is an Order.Source."""

    shop: Shop
    lines: list[tuple[Product, int, int]]
    buyer: str
    phone: str
    phone_proven: bool = False
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
