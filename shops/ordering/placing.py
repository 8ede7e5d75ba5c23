"""A buyer's request becomes an order, with its stock held and the page frozen as it stood."""

from __future__ import annotations

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from shops import freights, presales, telling
from shops.models import Order, OrderEvent, OrderLine, Product
from shops.ordering import expiring, freezing, holding, limits, numbers, reckoning
from shops.ordering.holding import Wanted
from shops.ordering.reckoning import Sum
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

# The seller picks until dark and looks at the phone in the evening: two evenings.
HOLDS = datetime.timedelta(hours=48)
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
    if not wish.lines or any(not 1 <= quantity <= MOST_UNITS for _product, quantity, _seen in wish.lines):
        raise Refused
    if len({product.pk for product, _quantity, _seen in wish.lines}) < len(wish.lines):
        raise Refused
    expiring.expire_due([product for product, _quantity, _seen in wish.lines], now)
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return placed(wish, key, now)
        except (Refused, IntegrityError, Changed) as problem:
            # The same tap on another connection was first, and may have taken the last box.
            if earlier := placed_with(key, wish):
                return earlier
            if isinstance(problem, Refused) or attempt == TRIES - 1:
                raise
    raise Refused


class Changed(Exception):
    """A product was changed between reading it and holding it."""


def placed_with(key: uuid.UUID, wish: Wish | None = None) -> Order | None:
    """What this form has become already."""
    order = Order.objects.filter(key=key).first()
    if order and wish and order.shop_id != wish.shop.pk:
        raise KeyTaken
    return order


def placed(wish: Wish, key: uuid.UUID, now: datetime.datetime) -> Order:
    wanted = fresh(wish)
    total = reckoned(wish, wanted)
    limits.check(wish, total)
    order = written(wish, total, key, now)
    holding.hold(order, wanted)
    if any(terms_now(each.product) != terms(each.product) for each in wanted):
        raise Changed
    for each in wanted:
        write_line(order, each)
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
    return order


def fresh(wish: Wish) -> list[Wanted]:
    """The products as they are now; raises Closed or TwoShops for what cannot be ordered here."""
    rows = Product.objects.select_related("shop__place", "shop__owner", "category", "batch")
    found = rows.in_bulk([product.pk for product, _quantity, _seen in wish.lines])
    wanted = []
    for product, quantity, _seen in wish.lines:
        now = found.get(product.pk)
        if now is None or not now.is_published:
            raise Closed(product)
        if now.shop_id != wish.shop.pk:
            raise TwoShops
        if not now.shop.is_open:
            raise Closed
        wanted.append(Wanted(now, presales.current(now), quantity))
    return wanted


def reckoned(wish: Wish, wanted: list[Wanted]) -> Sum:
    """The sum, once the buyer has seen and confirmed all that counts."""
    seen = {product.pk: fen for product, _quantity, fen in wish.lines}
    for each in wanted:
        if each.product.price_fen != seen[each.product.pk]:
            raise PriceMoved(seen[each.product.pk], each.product.price_fen, each.product)
    if not wish.perishable_ok and any(each.product.category.is_perishable for each in wanted):
        raise NotConfirmed
    if wish.point and (wish.point.shop_id != wish.shop.pk or not wish.point.is_open):
        raise NotShipped("")
    pairs = [(each.product, each.quantity) for each in wanted]
    total = reckoning.reckon(wish.shop, pairs, wish.province, wish.point)
    if wish.seen_total_fen not in (None, total.total_fen):
        raise PriceMoved(wish.seen_total_fen, total.total_fen)
    return total


def written(wish: Wish, total: Sum, key: uuid.UUID, now: datetime.datetime) -> Order:
    rate = None if wish.point else freights.rate(wish.shop, wish.province)
    return Order.objects.create(
        number=numbers.free_number(now),
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
        page=freezing.shop_page(wish.shop, rate),
        placed_at=now,
        changed_at=now,
        expires_at=now + HOLDS,
        placed_from=wish.placed_from,
    )


def place_of(wish: Wish) -> dict:
    return {
        "province": wish.province,
        "city": wish.city,
        "county": wish.county,
        "region": wish.region,
        "address": wish.address,
    }


def write_line(order: Order, each: Wanted) -> None:
    product = each.product
    line = OrderLine.objects.create(
        order=order,
        product=product,
        presale=each.presale,
        quantity=each.quantity,
        price_fen=product.price_fen,
        net_grams=product.net_grams,
        gross_grams=reckoning.gross_of(product),
        unit=product.unit,
        name=product.name,
        page=freezing.product_page(product, each.presale),
    )
    line.photos.set(freezing.photos_of(product))


TERMS = ("price_fen", "net_grams", "gross_grams", "unit", "status", "freight_included")


def terms(product: Product) -> tuple:
    return tuple(getattr(product, field) for field in TERMS)


def terms_now(product: Product) -> tuple:
    """With its row held: nobody changes it before this transaction has ended."""
    return Product.objects.values_list(*TERMS).get(pk=product.pk)
