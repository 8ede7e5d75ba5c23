"""Stock is never below zero, never changed twice by one request, always the sum of its rows. Races use real connections."""

import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum

from accounts.models import Notice
from shops.exceptions import IdempotencyConflict
from shops.inventory import stock
from shops.models import Product, StockMove
from tests.factories import make_product, make_shop
from ui.models import Stamp

pytestmark = pytest.mark.both_databases

Reason = StockMove.Reason


@pytest.fixture
def product(seller, village) -> Product:
    return make_product(make_shop(seller, village), stock=10)


def total(product: Product) -> int:
    return product.moves.aggregate(sum=Sum("delta"))["sum"] or 0


def in_hand(product: Product) -> int:
    return Product.objects.values_list("stock", flat=True).get(pk=product.pk)


def stamp() -> int:
    return Stamp.objects.get(name="shops").number


def test_move_adds_and_writes_who_and_why(product, seller):
    row = stock.change_stock(product, 5, Reason.HARVEST, seller)
    assert (row.delta, row.reason, row.actor, product.stock) == (5, "harvest", seller, 15)
    assert in_hand(product) == total(product) == 15


def test_move_takes_the_last_one_and_no_more(product, seller):
    stock.change_stock(product, -10, Reason.LOSS, seller)
    with pytest.raises(stock.NotEnough) as refused:
        stock.change_stock(product, -1, Reason.LOSS, seller)
    assert refused.value.stock == 0
    assert in_hand(product) == total(product) == 0


def test_move_stops_at_the_limit(product, seller):
    stock.change_stock(product, stock.LIMIT - 10, Reason.HARVEST, seller)
    with pytest.raises(stock.StockLimitExceeded) as refused:
        stock.change_stock(product, 1, Reason.HARVEST, seller)
    assert refused.value.stock == stock.LIMIT == in_hand(product)


@pytest.mark.parametrize("delta", [10**6 + 1, 2**31, 2**63, 10**40])
def test_move_refuses_more_than_an_integer_holds(product, seller, delta):
    with pytest.raises(stock.StockLimitExceeded):
        stock.change_stock(product, delta, Reason.HARVEST, seller)
    with pytest.raises(stock.NotEnough):
        stock.change_stock(product, -delta, Reason.LOSS, seller)
    assert in_hand(product) == total(product) == 10


def test_move_sent_again_changes_nothing(product, seller):
    event = uuid.uuid4()
    first = stock.change_stock(product, 3, Reason.HARVEST, seller, event)
    again = stock.change_stock(product, 3, Reason.HARVEST, seller, event)
    assert again == first
    assert in_hand(product) == total(product) == product.stock == 13


def test_move_sent_again_is_success_even_when_stock_is_gone(product, seller):
    event = uuid.uuid4()
    first = stock.change_stock(product, -10, Reason.LOSS, seller, event)
    assert stock.change_stock(product, -10, Reason.LOSS, seller, event) == first


def test_event_of_another_product_is_refused(product, seller):
    other = make_product(product.shop)
    row = stock.change_stock(product, 1, Reason.HARVEST, seller)
    with pytest.raises(IdempotencyConflict):
        stock.change_stock(other, 1, Reason.HARVEST, seller, row.event_id)
    with pytest.raises(IdempotencyConflict):
        stock.recount_stock(other, 1, seller, row.event_id)
    assert in_hand(other) == 10


def test_move_moves_the_stamp_only_when_it_counts(product, seller):
    before = stamp()
    row = stock.change_stock(product, 1, Reason.HARVEST, seller)
    stock.change_stock(product, 1, Reason.HARVEST, seller, row.event_id)
    with pytest.raises(stock.NotEnough):
        stock.change_stock(product, -99, Reason.LOSS, seller)
    assert stamp() == before + 1


def test_recount_writes_the_difference(product, seller):
    row = stock.recount_stock(product, 7, seller)
    assert (row.delta, row.reason) == (-3, "count")
    assert in_hand(product) == total(product) == product.stock == 7


def test_recount_goes_by_what_is_there_now_and_not_by_an_old_reading(product, seller):
    stock.change_stock(Product.objects.get(pk=product.pk), -4, Reason.LOSS, seller)
    assert product.stock == 10
    assert stock.recount_stock(product, 7, seller).delta == 1
    assert in_hand(product) == total(product) == 7


def test_recount_sent_again_does_not_undo_what_came_after(product, seller):
    event = uuid.uuid4()
    first = stock.recount_stock(product, 10, seller, event)
    stock.change_stock(product, -2, Reason.LOSS, seller)
    assert stock.recount_stock(product, 10, seller, event) == first
    assert (first.delta, in_hand(product), total(product)) == (0, 8, 8)


@pytest.mark.parametrize(
    ("actual", "problem"), [(-1, stock.NotEnough), (10**6 + 1, stock.StockLimitExceeded)]
)
def test_recount_refuses_impossible_counts(product, seller, actual, problem):
    with pytest.raises(problem):
        stock.recount_stock(product, actual, seller)
    assert in_hand(product) == total(product) == 10


def test_the_database_itself_refuses_less_than_nothing(product):
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(stock=F("stock") - 11)
    assert in_hand(product) == 10


