"""What nobody accepted in time is over: it is free again, once, and true whenever it is read."""

import datetime

import pytest
from django.utils import timezone

from shops.models import Order
from shops.orders import expiry, reservations, transitions
from tests.shops.ordering.selling import key
from tests.shops.ordering.wishes import in_hand, make_order

pytestmark = pytest.mark.both_databases

AGO = datetime.timedelta(hours=49)


@pytest.fixture
def order(oranges) -> Order:
    """2 boxes: ¥59.80 and ¥9.00 for sending, 5 kg."""
    return make_order((oranges, 2))


def test_expiry_frees_once_and_is_true_when_read(oranges):
    order = make_order((oranges, 3), now=timezone.now() - AGO)
    oranges.refresh_from_db()
    assert (order.state, reservations.units_left(oranges), oranges.stock) == ("expired", 10, 7)
    assert (expiry.expire_due(), expiry.expire_due()) == (1, 0)
    order.refresh_from_db()
    oranges.refresh_from_db()
    assert (order.status, in_hand(oranges), oranges.free_at) == ("expired", 10, None)
    assert reservations.units_left(oranges) == 10


def test_expiry_of_these_products_leaves_the_others(oranges, pomelos):
    past = timezone.now() - AGO
    make_order((oranges, 1), now=past)
    make_order((pomelos, 1), now=past)
    assert expiry.expire_due([pomelos]) == 1
    assert (in_hand(oranges), in_hand(pomelos)) == (9, 4)


def test_expiry_leaves_what_is_accepted(order, seller):
    transitions.accept(order, seller, key())
    assert expiry.expire_due(now=timezone.now() + AGO) == 0
