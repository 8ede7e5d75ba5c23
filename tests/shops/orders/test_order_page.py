"""The buyer's page: opened by the link, personal only after the phone's last digits; lost links; the frozen page."""

import json
import logging
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from config.logs import JsonFormatter
from media.models import Document
from shops.models import Claim, Order
from shops.orders import transitions
from shops.pricing import prices
from tests.media.pictures import jpeg, upload
from tests.shops.orders.order_requests import in_hand, make_order


@pytest.fixture
def buyer(db) -> Client:
    return Client()


@pytest.fixture
def order(oranges) -> Order:
    return make_order((oranges, 2), phone="+8613700004821", note="要大的")


@pytest.fixture
def known(buyer, order) -> Client:
    """Return a browser in which the phone's last digits were typed."""
    buyer.post(url("tail", order), {"tail": "4821"})
    return buyer


def url(name: str, order: Order, *args) -> str:
    return reverse(f"shops:order_{name}", args=[order.token, *args])


def text(response) -> str:
    return response.content.decode()


def accepted_and_shipped(order: Order) -> None:
    seller = order.shop.owner
    transitions.accept(order, seller, uuid.uuid4())
    transitions.mark_paid(order, seller, uuid.uuid4(), order.total_fen)
    transitions.ship(order, seller, uuid.uuid4(), "邮政", "EB1")


