"""Every offered product can be ordered through the real form; the others say why not, to the buyer and the seller."""

import datetime
import itertools
import os
import re
import uuid

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from shops.catalogue import views as product_page
from shops.exceptions import ActionNotAllowed
from shops.inventory import presales, stock
from shops.listings import review
from shops.models import FreightRate, Order, PickUpPoint, Product, Shop
from shops.orders import obstacles, placement
from shops.orders.exceptions import CannotBeOrdered
from shops.orders.obstacles import Obstacle
from tests.factories import make_product, make_shop, make_waiting_product
from tests.pages import squeeze
from tests.shops.orders.order_form import address, filled, send, text
from tests.shops.orders.order_requests import HUNAN, make_request

ORDER = "下单</a>"


@pytest.fixture
def buyer(db) -> Client:
    return Client()


@pytest.fixture
def bare(seller, village) -> Shop:
    """Return a new seller's shop: no freight table, no pick-up point, no payment code."""
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村 3 组")


def test_freight_included_needs_no_freight_table(buyer, bare, organiser):
    product = make_waiting_product(bare, freight_included=True)
    review.publish(product, organiser)
    assert ORDER in squeeze(text(buyer.get(product.get_absolute_url())))
    page = text(buyer.get(address(bare), {"product": product.pk}))
    assert 'name="address"' in page
    assert "西藏自治区</option>" in page
    assert "香港特别行政区（不发货）" in page
    response = send(buyer, product, seen_total=str(product.price_fen))
    assert response.status_code == 302
    order = Order.objects.get()
    assert (order.freight_fen, order.total_fen, order.region) == (0, 2990, "湖南省长沙市岳麓区")


def test_freight_included_is_not_sent_through_the_customs(buyer, bare):
    product = make_product(bare, freight_included=True)
    page = text(buyer.get(product.get_absolute_url()))
    assert "不发货：台湾、香港、澳门" in page
    response = send(buyer, product, province="810000", city="810000", county="810001", seen_total="2990")
    assert "这家店不往这个省发货" in text(response)
    assert Order.objects.count() == 0


TABLES = ("none", "hunan", "nowhere")
POINTS = ("none", "open", "closed")
PRESALES = ("none", "open", "booked out")
STATES = list(
    itertools.product(
        TABLES,
        POINTS,
        (True, False),
        (0, 5),
        PRESALES,
        (True, False),
        ("multi_seller", "copilot"),
        (2500, 200_000),
    )
)
# Every 13th of the 864: coprime to 2 and 3, and so every pair of values comes together. `make prove` takes them all.
STEP = int(os.environ.get("SHOP_STATES_STEP", 13))


def test_the_states_taken_hold_every_pair_of_values():
    taken = STATES[::STEP]
    for one, other in itertools.combinations(range(len(STATES[0])), 2):
        assert {(state[one], state[other]) for state in taken} == {
            (state[one], state[other]) for state in STATES
        }


# Where the page has words of its own.
SAID_TO_BUYER = {Obstacle.PRESALE_SOLD_OUT: "订完了</dd>", Obstacle.SOLD_OUT: "卖完了</span>"}


def make_state(seller, village, state) -> Product:
    """Return a published product in a shop of this state; whether its phone is public alternates."""
    table, point, included, count, presale, is_open, _role, grams = state
    contact = seller.phone if (included + (count > 0)) % 2 else ""
    shop = make_shop(seller, village, contact=contact, address="石榴冲村 3 组", is_open=is_open)
    if table != "none":
        FreightRate.objects.create(
            shop=shop, province=HUNAN, first_grams=3000, first_fen=600, step_fen=100, ships=table == "hunan"
        )
    if point != "none":
        PickUpPoint.objects.create(
            shop=shop, name="站", address="镇上", hours="白天", is_open=point == "open"
        )
    product = make_product(shop, stock=count, freight_included=included, net_grams=grams)
    if presale != "none":
        day = timezone.localdate() + datetime.timedelta(days=9)
        opened = presales.open_presale(product, seller, quota=3, closes_on=day, ship_by=day)
        if presale == "booked out":
            stock.change_presale_quota(opened, -3, seller, uuid.uuid4())
    return product


def order_it(buyer: Client, product: Product):
    """Order as a buyer who reads the form: the offered way, and the total of the page that came back."""
    page = text(buyer.get(address(product.shop), {"product": product.pk}))
    point = PickUpPoint.objects.filter(shop=product.shop, is_open=True).first()
    way = {"way": "send" if 'name="address"' in page or not point else f"point-{point.pk}"}
    said = filled(product, seen_total=None, **way)
    total = re.search(r'name="seen_total" value="(\d+)"', text(buyer.post(address(product.shop), said)))
    return buyer.post(address(product.shop), said | ({"seen_total": total[1]} if total else {}))


