"""How much a phone, and an address, may hold by requests that nobody has accepted yet.

A request costs its sender nothing and takes fruit out of the stock, so whoever has not shown that the phone is theirs can hold
little, for a short time, and never most of what there is of a thing. The seller's acceptance ends the hold: what is
accepted does not count.
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
from ui import amounts

# The seller picks until dark and looks at the phone in the evening: two evenings.
HOLD_HOURS = 48
# The hours of an unproven request do not run at night, when no seller looks at the phone.
MORNING, EVENING = 8, 20
# A family orders for itself and for two relatives; more than that waits for the first answer.
UNPROVEN_OPEN, UNPROVEN_GRAMS = 3, 150_000
# A buyer for a canteen, who can be called back.
PROVEN_OPEN, PROVEN_GRAMS = 10, 2_000_000
# A village or a factory behind one address: thirty families.
ADDRESS_OPEN, ADDRESS_GRAMS = 30, 1_000_000
# Percent of what there is of a product that unproven requests may hold, all together and from one address; so many units
# always. Where no code can be sent every request is unproven.
SHARE_WITH_CODES, SHARE_WITHOUT, SHARE_OF_ADDRESS = 20, 50, 34
UNITS, UNITS_OF_ADDRESS = 5, 3


def address_key(address: str) -> str:
    """A keyed hash: tells one address from another and nobody where it is."""
    return salted_hmac("shops.placed_from", address, algorithm="sha256").hexdigest()


def hold_until(now: datetime.datetime, phone_proven: bool) -> datetime.datetime:
    """When a request of now gives its units back by itself."""
    if phone_proven:
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


def check(wish: OrderRequest, ready: PreparedOrder) -> None:
    """In the transaction that places the order. Raises TooMuchHeld."""
    wait_for_own_turn(wish.phone)
    weight = max(ready.total.net_grams, ready.total.gross_grams)
    most_open, most_grams = (
        (PROVEN_OPEN, PROVEN_GRAMS) if wish.phone_proven else (UNPROVEN_OPEN, UNPROVEN_GRAMS)
    )
    if weight > most_grams:
        raise TooMuchHeld(
            _("一张单最多 %(weight)s。要得多，给卖家打电话。") % {"weight": amounts.both(most_grams)}
        )
    if over(Q(phone=wish.phone), weight, most_open, most_grams):
        raise TooMuchHeld(_("这个手机号还有单子在等卖家接，等卖家回了再下，或者取消一张。"))
    if wish.placed_from and not wish.phone_proven:
        near = Q(placed_from=wish.placed_from, phone_proven=False)
        if over(near, weight, ADDRESS_OPEN, ADDRESS_GRAMS):
            raise TooMuchHeld(_("您这里今天下的单太多了，等卖家接了再下，或者给卖家打电话。"))
        for each in ready.wanted:
            check_share(wish, each)


def check_share(wish: OrderRequest, each: Wanted) -> None:
    """One query for each product. Raises TooMuchHeld."""
    lines = OrderLine.objects.filter(
        product=each.product,
        presale=each.presale,
        order__status=Order.Status.REQUESTED,
        order__expires_at__gt=timezone.now(),
        order__phone_proven=False,
    )
    here = Q(order__placed_from=wish.placed_from)
    held = lines.aggregate(all=Sum("quantity"), here=Sum("quantity", filter=here))
    held_all, held_here = held["all"] or 0, held["here"] or 0
    there = reservations.units_on(each.stocked) + held_all
    share = SHARE_WITH_CODES if settings.PROVES_PHONES else SHARE_WITHOUT
    most = min(
        max(UNITS, there * share // 100) - held_all,
        max(UNITS_OF_ADDRESS, there * SHARE_OF_ADDRESS // 100) - held_here,
    )
    if each.quantity <= most:
        return
    facts = {"name": each.product.name}
    if most <= 0:
        words = _("“%(name)s”有好几单在等卖家接。过一会儿再下，要得急就给卖家打电话。")
        raise TooMuchHeld(words % facts)
    unit = Product.Unit(each.product.unit).after(most)
    words = _("“%(name)s”这会儿最多先订 %(most)s %(unit)s。要得多，给卖家打电话。")
    raise TooMuchHeld(words % {**facts, "most": most, "unit": unit})


def others_from(order: Order) -> QuerySet[Order]:
    """Other unproven requests to the same shop from where this one came, for a seller who declines them all."""
    if order.phone_proven or not order.placed_from:
        return Order.objects.none()
    alike = Order.objects.filter(shop=order.shop_id, placed_from=order.placed_from, phone_proven=False)
    return alike.filter(status=Order.Status.REQUESTED, expires_at__gt=timezone.now()).exclude(pk=order.pk)


def over(which: Q, weight: int, most_open: int, most_grams: int) -> bool:
    held = Order.objects.filter(which, status=Order.Status.REQUESTED, expires_at__gt=timezone.now())
    sums = held.aggregate(count=Count("pk"), grams=Sum("gross_grams"))
    return sums["count"] >= most_open or (sums["grams"] or 0) + weight > most_grams


def wait_for_own_turn(phone: str) -> None:
    """Let two requests of one phone follow each other, so that the second counts the first.

    PostgreSQL's advisory lock, for which the ORM has no word; it ends with the transaction. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        number = int(salted_hmac("shops.limits", phone).hexdigest()[:15], 16)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
