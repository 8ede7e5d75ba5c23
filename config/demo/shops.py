"""Twelve shops and their sixty products, in every state a listing can be in."""

import datetime

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Consent, Membership, User
from config.demo.people import PASSWORD, person
from config.demo.places import Land, read
from media.models import Photo
from shops import search
from shops.models import Category, PriceChange, Product, ProductPhoto, Shop, StockMove
from shops.planting import plant_kinds


def wanted_pictures() -> list[tuple[str, int]]:
    """(kind, seed) of the picture of each product, in the order of the file."""
    products = [product for shop in read("shops")["shops"] for product in shop["products"]]
    return [(product["picture"], seed) for seed, product in enumerate(products)]


def plant_shops(land: Land, pictures: dict[tuple[str, int], Photo], organiser: User) -> list[Shop]:
    categories, seed, shops = plant_kinds(), 0, []
    hashed = make_password(PASSWORD)
    for number, entry in enumerate(read("shops")["shops"]):
        place = land.villages[entry["village"]]
        phone = "13800000003" if number == 0 else f"1390030{number:04d}"
        owner = person(phone, entry["owner"], hashed, (Membership.Role.SELLER, place))
        shop = plant_shop(entry, place, owner, phone)
        for fields in entry["products"]:
            plant_product(
                shop,
                fields,
                categories[fields["category"]],
                pictures[fields["picture"], seed],
                seed,
                organiser,
            )
            seed += 1
        shops.append(shop)
    search.index_many(Product.objects.all())
    return shops


def plant_shop(entry: dict, place, owner: User, phone: str) -> Shop:
    shop, new = Shop.objects.get_or_create(
        slug=entry["slug"],
        defaults={
            "place": place,
            "owner": owner,
            "name": entry["name"],
            "story": entry["story"],
            "contact": f"+86{phone}",
            "address": f"{place.full_name()}{entry['address']}",
            "verified_on": timezone.localdate() - datetime.timedelta(days=30),
            "seller": entry.get("seller", "person"),
            "legal_name": entry.get("legal_name", entry["owner"]),
            "licence_no": entry.get("licence_no", ""),
            "sources": entry.get("sources", "own"),
            "exemption": "" if entry.get("licence_no") else "own",
        },
    )
    if new:
        Consent.objects.create(user=owner, kind=Consent.Kind.PUBLIC_CONTACT, version="2026-11-24")
    return shop


def plant_product(
    shop: Shop, fields: dict, category: Category, photo: Photo, number: int, organiser: User
) -> Product:
    status, now = fields["status"], timezone.now()
    shown = status in (Product.Status.PUBLISHED, Product.Status.WITHDRAWN)
    start, end = season(fields["from"], fields["until"])
    product, new = Product.objects.get_or_create(
        shop=shop,
        name=fields["name"],
        defaults={
            "category": category,
            "variety": fields["variety"],
            "unit": fields["unit"],
            "net_grams": round(fields["jin"] * (1000 if fields["unit"] == "kg" else 500)),
            "price_fen": round(fields["yuan"] * 100),
            "stock": fields["stock"],
            "harvest_from": start,
            "harvest_until": end,
            "grower": fields["grower"],
            "origin": shop.place.full_name(),
            "description": fields["text"],
            "cover": photo,
            "status": status,
            "return_reason": RETURNED if status == Product.Status.RETURNED else "",
            "created_by": shop.owner,
            "created_at": now - datetime.timedelta(days=12, minutes=7 * number),
            "submitted_at": None if status == Product.Status.DRAFT else now - datetime.timedelta(days=2),
            # Spread, so that the newest are not all of one village.
            "listed_at": now - datetime.timedelta(hours=1 + 5 * (number * 37 % 60)) if shown else None,
            "decided_by": organiser if shown else None,
        },
    )
    if new:
        ProductPhoto.objects.create(product=product, photo=photo)
        PriceChange.objects.create(
            product=product,
            price_fen=product.price_fen,
            net_grams=product.net_grams,
            unit=product.unit,
            actor=shop.owner,
        )
        if product.stock:
            StockMove.objects.create(
                product=product, delta=product.stock, reason=StockMove.Reason.FIRST, actor=shop.owner
            )
    return product


RETURNED = "照片太暗，果蒂和大小看不清。请在窗边再拍一张，旁边放个鸡蛋比大小。"


def season(start: str, end: str) -> tuple[datetime.date, datetime.date]:
    """The running season of these month-days, or else the next one: ("11-05", "01-10") may cross new year."""
    today = timezone.localdate()
    for year in (today.year - 1, today.year, today.year + 1):
        first = datetime.date(year, *map(int, start.split("-")))
        month, day = map(int, end.split("-"))
        last = datetime.date(year + (end < start), month, day)
        if last >= today:
            return first, last
    raise ValueError(f"no season from {start} to {end}")
