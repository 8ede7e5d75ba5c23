"""A seller's order on the phone: one tap per step, late steps are explained, nobody else has access."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notice
from shops.models import Order, OrderEvent
from shops.orders import transitions
from shops.orders.seller.forms import STEPS
from tests.factories import add_helpers, make_person, make_shop
from tests.pages import list_messages
from tests.shops.orders.order_requests import ledger, make_order
from tests.shops.orders.seller_side import keyed, make_claim, make_code, order_at, page_url, send, step_url

WAY = {
    "paid": {},
    "pack": {"unit": "kg", "grams": "3.05"},
    "ship": {"courier": "中通快递", "parcel": "7812 3456 7890 12"},
    "receive": {},
}


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def test_an_order_goes_all_the_way(mine, seller, oranges):
    make_code(oranges.shop)
    order = make_order((oranges, 1))
    page = mine.get(page_url(order)).content.decode()
    for seen in (
        order.number,
        "陈小禾",
        "湖南省长沙市岳麓区",
        "麓山路 1 号",
        "¥35.90",
        "5斤（2.5公斤）",
        "接单",
    ):
        assert seen in page
    response = send(mine, order, "accept")
    assert list_messages(response) == ["接了。买家现在能看到你的收款码。"]
    for step, fields in WAY.items():
        facts = fields | ({"fen": order.total_fen} if step == "paid" else {})
        response = send(mine, order, step, **facts)
        assert response.redirect_chain[-1][0] == page_url(order)
    assert (order.status, order.packed_grams) == ("received", 3050)
    assert (order.courier, order.parcel) == ("中通快递", "78123456789012")
    assert ledger(order) == [("order", 3590, 2500)]
    verbs = list(order.events.values_list("verb", "by", "actor"))
    assert verbs == [
        ("placed", "buyer", None),
        *[(verb, "seller", seller.pk) for verb in ("accepted", "paid", "packed", "shipped", "received")],
    ]
    page = mine.get(page_url(order)).content.decode()
    for seen in ("中通快递 78123456789012", "6.1斤（3.05公斤）", "周梅英", "买家"):
        assert seen in page


@pytest.mark.long
@pytest.mark.parametrize(
    ("state", "step", "fields"),
    [
        ("requested", "accept", {}),
        ("requested", "decline", {"reason": "今天没货了，采完了"}),
        ("accepted", "paid", {"fen": 3590}),
        ("accepted", "cancel", {"reason": "等了很久没收到钱"}),
        ("paid", "pack", {"unit": "jin", "grams": "6"}),
        ("packed", "ship", WAY["ship"]),
        ("shipped", "receive", {}),
        ("paid", "refund", {"reason": "other", "more": "说好了"}),
    ],
)
def test_the_same_tap_five_times_is_one_step(mine, oranges, seller, state, step, fields):
    make_code(oranges.shop)
    order = order_at(state, oranges)
    before, body = order.events.count(), keyed(**fields)
    for _tap in range(5):
        response = mine.post(step_url(order, step), body, follow=True)
        assert list_messages(response) == [str(STEPS[step](order=order, user=seller).done)]
    assert (order.events.count(), Notice.objects.filter(key__endswith="buyer").count()) == (
        before + 1,
        Notice.objects.filter(key__endswith="buyer").values("key").distinct().count(),
    )


def test_accept_after_expiry_says_so_and_shows_the_page_of_now(mine, oranges):
    order = make_order((oranges, 1))
    Order.objects.update(expires_at=timezone.now() - datetime.timedelta(minutes=1))
    response = mine.post(step_url(order, "accept"), keyed(), follow=True)
    assert list_messages(response) == ["这一单现在是“过了时间，没接”，做不了这一步。"]
    assert response.context["next"].big is None
    assert order.events.count() == 1


@pytest.mark.long
def test_ship_before_accept_does_nothing(mine, oranges):
    order = make_order((oranges, 1))
    response = send(mine, order, "ship", **WAY["ship"])
    assert list_messages(response) == ["这一单现在是“等卖家接单”，做不了这一步。"]
    assert (order.status, order.parcel) == ("requested", "")
    response = mine.get(step_url(order, "ship"), follow=True)
    assert list_messages(response) == ["这一单已经是“等你接单”了，这一步做不了。下面是现在的样子。"]


@pytest.mark.long
def test_bad_input_on_a_step_that_is_gone_is_told_as_gone(mine, oranges):
    order = order_at("shipped", oranges)
    response = send(mine, order, "pack", grams="abc")
    assert list_messages(response) == ["这一单已经是“已发货”了，这一步做不了。下面是现在的样子。"]


@pytest.mark.long
def test_every_step_has_a_page_of_its_own_while_it_is_possible(mine, oranges):
    states = {
        "accept": "requested",
        "reopen": "accepted",
        "decline": "requested",
        "paid": "accepted",
        "cancel": "accepted",
        "pack": "paid",
        "ship": "packed",
        "receive": "shipped",
        "renumber": "shipped",
        "refund": "shipped",
    }
    assert set(states) == set(STEPS)
    for step, state in states.items():
        order = order_at(state, oranges)
        response = mine.get(step_url(order, step))
        assert (response.status_code, str(STEPS[step].button) in response.content.decode()) == (200, True)
        order.refresh_from_db()
        assert order.status == state
        Order.objects.filter(pk=order.pk).update(status="cancelled")
        type(oranges).objects.filter(pk=oranges.pk).update(stock=10)


def test_an_unknown_step_or_order_is_not_there(mine, oranges):
    order = make_order((oranges, 1))
    assert mine.get(step_url(order, "steal")).status_code == 404
    for url in ("/me/shop/orders/000000000000/", "/me/shop/orders/%00/", "/me/shop/orders/x/do/accept/"):
        assert mine.get(url).status_code == 404


@pytest.mark.long
def test_who_may_see_and_step(as_user, shop, seller, oranges, trainee, organiser, stranger, village):
    helper = make_person("帮手")
    add_helpers(shop, helper)
    order = make_order((oranges, 1))
    for person in (trainee, organiser, stranger):
        other = as_user(person)
        assert other.get(page_url(order)).status_code == 404
        assert other.post(step_url(order, "accept"), keyed()).status_code == 404
    make_shop(stranger, village)
    assert as_user(stranger).get(page_url(order)).status_code == 404
    assert as_user(helper).get(page_url(order)).status_code == 200
    as_user(helper).post(step_url(order, "accept"), keyed())
    assert order.events.last().actor == helper


def test_a_visitor_signs_in_first(mine, oranges):
    mine.logout()
    order = make_order((oranges, 1))
    response = mine.post(step_url(order, "accept"), keyed())
    assert (response.status_code, "/accounts/login/" in response["Location"]) == (302, True)
    order.refresh_from_db()
    assert order.status == "requested"


@pytest.mark.long
def test_the_page_says_when_the_buyer_was_not_told(mine, oranges, settings):
    """Nothing is shown for an order without any step yet: its buyer has just placed it."""
    order = make_order((oranges, 1))
    untouched = mine.get(page_url(order))
    assert untouched.context["unread_notice"] is None
    assert "短信" not in untouched.content.decode()
    mine.post(step_url(order, "accept"), keyed())
    assert "这个网站不发短信，买家要自己打开订单页才知道。" in mine.get(page_url(order)).content.decode()
    settings.SMS_SENDER = "http"
    assert "给买家的短信排着队，马上发。" in mine.get(page_url(order)).content.decode()
    Notice.objects.update(problem="短信网关没有接收")
    assert "短信网关没有接收" in mine.get(page_url(order)).content.decode()
    Notice.objects.update(pushed_at=timezone.now())
    assert mine.get(page_url(order)).context["unread_notice"] is None


def test_the_seller_reads_that_a_request_waits_for_them_and_the_buyer_that_it_waits_for_the_seller(
    mine, oranges
):
    order = make_order((oranges, 1))
    assert "等你接单" in mine.get(page_url(order)).content.decode()
    assert "等卖家接单" not in mine.get("/me/shop/orders/").content.decode()
    assert "等卖家接单" in mine.get(order.get_absolute_url()).content.decode()


def test_the_page_asks_for_the_payment_code_while_there_is_none(mine, shop, oranges):
    order = make_order((oranges, 1))
    assert "你还没放收款码" in mine.get(page_url(order)).content.decode()
    make_code(shop)
    assert "你还没放收款码" not in mine.get(page_url(order)).content.decode()


@pytest.mark.long
def test_a_page_costs_the_same_for_one_line_and_for_many(mine, oranges, pomelos):
    small = order_at("received", oranges)
    transitions.refund_all(small, small.shop.owner, uuid.uuid4(), "")
    large = make_order((oranges, 1), (pomelos, 1))
    for _n in range(9):
        OrderEvent.objects.create(order=large, verb="paid", by="seller", actor=large.shop.owner)
    make_code(large.shop)
    counts = []
    for order in (small, large):
        mine.get(page_url(order))
        with CaptureQueriesContext(connection) as queries:
            mine.get(page_url(order))
        counts.append(len(queries))
    assert counts[1] - counts[0] in (0, 1)  # whether there is a payment code is asked while money may come
    assert counts[0] <= 12


@pytest.mark.long
def test_open_damage_stands_on_the_page(mine, oranges):
    order = order_at("shipped", oranges)
    claim = make_claim(order)
    assert f"{page_url(order)}claims/{claim.pk}/" in mine.get(page_url(order)).content.decode()
