"""What a shop keeps besides its products: a batch and its papers, an order sent with damage reported, books, a complaint.

Written by the same functions as the pages use, so that each row stands as a seller or a buyer would leave it.
"""

import datetime
import uuid

from django.db.models import Model
from django.utils import timezone

from accounts.models import Notice, User
from shops.complaints import services
from shops.inventory import presales
from shops.ledger import deliveries as supplies
from shops.ledger import entries
from shops.models import Batch, Order, Product, Shop, Spray
from shops.orders import transitions
from shops.sellers.services import add_point
from shops.texts import evidence
from shops.traceability import batches, certificates
from tests.factories import make_category, make_rate
from tests.shops.orders.seller_side import make_claim, make_code, make_document, order_at

A_DAY = datetime.timedelta(days=1)
BUYER = "+8613700009999"
NOT_ALLOWED = "全国最甜的橙子，能治咳嗽"


def rows_of_trade(published: Product, draft: Product) -> list[Model]:
    """One of each, of the shop that sells both; what is not for buyers hangs on the draft."""
    shop = published.shop
    return [
        *rows_of_batch(draft),
        *rows_of_order(published),
        *rows_of_books(shop, draft.batch),
        *rows_of_words(draft),
        make_code(shop),
        add_point(shop, {"name": "家门口", "address": "屋前坪", "hours": "白天都在"}, shop.owner),
        presale_of(draft),
        services.create_complaint("箱子压扁了", "陈小禾", BUYER, shop, shop.place, draft),
    ]


def rows_of_batch(product: Product) -> list[Model]:
    """A batch that buyers may not look up."""
    shop, owner = product.shop, product.shop.owner
    batch, spray = make_batch(shop, "屋后坡")
    note = batches.add_note(batch, "重量是毛重", owner)
    batches.choose_batch(product, batch, owner)
    pledge = batches.issue_pledge(batch, "control", owner)
    named = {"kind": "report", "number": "JC-1", "holder": owner.name}
    paper = certificates.hand_in(shop, named, make_document(owner, width=310), [product], owner)
    return [batch, spray, note, pledge, paper]


def make_batch(shop: Shop, plot: str) -> tuple[Batch, Spray]:
    owner, today = shop.owner, timezone.localdate()
    facts = {
        "category": make_category(), "name": "冰糖橙", "origin": "石榴冲村", "plot": plot,
        "grower_name": owner.name, "harvested_on": today - 2 * A_DAY, "grams": 250_000, "is_public": False,
    }  # fmt: skip
    batch = batches.record_batch(shop, facts, [], owner)
    sprayed = {"on": today - 60 * A_DAY, "what": "石硫合剂", "dose": "兑水 200 倍", "against": "红蜘蛛"}
    return batch, batches.add_spray(batch, sprayed | {"interval_days": 15}, owner)


def rows_of_open_batch(shop: Shop) -> dict[str, Model]:
    """A batch of which nothing was sold or pledged: what was recorded of it may still be changed."""
    batch, spray = make_batch(shop, "河边")
    return {"open batch": batch, "open spray": spray}


def rows_of_order(product: Product) -> list[Model]:
    """Packed with a photo, sent, and then its buyer found damage."""
    shop, owner = product.shop, product.shop.owner
    rate = make_rate(shop)
    order = order_at("paid", product)
    photo = make_document(owner, width=320)
    transitions.pack(order, owner, uuid.uuid4(), order.gross_grams, photo)
    transitions.ship(order, owner, uuid.uuid4(), "中通快递", "78123456789012")
    claim = make_claim(order)
    told = Notice.objects.filter(phone=owner.phone).first()
    order = Order.objects.get(pk=order.pk)
    line = order.lines.get()
    return [order, line, line.deal, order.events.first(), claim, photo, rate, told]


def rows_of_books(shop: Shop, batch: Batch) -> list[Model]:
    owner = shop.owner
    entry = entries.write(shop, "boxes", -260_00, note="纸箱", actor=owner)
    brought = {"name": "向远明", "address": "石榴冲村三组", "contact": "13800001234"}
    brought |= {"on": batch.harvested_on, "grams": 60_000, "fen_per_jin": 235}
    return [entry, supplies.record_delivery(batch, owner, uuid.uuid4(), **brought)]


def rows_of_words(product: Product) -> list[Model]:
    """Words that may not stand so, the proof of one of them, and an appeal that waits."""
    owner: User = product.shop.owner
    product.description = NOT_ALLOWED
    product.save()
    given = {"source": "县质检站", "dated": timezone.localdate(), "report_no": "JC-1", "asks": False}
    claim = {"rule": "C6", "words": "最甜", "file": make_document(owner, width=330)}
    evidence.replace_proofs(product, [given | claim], owner)
    return [product.proofs.get(), evidence.appeal_finding(product, "县里评过的", owner)]


def presale_of(product: Product):
    today = timezone.localdate()
    return presales.open_presale(
        product, product.shop.owner, quota=20, closes_on=today + 5 * A_DAY, ship_by=today + 9 * A_DAY
    )
