"""The list of a shop's orders: waiting ones first, searched by what a buyer says on the phone."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notice
from shops.inventory import stock
from shops.models import FreightRate, Order
from shops.orders import expiry, transitions
from shops.orders.seller import notifications, queue
from tests.factories import make_product, make_shop
from tests.pages import squeeze
from tests.shops.orders.order_requests import HUNAN, make_order
from tests.shops.orders.seller_side import copy_order, make_claim, order_at

LIST = "/me/shop/orders/"


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def back(order: Order, **hours) -> Order:
    Order.objects.filter(pk=order.pk).update(placed_at=timezone.now() - datetime.timedelta(**hours))
    order.refresh_from_db()
    return order


def numbers(found) -> list[str]:
    return [order.number for order in found.items]


def test_what_somebody_waits_for_comes_first(mine, oranges):
    done = order_at("received", oranges)
    unpaid = back(order_at("accepted", oranges), hours=1)
    packed, paid = order_at("packed", oranges), order_at("paid", oranges)
    damaged = order_at("shipped", oranges)
    make_claim(damaged)
    new = make_order((oranges, 1), phone_verified=True)
    older = back(make_order((oranges, 1), phone_verified=True), hours=20)
    over = make_order((oranges, 1))
    Order.objects.filter(pk=over.pk).update(expires_at=timezone.now(), placed_at=timezone.now())
    response = mine.get(LIST)
    assert numbers(response.context["first"]) == [one.number for one in (older, new, damaged, paid, packed)]
    assert set(numbers(response.context["page"])) == {one.number for one in (over, done, unpaid)}
    counts = response.context["counts"]
    assert (counts.requests, counts.damage, counts.to_pack, counts.to_ship, counts.all) == (2, 1, 1, 1, 5)
    page = response.content.decode()
    for seen in ("先做这些", "其余的", "还剩 47 小时", "冰糖橙 × 1", "过了时间，没接"):
        assert seen in page


def test_names_of_buyers_and_goods_are_escaped(mine, oranges):
    order = make_order((oranges, 1))
    Order.objects.filter(pk=order.pk).update(buyer='<u>王"')
    order.lines.update(name='<u>橙"')
    page = mine.get(LIST).content.decode()
    assert "<u>" not in page
    assert (page.count("&lt;u&gt;王&quot;"), page.count("&lt;u&gt;橙&quot; × 1")) == (1, 1)


def test_a_request_says_its_last_minutes(oranges):
    order, now = make_order((oranges, 1)), timezone.now()
    for left, words in (
        (datetime.timedelta(hours=5, minutes=59), "还剩 5 小时"),
        (datetime.timedelta(minutes=59, seconds=1), "还剩 59 分钟"),
        (datetime.timedelta(seconds=30), "还剩 1 分钟"),
    ):
        order.expires_at = now + left
        assert queue.describe_wait(order, now) == words
    order.expires_at = now
    assert queue.describe_wait(order, now) == ""


@pytest.mark.long
def test_each_state_is_as_true_as_now(mine, oranges):
    live, over = make_order((oranges, 1)), make_order((oranges, 1))
    Order.objects.filter(pk=over.pk).update(expires_at=timezone.now())
    paid = order_at("paid", oranges)
    for state, wanted in (("requested", live), ("expired", over), ("paid", paid)):
        assert numbers(mine.get(LIST, {"state": state}).context["page"]) == [wanted.number]
    assert numbers(mine.get(LIST, {"state": "waiting"}).context["page"]) == [live.number, paid.number]
    expiry.expire_due()
    assert numbers(mine.get(LIST, {"state": "expired"}).context["page"]) == [over.number]
    assert mine.get(LIST, {"state": "x' or 1=1"}).status_code == 200


@pytest.mark.long
def test_search_by_number_phone_tail_and_name(mine, oranges):
    wanted = make_order((oranges, 1), phone="+8613700004821", buyer="陈小禾")
    other = make_order((oranges, 1), phone="+8613700001111", buyer="欧阳_明%")
    for typed in (
        wanted.number,
        wanted.number[-6:],
        "4821",
        "137 0000 4821",
        "+8613700004821",
        "小禾",
        "４８２１",
    ):
        assert numbers(mine.get(LIST, {"q": typed}).context["page"]) == [wanted.number], typed
    for typed in ("_明%", "欧阳"):
        assert numbers(mine.get(LIST, {"q": typed}).context["page"]) == [other.number]
    for typed in ("482", "9999", "%", "\0", "x" * 5000, "没有这个人"):
        response = mine.get(LIST, {"q": typed})
        assert (response.status_code, wanted.number in numbers(response.context["page"])) == (200, False)


def test_another_shops_orders_are_not_found(mine, oranges, stranger, other_village):
    product = make_product(make_shop(stranger, other_village), freight_included=True)
    FreightRate.objects.create(shop=product.shop, province=HUNAN, first_fen=0, step_fen=0)
    theirs = make_order((product, 1), phone="+8613700004821")
    mine_one = make_order((oranges, 1), phone="+8613700004821")
    response = mine.get(LIST, {"q": "4821"})
    assert numbers(response.context["page"]) == [mine_one.number]
    assert theirs.number not in mine.get(LIST).content.decode()
    assert mine.get(LIST, {"shop": theirs.shop_id}).status_code == 404


def test_who_has_no_shop_is_shown_how_to_get_one(as_user, trainee):
    assert as_user(trainee).get(LIST)["Location"] == "/me/shop/"


@pytest.mark.long
def test_pages_go_on_where_the_last_ended(mine, oranges):
    for _n in range(9):
        order_at("accepted", oranges)
    first = Order.objects.first()
    rows = []
    for n in range(27):
        rows.append(
            Order(
                **{
                    name: getattr(first, name)
                    for name in ("shop_id", "buyer", "phone", "goods_fen", "freight_fen", "total_fen", "net_grams",
                                 "gross_grams", "expires_at")
                },
                number=f"2600000000{n:02d}",
                status="received",
            )
        )  # fmt: skip
    Order.objects.bulk_create(rows)
    seen, after = [], ""
    for _page in range(2):
        found = mine.get(LIST, {"after": after} if after else {}).context["page"]
        seen, after = seen + numbers(found), found.after
    assert (len(seen), len(set(seen)), after) == (36, 36, "")


@pytest.mark.long
def test_as_many_queries_for_many_as_for_one(mine, oranges):
    both, counts = [order_at(state, oranges) for state in ("paid", "received")], []
    for wanted in (1, 24):
        for order in both:
            copy_order(order, wanted - 1)
        for asked, rows in (
            ({}, wanted + min(wanted, queue.FIRST_OTHERS)),
            ({"state": "waiting"}, wanted),
            ({"state": "received"}, wanted),
        ):
            mine.get(LIST, asked)
            with CaptureQueriesContext(connection) as queries:
                page = mine.get(LIST, asked).content.decode()
            assert page.count('<li id="order-') == rows
            counts.append(len(queries))
    assert counts == [7, 8, 8] * 2


@pytest.mark.long
def test_what_nobody_waits_for_is_short_at_first_and_goes_on_in_long_pages(mine, oranges):
    paid, received = order_at("paid", oranges), order_at("received", oranges)
    others = [back(one, hours=hours) for hours, one in enumerate([received, *copy_order(received, 36)], 1)]
    response = mine.get(LIST)
    assert numbers(response.context["first"]) == [paid.number]
    pages = [response.context["page"]]
    while after := pages[-1].after:
        pages.append(mine.get(LIST, {"after": after}).context["page"])
    assert [len(page.items) for page in pages] == [12, 24, 1]
    assert [number for page in pages for number in numbers(page)] == [one.number for one in others]


@pytest.mark.long
def test_an_order_that_moves_while_the_list_is_read_costs_nothing_of_the_rest(mine, oranges):
    """The buyer of the newest order claims damage after the other orders were read, before those that wait are."""
    received = order_at("received", oranges)
    others = [back(one, hours=hours) for hours, one in enumerate([received, *copy_order(received, 13)], 1)]
    asked = []

    def move(execute, sql, params, many, context):
        asked.append(sql)
        if len(asked) == 2:
            make_claim(received)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(move):
        waiting, rest = queue.load_front_pages(oranges.shop, timezone.now())
    assert (numbers(waiting), numbers(rest)) == (
        [received.number],
        [one.number for one in others[1 : queue.FIRST_OTHERS]],
    )
    following = mine.get(LIST, {"after": rest.after}).context["page"]
    assert numbers(following) == [one.number for one in others[queue.FIRST_OTHERS :]]


def test_an_order_whose_damage_was_answered_waits_no_more(mine, oranges):
    order = order_at("shipped", oranges)
    claim = make_claim(order)
    page = mine.get(LIST)
    assert (numbers(page.context["first"]), numbers(page.context["page"])) == ([order.number], [])
    assert page.content.decode().count("报坏果") == 2  # how many, and in its row
    type(claim).objects.update(status="refused")
    page = mine.get(LIST)
    assert (numbers(page.context["first"]), numbers(page.context["page"])) == ([], [order.number])
    assert "报坏果" not in page.content.decode()


@pytest.mark.long
def test_the_chosen_filter_is_marked(mine, oranges):
    make_order((oranges, 1))
    for asked, chosen in (
        ({}, ["全部"]),
        ({"state": "waiting"}, ['要做的 <span class="num">1</span>']),
        ({"state": "requested"}, ["等你接单"]),
        ({"state": "refunded"}, ["已退款"]),
        ({"state": "claimed"}, ["报坏果"]),
        ({"state": "owed"}, ["等你发货"]),
        ({"state": "refunded", "q": "4821"}, []),
    ):
        page = mine.get(LIST, asked).content.decode()
        assert re.findall('<a class="pill"[^>]* aria-current="true">(.*?)</a>', page) == chosen
    english = mine.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert f'<a class="pill" href="?shop={oranges.shop_id}&amp;state=refunded">Refunded</a>' in english


@pytest.mark.long
def test_the_shops_front_page_counts_and_tells(mine, seller, oranges):
    order = make_order((oranges, 1))
    transitions.cancel(order, "buyer", None, uuid.uuid4())
    make_order((oranges, 1))
    page = mine.get("/me/shop/").content.decode()
    for seen in ("1 单等你接", f"买家取消了订单 {order.number}。"):
        assert page.count(seen) == 1
    response = mine.post("/me/shop/told/", {"read": shown(page)}, follow=True)
    assert "买家取消了订单" not in response.content.decode()
    assert not Notice.objects.filter(template="shop_order_cancelled", seen_at=None).exists()
    assert Notice.objects.filter(phone=order.phone, seen_at=None).count() == 1


def test_putting_away_is_for_ones_own_phone_only(as_user, seller, stranger, oranges):
    make_order((oranges, 1))
    rows = Notice.objects.filter(phone=seller.phone, seen_at=None)
    as_user(stranger).post("/me/shop/told/", {"read": [rows.get().pk, "x", "9" * 30]})
    assert rows.count() == 1


@pytest.mark.long
def test_what_came_since_or_stood_below_is_not_put_away(mine, seller, oranges):
    orders = [make_order((oranges, 1)) for _n in range(7)]
    for order in orders:
        transitions.cancel(order, "buyer", None, uuid.uuid4())
    page = mine.get("/me/shop/").content.decode()
    late = make_order((oranges, 1))
    transitions.cancel(late, "buyer", None, uuid.uuid4())
    page = mine.post("/me/shop/told/", {"read": shown(page)}, follow=True).content.decode()
    for order in (*orders[:2], late):
        assert f"买家取消了订单 {order.number}" in page
    assert f"买家取消了订单 {orders[4].number}" not in page


def shown(page: str) -> list[str]:
    return re.findall('name="read" value="([0-9]+)"', squeeze(page))


def test_the_owner_is_told_once_when_little_is_left(oranges, seller):
    low = Notice.objects.filter(template="stock_low")
    make_order((oranges, 4))
    assert low.count() == 0  # 6 left, notified at 5
    make_order((oranges, 1))
    make_order((oranges, 1))
    told = low.get()
    assert (str(told.phone), told.params["left"], told.params["name"]) == (str(seller.phone), 5, "冰糖橙")


def test_the_owners_own_count_is_not_told_but_a_helpers_is(oranges, seller, trainee):
    stock.change_stock(oranges, -6, "loss", seller, uuid.uuid4())
    assert Notice.objects.count() == 0
    stock.change_stock(oranges, 6, "harvest", seller, uuid.uuid4())
    key = uuid.uuid4()
    for _tap in range(3):
        stock.change_stock(oranges, -6, "loss", trainee, key)
    assert Notice.objects.get().params["left"] == 4


@pytest.mark.long
def test_a_request_that_was_answered_is_no_news_any_more(mine, oranges):
    first, second = make_order((oranges, 1)), make_order((oranges, 1))
    transitions.accept(first, oranges.shop.owner, uuid.uuid4())
    response = mine.get("/me/shop/")
    assert [one.url for one in notifications.list_notifications(oranges.shop.owner)] == [
        f"/me/shop/orders/{second.number}/"
    ]
    assert response.context["news"] == []


@pytest.mark.long
def test_what_waits_is_no_news_on_the_same_page(mine, seller, oranges):
    """The block above lists the waiting order and the low stock; only the news reports the cancelled order."""
    kept, dropped = make_order((oranges, 1)), make_order((oranges, 1))
    transitions.cancel(dropped, "buyer", None, uuid.uuid4())
    page = mine.get("/me/shop/")
    assert {row.kind for row in page.context["waits"].rows} >= {"order_request"}
    assert [one.sentence for one in page.context["news"]] == [f"买家取消了订单 {dropped.number}。"]
    by_state = mine.get("/me/shop/", {"state": "published"})
    assert by_state.context["waits"] is None
    assert f"来了新订单 {kept.number}，去看看接不接。" in [one.sentence for one in by_state.context["news"]]
