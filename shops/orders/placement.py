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
    OrderRefused,
    PriceMoved,
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
# The fields of a product that an order copies: a change of one between reading and writing stops the order.
TERMS = ("price_fen", "net_grams", "gross_grams", "unit", "status", "freight_included")


class Changed(Exception):
    """Raised when a product was changed, or its shop closed, after it was read and before its stock was reserved."""


def place_order(order_request: OrderRequest, key: uuid.UUID, now: datetime.datetime | None = None) -> Order:
    """Place an order and reserve its stock; a second call with the same key returns the first order.

    Raises a subclass of OrderRefused (SoldOut, PriceMoved, NotShipped, TooMuchHeld, Closed, TwoShops, NotConfirmed,
    CannotBeOrdered), and then the only change is that expired requests were ended; IdempotencyConflict when the key
    belongs to an order of another shop.
    """
    now = now or timezone.now()
    if earlier := find_placed(key, order_request):
        return earlier
    check_numbers(order_request)
    for attempt in range(TRIES):
        try:
            ready = prepare_order(order_request, now)
            with transaction.atomic():
                return store_order(order_request, ready, key, now)
        except (OrderRefused, IntegrityError, Changed) as problem:
            # The same submit on another connection may have come first and reserved the last box.
            if earlier := find_placed(key, order_request):
                return earlier
            if isinstance(problem, OrderRefused) or attempt == TRIES - 1:
                raise
    raise OrderRefused


def check_numbers(order_request: OrderRequest) -> None:
    """Raise OrderRefused unless each line has its own product and a quantity from 1 to MOST_UNITS."""
    numbers = [quantity for _product, quantity, _seen in order_request.lines]
    products = {product.pk for product, _quantity, _seen in order_request.lines}
    if not numbers or len(products) < len(numbers) or any(not 1 <= n <= MOST_UNITS for n in numbers):
        raise OrderRefused


def find_placed(key: uuid.UUID, order_request: OrderRequest | None = None) -> Order | None:
    """Return the order already placed under this key; raises IdempotencyConflict if it is another shop's."""
    order = Order.objects.filter(key=key).first()
    if order and order_request and order.shop_id != order_request.shop.pk:
        raise IdempotencyConflict
    return order


def store_order(
    order_request: OrderRequest, ready: PreparedOrder, key: uuid.UUID, now: datetime.datetime
) -> Order:
    """Write the order, its lines and its first event, and reserve its stock, inside the caller's transaction.

    Stock is reserved last, to hold the contended row lock as briefly as possible. Raises TooMuchHeld, SoldOut, or Changed
    when what was read beforehand is no longer true.
    """
    limits.check_limits(order_request, ready)
    order = write_order(order_request, ready, key, now)
    for item, page, photos in zip(ready.wanted, ready.lines, ready.photos, strict=True):
        write_line(order, item, page, photos)
    event = OrderEvent.objects.create(
        key=key,
        order=order,
        verb=OrderEvent.Verb.PLACED,
        by=OrderEvent.By.BUYER,
        fen=order.total_fen,
        grams=order.net_grams,
        at=now,
    )
    notifications.notify(order, event)
    reservations.reserve_stock(order, ready.wanted)
    is_open = Shop.objects.filter(pk=order_request.shop.pk, is_open=True).exists()
    if not is_open or any(has_changed(item) for item in ready.wanted):
        raise Changed
    stock.notify_low_stock_of_order(order)
    stock.publish_stock()
    return order


def write_order(
    order_request: OrderRequest, ready: PreparedOrder, key: uuid.UUID, now: datetime.datetime
) -> Order:
    """Create the row of the order; `now` starts its hold."""
    total = ready.total
    return Order.objects.create(
        number=draw_number(now),
        key=key,
        shop=order_request.shop,
        buyer=order_request.buyer,
        phone=order_request.phone,
        phone_verified=order_request.phone_verified,
        **({} if order_request.point else list_address_fields(order_request)),
        point=order_request.point,
        note=order_request.note,
        goods_fen=total.goods_fen,
        freight_fen=total.freight_fen,
        total_fen=total.total_fen,
        net_grams=total.net_grams,
        gross_grams=total.gross_grams,
        perishable_ok_at=now if order_request.perishable_ok else None,
        page=ready.page,
        placed_at=now,
        changed_at=now,
        expires_at=limits.hold_until(now, order_request.phone_verified),
        placed_from=order_request.placed_from,
        came_from=order_request.came_from,
    )


def list_address_fields(order_request: OrderRequest) -> dict:
    """Return the order's address fields; an order fetched at a pick-up point has none."""
    return {
        "province": order_request.province,
        "city": order_request.city,
        "county": order_request.county,
        "region": order_request.region,
        "address": order_request.address,
    }


