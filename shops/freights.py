"""What it costs to send a parcel to a province: fen by grams, from the shop's own table."""

from __future__ import annotations

from shops.models import FreightRate, Shop


class NotShipped(Exception):
    def __init__(self, province: str) -> None:
        super().__init__(province)
        self.province = province


def rate(shop: Shop, province: str) -> FreightRate | None:
    """None where the shop sends nothing."""
    return FreightRate.objects.filter(shop=shop, province=province, ships=True).first()


def fen(rate: FreightRate, gross_grams: int) -> int:
    """First weight, then every step begun, then the surcharge. Nothing for what weighs nothing (its freight is in
    its price)."""
    if not gross_grams:
        return 0
    steps = max(0, -(-(gross_grams - rate.first_grams) // rate.step_grams))
    return rate.first_fen + steps * rate.step_fen + rate.surcharge_fen


def quote(shop: Shop, province: str, gross_grams: int) -> int:
    """In fen. Raises NotShipped."""
    found = rate(shop, province)
    if found is None:
        raise NotShipped(province)
    return fen(found, gross_grams)
