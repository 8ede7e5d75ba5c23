"""Reserve stock for an order, release it again, and count what is left to order.

The rows are written by shops.inventory.stock; here is which of them an order takes from.
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
    product: Product
    presale: Presale | None
    quantity: int

    @property
    def stocked(self) -> Stocked:
        return self.presale or self.product


def reserve_stock(order: Order, wanted: list[Wanted]) -> None:
    """Reserve all or nothing: raises SoldOut, and the caller's transaction must be rolled back then.

    The caller publishes the stock (`stock.publish_stock`) as the last thing it does.
    """
    short = []
    for each in sorted(wanted, key=lambda one: one.product.pk):
        try:
            stock.reserve_units(order, each.stocked, each.quantity)
        except stock.NotEnough as problem:
            short.append(Short(each.product, each.quantity, problem.stock))
    if short:
        raise SoldOut(short)


def release_stock(order: Order, actor: User | None) -> None:
    """Return what the order held. Call once, in the transaction that ends it."""
    for line in lines_of(order):
        stock.release_units(order, stocked_of(line), units_now(line), actor)
    stock.publish_stock()


def update_holds(order: Order) -> None:
    """Write when holds end after the order was accepted (its own has no end now) or has become a request again.

    Its units stay taken.
    """
    for line in lines_of(order):
        stock.update_free_at(stocked_of(line))


def lines_of(order: Order) -> list[OrderLine]:
    """Return the lines in the order in which the rows of their products are locked."""
    return list(order.lines.select_related("product", "presale").order_by("product_id"))


def stocked_of(line: OrderLine) -> Stocked:
    return line.presale or line.product


def units_now(line: OrderLine) -> int:
    """Return the line's quantity in the unit of today: boxes of a product that is now sold by the 斤 are so many 斤."""
    if line.presale_id or line.unit == line.product.unit:
        return line.quantity
    return line.quantity * line.net_grams // line.product.net_grams


def units_left(product: Product, now: datetime.datetime | None = None) -> int:
    """Return the units of the product, or of its open presale, with those whose hold is over.

    No query beyond the presale's unless a hold is over.
    """
    presale = presales.current(product)
    return units_on(presale or product, now)


def units_on(stocked: Stocked, now: datetime.datetime | None = None) -> int:
    now = now or timezone.now()
    count = getattr(stocked, stock.count_field(stocked))
    if stocked.free_at is None or stocked.free_at > now:
        return count
    lines = OrderLine.objects.filter(order__in=Order.objects.due(now)).select_related("product")
    return count + sum(units_now(line) for line in lines.filter(**stock.order_lines_of(stocked)))
