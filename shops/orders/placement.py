"""Place an order: read and price it before anything is locked, then write it and reserve its stock."""

from __future__ import annotations

import datetime
import secrets
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from shops.exceptions import IdempotencyConflict
from shops.inventory import presales, stock
from shops.models import Order, OrderEvent, OrderLine, Presale, Product, Shop
from shops.orders import expiry, limits, notifications, obstacles, request, reservations, snapshots
from shops.orders.exceptions import (
    CannotBeOrdered,
    Closed,
    NotConfirmed,
    NotShipped,
    PriceMoved,
    Refused,
    Short,
    SoldOut,
    TwoShops,
)
from shops.orders.obstacles import Obstacle
from shops.orders.request import OrderRequest, OrderTotals, PreparedOrder
from shops.orders.reservations import Wanted
from shops.shipping import rates

MOST_UNITS = 9999
TRIES = 3


def place_order(wish: OrderRequest, key: uuid.UUID, now: datetime.datetime | None = None) -> Order:
    """Holds the stock at once; with the same key again it is the first order.

    Raises a Refused (SoldOut, PriceMoved, NotShipped, TooMuchHeld, Closed, TwoShops, NotConfirmed), and then nothing has
    changed but that holds whose time was over are ended; IdempotencyConflict for the key of another shop's order.
    """
    now = now or timezone.now()
    if earlier := find_placed(key, wish):
        return earlier
    check_numbers(wish)
    for attempt in range(TRIES):
        try:
            ready = prepare_order(wish, now)
            with transaction.atomic():
                return placed(wish, ready, key, now)
        except (Refused, IntegrityError, Changed) as problem:
            # The same tap on another connection was first, and may have taken the last box.
            if earlier := find_placed(key, wish):
                return earlier
            if isinstance(problem, Refused) or attempt == TRIES - 1:
                raise
    raise Refused


def check_numbers(wish: OrderRequest) -> None:
    numbers = [quantity for _product, quantity, _seen in wish.lines]
    products = {product.pk for product, _quantity, _seen in wish.lines}
    if not numbers or len(products) < len(numbers) or any(not 1 <= n <= MOST_UNITS for n in numbers):
        raise Refused


class Changed(Exception):
    """A product was changed, or its shop closed, between reading it and holding it."""


def find_placed(key: uuid.UUID, wish: OrderRequest | None = None) -> Order | None:
    """What this form has become already."""
    order = Order.objects.filter(key=key).first()
    if order and wish and order.shop_id != wish.shop.pk:
        raise IdempotencyConflict
    return order


def placed(wish: OrderRequest, ready: PreparedOrder, key: uuid.UUID, now: datetime.datetime) -> Order:
    """Write the order. Reserve stock last to hold the contended row lock as briefly as possible."""
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
    notifications.tell(order, event)
    reservations.reserve_stock(order, ready.wanted)
    is_open = Shop.objects.filter(pk=wish.shop.pk, is_open=True).exists()
    if not is_open or any(has_changed(each) for each in ready.wanted):
        raise Changed
    stock.notify_low_stock_of_order(order)
    stock.publish_stock()
    return order


def written(wish: OrderRequest, ready: PreparedOrder, key: uuid.UUID, now: datetime.datetime) -> Order:
    total = ready.total
    return Order.objects.create(
        number=draw_number(now),
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


def place_of(wish: OrderRequest) -> dict:
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


def prepare_order(wish: OrderRequest, now: datetime.datetime) -> PreparedOrder:
    """Raises a Refused for all that can be seen beforehand; the guard of the UPDATE decides."""
    wanted = fresh(wish)
    if any(each.stocked.free_at and each.stocked.free_at <= now for each in wanted):
        expiry.expire_due([each.product for each in wanted], now)
        wanted = fresh(wish)
    total = reckoned(wish, wanted)
    counts = [(each, getattr(each.stocked, stock.count_field(each.stocked))) for each in wanted]
    if short := [Short(each.product, each.quantity, n) for each, n in counts if n < each.quantity]:
        raise SoldOut(short)
    rate = None if wish.point else rates.rate(wish.shop, wish.province)
    return PreparedOrder(
        wanted,
        total,
        snapshots.freeze_shop(wish.shop, rate),
        [snapshots.freeze_product(each.product, each.presale) for each in wanted],
        [snapshots.photos_of(each.product) for each in wanted],
    )


def fresh(wish: OrderRequest) -> list[Wanted]:
    """The products as they are now; raises Closed, TwoShops or CannotBeOrdered for what cannot be ordered here."""
    rows = Product.objects.select_related("shop__place", "shop__owner", "category", "batch")
    found = rows.in_bulk([product.pk for product, _quantity, _seen in wish.lines])
    wanted = []
    for product, quantity, _seen in wish.lines:
        now = found.get(product.pk)
        obstacle = obstacles.on_placing(now) if now else Obstacle.NOT_ON_SALE
        if now is None or obstacle is Obstacle.NOT_ON_SALE:
            raise Closed(product)
        if now.shop_id != wish.shop.pk:
            raise TwoShops
        if obstacle in (Obstacle.SITE, Obstacle.SHOP_CLOSED):
            raise Closed
        if obstacle:
            raise CannotBeOrdered(obstacle.for_buyer)
        wanted.append(Wanted(now, presales.current(now), quantity))
    return wanted


def reckoned(wish: OrderRequest, wanted: list[Wanted]) -> OrderTotals:
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
    total = request.compute_totals(wish.shop, pairs, wish.province, wish.point)
    if wish.seen_total_fen not in (None, total.total_fen):
        raise PriceMoved(wish.seen_total_fen, total.total_fen)
    return total


def draw_number(now: datetime.datetime) -> str:
    """261124480231. One in a million of a day's orders is drawn again: the UNIQUE refuses it, and `place` tries anew."""
    return f"{timezone.localtime(now):%y%m%d}{secrets.randbelow(10**6):06d}"
