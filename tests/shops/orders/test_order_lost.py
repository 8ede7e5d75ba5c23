"""查我的订单: by a code to the phone, or by the order's number and the last four digits; the answer reveals nothing."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.notifications import sms
from shops.models import Order
from tests.shops.orders.order_requests import make_order

URL = "/orders/lost/"
PHONE = "+8613700004821"


@pytest.fixture
def order(oranges) -> Order:
    return make_order((oranges, 1), phone=PHONE)


@pytest.fixture
def sent(settings, monkeypatch) -> list:
    """Return the codes as the gateway gets them."""
    settings.PROVES_PHONES = True
    settings.SMS_SENDER = "file"
    out: list = []
    monkeypatch.setitem(sms.SENDERS, "file", out.append)
    return out


def text(response) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())


def find(client, number: str, tail: str):
    return client.post(URL, {"do": "number", "number": number, "tail": tail})


def test_number_and_tail_open_the_order_on_this_phone(client, order):
    answer = find(client, f" {order.number[:6]}-{order.number[6:]} ", "４８２１")
    assert answer["Location"] == order.get_absolute_url()
    assert "麓山路 1 号" in client.get(order.get_absolute_url()).content.decode()
    assert "麓山路 1 号" not in Client().get(order.get_absolute_url()).content.decode()


def test_a_wrong_number_and_a_wrong_tail_get_the_same_answer(order):
    known = text(find(Client(), order.number, "4822"))
    unknown = text(find(Client(), "000000000000", "4822"))
    assert "总有一样不对" in known
    assert known.replace(order.number, "") == unknown.replace("000000000000", "")


@pytest.mark.parametrize(
    ("number", "tail"), [("", ""), ("12", "4821"), ("订单", "abcd"), ("1" * 5000, "1"), ("\x00" * 12, "4821")]
)
def test_what_is_no_number_is_told(client, order, number, tail):
    page = find(client, number, tail)
    assert (page.status_code, 'class="error' in page.content.decode()) == (200, True)


@pytest.mark.long
def test_tails_are_guessed_five_times_in_ten_minutes(client, order):
    tries = [text(find(client, order.number, f"{n:04d}")) for n in range(6)]
    assert ["试得太多了" in page for page in tries] == [False] * 5 + [True]
    assert "试得太多了" in text(find(Client(), order.number, "4821"))


def test_without_a_gateway_no_code_is_promised(client, order):
    page = text(client.get(URL))
    assert "发验证码" not in page
    assert "报下单的手机号，卖家能查到" in page
    client.post(URL, {"do": "code", "phone": "13700004821"})
    assert "proven_phone" not in client.session


@pytest.mark.long
def test_a_code_opens_the_list_of_the_phones_orders(client, oranges, order, sent):
    other = make_order((oranges, 1))
    client.post(URL, {"do": "code", "phone": "137 0000 4821"})
    assert [message["phone"] for message in sent] == [PHONE]
    wrong = client.post(URL, {"do": "prove", "code": "000000"})
    assert "验证码不对" in text(wrong)
    client.post(URL, {"do": "prove", "code": sent[0]["params"]["code"]})
    page = text(client.get(URL))
    assert order.get_absolute_url() in page
    assert other.get_absolute_url() not in page
    assert "麓山路 1 号" in client.get(order.get_absolute_url()).content.decode()
    assert "填了手机号后四位才看得到" in client.get(other.get_absolute_url()).content.decode()
    client.post(URL, {"do": "forget"})
    assert order.get_absolute_url() not in text(client.get(URL))


def test_a_phone_without_orders_gets_the_same_answer_until_its_owner_has_shown_it(order, sent):
    pages = []
    for phone in ("13700004821", "13700004822"):
        visitor = Client()
        visitor.post(URL, {"do": "code", "phone": phone})
        pages.append(text(visitor.get(URL)).replace(f"137 0000 {phone[-4:]}", ""))
    assert pages[0] == pages[1]
    visitor.post(URL, {"do": "prove", "code": sent[1]["params"]["code"]})
    assert "这个手机号没有订单" in text(visitor.get(URL))


@pytest.mark.long
def test_codes_are_limited_for_a_phone(client, order, sent):
    pages = [text(client.post(URL, {"do": "code", "phone": "13700004821"}, follow=True)) for _n in range(4)]
    assert ["要得太勤了" in page for page in pages] == [False, False, False, True]
    assert len(sent) == 3


def test_orders_of_long_ago_are_not_listed(client, order, sent):
    Order.objects.update(placed_at=timezone.now() - datetime.timedelta(days=401))
    client.post(URL, {"do": "code", "phone": "13700004821"})
    client.post(URL, {"do": "prove", "code": sent[0]["params"]["code"]})
    assert "这个手机号没有订单" in text(client.get(URL))


@pytest.mark.parametrize("url", ["/", "/products/"])
def test_visitors_find_the_way(client, oranges, url):
    assert f'href="{URL}"' in client.get(url).content.decode()


def test_the_order_says_how_its_link_is_found_again(client, order):
    assert f'href="{URL}"' in client.get(order.get_absolute_url()).content.decode()


def test_a_phone_finds_what_was_opened_on_it_and_nobody_elses(client, oranges, order):
    """Without a gateway and without a number: by the phone's own cookies, and on no other phone."""
    other = make_order((oranges, 1))
    assert "这台手机上的订单" not in text(client.get(URL))
    find(client, order.number, "4821")
    page = text(client.get(URL))
    assert "这台手机上的订单" in page
    assert order.get_absolute_url() in page
    assert other.get_absolute_url() not in page
    assert order.get_absolute_url() not in text(Client().get(URL))


def test_what_a_phone_keeps_cannot_be_written_by_hand(order):
    forger = Client()
    forger.cookies[f"mine-{order.number}"] = order.token
    forger.cookies["mine-1"] = "x" * 4000
    assert "这台手机上的订单" not in text(forger.get(URL))


def test_a_borrowed_phone_forgets(client, order):
    find(client, order.number, "4821")
    client.post(URL, {"do": "forget_phone"})
    assert order.get_absolute_url() not in text(client.get(URL))
    assert "填了手机号后四位才看得到" in client.get(order.get_absolute_url()).content.decode()


def test_the_number_is_said_to_be_in_a_message_only_where_messages_are_sent(client, settings):
    assert "短信" not in text(client.get(URL))
    settings.SMS_SENDER = "file"
    assert "短信里、装箱单上都有" in text(client.get(URL))
