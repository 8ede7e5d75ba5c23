"""What the seller's screens need beside orders: a payment code that pays nobody, and damage that waits for an answer."""

from __future__ import annotations

import io
import uuid

import segno
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import noticing
from media import documents
from shops import paycodes
from shops.models import Order, Shop
from shops.ordering import claiming

NOT_A_CODE = "这是示范用的图，不是收款码，付不了钱。"
DAMAGE = "箱子角压扁了，底下一层坏了三个，照片在这里。"


def plant_selling(shops: list[Shop]) -> None:
    """Into the first shop, once. Writes files, so it stands outside the transaction of the rest."""
    shop = shops[0]
    if shop.pay_codes.exists():
        return
    drawn = io.BytesIO()
    segno.make(NOT_A_CODE, error="m").save(drawn, kind="png", scale=12, border=4)
    picture = SimpleUploadedFile("code.png", drawn.getvalue(), "image/png")
    paycodes.change(shop, documents.receive(picture, shop.owner), shop.owner)
    noticing.see(noticing.unseen(shop.owner.phone).filter(template="paycode_changed"))
    sent = Order.objects.filter(shop=shop, status=Order.Status.SHIPPED).first()
    if sent and not sent.claims.exists():
        photo = documents.receive(photo_of(sent), None)
        claiming.claim(sent, uuid.uuid5(sent.key, "damage"), DAMAGE, [photo])


def photo_of(order: Order) -> SimpleUploadedFile:
    cover = order.lines.select_related("product__cover").first().product.cover
    with default_storage.open(cover.name_at(cover.widths()[-1])) as file:
        return SimpleUploadedFile("photo.webp", file.read(), "image/webp")
