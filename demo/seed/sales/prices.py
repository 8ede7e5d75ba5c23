"""Seed the shops' freight, gifts and presales, and a price cut with deals before it."""

import datetime

from django.utils import timezone

from accounts.models import User
from demo.seed.timeline import Timeline
from shops.inventory import presales
from shops.models import Gift, Product, Shop
from shops.pricing import prices
from shops.sellers.services import add_point
from shops.shipping import rates
from shops.shipping.provinces import FAR, NEAR, REMOTE
from shops.shipping.rates import Group, Price

DAY = datetime.timedelta(days=1)
# The price of the first shop's sugar oranges since their price was cut, in fen a box.
CUT_TO = 2990
# What couriers charge in a township: to the own province, its neighbours, the others, and far and cold ones.
OWN = Group(Price(3000, 600, 1000, 120), ("430000",))
NEIGHBOURS = Group(Price(3000, 800, 1000, 150), tuple(code for code in NEAR if code != "430000"))
ELSEWHERE = Group(Price(3000, 1050, 1000, 260), FAR)
COLD = Group(
    Price(1000, 1800, 1000, 900, 500), tuple(code for code in REMOTE if code not in ("540000", "650000"))
)
TABLES = ((OWN, NEIGHBOURS, ELSEWHERE, COLD), rates.START, (OWN, NEIGHBOURS, ELSEWHERE))
POINTS = (
    ("青溪镇快递服务站", "老街 8 号，信用社隔壁", "每天 8:00–18:00"),
    ("果园现场", "提前打电话，自己带筐也行", "采果季每天 9:00–16:00"),
)


def seed_prices(shops: list[Shop]) -> None:
    """Seed freight for every shop but two: from one buyers can only fetch, one sells with the freight included."""
    for number, shop in enumerate(shops):
        if number % 6 == 4:
            facts = {"name": POINTS[1][0], "address": shop.address, "hours": POINTS[1][2]}
            add_point(shop, facts, shop.owner)
        elif number % 6 == 5:
            shop.products.update(freight_included=True)
        else:
            rates.replace_rates(shop, TABLES[number % 3], shop.owner)
    seed_seller(shops[0])


def seed_seller(shop: Shop) -> None:
    """Seed 梅姨's own shop: a gross weight and a pick-up point in the town."""
    name, address, hours = POINTS[0]
    facts = {"name": name, "address": f"{shop.place.parent.full_name()}{address}", "hours": hours}
    add_point(shop, facts, shop.owner)
    for product in shop.products.filter(unit=Product.Unit.BOX):
        product.gross_grams = product.net_grams + 400 + product.net_grams // 20
        product.save(update_fields=["gross_grams"])


def seed_offers(timeline: Timeline, shop: Shop) -> None:
    """Seed a gift, a price cut with real deals before it, and a presale of navel oranges."""
    orange, navel = shop.products.get(name="冰糖橙"), shop.products.get(name="脐橙")
    until = timeline.day(-13)
    timeline.add(
        timeline.at(20, "21:00"),
        Gift.objects.create,
        product=orange,
        kind="剥橙器",
        spec="塑料，约 9 厘米",
        number=1,
        limit=f"前 200 箱，送完为止，最晚到 {until.month}月{until.day}日",
        way="放在箱里一起寄",
        value_fen=150,
    )
    timeline.add(timeline.at(6, "20:30"), seed_presale, navel, shop.owner)
    timeline.add(timeline.at(2, "08:10"), cut, orange.pk, shop.owner)


def cut(product_pk: int, actor: User) -> None:
    """Cut to the listed price, before the live of that evening."""
    product = Product.objects.get(pk=product_pk)
    prices.set_price(product, CUT_TO, product.net_grams, product.unit, actor)
    prices.show_earlier(product, True)


def seed_presale(product: Product, actor: User) -> None:
    today = timezone.localdate()
    presales.open_presale(
        product,
        actor,
        quota=120,
        closes_on=today + 12 * DAY,
        ship_by=today + 18 * DAY,
        own_words="先订先发，下雨顺延会打电话说。",
    )
