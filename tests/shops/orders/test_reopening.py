"""A mistaken acceptance can be undone for a short time: the order is a request again, with its units."""

import datetime
import uuid

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import Notice
from shops.models import Deal, Order, OrderEvent
from shops.orders import expiry, transitions
from shops.orders.exceptions import TransitionNotAllowed
from shops.pricing import prices
from shops.pricing.reference_price import find_reference_price
from tests.factories import add_helpers
from tests.pages import list_messages
from tests.shops.inventory.test_stock import at_once
from tests.shops.orders.order_requests import in_hand, ledger, make_order
from tests.shops.orders.seller_side import key, make_code, order_at, page_url, send, step_url

Verb = OrderEvent.Verb


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def wait(order: Order, **ago) -> None:
    """Let the order be accepted that long ago."""
    Order.objects.filter(pk=order.pk).update(accepted_at=F("accepted_at") - datetime.timedelta(**ago))
    order.refresh_from_db()


def test_taken_back_it_is_a_request_with_its_goods_and_the_time_it_had_left(oranges, seller):
    order = make_order((oranges, 2))
    ends = order.expires_at
    transitions.accept(order, seller, key())
    wait(order, minutes=9)
    event = transitions.reopen(order, seller, key())
    assert (event.verb, event.by, order.status, order.accepted_at) == (
        "reopened",
        "seller",
        "requested",
        None,
    )
    assert in_hand(oranges) == 8
    oranges.refresh_from_db()
    assert oranges.free_at == order.expires_at
    stood_still = order.expires_at - ends
    assert datetime.timedelta(minutes=9) <= stood_still < datetime.timedelta(minutes=9, seconds=30)
    assert [one.verb for one in order.events.all()] == ["placed", "accepted", "reopened"]


@pytest.mark.long
def test_the_buyer_is_told_and_reads_not_to_pay(client, oranges, seller):
    order = order_at("accepted", oranges)
    transitions.reopen(order, seller, key())
    assert Notice.objects.filter(phone=order.phone, template="order_reopened").count() == 1
    page = client.get(order.get_absolute_url()).content.decode()
    assert "卖家刚才接了单，又撤回去了" in page
    transitions.accept(order, seller, key())
    assert "卖家刚才接了单，又撤回去了" not in client.get(order.get_absolute_url()).content.decode()


def waiting_notices(order: Order) -> list[str]:
    """Return the notices that would still be sent to the buyer."""
    rows = Notice.objects.due(timezone.now()).filter(phone=order.phone).order_by("id")
    return [row.template for row in rows if row.params["number"] == order.number]


@pytest.mark.long
def test_a_withdrawn_acceptance_is_not_sent_any_more_and_another_orders_is(oranges, seller):
    order = order_at("accepted", oranges)
    other = order_at("accepted", oranges, phone=str(order.phone))
    transitions.reopen(order, seller, key())
    assert waiting_notices(order) == ["order_placed", "order_reopened"]
    assert waiting_notices(other) == ["order_placed", "order_accepted"]


@pytest.mark.long
def test_after_a_second_acceptance_nobody_is_sent_that_the_first_was_taken_back(oranges, seller):
    order = order_at("accepted", oranges)
    transitions.reopen(order, seller, key())
    transitions.accept(order, seller, key())
    assert waiting_notices(order) == ["order_placed", "order_accepted"]


def test_the_acceptance_of_a_cancelled_order_is_not_sent_any_more(oranges, seller):
    order = order_at("accepted", oranges)
    transitions.cancel(order, "seller", seller, key(), "卖完了")
    assert waiting_notices(order) == ["order_placed", "order_cancelled"]


def test_an_acceptance_that_was_sent_stays_unread(oranges, seller):
    order = order_at("accepted", oranges)
    Notice.objects.filter(template="order_accepted").update(sent_at=timezone.now())
    transitions.reopen(order, seller, key())
    assert Notice.objects.get(template="order_accepted").seen_at is None


@pytest.mark.long
def test_the_old_page_sent_again_does_not_say_that_a_withdrawn_order_is_accepted(mine, oranges):
    order, body = make_order((oranges, 1)), {"key": str(uuid.uuid4())}
    mine.post(step_url(order, "accept"), body)
    send(mine, order, "reopen")
    response = mine.post(step_url(order, "accept"), body, follow=True)
    assert list_messages(response) == ["这一单已经是“等你接单”了，这一步做不了。下面是现在的样子。"]


@pytest.mark.long
def test_the_old_page_sent_again_does_not_say_that_an_accepted_order_is_waiting(mine, oranges):
    order, body = order_at("accepted", oranges), {"key": str(uuid.uuid4())}
    mine.post(step_url(order, "reopen"), body)
    send(mine, order, "accept")
    response = mine.post(step_url(order, "reopen"), body, follow=True)
    assert list_messages(response) == ["这一单已经是“已接单，等付款”了，这一步做不了。下面是现在的样子。"]


def test_after_ten_minutes_it_stays_accepted(mine, oranges, seller):
    order = order_at("accepted", oranges)
    assert step_url(order, "reopen") in mine.get(page_url(order)).content.decode()
    wait(order, minutes=10)
    assert transitions.list_possible(order, "seller") == ["cancelled", "paid"]
    assert step_url(order, "reopen") not in mine.get(page_url(order)).content.decode()
    with pytest.raises(TransitionNotAllowed):
        transitions.reopen(order, seller, key())
    assert order.events.count() == 2


@pytest.mark.parametrize("state", ["requested", "paid", "packed"])
def test_what_is_not_accepted_or_already_paid_is_not_taken_back(oranges, seller, state):
    order = order_at(state, oranges)
    with pytest.raises(TransitionNotAllowed):
        transitions.reopen(order, seller, key())
    order.refresh_from_db()
    assert order.status == state


