"""Each step: what it changes, what it refuses, and that repeating it changes nothing."""

import datetime
import uuid

import pytest
from django.utils import timezone

from accounts.models import Notice
from shops.exceptions import IdempotencyConflict
from shops.inventory import stock
from shops.models import Deal, LedgerMonth, Order, OrderEvent, Product
from shops.orders import expiry, reservations, transitions
from shops.orders.exceptions import Overtaken, TransitionNotAllowed
from tests.shops.orders.order_requests import in_hand, ledger, make_order
from tests.shops.orders.seller_side import key, keyed, order_at, page_url, send, step_url

pytestmark = pytest.mark.both_databases

By = OrderEvent.By
AGO = datetime.timedelta(hours=49)


@pytest.fixture
def order(oranges) -> Order:
    """Return an order of 2 boxes: ¥59.80 and ¥9.00 freight, 5 kg."""
    return make_order((oranges, 2))


@pytest.fixture
def paid(order, seller) -> Order:
    transitions.accept(order, seller, key())
    transitions.mark_paid(order, seller, key(), order.total_fen)
    return order


@pytest.fixture
def shipped(paid, seller) -> Order:
    transitions.pack(paid, seller, key(), 6100)
    transitions.ship(paid, seller, key(), "邮政", "EB123456789CN")
    return paid


def test_accept_ends_the_hold_and_writes_the_deal(order, oranges, seller):
    event = transitions.accept(order, seller, key())
    assert (event.verb, event.by, event.actor, order.status) == ("accepted", "seller", seller, "accepted")
    assert order.accepted_at is not None
    deal = Deal.objects.get()
    assert (deal.product, deal.price_fen, deal.net_grams, deal.quantity) == (oranges, 2990, 2500, 2)
    oranges.refresh_from_db()
    assert (oranges.stock, oranges.free_at) == (8, None)


def test_accept_keeps_the_end_of_the_other_holds(order, oranges, seller):
    later = make_order((oranges, 1))
    transitions.accept(order, seller, key())
    oranges.refresh_from_db()
    assert oranges.free_at == later.expires_at


def test_a_step_reads_its_order_with_its_shop_once(paid, seller, django_assert_num_queries):
    """Nine of ten seconds of a busy shop's day are its orders' steps: a query more in each is felt."""
    # The event of this key, the order with shop and owner, the membership, the state, the event, the fresh order; and the
    # savepoint's two.
    with django_assert_num_queries(8):
        transitions.pack(paid, seller, key(), 6100)


def test_an_order_goes_from_request_to_received(shipped, seller):
    transitions.receive(shipped, By.BUYER, None, key())
    assert (shipped.status, shipped.packed_grams, shipped.courier, shipped.parcel) == (
        "received",
        6100,
        "邮政",
        "EB123456789CN",
    )
    assert list(shipped.events.values_list("verb", flat=True)) == [
        "placed",
        "accepted",
        "paid",
        "packed",
        "shipped",
        "received",
    ]
    assert ledger(shipped) == [("order", 6880, 5000)]
    month = LedgerMonth.objects.get()
    assert (month.fen, month.grams, month.entries, month.villager) == (6880, 5000, 1, seller)


def test_a_second_tap_returns_the_first_row(order, seller):
    tap = key()
    first = transitions.accept(order, seller, tap)
    transitions.mark_paid(order, seller, key(), order.total_fen)
    assert transitions.accept(order, seller, tap) == first
    assert (order.status, Deal.objects.count()) == ("paid", 1)


def test_the_key_of_another_order_or_step_is_refused(order, oranges, seller):
    other = make_order((oranges, 1))
    tap = key()
    transitions.accept(other, seller, tap)
    with pytest.raises(IdempotencyConflict):
        transitions.accept(order, seller, tap)
    with pytest.raises(IdempotencyConflict):
        transitions.decline(other, seller, tap, "不对")
    order.refresh_from_db()
    assert order.status == "requested"


def test_decline_puts_everything_back(order, oranges, seller):
    transitions.decline(order, seller, key(), "下雨，没采")
    assert (order.status, in_hand(oranges)) == ("declined", 10)
    assert order.events.last().detail == {"reason": "下雨，没采"}
    move = order.moves.get(reason="freed")
    assert (move.delta, move.actor) == (2, seller)


