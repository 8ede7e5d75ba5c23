"""The order form as a buyer fills it in and sends it, and the answers."""

import uuid

from django.urls import reverse

from shops.models import Product
from tests.shops.orders.order_requests import HUNAN


def address(shop) -> str:
    return reverse("shops:order_new", args=[shop.slug])


def filled(product: Product, number: object = 1, **fields) -> dict:
    """Return the form as a buyer in 长沙 has filled it in, with the total that the page showed."""
    said = {
        "key": str(uuid.uuid4()),
        f"q{product.pk}": str(number),
        f"seen-{product.pk}": str(product.price_fen),
        "province": HUNAN,
        "city": "430100",
        "county": "430104",
        "address": "麓山路 1 号",
        "buyer": "陈小禾",
        "phone": "137 0000 0009",
        "note": "",
        "perishable_ok": "on",
        "seen_total": str(product.price_fen + 600),
        "do": "send",
    }
    return {name: value for name, value in (said | fields).items() if value is not None}


def send(buyer, product, *args, **fields):
    return buyer.post(address(product.shop), filled(product, *args, **fields))


def text(response) -> str:
    return response.content.decode()
