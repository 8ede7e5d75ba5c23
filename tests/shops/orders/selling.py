"""Orders in the state a test of the seller's side begins with, and how its pages are reached."""

import uuid

from django.core.files.storage import storages
from django.urls import reverse

from accounts.models import User
from media.documents.services import store_document
from media.models import Document
from shops.models import Claim, Order, PayCode, Product, Shop
from shops.orders import damage_claims, transitions
from shops.sellers import payment_codes
from tests.media.pictures import jpeg, upload
from tests.shops.orders.wishes import make_order

MARKS = {
    "accepted": lambda order, user: transitions.accept(order, user, uuid.uuid4()),
    "paid": lambda order, user: transitions.mark_paid(order, user, uuid.uuid4(), order.total_fen),
    "packed": lambda order, user: transitions.pack(order, user, uuid.uuid4(), order.gross_grams),
    "shipped": lambda order, user: transitions.ship(order, user, uuid.uuid4(), "中通快递", "78123456789012"),
    "received": lambda order, user: transitions.receive(order, "seller", user, uuid.uuid4()),
}


def order_at(state: str, product: Product, count: int = 1, **fields) -> Order:
    """Taken by the shop's owner, step by step, as far as `state`."""
    order = make_order((product, count), **fields)
    for mark, take in MARKS.items():
        if order.status == state:
            break
        take(order, order.shop.owner)
        assert order.status == mark
    assert order.status == state
    return order


def make_claim(order: Order, text: str = "压坏了两个") -> Claim:
    return damage_claims.claim(order, uuid.uuid4(), text, [make_document(None)])


def make_document(owner: User | None, **size) -> Document:
    return store_document(upload(jpeg(**size)), owner)


def make_code(shop: Shop, actor: User | None = None) -> PayCode:
    return payment_codes.change_code(
        shop, make_document(shop.owner, width=300, height=300), actor or shop.owner
    )


def has_file(document: Document) -> bool:
    return storages["private"].exists(document.name)


def page_url(order: Order) -> str:
    return reverse("shops:my_order", args=[order.number])


def step_url(order: Order, step: str) -> str:
    return reverse("shops:order_step", args=[order.number, step])


def keyed(**fields) -> dict:
    return {"key": str(uuid.uuid4())} | fields


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def key() -> uuid.UUID:
    return uuid.uuid4()


def send(mine, order: Order, step: str, **fields):
    """The step's form, filled in by the seller who is signed in."""
    response = mine.post(step_url(order, step), keyed(**fields), follow=True)
    order.refresh_from_db()
    return response
