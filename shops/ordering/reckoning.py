"""What an order comes to: fen and grams, always from the rows and never from what a form says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shops.models import PickUpPoint, Product, Shop
from shops.ordering.refusals import NotShipped
from shops.shipping import rates


@dataclass(frozen=True)
class Sum:
    goods_fen: int
    freight_fen: int
    net_grams: int
    gross_grams: int

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.freight_fen


def reckon(
    shop: Shop, lines: Iterable[tuple[Product, int]], province: str, point: PickUpPoint | None = None
) -> Sum:
    """One query, none for a pick-up. Raises NotShipped. What is sold with its freight included weighs nothing here."""
    lines = list(lines)
    paying = rates.weight(lines)
    try:
        freight = 0 if point else rates.quote(shop, province, paying)
    except rates.NotShipped as problem:
        raise NotShipped(province) from problem
    return Sum(
        goods_fen=sum(product.price_fen * n for product, n in lines),
        freight_fen=freight,
        net_grams=sum(product.net_grams * n for product, n in lines),
        gross_grams=sum(rates.gross_weight(product) * n for product, n in lines),
    )