@pytest.mark.parametrize("accepted", [False, True])
def test_buyer_cancels_before_paying(order, oranges, seller, accepted):
    if accepted:
        transitions.accept(order, seller, key())
    transitions.cancel(order, By.BUYER, None, key())
    assert (order.status, in_hand(oranges)) == ("cancelled", 10)


def test_cancel_after_paying_is_not_possible(paid, oranges):
    with pytest.raises(TransitionNotAllowed) as refused:
        transitions.cancel(paid, By.BUYER, None, key())
    assert refused.value.sentence == "这一单现在是“已付款，等发货”，做不了这一步。"
    assert in_hand(oranges) == 8


def test_ship_before_accept_is_not_possible(order, seller):
    with pytest.raises(TransitionNotAllowed):
        transitions.ship(order, seller, key(), "邮政", "1")
    assert order.events.count() == 1


def test_ship_needs_courier_and_number(paid, seller):
    with pytest.raises(TransitionNotAllowed):
        transitions.ship(paid, seller, key(), "邮政", "")


def test_accept_after_the_time_is_over_is_not_possible(oranges, seller):
    order = make_order((oranges, 1), now=timezone.now() - AGO)
    with pytest.raises(TransitionNotAllowed) as refused:
        transitions.accept(order, seller, key())
    assert type(refused.value) is TransitionNotAllowed
    assert refused.value.sentence == "这一单现在是“过了时间，没接”，做不了这一步。"


def test_a_page_of_before_is_overtaken(order, seller):
    old_page = Order.objects.get(pk=order.pk)
    transitions.cancel(order, By.BUYER, None, key())
    with pytest.raises(Overtaken):
        transitions.accept(old_page, seller, key())


def test_the_wrong_side_takes_no_step(order):
    with pytest.raises(TransitionNotAllowed):
        transitions.apply_transition(order, OrderEvent.Verb.ACCEPTED, By.BUYER, key())


def test_another_sum_than_the_orders_is_not_paid(order, seller):
    transitions.accept(order, seller, key())
    with pytest.raises(TransitionNotAllowed) as refused:
        transitions.mark_paid(order, seller, key(), 6879)
    assert refused.value.sentence == "这一单要收 ¥68.80，数目对不上。"
    assert ledger(order) == []


def test_refund_before_sending_gives_back_money_and_fruit(paid, oranges, seller):
    transitions.refund_all(paid, seller, key(), "果子烂了")
    assert (paid.status, paid.refunded_fen, in_hand(oranges)) == ("refunded", 6880, 10)
    assert ledger(paid) == [("order", 6880, 5000), ("refund", -6880, -5000)]
    assert paid.events.last().fen == -6880


def test_refund_after_sending_gives_back_money_only(shipped, oranges, seller):
    transitions.refund_all(shipped, seller, key(), "路上坏了")
    assert (shipped.status, in_hand(oranges)) == ("refunded", 8)


def test_fetched_at_the_point_is_received_without_a_parcel(shop, oranges, seller):
    point = shop.points.create(name="村口", address="石榴冲村口", hours="8:00–18:00")
    order = make_order((oranges, 1), point=point)
    transitions.accept(order, seller, key())
    transitions.mark_paid(order, seller, key(), order.total_fen)
    transitions.pack(order, seller, key(), 3000)
    transitions.receive(order, By.SELLER, seller, key())
    assert order.status == "received"


def test_a_parcel_is_not_received_before_it_is_sent(paid, seller):
    transitions.pack(paid, seller, key(), 3000)
    with pytest.raises(TransitionNotAllowed):
        transitions.receive(paid, By.BUYER, None, key())


@pytest.mark.parametrize("grams", [0, -1, 10**12])
def test_pack_refuses_impossible_weights(paid, seller, grams):
    with pytest.raises(TransitionNotAllowed):
        transitions.pack(paid, seller, key(), grams)


