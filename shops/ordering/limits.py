"""How much a phone, and an address, may hold by requests that nobody has accepted yet.

A request costs its sender nothing and takes fruit off the shelf for two days, so whoever has not shown that the phone
is theirs can hold little. The seller's acceptance ends the hold: what is accepted does not count.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shops.models import Order
from shops.ordering.reckoning import Sum as Total
from shops.ordering.refusals import TooMuchHeld
from shops.ordering.wishing import Wish
from ui import amounts

# A family orders for itself and for two relatives; more than that waits for the first answer.
UNPROVEN_OPEN, UNPROVEN_GRAMS = 3, 150_000
# A buyer for a canteen, who can be called back.
PROVEN_OPEN, PROVEN_GRAMS = 10, 2_000_000
# A village or a factory behind one address: a hundred families, as much as a small lorry takes.
ADDRESS_OPEN, ADDRESS_GRAMS = 100, 3_000_000


def address_key(address: str) -> str:
    """A keyed hash: tells one address from another and nobody where it is."""
    return salted_hmac("shops.placed_from", address, algorithm="sha256").hexdigest()


def check(wish: Wish, total: Total) -> None:
    """In the transaction that places the order. Raises TooMuchHeld."""
    wait_for_own_turn(wish.phone)
    weight = max(total.net_grams, total.gross_grams)
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


def over(which: Q, weight: int, most_open: int, most_grams: int) -> bool:
    held = Order.objects.filter(which, status=Order.Status.REQUESTED, expires_at__gt=timezone.now())
    sums = held.aggregate(count=Count("pk"), grams=Sum("gross_grams"))
    return sums["count"] >= most_open or (sums["grams"] or 0) + weight > most_grams


def wait_for_own_turn(phone: str) -> None:
    """Two requests of one phone at once: the second counts the first. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        number = int(salted_hmac("shops.limits", phone).hexdigest()[:15], 16)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
