"""Seed the origin of the fruit: batches with their sprays and pledges, and certificates in every state."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from demo.seed.media_files import MEDIA
from demo.seed.sales.shops import find_picking_day
from media.documents.services import store_document
from media.models import Document, Photo
from shops.models import Batch, Paper, Pledge, Product, Shop
from shops.traceability import batches

PLOTS = {
    "meiyi": "屋后老井边那块坡，朝南，六亩",
    "shiliu-coop": "石榴冲一组到四组，社员的坡地",
    "ganzi-coop": "柑子坪河边，五户人家的柚园",
    "wuling-tea": "雾岭北坡，海拔 780 米",
}
GROWERS = {"meiyi": "周梅英", "ganzi-coop": "杨再友等五户"}
CERTIFIED = ("shiliu-coop", "wuling-tea", "meiyi")
# Days before picking, product, amount, against what, the days of the pre-harvest interval.
SPRAYS = {
    "meiyi": [
        (96, "矿物油乳油", "100 毫升兑 15 公斤水", "红蜘蛛", 15),
        (52, "苯醚甲环唑 10% 水分散粒剂", "5 克兑 15 公斤水", "炭疽病", 28),
    ],
    "shiliu-coop": [(61, "代森锰锌 80% 可湿性粉剂", "25 克兑 15 公斤水", "黑点病", 21)],
}


def receive_certificates() -> dict[str, Document]:
    """Take in the sheet of each shop that has one, by the shop's slug. Writes files: call it outside a transaction."""
    return {slug: receive_certificate(slug) for slug in CERTIFIED}


def receive_certificate(slug: str) -> Document:
    name = f"certificate-{slug}.png"
    return store_document(SimpleUploadedFile(name, (MEDIA / name).read_bytes()), None)


def seed_traceability(
    shops: list[Shop], organiser: User, certificates: dict[str, Document], photos: list[Photo]
) -> None:
    for shop in shops:
        if shop.slug in PLOTS:
            seed_batches(shop, photos)
    seed_papers({shop.slug: shop for shop in shops}, organiser, certificates)


def seed_batches(shop: Shop, photos: list[Photo]) -> None:
    """Seed a batch for each product on sale; a co-operative and a company must pledge for all of theirs."""
    products = shop.products.filter(status__in=(Product.Status.PUBLISHED, Product.Status.SUBMITTED))
    for number, product in enumerate(products.order_by("id")):
        batch = seed_batch(shop, product, number, photos)
        batches.choose_batch(product, batch, shop.owner)
        batches.issue_pledge(batch, Pledge.Basis.CONTROL if number else Pledge.Basis.OWN_TEST, shop.owner)


def seed_batch(shop: Shop, product: Product, number: int, photos: list[Photo]) -> Batch:
    today = timezone.localdate()
    first = find_picking_day(product.harvest_from, today)
    picked = min(first + datetime.timedelta(days=number), today)
    facts = {
        "category": product.category,
        "name": product.name,
        "variety": product.variety,
        "origin": shop.place.full_name(),
        "plot": PLOTS[shop.slug],
        "grower_name": GROWERS.get(shop.slug, shop.legal_name),
        "harvested_on": picked,
        "grams": 1_500_000 + 250_000 * number,
        "note": "树上熟透了才剪，当天装箱。" if not number else "",
    }
    if not number and product.category.slug == "orange":
        facts |= {"brix_tenths": 128, "brix_on": picked, "brix_tool": "手持糖度计，抽 10 个果"}
    batch = batches.record_batch(shop, facts, photos[:2] if not number else [], shop.owner)
    for before, what, dose, against, days in SPRAYS.get(shop.slug, ()):
        on = picked - datetime.timedelta(days=before)
        spray = {"on": on, "what": what, "dose": dose, "against": against, "interval_days": days}
        batches.add_spray(batch, spray, shop.owner)
    return batch


def seed_papers(shops: dict[str, Shop], organiser: User, certificates: dict[str, Document]) -> None:
    """Seed a certificate in force, one that expires in three weeks, and an association's one that waits for the organiser."""
    today = timezone.localdate()
    rows = (
        ("shiliu-coop", Paper.Kind.GREEN, "LB-18-26041808421A", "", "中国绿色食品发展中心", 540, Paper.Status.ACCEPTED),
        ("wuling-tea", Paper.Kind.ORGANIC, "134OP2500108", "", "认证机构", 20, Paper.Status.ACCEPTED),
        ("meiyi", Paper.Kind.GI, "柚橘授〔2026〕17 号", "柚山县柑橘协会", "柚山县柑橘协会", 400, Paper.Status.WAITING),
    )  # fmt: skip
    for slug, kind, number, holder, issuer, days, status in rows:
        shop, decided = shops[slug], status == Paper.Status.ACCEPTED
        Paper.objects.create(
            shop=shop,
            kind=kind,
            number=number,
            holder=holder or shop.legal_name,
            issuer=issuer,
            issued_on=today - datetime.timedelta(days=345),
            expires_on=today + datetime.timedelta(days=days),
            file=certificates[slug],
            status=status,
            made_by=shop.owner,
            decided_by=organiser if decided else None,
            decided_at=timezone.now() if decided else None,
        )
