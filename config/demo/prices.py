"""What the demo's shops charge for sending, what they give, what they presell, and at which prices things went."""

import datetime

from django.utils import timezone

from accounts.models import User
from shops import freight_table, presales
from shops.freight_table import Group, Price
from shops.models import Deal, Gift, PickUpPoint, PriceChange, Product, Shop
from shops.provinces import FAR, NEAR, REMOTE

DAY = datetime.timedelta(days=1)
# What parcel firms take in a township: one's own province, its neighbours, the rest, and where it is far and cold.
OWN = Group(Price(3000, 600, 1000, 120), ("430000",))
NEIGHBOURS = Group(Price(3000, 800, 1000, 150), tuple(code for code in NEAR if code != "430000"))
ELSEWHERE = Group(Price(3000, 1050, 1000, 260), FAR)
COLD = Group(
    Price(1000, 1800, 1000, 900, 500), tuple(code for code in REMOTE if code not in ("540000", "650000"))
)
TABLES = ((OWN, NEIGHBOURS, ELSEWHERE, COLD), freight_table.START, (OWN, NEIGHBOURS, ELSEWHERE))
POINTS = (
    ("青溪镇快递服务站", "老街 8 号，信用社隔壁", "每天 8:00–18:00"),
    ("果园现场", "提前打电话，自己带筐也行", "采果季每天 9:00–16:00"),
)


def plant_prices(shops: list[Shop]) -> None:
    """Freight for every shop but two: one is only fetched from, one sells with the freight included."""
    for number, shop in enumerate(shops):
        if number % 6 == 4:
            PickUpPoint.objects.get_or_create(
                shop=shop, name=POINTS[1][0], defaults={"address": shop.address, "hours": POINTS[1][2]}
            )
        elif number % 6 == 5:
            shop.products.update(freight_included=True)
        else:
            freight_table.write(shop, TABLES[number % 3], shop.owner)
    plant_seller(shops[0])


def plant_seller(shop: Shop) -> None:
    """梅姨's own: a gross weight, a gift, a cut with deals behind it, and the navel oranges before they are ripe."""
    name, address, hours = POINTS[0]
    town = shop.place.parent.full_name()
    PickUpPoint.objects.get_or_create(
        shop=shop, name=name, defaults={"address": f"{town}{address}", "hours": hours}
    )
    for product in shop.products.filter(unit=Product.Unit.BOX):
        product.gross_grams = product.net_grams + 400 + product.net_grams // 20
        product.save(update_fields=["gross_grams"])
    orange = shop.products.get(name="冰糖橙")
    Gift.objects.get_or_create(
        product=orange,
        kind="剥橙器",
        defaults={
            "spec": "塑料，约 9 厘米",
            "number": 1,
            "limit": "前 200 箱，送完为止，最晚到 12月10日",
            "way": "放在箱里一起寄",
            "value_fen": 150,
        },
    )
    plant_cut(orange, 3290, shop.owner)
    plant_presale(shop.products.get(name="脐橙"), shop.owner)


def plant_cut(product: Product, before: int, actor: User) -> None:
    """Two weeks at the old price with a deal now and then; cut two days ago."""
    if product.deals.exists():
        return
    now = timezone.now()
    product.price_changes.update(at=now - 2 * DAY)
    log = {"product": product, "net_grams": product.net_grams, "unit": product.unit}
    PriceChange.objects.create(**log, price_fen=before, actor=actor, at=now - 16 * DAY)
    Deal.objects.bulk_create(
        Deal(**log, price_fen=before, quantity=1 + day % 3, at=now - day * DAY) for day in (4, 5, 7, 11, 13)
    )
    Deal.objects.create(**log, price_fen=product.price_fen, quantity=2, at=now - DAY)
    product.shows_earlier = True
    product.save(update_fields=["shows_earlier"])


def plant_presale(product: Product, actor: User) -> None:
    if product.presales.exists():
        return
    today = timezone.localdate()
    presales.open_presale(
        product,
        actor,
        quota=120,
        closes_on=today + 12 * DAY,
        ship_by=today + 18 * DAY,
        own_words="先订先发，下雨顺延会打电话说。",
    )
