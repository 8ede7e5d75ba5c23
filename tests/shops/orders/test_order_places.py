"""Where an order goes: by parcel to a valid place that the shop sends to, or to a pick-up point of the shop."""

import pytest
from django.test import Client

from shops.models import Order
from tests.factories import make_shop
from tests.shops.orders.order_form import address, send, text
from tests.shops.orders.order_requests import GUANGDONG, HUNAN, TIBET


@pytest.fixture
def buyer(db) -> Client:
    return Client()


def summed(buyer: Client, product, number: int, **place: str) -> str:
    """Return what a browser's script gets for another number or place."""
    url, asked = address(product.shop) + "sum/", {f"q{product.pk}": str(number)} | place
    return text(buyer.get(url, asked, headers={"HX-Request": "true"}))


def test_a_foreign_point_is_none_of_ours(buyer, oranges, stranger, other_village):
    theirs = make_shop(stranger, other_village).points.create(name="别处", address="x", hours="x")
    oranges.shop.points.create(name="村口", address="石榴冲村口", hours="8:00–18:00")
    page = text(send(buyer, oranges, way=f"point-{theirs.pk}"))
    assert "没有这一项，重新选一个" in page
    assert Order.objects.count() == 0


def test_pick_up_needs_no_address(buyer, oranges):
    point = oranges.shop.points.create(name="村口", address="石榴冲村口", hours="8:00–18:00")
    blank = dict.fromkeys(("province", "city", "county", "address"), "")
    send(buyer, oranges, way=f"point-{point.pk}", seen_total="2990", **blank)
    order = Order.objects.get()
    assert (order.point, order.freight_fen, order.region) == (point, 0, "")


def test_province_not_shipped_is_told_before_and_after_sending(buyer, oranges):
    part = summed(buyer, oranges, 1, province=TIBET)
    assert "这家店不往西藏自治区发货，换个收货地方，或者打电话问卖家。" in part
    page = text(send(buyer, oranges, province=TIBET, city="540100", county="540102"))
    assert "这家店不往这个省发货" in page
    assert Order.objects.count() == 0


def test_the_sum_follows_the_province(buyer, oranges):
    part = summed(buyer, oranges, 2, province=HUNAN)
    assert 'name="seen_total" value="6880"' in part
    part = summed(buyer, oranges, 2, province=GUANGDONG, city="440100")
    assert 'name="seen_total" value="8430"' in part  # 900 + 5 × 300 + 50
    assert "越秀区" in part
    assert Order.objects.count() == 0


def test_the_sum_opened_by_itself_leads_to_the_order(buyer, oranges):
    """It is a part of a page: a copied URL, or a restored tab, must not show it alone."""
    url, page = address(oranges.shop) + "sum/", address(oranges.shop)
    answer = buyer.get(url, {f"q{oranges.pk}": "2", "province": HUNAN})
    assert (answer.status_code, answer["Location"]) == (302, f"{page}?product={oranges.pk}")
    assert buyer.get(url)["Location"] == page
    assert "<h1" in text(buyer.get(url, {"q": "x"}, follow=True))


def test_without_scripts_the_place_is_picked_in_steps(buyer, oranges):
    page = text(send(buyer, oranges, city="", county="", do="look"))
    assert "长沙市" in page
    assert "陈小禾" in page
    assert 'aria-invalid="true"' not in page
    page = text(send(buyer, oranges, county="", do="look"))
    assert "岳麓区" in page
    assert 'name="seen_total" value="3590"' in page


@pytest.mark.parametrize(
    "place", [{"city": "440100"}, {"county": "440106"}, {"province": "999999"}, {"county": "<script>"}]
)
def test_places_that_do_not_belong_together_are_refused(buyer, oranges, place):
    assert send(buyer, oranges, **place).status_code == 200
    assert Order.objects.count() == 0


@pytest.mark.long
def test_address_with_line_breaks_becomes_one_line_and_emoji_are_refused(buyer, oranges):
    page = text(send(buyer, oranges, address="麓山路\r\n1 号🍊"))
    assert "这里不能用表情符号" in page
    send(buyer, oranges, address="麓山路\r\n 1 号")
    assert Order.objects.get().address == "麓山路 1 号"
