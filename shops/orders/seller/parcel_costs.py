"""What sending a parcel truly cost the shop, remembered as a suggestion for the next one. Fen and grams."""

from __future__ import annotations

from dataclasses import dataclass

from shops.ledger import entries
from shops.models import LedgerEntry, Order
from ui import amounts

# A box of fruit by air to Tibet is some 500 yuan; more is a slip of the finger.
MOST_FEN = 200_000
LOOKED_AT = 50


@dataclass(frozen=True)
class LastCost:
    """The newest cost of a parcel of this weight, by this courier, to this province."""

    fen: int
    courier: str


def find_last_cost(order: Order, courier: str) -> LastCost | None:
    """Parcels count as of one weight within the same whole kilogram, as couriers charge. One query."""
    if not courier or not order.province:
        return None
    rows = LedgerEntry.objects.filter(
        shop=order.shop_id,
        kind=LedgerEntry.Kind.FREIGHT,
        fen__lt=0,
        corrected_by=None,
        order__courier=courier,
        order__province=order.province,
    )
    rows = rows.order_by("-on", "-id").values_list("fen", "order__packed_grams", "order__gross_grams")
    for fen, packed, gross in rows[:LOOKED_AT]:
        if kilograms(packed or gross) == kilograms(grams_of(order)):
            return LastCost(-fen, courier)
    return None


def grams_of(order: Order) -> int:
    """What the scales said, or what the listing says while nobody has weighed it."""
    return order.packed_grams or order.gross_grams


def kilograms(grams: int) -> int:
    """Begun ones count as whole."""
    return -(-grams // amounts.KG)


def booked(order: Order) -> tuple[list[LedgerEntry], int]:
    """The rows of the ledger, and what they come to (fen, negative: it went out)."""
    rows = list(entries.freight_of(order))
    return rows, sum(row.fen for row in rows)
