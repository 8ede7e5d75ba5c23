"""Damage claims by buyers without an account: photos are accepted only if a claim can be made."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from media.models import Document
from shops.models import Claim, Order
from shops.orders import damage_claims
from tests.media.pictures import jpeg, upload
from tests.shops.orders.order_requests import make_order
from tests.shops.orders.seller_side import make_claim, order_at


def known(order: Order) -> Client:
    """Return a browser in which the phone's last digits were typed."""
    client = Client()
    client.post(reverse("shops:order_tail", args=[order.token]), {"tail": str(order.phone)[-4:]})
    return client


def photo(number: int):
    return upload(jpeg(width=300 + number, height=300))


def send(client: Client, order: Order, **fields):
    return client.post(reverse("shops:order_claim", args=[order.token]), {"key": uuid.uuid4()} | fields)


def test_no_photo_is_taken_in_before_anything_was_sent(oranges):
    order = make_order((oranges, 1))
    client = known(order)
    for number in range(3):
        answer = send(client, order, text="坏了", photos_new=[photo(number)])
        assert answer["Location"] == order.get_absolute_url()
    assert (Document.objects.count(), Claim.objects.count()) == (0, 0)


@pytest.mark.long
def test_half_a_claim_again_and_again_takes_in_no_more_photos(oranges, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"order_claim": "2/m/key"}
    order = order_at("shipped", oranges)
    client = known(order)
    for number in range(5):
        page = send(client, order, text="坏", photos_new=[photo(number)]).content.decode()
        assert "坏</textarea>" in page
    assert "试得太多了，过十分钟再试。" in page
    assert (Document.objects.count(), Claim.objects.count()) == (2, 0)


@pytest.mark.long
def test_a_claim_sent_twice_is_answered_like_the_first_time(oranges):
    order, key = order_at("shipped", oranges), uuid.uuid4()
    client = known(order)
    for _tap in range(2):
        answer = send(client, order, key=key, text="坏了三个", photos_new=[photo(1)])
        assert answer["Location"] == order.get_absolute_url()
    assert Claim.objects.count() == 1


@pytest.mark.long
def test_what_the_seller_answers_is_for_who_gave_the_tail(oranges, seller):
    order = order_at("shipped", oranges)
    claim = make_claim(order)
    damage_claims.refuse(claim, seller, uuid.uuid4(), "陈小禾您好，照片看不清")
    assert "照片看不清" not in Client().get(order.get_absolute_url()).content.decode()
    assert "照片看不清" in known(order).get(order.get_absolute_url()).content.decode()


def send_photo(client: Client, order: Order, number: int = 1):
    url = reverse("shops:order_claim_photo", args=[order.token])
    return client.post(url, {"photo": photo(number)}, headers={"accept": "application/json"})


@pytest.mark.long
def test_a_photo_sent_by_itself_goes_with_the_claim(oranges):
    order = order_at("shipped", oranges)
    client = known(order)
    page = client.get(reverse("shops:order_claim", args=[order.token])).content.decode()
    assert f'data-upload="{reverse("shops:order_claim_photo", args=[order.token])}"' in page
    keys = [send_photo(client, order, number).json()["key"] for number in range(2)]
    assert send(client, order, text="坏了三个", photos=keys)["Location"] == order.get_absolute_url()
    assert Claim.objects.get().photos.count() == 2


@pytest.mark.long
def test_a_photo_by_itself_is_taken_in_only_where_a_claim_can_be_made(oranges, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"order_claim_photo": "2/m/key"}
    order = order_at("shipped", oranges)
    assert send_photo(Client(), order).status_code == 404
    early = make_order((oranges, 1))
    assert send_photo(known(early), early).json() == {"error": "这一单现在是“等卖家接单”，做不了这一步。"}
    codes = [send_photo(known(order), order, number).status_code for number in range(3)]
    assert (codes, Document.objects.count()) == ([200, 200, 429], 2)
