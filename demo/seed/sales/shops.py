"""Seed twelve shops with sixty products, in every state of a listing."""

import datetime

from django.utils import timezone

from accounts.models import Consent, Membership, User
from demo.seed.people import PRIVACY, SITE_BEGAN, make_person
from demo.seed.places import DemoPlaces, read
from demo.seed.timeline import Timeline, clock_at
from media.models import Photo
from shops.inventory import stock
from shops.models import Category, Product, ProductPhoto, Shop
from shops.pricing import prices
from shops.products import search
from shops.products.categories import plant_kinds


def list_pictures() -> list[tuple[str, int]]:
    """Return (kind, seed) of the picture of each product, in the order of the file."""
    products = [product for shop in read("shops")["shops"] for product in shop["products"]]
    return [(product["picture"], seed) for seed, product in enumerate(products)]


def seed_shops(
    timeline: Timeline, places: DemoPlaces, pictures: dict[tuple[str, int], Photo], organiser: User
) -> list[Shop]:
    """Seed every shop on its first day, and every listing on the day it was made."""
    categories, seed, shops = plant_kinds(), 0, []
    for number, entry in enumerate(read("shops")["shops"]):
        with clock_at(timeline.at(SITE_BEGAN - number % 3, "09:30")):
            place = places.villages[entry["village"]]
            phone = "13800000003" if number == 0 else f"1390030{number:04d}"
            owner = make_person(phone, entry["owner"], entry["born"], (Membership.Role.SELLER, place))
            shop = seed_shop(entry, place, owner, phone)
        for fields in entry["products"]:
            photo = pictures[fields["picture"], seed]
            with clock_at(listed_at(timeline, fields, number, seed)):
                seed_product(shop, fields, categories[fields["category"]], photo, organiser, timeline.today)
            seed += 1
        shops.append(shop)
    search.index_many(Product.objects.all())
    return shops


def listed_at(timeline: Timeline, fields: dict, shop: int, seed: int) -> datetime.datetime:
    """Return when a product was listed: waiting, returned and draft ones in these days; the first shop has been selling for
    a season.
    """
    lately = {"submitted": (1, "19:40"), "returned": (3, "11:20"), "draft": (1, "21:05")}
    if fields["status"] in lately:
        days, clock = lately[fields["status"]]
        return timeline.at(days, clock) + datetime.timedelta(minutes=seed)
    days = 90 - seed if shop == 0 else 12 + seed * 37 % 70
    return timeline.at(days, f"{8 + seed % 12:02d}:15")


def seed_shop(entry: dict, place, owner: User, phone: str) -> Shop:
    shop = Shop.objects.create(
        slug=entry["slug"],
        place=place,
        owner=owner,
        name=entry["name"],
        story=entry["story"],
        contact=f"+86{phone}",
        address=f"{place.full_name()}{entry['address']}",
        verified_on=timezone.localdate(),
        seller=entry.get("seller", "person"),
        legal_name=entry.get("legal_name", entry["owner"]),
        licence_no=entry.get("licence_no", ""),
        sources=entry.get("sources", "own"),
        exemption="" if entry.get("licence_no") else "own",
    )
    Consent.objects.create(
        user=owner, kind=Consent.Kind.PUBLIC_CONTACT, version=PRIVACY, given_at=timezone.now()
    )
    return shop


def seed_product(
    shop: Shop, fields: dict, category: Category, photo: Photo, organiser: User, today: datetime.date
) -> Product:
    """Create, submit and publish a product at the time of the clock; its season is that of `today`."""
    status, now = fields["status"], timezone.now()
    shown = status in (Product.Status.PUBLISHED, Product.Status.WITHDRAWN)
    start, end = find_season(fields["from"], fields["until"], today)
    price_fen = round(fields.get("yuan_before", fields["yuan"]) * 100)
    product = Product.objects.create(
        shop=shop,
        name=fields["name"],
        category=category,
        variety=fields["variety"],
        unit=fields["unit"],
        net_grams=round(fields["jin"] * (1000 if fields["unit"] == "kg" else 500)),
        price_fen=price_fen,
        stock=fields["stock"],
        harvest_from=start,
        harvest_until=end,
        grower=fields["grower"],
        origin=shop.place.full_name(),
        description=fields["text"].format_map(write_dates(start, fields.get("sprayed_before"), today)),
        cover=photo,
        status=status,
        return_reason=RETURNED if status == Product.Status.RETURNED else "",
        created_by=shop.owner,
        created_at=now - datetime.timedelta(hours=2),
        submitted_at=None if status == Product.Status.DRAFT else now - datetime.timedelta(minutes=40),
        listed_at=now if shown else None,
        decided_by=organiser if shown else None,
    )
    ProductPhoto.objects.create(product=product, photo=photo)
    prices.log_price(product, shop.owner)
    if product.stock:
        stock.record_first_stock(product, shop.owner)
    return product


def find_picking_day(start: datetime.date, today: datetime.date) -> datetime.date:
    """Return the day on which the first batch of a season that begins on `start` was picked."""
    return min(max(start, today - datetime.timedelta(days=40)) + datetime.timedelta(days=3), today)


def write_dates(start: datetime.date, sprayed_before: int | None, today: datetime.date) -> dict[str, str]:
    """Return the dates that a listing's text names: of picking and, that many days earlier, of the last spraying."""
    picked = find_picking_day(start, today)
    days = {"picked": picked}
    if sprayed_before is not None:
        days["sprayed"] = picked - datetime.timedelta(days=sprayed_before)
    return {name: f"{day.year}年{day.month}月{day.day}日" for name, day in days.items()}


RETURNED = "照片太暗，果蒂和大小看不清。请在窗边再拍一张，旁边放个鸡蛋比大小。"


def find_season(start: str, end: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the running season of these month-days, or else the next one: ("11-05", "01-10") may cross new year."""
    for year in (today.year - 1, today.year, today.year + 1):
        first = datetime.date(year, *map(int, start.split("-")))
        month, day = map(int, end.split("-"))
        last = datetime.date(year + (end < start), month, day)
        if last >= today:
            return first, last
    raise ValueError(f"no season from {start} to {end}")
