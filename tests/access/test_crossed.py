"""One's own row in the address does not open another's beside it; and HEAD is answered as GET is declared to be."""

import pytest
from django.core.signing import get_cookie_signer
from django.test import Client
from django.urls import reverse

from media.models import Document
from shops.models import Batch, Claim, Order, Spray
from shops.orders.buyer.phone_proof import COOKIE, get_salt
from tests.access.objects import url_of
from tests.access.outcomes import WHO, declared
from tests.access.routes import all_routes

pytestmark = pytest.mark.usefixtures("without_numbers")

ROOMS = ("shops:", "live:", "progress:", "programme:")
DECLARED = declared()
READ = sorted((route, names) for route, names in all_routes() if route.startswith(ROOMS))


def test_another_s_photo_claim_or_spray_is_not_found_beside_ones_own(cast, sides, client):
    own, foreign = sides["own"], sides["foreign"]
    number = own[Order].number
    urls = [
        reverse("shops:my_order_photo", args=[number, foreign[Document].key]),
        reverse("shops:my_claim", args=[number, foreign[Claim].pk]),
        reverse("shops:drop_spray", args=[own[Batch].pk, foreign[Spray].pk]),
    ]
    client.force_login(cast["seller"])
    assert [client.get(url).status_code for url in urls] == [404] * 3
    assert [client.post(url).status_code for url in urls] == [405, 404, 404]


def test_a_proven_buyer_sees_the_photos_of_this_order_alone(sides):
    own, foreign = sides["own"], sides["foreign"]
    order, client = own[Order], Client()
    client.cookies[COOKIE] = get_cookie_signer(salt=COOKIE + get_salt(order)).sign(order.pk)
    photos = [reverse("shops:order_photo", args=[order.token, side[Document].key]) for side in (own, foreign)]
    assert [client.get(url).status_code for url in photos] == [200, 404]
    others = reverse("shops:order_photo", args=[foreign[Order].token, foreign[Document].key])
    assert client.get(others).status_code == 404


@pytest.mark.parametrize("who", ["seller", "organiser", "trainee", "trainer"])
@pytest.mark.usefixtures("cast")
def test_head_is_answered_as_get(who, sender, sides):
    """Each route is asked by the first of them who may read it, or by the seller."""
    different = {}
    for route, names in READ:
        if reader_of(route, names) != who:
            continue
        code = codes_of(route, names)[who]
        head = sender.send(who, "HEAD", url_of(route, names, "own", sides), is_drawn=False)
        if code != head.status:
            different[route] = (code, head.status)
    assert different == {}


def reader_of(route: str, names: list[str]) -> str:
    codes = codes_of(route, names)
    return next((who for who in ("seller", "organiser", "trainee", "trainer") if codes[who] == 200), "seller")


def codes_of(route: str, names: list[str]) -> dict[str, int]:
    return dict(zip(WHO, DECLARED[route, "own" if names else "-", "GET"], strict=True))