# --- races ----------------------------------------------------------------------------------------------


def at_once(work, count: int) -> list:
    """Return what `work(n)` returned or raised in `count` threads that start together."""
    start, answers = threading.Barrier(count), [None] * count

    def run(n: int) -> None:
        try:
            start.wait(20)
            answers[n] = work(n)
        except Exception as problem:
            answers[n] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_ten_boxes_and_sixteen_hands(product, seller):
    answers = at_once(
        lambda n: stock.change_stock(Product.objects.get(pk=product.pk), -1, Reason.LOSS, seller), 16
    )
    taken = [answer for answer in answers if isinstance(answer, StockMove)]
    refused = [answer for answer in answers if isinstance(answer, stock.NotEnough)]
    assert (len(taken), len(refused)) == (10, 6)
    assert in_hand(product) == total(product) == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_one_tap_sent_eight_times(product, seller):
    event = uuid.uuid4()
    answers = at_once(
        lambda n: stock.change_stock(Product.objects.get(pk=product.pk), -3, Reason.LOSS, seller, event).pk, 8
    )
    assert len(set(answers)) == 1
    assert in_hand(product) == total(product) == 7


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_counting_while_others_take(product, seller):
    def work(n: int) -> StockMove:
        fresh = Product.objects.get(pk=product.pk)
        return (
            stock.recount_stock(fresh, 50, seller)
            if n % 4 == 0
            else stock.change_stock(fresh, -1, Reason.LOSS, seller)
        )

    answers = at_once(work, 12)
    assert [answer for answer in answers if not isinstance(answer, StockMove)] == []
    assert in_hand(product) == total(product)
    assert 41 <= in_hand(product) <= 50


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_without_the_guard_the_last_box_is_taken_again(product, seller, monkeypatch):
    """Control: without the condition every request passes, and only the CHECK prevents it."""
    monkeypatch.setattr(stock, "filter_with_room", lambda rows, field, delta: rows)
    answers = at_once(
        lambda n: stock.change_stock(Product.objects.get(pk=product.pk), -1, Reason.LOSS, seller), 16
    )
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 6
    assert not any(isinstance(answer, stock.NotEnough) for answer in answers)
    assert in_hand(product) == total(product) == 0


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_read_then_write_sells_twice(product, seller):
    """Control: the same threads with the usual check-then-save; this is what the conditional UPDATE prevents."""
    everybody_has_read = threading.Barrier(8)

    def naive(n: int) -> None:
        fresh = Product.objects.get(pk=product.pk)
        everybody_has_read.wait(20)
        if fresh.stock >= 5:
            with transaction.atomic():
                Product.objects.filter(pk=fresh.pk).update(stock=fresh.stock - 5)
                StockMove.objects.create(product=fresh, delta=-5, reason=Reason.LOSS, actor=seller)

    assert at_once(naive, 8) == [None] * 8
    assert in_hand(product) == 5
    assert total(product) == 10 - 8 * 5


# --- inside a longer transaction of the caller ---


def facts(product: Product, reason: str, actor) -> dict:
    return {"product": product, "reason": reason, "actor": actor, "event_id": uuid.uuid4()}


def test_take_units_takes_all_or_nothing(product, seller):
    row = stock.take_units(quantity=7, **facts(product, Reason.LIVE_SOLD, seller))
    assert (row.delta, row.reason, product.stock) == (-7, "live_sold", 3)
    with transaction.atomic(), pytest.raises(stock.NotEnough) as refused:
        stock.take_units(quantity=4, **facts(product, Reason.LIVE_SOLD, seller))
    assert refused.value.stock == 3 == in_hand(product) == total(product)


def test_take_available_takes_what_is_there(product, seller):
    assert stock.take_available(most=4, **facts(product, Reason.LIVE_SOLD, seller)) == 4
    assert stock.take_available(most=9, **facts(product, Reason.LIVE_SOLD, seller)) == 6
    assert stock.take_available(most=9, **facts(product, Reason.LIVE_SOLD, seller)) == 0
    assert (in_hand(product), total(product), product.moves.filter(reason="live_sold").count()) == (0, 0, 2)


def test_return_units_adds_them_under_their_reason(product, seller):
    row = stock.return_units(quantity=2, **facts(product, Reason.LIVE_BACK, seller))
    assert (row.delta, row.reason, in_hand(product), total(product)) == (2, "live_back", 12, 12)


def test_the_owner_is_notified_of_units_that_others_took_and_not_of_reserved_ones(product):
    Product.objects.filter(pk=product.pk).update(low_stock=5)
    product.refresh_from_db()
    stock.take_units(quantity=4, warn_low=False, **facts(product, Reason.LIVE_HELD, None))
    assert not Notice.objects.filter(template="stock_low").exists()
    stock.return_units(quantity=4, **facts(product, Reason.LIVE_BACK, None))
    stock.take_available(most=6, **facts(product, Reason.LIVE_SOLD, None))
    assert Notice.objects.get(template="stock_low").params["left"] == 4


def test_publish_stock_moves_the_pages_version(product):
    before = stamp()
    stock.publish_stock()
    assert stamp() == before + 1