@pytest.mark.long
def test_five_taps_are_one_step(mine, oranges):
    order, body = order_at("accepted", oranges), {"key": str(uuid.uuid4())}
    for _tap in range(5):
        mine.post(step_url(order, "reopen"), body)
    assert order.events.filter(verb="reopened").count() == 1
    assert Notice.objects.filter(template="order_reopened").count() == 1


def test_a_buyer_cannot_take_the_sellers_word_back(oranges):
    assert Verb.REOPENED not in transitions.list_possible(order_at("accepted", oranges), "buyer")


def test_accepted_again_it_is_one_deal_and_taken_back_it_is_none(oranges, seller):
    order = order_at("accepted", oranges)
    transitions.reopen(order, seller, key())
    transitions.accept(order, seller, key())
    assert Deal.objects.count() == 1
    prices.set_price(oranges, 1990, 2500, "box", seller)
    assert find_reference_price(oranges).fen == 2990
    transitions.reopen(order, seller, key())
    assert find_reference_price(oranges) is None


def test_nobody_answers_and_it_expires_with_its_goods_back(oranges, seller):
    order = order_at("accepted", oranges)
    transitions.reopen(order, seller, key())
    Order.objects.update(expires_at=timezone.now())
    assert expiry.expire_due() == 1
    assert in_hand(oranges) == 10


@pytest.mark.long
def test_accept_says_whether_the_buyer_can_pay(as_user, oranges, seller, trainee):
    shop = oranges.shop
    add_helpers(shop, trainee)
    said = []
    for person in (seller, trainee):
        response = send(as_user(person), make_order((oranges, 1)), "accept")
        said += list_messages(response)
    make_code(shop)
    response = send(as_user(seller), make_order((oranges, 1)), "accept")
    said += list_messages(response)
    assert said == [
        "接了。买家还付不了钱：放上收款码，他才知道往哪儿付。",
        "接了。买家还付不了钱：请店主放上收款码。",
        "接了。买家现在能看到你的收款码。",
    ]


def decline(order: Order, seller) -> None:
    transitions.decline(order, seller, key(), "卖完了")


def cancel(order: Order, seller) -> None:
    transitions.cancel(order, "buyer", None, key())


def expire(order: Order, seller) -> None:
    Order.objects.update(expires_at=timezone.now())
    expiry.expire_due()


END = [decline, cancel, expire]


@pytest.mark.parametrize("end", END)
def test_who_may_have_paid_a_withdrawn_acceptance_is_told_to_ask_for_the_money(client, oranges, seller, end):
    order = order_at("accepted", oranges)
    transitions.reopen(order, seller, key())
    end(order, seller)
    page = client.get(order.get_absolute_url()).content.decode()
    note = page.partition("要是已经付了，马上打电话给卖家要回来，谈不拢就投诉。")[2].partition("</p>")[0]
    assert f'href="/complaints/?order={order.token}"' in note
    assert "您没有付钱" not in page


@pytest.mark.parametrize("end", END)
def test_who_was_never_accepted_is_not_told_about_money_that_was_paid(client, oranges, seller, end):
    order = make_order((oranges, 1))
    end(order, seller)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "要是已经付了" not in page
    assert ("您没有付钱" in page) == (end is not cancel)


def test_who_cancels_an_accepted_order_is_told_to_ask_for_the_money(client, oranges, seller):
    order = order_at("accepted", oranges)
    cancel(order, seller)
    assert "要是已经付了，马上打电话给卖家要回来" in client.get(order.get_absolute_url()).content.decode()


def test_declining_does_not_claim_that_nothing_was_paid(mine, oranges, seller):
    order = order_at("accepted", oranges)
    transitions.reopen(order, seller, key())
    page = mine.get(step_url(order, "decline")).content.decode()
    assert "他还没有付钱" not in page
    assert "他要是已经付了，把钱退给他。" in page


# --- both at once ---------------------------------------------------------------------------------------


def both_at_once(order: Order, seller) -> None:
    """The owner undoes the acceptance while a helper records the payment."""
    steps = (
        lambda: transitions.reopen(order_of(order), seller, uuid.uuid4()),
        lambda: transitions.mark_paid(order_of(order), seller, uuid.uuid4(), order.total_fen),
    )

    answers = at_once(lambda n: steps[n](), 2)
    assert all(isinstance(answer, (OrderEvent, TransitionNotAllowed)) for answer in answers)


def order_of(order: Order) -> Order:
    return Order.objects.select_related("shop__owner").get(pk=order.pk)


def ends(order: Order) -> set[str]:
    return set(order.events.filter(verb__in=("reopened", "paid")).values_list("verb", flat=True))


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_taken_back_or_paid_and_never_both(oranges, seller):
    for _round in range(6):
        order = order_at("accepted", oranges)
        both_at_once(order, seller)
        order.refresh_from_db()
        assert ends(order) == {"reopened" if order.status == "requested" else "paid"}
        paid = [("order", order.total_fen, 2500)] if order.status == "paid" else []
        assert ledger(order) == paid


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_without_the_guard_a_paid_order_is_a_request_again(oranges, seller, monkeypatch):
    """Control: each step trusts the page on which it was submitted."""
    monkeypatch.setattr(transitions, "can_apply", lambda *args: True)
    monkeypatch.setattr(transitions, "filter_by_starting_state", lambda orders, *args: orders)
    order = order_at("accepted", oranges)
    both_at_once(order, seller)
    assert ends(order) == {"reopened", "paid"}
