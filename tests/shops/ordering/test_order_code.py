"""With a gateway the phone is proven by a code; where it fails, an unproven phone may still hold a little."""

import json

import pytest
from django.test import Client

from shops.models import Order
from tests.shops.ordering.filling import filled, send, text


@pytest.fixture
def sent(settings, tmp_path):
    """Codes sent so far, newest last."""
    settings.PROVES_PHONES, settings.SMS_SENDER = True, "file"
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    return lambda: [json.loads(line)["params"]["code"] for line in settings.SMS_FILE.read_text().splitlines()]


@pytest.fixture
def buyer(db) -> Client:
    return Client()


def test_a_code_is_sent_and_the_order_waits_for_it(buyer, oranges, sent):
    said = filled(oranges)
    page = text(buyer.post(f"/shops/{oranges.shop.slug}/order/", said))
    assert "我们给这个手机号发了一条短信，把验证码填上。" in page
    assert 'name="code"' in page
    assert (Order.objects.count(), len(sent())) == (0, 1)
    buyer.post(f"/shops/{oranges.shop.slug}/order/", said | {"code": sent()[-1]})
    assert Order.objects.get().phone_proven is True


def test_a_wrong_code_is_told_and_nothing_typed_is_lost(buyer, oranges, sent):
    send(buyer, oranges)
    page = text(send(buyer, oranges, code="x"))
    assert "验证码不对，再看一眼短信。" in page
    assert "陈小禾" in page
    assert Order.objects.count() == 0


def test_a_proven_phone_is_not_asked_again(buyer, oranges, sent):
    send(buyer, oranges)
    send(buyer, oranges, code=sent()[-1])
    send(buyer, oranges)
    assert (Order.objects.count(), len(sent())) == (2, 1)


def test_when_the_gateway_fails_the_request_goes_unproven(buyer, oranges, settings):
    settings.PROVES_PHONES, settings.SMS_SENDER = True, "none"
    send(buyer, oranges)
    assert Order.objects.get().phone_proven is False
