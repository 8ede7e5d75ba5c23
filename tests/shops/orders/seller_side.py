"""Orders in the state with which a test of the seller's side begins, and the URLs of its pages."""

import hashlib
import io
import uuid
from copy import copy
from functools import cache

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from PIL import Image

from accounts.models import User
from media.models import Document
from media.storages import write_file
from shops.models import Claim, Order, PayCode, Product, Shop
from shops.orders import damage_claims, transitions
from shops.sellers import payment_codes
from tests.media.pictures import jpeg
from tests.shops.orders.order_requests import make_order

MARKS = {
    "accepted": lambda order, user: transitions.accept(order, user, uuid.uuid4()),
    "paid": lambda order, user: transitions.mark_paid(order, user, uuid.uuid4(), order.total_fen),
    "packed": lambda order, user: transitions.pack(order, user, uuid.uuid4(), order.gross_grams),
    "shipped": lambda order, user: transitions.ship(order, user, uuid.uuid4(), "中通快递", "78123456789012"),
    "received": lambda order, user: transitions.receive(order, "seller", user, uuid.uuid4()),
}


def order_at(state: str, product: Product, count: int = 1, **fields) -> Order:
    """Return an order that the shop's owner has brought step by step to `state`."""
    order = make_order((product, count), **fields)
    for mark, take in MARKS.items():
        if order.status == state:
            break
        take(order, order.shop.owner)
        assert order.status == mark
    assert order.status == state
    return order


def copy_order(order: Order, count: int) -> list[Order]:
    """Return so many more orders like this one, with their lines and events, for a list: to bring each to its state takes
    forty times as long. The stock does not change.
    """
    first = Order.objects.count()
    lines, events = list(order.lines.all()), list(order.events.all())
    made = []
    for n in range(first, first + count):
        one = copy(order)
        one.pk, one.key, one.number, one.token = None, uuid.uuid4(), f"26{n:010d}", f"copy-{n}"
        made.append(one)
    Order.objects.bulk_create(made)
    for rows, is_keyed in ((lines, False), (events, True)):
        copies = [(copy(row), one) for one in made for row in rows]
        for row, one in copies:
            row.pk, row.order = None, one
            if is_keyed:
                row.key = uuid.uuid4()
        type(rows[0]).objects.bulk_create(row for row, _one in copies)
    return made


def make_claim(order: Order, text: str = "压坏了两个") -> Claim:
    return damage_claims.claim_damage(order, uuid.uuid4(), text, [make_document(None)])


def make_document(owner: User | None, **size) -> Document:
    """Return a document as media.documents.services stores it, without the decoder's process, which takes a tenth of a
    second.
    """
    sent = jpeg(**size)
    facts = {"owner": owner, "sha256": hashlib.sha256(sent).hexdigest()}
    if owner and (known := Document.objects.filter(**facts).first()):
        return known
    drawn = webp(sent)
    width, height = Image.open(io.BytesIO(sent)).size
    facts |= {"content_type": Document.Type.WEBP, "width": width, "height": height, "bytes": len(drawn)}
    document = Document(**facts)
    write_file(storages["private"], document.name, ContentFile(drawn))
    document.save(force_insert=True)
    return document


@cache
def webp(picture: bytes) -> bytes:
    drawn = io.BytesIO()
    Image.open(io.BytesIO(picture)).save(drawn, "WEBP")
    return drawn.getvalue()


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


def key() -> uuid.UUID:
    return uuid.uuid4()


def send(mine, order: Order, step: str, **fields):
    """Submit the step's form, filled in, as the signed-in seller."""
    response = mine.post(step_url(order, step), keyed(**fields), follow=True)
    order.refresh_from_db()
    return response
