"""Reserve stock for an order, release it again, and count what is left to order."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.db.models import F, Min, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from accounts.models import User
from shops.inventory import presales
from shops.models import Order, OrderLine, Presale, Product, StockMove
from shops.orders.exceptions import Short, SoldOut
from ui import stamps

Shelf = Product | Presale


class Wanted(NamedTuple):
    product: Product
    presale: Presale | None
    quantity: int

    @property
    def shelf(self) -> Shelf:
        return self.presale or self.product


def count_of(shelf: Shelf) -> str:
    """The field that says how many there are."""
    return "left" if isinstance(shelf, Presale) else "stock"


def enough(rows: QuerySet, field: str, quantity: int) -> QuerySet:
    """Those that have so many: the guard of the UPDATE."""
    return rows.filter(**{f"{field}__gte": quantity})


def hold_units(shelf: Shelf, quantity: int, until: datetime.datetime) -> bool:
    """Whether so many were there and now are not. `until` is when the hold ends by itself."""
    field = count_of(shelf)
    rows = enough(type(shelf).objects.filter(pk=shelf.pk), field, quantity)
    # SQLite's least of NULL and a time is NULL, PostgreSQL's the time.
    first = Coalesce(Least(F("free_at"), Value(until)), Value(until))
    return bool(rows.update(**{field: F(field) - quantity, "free_at": first}))


def reserve_stock(order: Order, wanted: list[Wanted]) -> None:
    """Takes all of it or nothing: raises SoldOut, which the caller's transaction must not survive. The caller moves
    the stamp, which every shop waits for, as the last thing it does."""
    short = []
    for each in sorted(wanted, key=lambda one: one.product.pk):
        if hold_units(each.shelf, each.quantity, order.expires_at):
            write(order, each, -each.quantity, StockMove.Reason.HELD, None)
        else:
            left = type(each.shelf).objects.values_list(count_of(each.shelf), flat=True).get(pk=each.shelf.pk)
            short.append(Short(each.product, each.quantity, left))
    if short:
        raise SoldOut(short)


def release_stock(order: Order, actor: User | None) -> None:
    """Puts back what the order held; called once, in the transaction that ends it."""
    for each in lines_of(order):
        back = units_now(each)
        rows = type(each.shelf).objects.filter(pk=each.shelf.pk)
        rows.update(**{count_of(each.shelf): F(count_of(each.shelf)) + back})
        write(order, each.wanted(back), back, StockMove.Reason.FREED, actor)
        rows.update(free_at=earliest(each.shelf))
    stamps.bump(Product.stamp_name)


def end_holds(order: Order) -> None:
    """The hold has no end any more: the seller has accepted. Its units stay taken."""
    find_ends(order)


def renew_holds(order: Order) -> None:
    """The hold has an end again, `expires_at`: the order is a request again. Its units were never given back."""
    find_ends(order)


def find_ends(order: Order) -> None:
    """Writes anew when the first hold on each of the order's shelves ends."""
    for each in lines_of(order):
        rows = type(each.shelf).objects.filter(pk=each.shelf.pk)
        # Nobody may take from it between reading the other holds and writing the earliest of them.
        rows.select_for_update().first()
        rows.update(free_at=earliest(each.shelf))


class Held(NamedTuple):
    line: OrderLine
    shelf: Shelf

    def wanted(self, quantity: int) -> Wanted:
        return Wanted(self.line.product, self.line.presale, quantity)


def lines_of(order: Order) -> list[Held]:
    lines = order.lines.select_related("product", "presale").order_by("product_id")
    return [Held(line, line.presale or line.product) for line in lines]


def units_now(each: Held) -> int:
    """What was sold by the box and is now sold by the 斤 comes back as so many 斤."""
    line, product = each.line, each.line.product
    if line.presale_id or line.unit == product.unit:
        return line.quantity
    return line.quantity * line.net_grams // product.net_grams


def write(order: Order, each: Wanted, delta: int, reason: str, actor: User | None) -> None:
    StockMove.objects.create(
        product=each.product, presale=each.presale, order=order, delta=delta, reason=reason, actor=actor
    )


def earliest(shelf: Shelf) -> datetime.datetime | None:
    """When the first of the holds still open ends. Its row must be locked, or another may just be coming in."""
    mine = {"presale": shelf} if isinstance(shelf, Presale) else {"product": shelf, "presale": None}
    lines = OrderLine.objects.filter(order__status=Order.Status.REQUESTED, **mine)
    return lines.aggregate(first=Min("order__expires_at"))["first"]


def units_left(product: Product, now: datetime.datetime | None = None) -> int:
    """Units on the shelf, or in the presale that is open, with the holds whose time is over.

    No query beyond the presale's unless a hold is over.
    """
    presale = presales.current(product)
    return units_on(presale or product, now)


def units_on(shelf: Product | Presale, now: datetime.datetime | None = None) -> int:
    now = now or timezone.now()
    is_presale = isinstance(shelf, Presale)
    count = shelf.left if is_presale else shelf.stock
    if shelf.free_at is None or shelf.free_at > now:
        return count
    lines = OrderLine.objects.filter(order__in=Order.objects.due(now)).select_related("product")
    lines = lines.filter(presale=shelf) if is_presale else lines.filter(product=shelf, presale=None)
    return count + sum(units_now(Held(line, shelf)) for line in lines)