def test_what_was_held_by_the_box_comes_back_by_the_jin(order, oranges, seller):
    Product.objects.filter(pk=oranges.pk).update(unit="jin", net_grams=500, gross_grams=None)
    oranges.refresh_from_db()
    stock.recount_stock(oranges, 40, seller)
    transitions.decline(order, seller, key(), "")
    assert in_hand(oranges) == 50


def test_a_seller_declines_a_new_request_and_cancels_only_what_was_accepted(oranges, seller):
    order = make_order((oranges, 1))
    with pytest.raises(TransitionNotAllowed):
        transitions.cancel(order, "seller", seller, uuid.uuid4())
    assert transitions.list_possible(order, "seller") == ["accepted", "declined"]
    assert "cancelled" in transitions.list_possible(order, "buyer")
    transitions.accept(order, seller, uuid.uuid4())
    assert transitions.list_possible(order, "seller") == ["reopened", "cancelled", "paid"]


# --- A parcel's number that was copied wrongly is put right after it has gone; nothing of before is lost. ---


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


@pytest.mark.long
def test_the_buyer_sees_the_new_number_and_the_seller_both(mine, client, oranges):
    order = order_at("shipped", oranges)
    page = mine.get(step_url(order, "renumber")).content.decode()
    assert 'value="78123456789012"' in page
    assert "快递花了多少" not in page
    send(mine, order, "renumber", courier="顺丰速运", parcel="sf 1234 5678 9012")
    assert (order.status, order.courier, order.parcel) == ("shipped", "顺丰速运", "SF123456789012")
    seen = client.get(order.get_absolute_url()).content.decode()
    assert "SF123456789012" in seen
    assert "78123456789012" not in seen
    trail = mine.get(page_url(order)).content.decode()
    assert "中通快递 78123456789012" in trail
    assert "顺丰速运 SF123456789012" in trail
    assert Notice.objects.filter(phone=order.phone, template="order_renumbered").count() == 1


@pytest.mark.long
def test_five_taps_are_one_change(mine, oranges):
    order, body = order_at("shipped", oranges), keyed(courier="中通快递", parcel="78123456789013")
    for _tap in range(5):
        mine.post(step_url(order, "renumber"), body)
    assert order.events.filter(verb="renumbered").count() == 1


@pytest.mark.parametrize("parcel", ["13800001234", "x", "", "https://u.wechat.com/abc", "1" * 5000])
def test_what_is_no_number_changes_nothing_and_stays_typed(mine, oranges, parcel):
    order = order_at("shipped", oranges)
    page = mine.post(step_url(order, "renumber"), keyed(courier="中通快递", parcel=parcel))
    assert (page.status_code, parcel in page.content.decode()) == (200, True)
    order.refresh_from_db()
    assert order.parcel == "78123456789012"


@pytest.mark.parametrize("state", ["packed", "received"])
def test_only_while_it_is_on_its_way(oranges, seller, state):
    order = order_at(state, oranges)
    assert "renumbered" not in transitions.list_possible(order, "seller")
    with pytest.raises(TransitionNotAllowed):
        transitions.renumber(order, seller, key(), "中通快递", "78123456789013")


# --- An order that was not accepted in time is over: its stock is released once, whenever it is read. ---


def test_expiry_frees_once_and_is_true_when_read(oranges):
    order = make_order((oranges, 3), now=timezone.now() - AGO)
    oranges.refresh_from_db()
    assert (order.state, reservations.count_units_left(oranges), oranges.stock) == ("expired", 10, 7)
    assert (expiry.expire_due(), expiry.expire_due()) == (1, 0)
    order.refresh_from_db()
    oranges.refresh_from_db()
    assert (order.status, in_hand(oranges), oranges.free_at) == ("expired", 10, None)
    assert reservations.count_units_left(oranges) == 10


def test_expiry_of_these_products_leaves_the_others(oranges, pomelos):
    past = timezone.now() - AGO
    make_order((oranges, 1), now=past)
    make_order((pomelos, 1), now=past)
    assert expiry.expire_due([pomelos]) == 1
    assert (in_hand(oranges), in_hand(pomelos)) == (9, 4)


def test_expiry_leaves_what_is_accepted(order, seller):
    transitions.accept(order, seller, key())
    assert expiry.expire_due(now=timezone.now() + AGO) == 0
