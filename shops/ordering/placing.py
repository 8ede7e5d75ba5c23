"""A buyer's request becomes an order, with its stock held and the page frozen as it stood."""

from __future__ import annotations

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from shops import telling
from shops.inventory import stock
from shops.models import Order, OrderEvent, OrderLine, Presale, Product, Shop
from shops.ordering import holding, limits, numbers, preparing
from shops.ordering.holding import Wanted
from shops.ordering.refusals import (
    Closed,
    KeyTaken,
    NotConfirmed,
    NotShipped,
    PriceMoved,
    Refused,
    SoldOut,
    TooMuchHeld,
    TwoShops,
)
from shops.ordering.wishing import Wish
from shops.shipping import rates
from ui import stamps

__all__ = [
    "Closed",
    "KeyTaken",
    "NotConfirmed",
    "NotShipped",
    "PriceMoved",
    "Refused",
    "SoldOut",
    "TooMuchHeld",
    "TwoShops",
    "Wish",
    "place",
    "placed_with",
]

MOST_UNITS = 9999
TRIES = 3


def place(wish: Wish, key: uuid.UUID, now: datetime.datetime | None = None) -> Order:
    """Holds the stock at once; with the same key again it is the first order.

    Raises a Refused (SoldOut, PriceMoved, NotShipped, TooMuchHeld, Closed, TwoShops, NotConfirmed), and then nothing has
    changed but that holds whose time was over are ended; KeyTaken for the key of another shop's order.
    """
    now = now or timezone.now()
    if earlier := placed_with(key, wish):
        return earlier
    check_numbers(wish)
    for attempt in range(TRIES):
        try:
            ready = preparing.prepared(wish, now)
            with transaction.atomic():
                return placed(wish, ready, key, now)
        except (Refused, IntegrityError, Changed) as problem:
            # The same tap on another connection was first, and may have taken the last box.
            if earlier := placed_with(key, wish):
                return earlier
            if isinstance(problem, Refused) or attempt == TRIES - 1:
                raise
    raise Refused


def check_numbers(wish: Wish) -> None:
    numbers = [quantity for _product, quantity, _seen in wish.lines]
    products = {product.pk for product, _quantity, _seen in wish.lines}
    if not numbers or len(products) < len(numbers) or any(not 1 <= n <= MOST_UNITS for n in numbers):
        raise Refused


class Changed(Exception):
    """A product was changed, or its shop closed, between reading it and holding it."""


def placed_with(key: uuid.UUID, wish: Wish | None = None) -> Order | None:
    """What this form has become already."""
    order = Order.objects.filter(key=key).first()
    if order and wish and order.shop_id != wish.shop.pk:
        raise KeyTaken
    return order


def placed(wish: Wish, ready: preparing.Ready, key: uuid.UUID, now: datetime.datetime) -> Order:
    """The stock last: its row is what all buyers of a product wait for."""
    limits.check(wish, ready)
    order = written(wish, ready, key, now)
    for each, page, photos in zip(ready.wanted, ready.lines, ready.photos, strict=True):
        write_line(order, each, page, photos)
    event = OrderEvent.objects.create(
        key=key,
        order=order,
        verb=OrderEvent.Verb.PLACED,
        by=OrderEvent.By.BUYER,
        fen=order.total_fen,
        grams=order.net_grams,
        at=now,
    )
    telling.tell(order, event)
    holding.hold(order, ready.wanted)
    is_open = Shop.objects.filter(pk=wish.shop.pk, is_open=True).exists()
    if not is_open or any(has_changed(each) for each in ready.wanted):
        raise Changed
    stock.notify_low_stock_of_order(order)
    stamps.bump(Product.stamp_name)
    return order


def written(wish: Wish, ready: preparing.Ready, key: uuid.UUID, now: datetime.datetime) -> Order:
    total = ready.total
    return Order.objects.create(
        number=numbers.draw(now),
        key=key,
        shop=wish.shop,
        buyer=wish.buyer,
        phone=wish.phone,
        phone_proven=wish.phone_proven,
        **({} if wish.point else place_of(wish)),
        point=wish.point,
        note=wish.note,
        goods_fen=total.goods_fen,
        freight_fen=total.freight_fen,
        total_fen=total.total_fen,
        net_grams=total.net_grams,
        gross_grams=total.gross_grams,
        perishable_ok_at=now if wish.perishable_ok else None,
        page=ready.page,
        placed_at=now,
        changed_at=now,
        expires_at=limits.hold_until(now, wish.phone_proven),
        placed_from=wish.placed_from,
        came_from=wish.came_from,
    )


def place_of(wish: Wish) -> dict:
    return {
        "province": wish.province,
        "city": wish.city,
        "county": wish.county,
        "region": wish.region,
        "address": wish.address,
    }


def write_line(order: Order, each: Wanted, page: dict, photos: list[int]) -> None:
    product = each.product
    line = OrderLine.objects.create(
        order=order,
        product=product,
        presale=each.presale,
        quantity=each.quantity,
        price_fen=product.price_fen,
        net_grams=product.net_grams,
        gross_grams=rates.gross_weight(product),
        unit=product.unit,
        name=product.name,
        page=page,
    )
    through = OrderLine.photos.through
    through.objects.bulk_create(through(orderline=line, photo_id=photo) for photo in photos)


def has_changed(each: Wanted) -> bool:
    """What is sold, or the presale that it is sold in, is not what was read: its rows are held by now."""
    if each.presale and not Presale.objects.filter(pk=each.presale.pk, ended_at=None).exists():
        return True
    return terms_now(each.product) != terms(each.product)


TERMS = ("price_fen", "net_grams", "gross_grams", "unit", "status", "freight_included")


def terms(product: Product) -> tuple:
    return tuple(getattr(product, field) for field in TERMS)


def terms_now(product: Product) -> tuple:
    """With its row held: nobody changes it before this transaction has ended."""
    return Product.objects.values_list(*TERMS).get(pk=product.pk)
