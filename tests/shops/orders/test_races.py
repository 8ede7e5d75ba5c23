"""Many buyers and the last boxes: real connections to a server of two processes, on the suite's own database."""

import datetime
import threading
import uuid
from contextlib import suppress

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.utils import timezone

from bench.harness.servers import Server
from shops.inventory import stock
from shops.models import Order, OrderEvent, Product
from shops.orders import placement, transitions
from shops.orders.exceptions import TransitionNotAllowed
from shops.orders.placement import place_order
from tests.factories import make_product
from tests.served import served
from tests.shops.inventory.test_stock import at_once
from tests.shops.orders.buyers import Buyer, all_at_once
from tests.shops.orders.order_requests import in_hand, make_order, make_request

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
FREIGHT = 600


@pytest.fixture(scope="module")
def server(django_db_setup) -> Server:
    with served("tests.shops.orders.served:application") as server:
        yield server


@pytest.fixture(autouse=True)
def _nobody_has_come_yet() -> None:
    cache.clear()


def buyers(server: Server, count: int, *wanted: tuple[Product, int], freight: int = FREIGHT) -> list[Buyer]:
    numbers = [(product.pk, number) for product, number in wanted]
    prices = {product.pk: product.price_fen for product, _number in wanted}
    slug = wanted[0][0].shop.slug
    return [Buyer(server.port, slug, *numbers, prices=prices, freight=freight) for _n in range(count)]


def held(answers: list[tuple[int, str]]) -> set[str]:
    return {where for status, where in answers if status == 302}


def count_shown(answers: list[tuple[int, str]], sentence: str) -> int:
    return sum(status == 200 and sentence in page for status, page in answers)


def test_race_forty_buyers_of_one_address_and_ten_boxes(server, oranges):
    answers = all_at_once(buyers(server, 40, (oranges, 1)))
    assert (len(held(answers)), count_shown(answers, "“冰糖橙”刚卖完。")) == (10, 30)
    assert (Order.objects.count(), in_hand(oranges)) == (10, 0)


@pytest.mark.long
def test_race_two_buyers_and_the_last_box(server, shop):
    for _round in range(4):
        last = make_product(shop, stock=1, gross_grams=3000)
        answers = all_at_once(buyers(server, 2, (last, 1)))
        assert (len(held(answers)), count_shown(answers, "“冰糖橙”刚卖完。"), in_hand(last)) == (1, 1, 0)


@pytest.mark.long
def test_race_one_tap_sent_five_times_takes_the_last_box_once(server, shop):
    last = make_product(shop, stock=1, gross_grams=3000)
    answers = all_at_once(buyers(server, 1, (last, 1)), taps=5)
    assert [status for status, _where in answers] == [302] * 5
    assert (len(held(answers)), Order.objects.count(), in_hand(last)) == (1, 1, 0)


@pytest.mark.long
def test_race_two_products_in_opposite_order(server, oranges, shop):
    others = make_product(shop, stock=10, gross_grams=3000, name="脐橙")
    one_way = buyers(server, 8, (oranges, 1), (others, 1), freight=900)
    other_way = buyers(server, 8, (others, 1), (oranges, 1), freight=900)
    answers = all_at_once(one_way + other_way)
    assert {status for status, _page in answers} == {200, 302}
    assert (len(held(answers)), in_hand(oranges), in_hand(others)) == (10, 0, 0)


@pytest.mark.long
def test_race_wishes_in_opposite_order_never_lock_each_other_out(oranges, shop):
    others = make_product(shop, stock=10, name="脐橙")

    def work(n: int) -> Order:
        lines = [(oranges, 1), (others, 1)]
        return place_order(make_request(*(lines if n % 2 else reversed(lines))), uuid.uuid4())

    answers = at_once(work, 10)
    assert [answer for answer in answers if not isinstance(answer, Order)] == []
    assert (in_hand(oranges), in_hand(others)) == (0, 0)


def accept_all() -> None:
    """Accept each request that can still be accepted, in the order in which they expire."""
    try:
        for order in Order.objects.order_by("expires_at"):
            with suppress(TransitionNotAllowed):
                transitions.accept(order, order.shop.owner, uuid.uuid4())
    finally:
        connection.close()


@pytest.mark.long
def test_race_acceptance_against_expiry(server, shop):
    """The seller accepts orders while each one expires and buyers order what is released."""
    product = make_product(shop, stock=16, gross_grams=3000)
    waiting = buyers(server, 8, (product, 1))
    for _n in range(16):
        make_order((product, 1))
    now = timezone.now()
    for n, order in enumerate(Order.objects.order_by("id")):
        ends = now + datetime.timedelta(milliseconds=12 * n)
        Order.objects.filter(pk=order.pk).update(expires_at=ends)
        Product.objects.update(free_at=now)
    seller = threading.Thread(target=accept_all)
    seller.start()
    answers = all_at_once(waiting)
    seller.join(30)
    assert not seller.is_alive()
    ends = OrderEvent.objects.filter(verb__in=("accepted", "expired")).values_list("order", flat=True)
    assert len(ends) == len(set(ends))
    states = list(Order.objects.values_list("status", flat=True))
    assert in_hand(product) == 16 - states.count("accepted") - states.count("requested")
    assert {status for status, _where in answers} <= {200, 302}
    assert set(states) <= {"accepted", "expired", "requested"}


def test_race_without_the_guard_more_is_sold_than_there_is(django_db_setup, oranges):
    """Control: twelve buyers, ten boxes, and a site that reads first and writes what it has read."""
    with served("tests.shops.orders.unguarded:application", workers=1) as server:
        answers = all_at_once(buyers(server, 12, (oranges, 1)))
    assert len(held(answers)) == Order.objects.count() == 12
    # Three times four have read the same number.
    assert Product.objects.values_list("stock", flat=True).get(pk=oranges.pk) == 10 - 3


def test_race_without_the_condition_only_the_check_stands_in_the_way(oranges, monkeypatch):
    """Control: all eight have read that there are ten; without the condition the database itself refuses three."""
    read, first, refused = threading.Barrier(8), threading.local(), []

    def prepared(*args):
        ready = preparing_once(*args)
        if not hasattr(first, "time"):
            first.time = read.wait(20)
        return ready

    def placed(*args):
        try:
            return placing_once(*args)
        except IntegrityError:
            refused.append(1)
            raise

    preparing_once, placing_once = placement.prepare_order, placement.store_order
    monkeypatch.setattr(placement, "prepare_order", prepared)
    monkeypatch.setattr(placement, "store_order", placed)
    monkeypatch.setattr(stock, "filter_with_room", lambda rows, field, delta: rows)
    answers = at_once(lambda n: place_order(make_request((oranges, 2)), uuid.uuid4()), 8)
    assert sorted(type(answer).__name__ for answer in answers) == ["Order"] * 5 + ["SoldOut"] * 3
    assert (len(refused), in_hand(oranges)) == (3, 0)
