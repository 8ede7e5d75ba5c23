"""With a gateway the phone is verified by a code; if that fails, an unverified phone may still reserve a little."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from shops.models import Order
from tests.shops.orders.order_form import filled, send, text


@pytest.fixture
def sent(settings, tmp_path):
    """Return the codes sent so far, newest last."""
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
    assert Order.objects.get().phone_verified is True


def test_a_wrong_code_is_told_and_nothing_typed_is_lost(buyer, oranges, sent):
    send(buyer, oranges)
    page = text(send(buyer, oranges, code="x"))
    assert "验证码不对，再看一眼短信。" in page
    assert "陈小禾" in page
    assert Order.objects.count() == 0


@pytest.mark.long
def test_a_verified_phone_is_not_asked_again(buyer, oranges, sent):
    send(buyer, oranges)
    send(buyer, oranges, code=sent()[-1])
    send(buyer, oranges)
    assert (Order.objects.count(), len(sent())) == (2, 1)


@pytest.mark.long
def test_at_its_limit_a_number_is_ordered_for_later_and_never_without_a_code(buyer, oranges, sent):
    """Otherwise one would only have to use up the codes to order in another person's name."""
    pages = [text(send(buyer, oranges)) for _n in range(5)]
    assert (Order.objects.count(), len(sent())) == (0, 3)
    assert "验证码要得太勤了。刚才那条短信里的还能用，填上就行；没收到，过十分钟再来。" in pages[4]
    assert "陈小禾" in pages[4]
    assert "这个号码要验证码的次数太多了" in text(send(Client(), oranges))
    send(buyer, oranges, code=sent()[-1])
    assert Order.objects.get().phone_verified is True


@pytest.mark.long
def test_at_the_limit_of_the_day_of_a_number_or_of_the_site_nothing_goes_unverified(oranges, sent, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"order_code": "99/m/key"}
    for _n in range(7):
        send(Client(), oranges)
    assert (Order.objects.count(), len(sent())) == (0, 3)
    settings.SMS_SITE_A_DAY = 5
    assert "要得急就给卖家打电话" in text(send(Client(), oranges, phone="137 0000 0010"))
    assert (Order.objects.count(), len(sent())) == (0, 3)


@pytest.mark.long
def test_form_that_comes_twice_gets_one_code(buyer, oranges, sent):
    """The answer was lost, and with it the session; or the buyer presses again."""
    said = filled(oranges)
    page = f"/shops/{oranges.shop.slug}/order/"
    buyer.post(page, said)
    for client in (buyer, again := Client()):
        assert "我们给这个手机号发了一条短信，把验证码填上。" in text(client.post(page, said))
    assert len(sent()) == 1
    again.post(page, said | {"code": sent()[0]})
    assert Order.objects.get().phone_verified is True


@pytest.mark.long
def test_another_form_or_number_and_a_form_after_a_minute_get_a_code_of_their_own(buyer, oranges, sent):
    said = filled(oranges)
    page = f"/shops/{oranges.shop.slug}/order/"
    buyer.post(page, said)
    buyer.post(page, said | {"phone": "137 0000 0010"})
    buyer.post(page, filled(oranges))
    assert len(sent()) == 3
    cache.clear()  # a minute later
    buyer.post(page, said | {"phone": "137 0000 0010"})
    assert len(sent()) == 4


@pytest.mark.long
def test_code_of_a_form_cannot_be_guessed_in_many_sessions(oranges, sent):
    said = filled(oranges)
    page = f"/shops/{oranges.shop.slug}/order/"
    Client().post(page, said)
    visitors = [Client() for _n in range(4)]
    for visitor in visitors:
        visitor.post(page, said)
    for visitor in reversed(visitors):
        visitor.post(page, said | {"code": sent()[0]})
    assert (Order.objects.count(), len(sent())) == (1, 1)
    assert "proving_phone" not in visitors[3].session


def test_form_whose_code_could_not_be_sent_asks_for_one_again(buyer, oranges, sent, settings):
    settings.SMS_SITE_A_DAY = 0
    said = filled(oranges)
    page = f"/shops/{oranges.shop.slug}/order/"
    buyer.post(page, said)
    settings.SMS_SITE_A_DAY = 100
    buyer.post(page, said)
    assert len(sent()) == 1


def test_one_s_own_verified_number_needs_no_code(as_user, trainee, oranges, sent, settings):
    trainee.phone_verified = True
    trainee.save()
    client = as_user(trainee)
    send(client, oranges, phone=str(trainee.phone))
    assert Order.objects.get().phone_verified is True
    assert not settings.SMS_FILE.exists()


@pytest.mark.long
def test_when_the_gateway_fails_the_request_goes_unverified(buyer, oranges, settings):
    settings.PROVES_PHONES, settings.SMS_SENDER = True, "none"
    send(buyer, oranges)
    assert Order.objects.get().phone_verified is False