def write_line(order: Order, item: Wanted, page: dict, photos: list[int]) -> None:
    """Create one line with the product's present terms, its frozen page and the ids of its photos."""
    product = item.product
    line = OrderLine.objects.create(
        order=order,
        product=product,
        presale=item.presale,
        quantity=item.quantity,
        price_fen=product.price_fen,
        net_grams=product.net_grams,
        gross_grams=rates.get_gross_weight(product),
        unit=product.unit,
        name=product.name,
        page=page,
    )
    through = OrderLine.photos.through
    through.objects.bulk_create(through(orderline=line, photo_id=photo) for photo in photos)


def has_changed(item: Wanted) -> bool:
    """Return whether the product's terms changed, or its presale ended, since it was read. Its row must be locked."""
    if item.presale and not Presale.objects.filter(pk=item.presale.pk, ended_at=None).exists():
        return True
    return read_current_terms(item.product) != read_sale_terms(item.product)


def read_sale_terms(product: Product) -> tuple:
    """Return the terms of the product as it was read."""
    return tuple(getattr(product, field) for field in TERMS)


def read_current_terms(product: Product) -> tuple:
    """Return the terms as stored now; the caller holds the row's lock, so they stay until its transaction ends."""
    return Product.objects.values_list(*TERMS).get(pk=product.pk)


def prepare_order(order_request: OrderRequest, now: datetime.datetime) -> PreparedOrder:
    """Read and price what is ordered, before anything is locked.

    Raises an OrderRefused for whatever can be seen at this point; reserving the stock decides for certain.
    """
    wanted = load_wanted(order_request)
    if any(item.stocked.free_at and item.stocked.free_at <= now for item in wanted):
        expiry.expire_due([item.product for item in wanted], now)
        wanted = load_wanted(order_request)
    total = compute_totals(order_request, wanted)
    counts = [(item, getattr(item.stocked, stock.count_field(item.stocked))) for item in wanted]
    if short := [Short(item.product, item.quantity, n) for item, n in counts if n < item.quantity]:
        raise SoldOut(short)
    rate = None if order_request.point else rates.find_rate(order_request.shop, order_request.province)
    return PreparedOrder(
        wanted,
        total,
        snapshots.freeze_shop(order_request.shop, rate),
        [snapshots.freeze_product(item.product, item.presale) for item in wanted],
        [snapshots.list_photos(item.product) for item in wanted],
    )


def load_wanted(order_request: OrderRequest) -> list[Wanted]:
    """Read the ordered products again; raises Closed, TwoShops or CannotBeOrdered where one cannot be ordered here."""
    rows = Product.objects.select_related("shop__place", "shop__owner", "category", "batch")
    found = rows.in_bulk([product.pk for product, _quantity, _seen in order_request.lines])
    wanted = []
    for product, quantity, _seen in order_request.lines:
        now = found.get(product.pk)
        obstacle = obstacles.find_placement_obstacle(now) if now else Obstacle.NOT_ON_SALE
        if now is None or obstacle is Obstacle.NOT_ON_SALE:
            raise Closed(product)
        if now.shop_id != order_request.shop.pk:
            raise TwoShops
        if obstacle in (Obstacle.SITE, Obstacle.SHOP_CLOSED):
            raise Closed
        if obstacle:
            raise CannotBeOrdered(obstacle.for_buyer)
        wanted.append(Wanted(now, presales.find_current(now), quantity))
    return wanted


def compute_totals(order_request: OrderRequest, wanted: list[Wanted]) -> OrderTotals:
    """Compute the totals, after checking that the buyer saw these prices and confirmed what must be confirmed.

    Raises PriceMoved, NotConfirmed or NotShipped.
    """
    seen = {product.pk: fen for product, _quantity, fen in order_request.lines}
    for item in wanted:
        if item.product.price_fen != seen[item.product.pk]:
            raise PriceMoved(seen[item.product.pk], item.product.price_fen, item.product)
    if not order_request.perishable_ok and any(item.product.category.is_perishable for item in wanted):
        raise NotConfirmed
    if order_request.point and (
        order_request.point.shop_id != order_request.shop.pk or not order_request.point.is_open
    ):
        raise NotShipped("")
    pairs = [(item.product, item.quantity) for item in wanted]
    total = request.compute_totals(order_request.shop, pairs, order_request.province, order_request.point)
    if order_request.seen_total_fen not in (None, total.total_fen):
        raise PriceMoved(order_request.seen_total_fen, total.total_fen)
    return total


def draw_number(now: datetime.datetime) -> str:
    """Draw an order number: the date and six random digits, such as 261124480231.

    A number already taken that day violates the UNIQUE constraint; `place_order` then tries again with another.
    """
    return f"{timezone.localtime(now):%y%m%d}{secrets.randbelow(10**6):06d}"
