import datetime
import uuid

import pytest
from django.utils import timezone

from shops.inventory import presales
from shops.inventory import stock as stocks
from shops.models import Presale, StockMove
from tests.factories import make_product, make_shop

pytestmark = pytest.mark.both_databases

DAY = datetime.timedelta(days=1)


@pytest.fixture
def product(seller, village):
    return make_product(make_shop(seller, village), stock=10)


def opened(product, seller=None, **fields) -> Presale:
    today = timezone.localdate()
    given = {"quota": 50, "closes_on": today + 10 * DAY, "ship_by": today + 16 * DAY} | fields
    return presales.open_presale(product, seller, **given)


def moves(presale) -> list[tuple]:
    return list(presale.moves.order_by("id").values_list("delta", "reason"))


def test_presale_opens_with_its_move_and_leaves_the_stock_alone(product, seller):
    presale = opened(product, seller)
    product.refresh_from_db()
    assert (presale.quota, presale.left, presale.made_by, product.stock) == (50, 50, seller, 10)
    assert moves(presale) == [(50, "quota")]
    assert presales.find_current(product) == presale
    assert "15 天内退回" in presale.terms
    assert "利息" in presale.terms


def test_presale_sent_twice_is_one(product, seller):
    key = uuid.uuid4()
    first = opened(product, seller, key=key)
    assert opened(product, seller, key=key, quota=70) == first
    assert (Presale.objects.count(), Presale.objects.get().quota) == (1, 50)


def test_presale_of_another_key_waits_for_the_end_of_the_first(product, seller):
    first = opened(product, seller)
    with pytest.raises(presales.AlreadyOpen):
        opened(product, seller)
    assert presales.end(first, seller) is True
    assert presales.end(first, seller) is False
    assert presales.find_current(product) is None
    assert opened(product, seller) == presales.find_current(product)


def test_presale_whose_day_is_over_takes_no_orders_and_makes_room(product, seller):
    first = opened(product, seller)
    yesterday = timezone.localdate() - DAY
    Presale.objects.filter(pk=first.pk).update(closes_on=yesterday)
    assert presales.find_current(product) is None
    assert presales.find_current(product, yesterday) == first
    second = opened(product, seller)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert presales.find_current(product) == second


def test_presale_is_open_until_the_end_of_its_day(product, seller):
    today = timezone.localdate()
    presale = opened(product, seller, closes_on=today, ship_by=today)
    assert presales.find_current(product) == presale
    assert presales.find_current(product, today + DAY) is None


@pytest.mark.parametrize(("quota", "left", "delta"), [(80, 60, 30), (30, 10, -20), (20, 0, -30)])
def test_quota_grows_and_shrinks_by_moves(product, seller, quota, left, delta):
    presale = opened(product, seller)
    sell(presale, 20)
    presales.change_quota(presale, quota, seller, uuid.uuid4())
    assert (presale.quota, presale.left) == (quota, left)
    assert moves(presale) == [(50, "quota"), (-20, "held"), (delta, "quota")]
    assert sum(delta for delta, _reason in moves(presale)) == presale.left


def test_quota_never_falls_below_what_is_ordered(product, seller):
    presale = opened(product, seller)
    sell(presale, 20)
    with pytest.raises(stocks.NotEnough) as told:
        presales.change_quota(presale, 19, seller, uuid.uuid4())
    presale.refresh_from_db()
    assert (told.value.stock, presale.quota, presale.left) == (30, 50, 30)


def test_quota_changed_twice_by_one_tap_changes_once(product, seller):
    presale, key = opened(product, seller), uuid.uuid4()
    for _tap in range(3):
        presales.change_quota(presale, 60, seller, key)
    assert (presale.quota, presale.left) == (60, 60)


def test_quota_of_an_ended_presale_stays(product, seller):
    presale = opened(product, seller)
    presales.end(presale, seller)
    with pytest.raises(presales.AlreadyEnded):
        presales.change_quota(presale, 60, seller, uuid.uuid4())
    assert (presale.quota, presale.left) == (50, 50)


def test_presale_beyond_the_limit_is_refused_whole(product, seller):
    with pytest.raises(stocks.StockLimitExceeded):
        opened(product, seller, quota=stocks.LIMIT + 1)
    assert (Presale.objects.count(), StockMove.objects.filter(presale__isnull=False).count()) == (0, 0)


def sell(presale, quantity) -> None:
    """As an order takes from it."""
    Presale.objects.filter(pk=presale.pk).update(left=presale.left - quantity)
    StockMove.objects.create(
        product=presale.product, presale=presale, delta=-quantity, reason=StockMove.Reason.HELD
    )
    presale.refresh_from_db()
