"""Find what sending a parcel cost the shop, in fen: booked for this order, or as a hint for the next parcel."""

from __future__ import annotations

from dataclasses import dataclass

from shops.ledger import entries
from shops.models import LedgerEntry, Order
from ui import formats

MOST_FEN = 200_000  # a box of fruit by air to Tibet costs some 500 yuan; more is a typing error
LOOKED_AT = 50  # the newest entries that are searched for a parcel of the same weight


@dataclass(frozen=True)
class LastCost:
    """Hold the cost of the newest comparable parcel, in fen."""

    fen: int
    courier: str


def find_last_cost(order: Order, courier: str) -> LastCost | None:
    """Find the newest cost of a parcel of this weight, by this courier, to this province; one query.

    Weights are compared in started kilograms, as couriers charge them.
    """
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
    costs = rows.order_by("-on", "-id").values_list("fen", "order__packed_grams", "order__gross_grams")
    for fen, packed, gross in costs[:LOOKED_AT]:
        if round_to_kilograms(packed or gross) == round_to_kilograms(get_grams(order)):
            return LastCost(-fen, courier)
    return None


def get_grams(order: Order) -> int:
    """Return the weight as packed, or the listed gross weight before packing."""
    return order.packed_grams or order.gross_grams


def round_to_kilograms(grams: int) -> int:
    """Return the kilograms, rounded up."""
    return -(-grams // formats.KG)


def list_booked(order: Order) -> tuple[list[LedgerEntry], int]:
    """Return the order's freight entries in the ledger and their sum in fen (an expense is negative)."""
    rows = list(entries.find_freight(order))
    return rows, sum(row.fen for row in rows)
