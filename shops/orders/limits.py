"""Limit how much a phone, and an IP, may reserve by requests that wait for the seller.

A request costs its sender nothing and reserves stock, so a sender with an unverified phone can reserve little, for a short
time, and never most of a product. Accepted orders do not count.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shops.models import Order, OrderLine, Product
from shops.orders import reservations
from shops.orders.exceptions import TooMuchHeld
from shops.orders.request import OrderRequest, PreparedOrder
from shops.orders.reservations import Wanted
from ui import formats

# The seller picks until dark and looks at the phone in the evening: two evenings.
HOLD_HOURS = 48
# An unverified request's hours are counted only between these hours of the day: at night no seller looks at the phone.
MORNING, EVENING = 8, 20
# A family orders for itself and for two relatives; more than that waits for the first answer.
UNVERIFIED_OPEN, UNVERIFIED_GRAMS = 3, 150_000
# A buyer for a canteen, who can be called back.
VERIFIED_OPEN, VERIFIED_GRAMS = 10, 2_000_000
# A village or a factory behind one IP: thirty families.
ADDRESS_OPEN, ADDRESS_GRAMS = 30, 1_000_000
# Percent of a product's units that unverified requests may hold, all together and from one IP; the number of units
# below is always allowed. Where no code can be sent, every request is unverified.
SHARE_WITH_CODES, SHARE_WITHOUT, SHARE_OF_ADDRESS = 20, 50, 34
UNITS, UNITS_OF_ADDRESS = 5, 3


def hash_ip(ip: str) -> str:
    """Return a keyed hash of an IP: equal for equal ones, and the IP cannot be read from it."""
    return salted_hmac("shops.placed_from", ip, algorithm="sha256").hexdigest()


def hold_until(now: datetime.datetime, phone_verified: bool) -> datetime.datetime:
    """Return when a request placed at `now` expires and releases its units."""
    if phone_verified:
        return now + datetime.timedelta(hours=HOLD_HOURS)
    left, at = datetime.timedelta(hours=settings.UNPROVEN_HOLD_HOURS), timezone.localtime(now)
    while True:
        morning = at.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        evening = at.replace(hour=EVENING, minute=0, second=0, microsecond=0)
        at = max(at, morning)
        if at < evening:
            if at + left <= evening:
                return at + left
            left -= evening - at
        at = morning + datetime.timedelta(days=1)


def check_limits(order_request: OrderRequest, ready: PreparedOrder) -> None:
    """Check the limits of the phone and the IP. Call inside the transaction that places the order.

    Raises TooMuchHeld.
    """
    lock_phone(order_request.phone)
    weight = max(ready.total.net_grams, ready.total.gross_grams)
    most_open, most_grams = (
        (VERIFIED_OPEN, VERIFIED_GRAMS)
        if order_request.phone_verified
        else (UNVERIFIED_OPEN, UNVERIFIED_GRAMS)
    )
    if weight > most_grams:
        raise TooMuchHeld(
            _("一张单最多 %(weight)s。要得多，给卖家打电话。") % {"weight": formats.jin_and_kg(most_grams)}
        )
    if is_exceeded(Q(phone=order_request.phone), weight, most_open, most_grams):
        raise TooMuchHeld(_("这个手机号还有单子在等卖家接，等卖家回了再下，或者取消一张。"))
    if order_request.placed_from and not order_request.phone_verified:
        near = Q(placed_from=order_request.placed_from, phone_verified=False)
        if is_exceeded(near, weight, ADDRESS_OPEN, ADDRESS_GRAMS):
            raise TooMuchHeld(_("您这里今天下的单太多了，等卖家接了再下，或者给卖家打电话。"))
        for item in ready.wanted:
            check_share(order_request, item)


def check_share(order_request: OrderRequest, item: Wanted) -> None:
    """Check the share of one product's units that unverified requests may hold; one query. Raises TooMuchHeld."""
    lines = OrderLine.objects.filter(
        product=item.product,
        presale=item.presale,
        order__status=Order.Status.REQUESTED,
        order__expires_at__gt=timezone.now(),
        order__phone_verified=False,
    )
    here = Q(order__placed_from=order_request.placed_from)
    held = lines.aggregate(all=Sum("quantity"), here=Sum("quantity", filter=here))
    held_all, held_here = held["all"] or 0, held["here"] or 0
    there = reservations.count_units_on(item.stocked) + held_all
    share = SHARE_WITH_CODES if settings.PROVES_PHONES else SHARE_WITHOUT
    most = min(
        max(UNITS, there * share // 100) - held_all,
        max(UNITS_OF_ADDRESS, there * SHARE_OF_ADDRESS // 100) - held_here,
    )
    if item.quantity <= most:
        return
    params = {"name": item.product.name}
    if most <= 0:
        sentence = _("“%(name)s”有好几单在等卖家接。过一会儿再下，要得急就给卖家打电话。")
        raise TooMuchHeld(sentence % params)
    unit = Product.Unit(item.product.unit).after(most)
    sentence = _("“%(name)s”这会儿最多先订 %(most)s %(unit)s。要得多，给卖家打电话。")
    raise TooMuchHeld(sentence % {**params, "most": most, "unit": unit})


def find_others(order: Order) -> QuerySet[Order]:
    """Return the other waiting unverified requests to this shop from the same IP, so that all can be declined."""
    if order.phone_verified or not order.placed_from:
        return Order.objects.none()
    alike = Order.objects.filter(shop=order.shop_id, placed_from=order.placed_from, phone_verified=False)
    return alike.filter(status=Order.Status.REQUESTED, expires_at__gt=timezone.now()).exclude(pk=order.pk)


def is_exceeded(which: Q, weight: int, most_open: int, most_grams: int) -> bool:
    """Return whether one more request of `weight` grams exceeds the number or the weight allowed to these requests."""
    held = Order.objects.filter(which, status=Order.Status.REQUESTED, expires_at__gt=timezone.now())
    sums = held.aggregate(count=Count("pk"), grams=Sum("gross_grams"))
    return sums["count"] >= most_open or (sums["grams"] or 0) + weight > most_grams


def lock_phone(phone: str) -> None:
    """Serialize the requests of one phone until the transaction ends, so that the second counts the first.

    Uses PostgreSQL's advisory lock, which the ORM does not offer; SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        number = int(salted_hmac("shops.limits", phone).hexdigest()[:15], 16)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
