"""Reserve stock for an order, release it again, and count what is left to order.

This module decides which product or presale an order takes from; shops.inventory.stock writes the rows.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from shops.inventory import presales, stock
from shops.inventory.stock import Stocked
from shops.models import Order, OrderLine, Presale, Product
from shops.orders.exceptions import Short, SoldOut


class Wanted(NamedTuple):
    """Hold a product to order, its running presale if it has one, and the quantity in units."""

    product: Product
    presale: Presale | None
    quantity: int

    @property
    def stocked(self) -> Stocked:
        return self.presale or self.product


def reserve_stock(order: Order, wanted: list[Wanted]) -> None:
    """Reserve all units or raise SoldOut; the caller's transaction must then be rolled back.

    The caller calls `stock.publish_stock` as its last step.
    """
    short = []
    for item in sorted(wanted, key=lambda item: item.product.pk):
        try:
            stock.reserve_units(order, item.stocked, item.quantity)
        except stock.NotEnough as problem:
            short.append(Short(item.product, item.quantity, problem.stock))
    if short:
        raise SoldOut(short)


def release_stock(order: Order, actor: User | None) -> None:
    """Return the order's units to the stock. Call once, in the transaction that ends the order."""
    for line in list_lines(order):
        stock.release_units(order, get_stocked(line), count_units_now(line), actor)
    stock.publish_stock()


def update_holds(order: Order) -> None:
    """Update the time of the earliest expiring hold, after an order was accepted or became a request again.

    Its units stay reserved.
    """
    for line in list_lines(order):
        stock.update_free_at(get_stocked(line))


def list_lines(order: Order) -> list[OrderLine]:
    """Return the lines in the order in which the rows of their products are locked."""
    return list(order.lines.select_related("product", "presale").order_by("product_id"))


def get_stocked(line: OrderLine) -> Stocked:
    return line.presale or line.product


def count_units_now(line: OrderLine) -> int:
    """Return the line's quantity in the product's present unit: boxes of a product now sold by the 斤 become 斤."""
    if line.presale_id or line.unit == line.product.unit:
        return line.quantity
    return line.quantity * line.net_grams // line.product.net_grams


def count_units_left(product: Product, now: datetime.datetime | None = None) -> int:
    """Return the units that can be ordered of the product, or of its running presale; expired holds count as free.

    One query for the presale; another only when a hold has expired.
    """
    presale = presales.find_current(product)
    return count_units_on(presale or product, now)


def count_units_on(stocked: Stocked, now: datetime.datetime | None = None) -> int:
    """Return the units that can be ordered of this product or presale; expired holds count as free."""
    now = now or timezone.now()
    count = getattr(stocked, stock.count_field(stocked))
    if stocked.free_at is None or stocked.free_at > now:
        return count
    lines = OrderLine.objects.filter(order__in=Order.objects.due(now)).select_related("product")
    return count + sum(
        count_units_now(line) for line in lines.filter(**stock.build_order_line_lookup(stocked))
    )