def test_order_page_works_and_hides_who_and_where(buyer, order):
    response = buyer.get(order.get_absolute_url())
    page = text(response)
    assert response.status_code == 200
    for seen in (order.number, "等卖家接单", "¥68.80", "2 箱 × ¥29.90", "冰糖橙", "周梅英的果园"):
        assert seen in page
    for hidden in ("陈小禾", "麓山路", "4821", "岳麓区", "要大的", url("cancel", order)):
        assert hidden not in page
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.long
def test_the_tail_opens_it_once_and_for_this_order_only(buyer, order, oranges):
    response = buyer.post(url("tail", order), {"tail": "４８２１"})
    assert response["Location"] == order.get_absolute_url()
    cookie = response.cookies["order"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (order.get_absolute_url(), True, "Lax")
    for seen in ("陈小禾", "麓山路 1 号", "岳麓区", "要大的", url("cancel", order)):
        assert seen in text(buyer.get(order.get_absolute_url()))
    other = make_order((oranges, 1))
    buyer.cookies["order"]["path"] = other.get_absolute_url()
    assert "陈小禾" not in text(buyer.get(other.get_absolute_url()))


@pytest.mark.parametrize("tail", ["0000", "482", "48211", "", "abcd", "٤٨٢١", "x" * 1000])
def test_a_wrong_tail_opens_nothing(buyer, order, tail):
    response = buyer.post(url("tail", order), {"tail": tail})
    assert response.status_code == 200
    assert "order" not in response.cookies
    assert "陈小禾" not in text(response)


@pytest.mark.long
def test_guessing_the_tail_is_stopped(buyer, order):
    for n in range(5):
        buyer.post(url("tail", order), {"tail": f"000{n}"})
    response = buyer.post(url("tail", order), {"tail": "4821"})
    assert "试得太多了，过十分钟再试。" in text(response)
    assert "order" not in response.cookies


@pytest.mark.parametrize("token", ["x", "A" * 22, "../me", "%00"])
def test_guessed_links_are_not_found(buyer, order, token):
    assert buyer.get(f"/orders/{token}/").status_code == 404


def test_odd_addresses_are_not_found(known, as_user, order, seller):
    assert known.get(f"{order.get_absolute_url()}photos/%00/").status_code == 404
    assert as_user(seller).get("/me/shop/orders/%00/page/").status_code == 404


def test_acting_needs_the_tail(buyer, order):
    for name in ("cancel", "received", "claim"):
        assert buyer.post(url(name, order), {"key": uuid.uuid4()}).status_code == 404
    order.refresh_from_db()
    assert order.status == "requested"


def test_cancel_frees_and_a_second_tap_is_harmless(known, order, oranges):
    said = {"key": uuid.uuid4(), "reason": "买错了"}
    assert known.get(url("cancel", order)).status_code == 200
    for _n in range(2):
        assert known.post(url("cancel", order), said).status_code == 302
    order.refresh_from_db()
    assert (order.status, in_hand(oranges), order.events.count()) == ("cancelled", 10, 2)
    assert "买错了" in text(known.get(order.get_absolute_url()))


def test_cancel_of_what_is_paid_is_told(known, order):
    accepted_and_shipped(order)
    response = known.post(url("cancel", order), {"key": uuid.uuid4()}, follow=True)
    assert "这一单现在是“已发货”，做不了这一步。" in text(response)


def test_received_by_the_buyer(known, order):
    accepted_and_shipped(order)
    assert "发出来了，单号在下面。" in text(known.get(order.get_absolute_url()))
    known.post(url("received", order), {"key": uuid.uuid4()})
    order.refresh_from_db()
    assert order.status == "received"
    assert known.post(url("received", order), {"key": "x"}).status_code == 302


@pytest.mark.long
def test_claim_with_a_photo(known, buyer, order, tmp_path):
    accepted_and_shipped(order)
    said = {"key": uuid.uuid4(), "text": "坏了三个", "photos_new": [upload(jpeg())]}
    response = known.post(url("claim", order), said)
    assert response["Location"] == order.get_absolute_url()
    claim = Claim.objects.get()
    document = claim.photos.get()
    assert (claim.text, document.content_type, document.owner) == ("坏了三个", "image/webp", None)
    photo = url("photo", order, document.key)
    assert photo in text(known.get(order.get_absolute_url()))
    response = known.get(photo)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert Client().get(photo).status_code == 404


def test_claim_keeps_what_was_typed_when_the_photo_is_none(known, order):
    accepted_and_shipped(order)
    page = text(known.post(url("claim", order), {"key": uuid.uuid4(), "text": "坏了三个"}))
    assert "坏了三个" in page
    assert (Claim.objects.count(), Document.objects.count()) == (0, 0)


def test_a_photo_of_another_order_is_not_found(known, order, oranges):
    other = Document.objects.create(content_type="image/webp", sha256="0" * 64)
    assert known.get(url("photo", order, other.key)).status_code == 404


def test_a_request_whose_time_is_over_says_so_though_no_task_ran(buyer, order):
    Order.objects.update(expires_at=order.placed_at)
    page = text(buyer.get(order.get_absolute_url()))
    assert "卖家到时间没接，单子作废了" in page


def test_the_frozen_page_shows_what_was_said_then(
    buyer, as_user, order, oranges, organiser, stranger, seller, settings
):
    settings.DEMO = True  # the second factor has its own tests
    oranges.description = "改过的话"
    oranges.save()
    prices.set_price(oranges, 9900, 2500, "box", seller)
    page = text(Client().get(url("frozen", order)))
    assert "¥29.90" in page
    assert "99.00" not in page
    assert "改过的话" not in page
    assert "头 6斤（3公斤）¥6.00，往后每 2斤（1公斤）¥1.00" in page
    mine = reverse("shops:order_frozen_mine", args=[order.number])
    assert as_user(seller).get(mine).status_code == 200
    assert as_user(organiser).get(mine).status_code == 200
    assert as_user(stranger).get(mine).status_code == 404


def test_the_link_that_opens_an_order_is_in_no_log(buyer, order, caplog):
    logger = logging.getLogger("farm.requests")
    logger.addHandler(caplog.handler)
    try:
        with caplog.at_level(logging.INFO, "farm.requests"):
            buyer.post(url("tail", order), {"tail": "0000"})
    finally:
        logger.removeHandler(caplog.handler)
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert [line["path"] for line in lines] == ["/orders/…/tail/"]