@pytest.mark.long
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_offered_is_sold_and_what_is_not_says_why_to_its_seller(
    seller, village, settings, table, is_open
):
    buyer, mine = Client(), Client()
    mine.force_login(seller)
    sold = 0
    for state in STATES[::STEP]:
        if (state[0], state[5]) != (table, is_open):
            continue
        settings.SITE_ROLE = state[6]
        with transaction.atomic():
            product = make_state(seller, village, state)
            page = buyer.get(product.get_absolute_url())
            assert (page.status_code == 200) == is_open, state
            offered = is_open and ORDER in squeeze(text(page))
            response = order_it(buyer, product) if is_open else send(buyer, product)
            assert (response.status_code == 302) == offered == Order.objects.exists(), state
            sold += offered
            if is_open and not offered:
                why = page.context["obstacle"]
                assert SAID_TO_BUYER.get(why, why.for_buyer) in squeeze(text(page)), state
            if not offered and settings.SITE_ROLE == "multi_seller":
                own = mine.get(reverse("shops:my_product", args=[product.pk]))
                row = mine.get(reverse("shops:mine"), {"shop": product.shop_id})
                why = own.context["why_not"]
                assert why, state
                assert why.url.partition("?")[0].startswith("/me/shop/"), state
                assert str(escape(why)) in text(own), state
                assert str(escape(why)) in text(row), state
            transaction.set_rollback(True)
    assert (sold > 0) == is_open


def test_a_reason_without_words_of_its_own_on_the_page_is_said_there(buyer, bare, monkeypatch):
    monkeypatch.setattr(product_page, "SAID_ELSEWHERE", ())
    product = make_product(bare, freight_included=True, stock=0)
    page = squeeze(text(buyer.get(product.get_absolute_url())))
    assert "<span>卖完了。</span>" in page
    assert ORDER not in page


def test_a_new_reason_of_the_rule_also_stops_an_order_that_is_sent(buyer, bare, monkeypatch):
    product = make_product(bare, freight_included=True)
    monkeypatch.setattr(obstacles, "decide", lambda *args, **kwargs: Obstacle.NO_WAY)
    with pytest.raises(CannotBeOrdered) as refused:
        placement.place_order(make_request((product, 1)), uuid.uuid4())
    assert refused.value.sentence == Obstacle.NO_WAY.for_buyer
    assert Order.objects.count() == 0


def test_what_nobody_could_order_is_neither_submitted_nor_published(bare, seller, organiser):
    product = make_waiting_product(bare, freight_included=False)
    Product.objects.filter(pk=product.pk).update(status="draft")
    product.refresh_from_db()
    with pytest.raises(ActionNotAllowed) as told:
        review.submit(product, seller)
    [lack] = told.value.reasons
    assert lack == "还没说运费：填运费表，或者勾上包邮，或者写个自提点"
    assert lack.url == f"/me/shop/freight/?shop={bare.pk}&next=%2Fme%2Fshop%2Fproducts%2F{product.pk}%2F"
    Product.objects.filter(pk=product.pk).update(status="submitted")
    product.refresh_from_db()
    with pytest.raises(ActionNotAllowed):
        review.publish(product, organiser)


def test_the_freight_table_leads_back_to_the_product(as_user, seller, bare):
    product = make_product(bare, freight_included=False)
    client = as_user(seller)
    lack = client.get(reverse("shops:my_product", args=[product.pk])).context["why_not"]
    page = text(client.get(lack.url + "&start=1"))
    assert f'action="?shop={bare.pk}&amp;next=%2Fme%2Fshop%2Fproducts%2F{product.pk}%2F"' in page
    assert f'href="/me/shop/products/{product.pk}/"' in page
    away = client.get(f"/me/shop/freight/?shop={bare.pk}&next=https://elsewhere.example/")
    assert away.context["back_url"] == f"/me/shop/?shop={bare.pk}"


def test_what_is_picked_up_only_is_not_sent_along_with_what_is_free_to_send(buyer, bare):
    PickUpPoint.objects.create(shop=bare, name="站", address="镇上", hours="白天")
    free = make_product(bare, freight_included=True)
    other = make_product(bare, name="沙田柚", freight_included=False)
    both = {f"q{other.pk}": "1", f"seen-{other.pk}": str(other.price_fen)}
    page = text(send(buyer, free, way="send", **both))
    assert "这一款不寄，只能来取。分开下单，或者都来取。" in page
    assert Order.objects.count() == 0
    assert send(buyer, free, way="send", seen_total="2990").status_code == 302


def test_the_shop_page_lists_what_is_missing_each_with_its_link(as_user, seller, village):
    shop = make_shop(seller, village, address="", seller="")
    make_product(shop, freight_included=False)
    page = as_user(seller).get("/me/shop/")
    assert [(str(one), one.url.partition("?")[0]) for one in page.context["missing"]] == [
        ("还没填实际地址", f"/me/shop/{shop.pk}/"),
        ("还没有公开的联系电话，商品不能提交", f"/me/shop/{shop.pk}/"),
        ("还没说是谁在卖", f"/me/shop/{shop.pk}/"),
        ("不包邮的商品还没说运费：填运费表，或者写个自提点", "/me/shop/freight/"),
        ("还没放收款码，接了单买家没法付钱", "/me/shop/paycode/"),
    ]
    assert "还缺什么" in text(page)


def test_a_shop_whose_goods_are_all_sent_free_misses_no_freight_table(as_user, seller, bare):
    make_product(bare, freight_included=True)
    missing = as_user(seller).get("/me/shop/").context["missing"]
    assert [str(one) for one in missing] == ["还没放收款码，接了单买家没法付钱"]
