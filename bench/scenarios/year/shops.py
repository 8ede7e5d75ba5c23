"""The shops of the year: orders with their steps, live sessions with their sales and refunds, costs and corrections."""

from __future__ import annotations

import datetime
import random
import uuid

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import Membership, Place, User
from bench.scenarios.year.county import FIRST, LAST, Year, at, grant, list_months, make_id
from demo.seed.sales.orders import make_parcel_number, sent_for
from demo.seed.timeline import clock_at
from live.models import LiveSale, Livestream, RundownItem
from live.on_air import lifecycle, sales
from shops.inventory import stock
from shops.ledger import entries
from shops.models import Category, FreightRate, LedgerEntry, Order, OrderEvent, Product, Shop
from shops.orders import transitions
from shops.orders.placement import place_order
from shops.orders.request import OrderRequest
from shops.pricing import prices

GOODS = (("冰糖橙", 2500, 2990), ("香柚", 5000, 3980), ("椪柑", 2500, 2590))


def plan_shops(year: Year) -> None:
    """People of the earliest classes open shops when their class has ended; orders and live sales spread over what is left."""
    size, dice = year.size, year.dice
    owners = year.people[
        : max(size.shops, len(year.people) // 3) : max(1, len(year.people) // 3 // size.shops)
    ][: size.shops]
    opened = []
    for number, owner in enumerate(owners):
        cohort = next(one for one in year.cohorts if one.pk == find_class(year, owner))
        day = cohort.ends_on + datetime.timedelta(days=1 + number % 9)
        village = year.villages[year.people.index(owner) % len(year.villages)]
        with clock_at(at(day, "09:00")):
            shop = open_shop(year, owner, village, number)
        year.shops.append(shop)
        opened.append((shop, day))
    for n in range(size.orders):
        year.shop = n % len(opened)
        plan_order(year, *opened[year.shop], n)
    for n in range(size.lives):
        year.shop = n % len(opened)
        plan_live(year, *opened[year.shop], n)
    for year.shop, (shop, day) in enumerate(opened):
        for month in list_months():
            if month > day:
                plan_costs(year, shop, month, dice)
    year.shop = None


def find_class(year: Year, person: User) -> int:
    place = year.people.index(person)
    bounds = [year.size.trainees * (n + 1) // year.size.cohorts for n in range(year.size.cohorts)]
    return year.cohorts[next(n for n, bound in enumerate(bounds) if place < bound)].pk


def open_shop(year: Year, owner: User, village: Place, number: int) -> Shop:
    grant(owner, village, Membership.Role.SELLER)
    shop = Shop.objects.create(
        slug=f"year-{number}", place=village, owner=owner, name=f"{owner.name}的果园", seller="person",
        legal_name=owner.name, sources="own", exemption="own", contact=owner.phone, address=village.full_name(),
    )  # fmt: skip
    FreightRate.objects.create(
        shop=shop, province="430000", first_grams=1000, first_fen=600, step_grams=1000, step_fen=150
    )
    category = Category.objects.filter(name="橙子").first() or Category.objects.create(name="橙子")
    for name, grams, fen in GOODS:
        product = Product.objects.create(
            shop=shop, category=category, name=name, unit=Product.Unit.BOX, net_grams=grams, price_fen=fen,
            stock=1_000_000, harvest_from=FIRST, harvest_until=LAST, grower=Product.Grower.OWN,
            status=Product.Status.PUBLISHED, listed_at=timezone.now(), created_by=owner,
        )  # fmt: skip
        prices.log_price(product, owner)
        stock.record_first_stock(product, owner)
    # In the order of GOODS; the function that places an order reads what it needs again.
    prefetch_related_objects([shop], Prefetch("products", Product.objects.order_by("pk")))
    return shop


def pick_moment(year: Year, since: datetime.date, spare: int) -> datetime.datetime:
    """Return some hour between the day after `since` and `spare` days before the year's end."""
    days = max(1, (LAST - since).days - spare)
    day = since + datetime.timedelta(days=1 + year.dice.randrange(days))
    return at(day, f"{year.dice.randrange(8, 22):02d}:{year.dice.randrange(60):02d}")


def plan_order(year: Year, shop: Shop, since: datetime.date, number: int) -> None:
    """Nine of ten orders are received; of the others some are cancelled, refunded whole, or still on their way."""
    dice = year.dice
    moment, key = pick_moment(year, since, 0), make_id("order", number)
    lines = [(dice.randrange(len(GOODS)), year.size.boxes * dice.choice((1, 1, 1, 2, 3)))]
    year.add(moment, place, shop, key, lines, number)
    fate = dice.random()
    ways: tuple[tuple[float, str, tuple], ...]
    if fate < 0.90:
        ways = ((1, "accept", ()), (3, "pay", ()), (20, "pack", ()), (22, "ship", ()), (70, "receive", ()))
    elif fate < 0.94:
        ways = ((2, "decline", ("下雨，采不了。",)),)
    elif fate < 0.98:
        ways = ((1, "accept", ()), (3, "pay", ()), (30, "refund", ("采不了，退您。",)))
    else:
        ways = ((1, "accept", ()), (3, "pay", ()))
    for hours, name, rest in ways:
        year.add(moment + datetime.timedelta(hours=hours), take_step, key, shop.owner, name, *rest)


# What the steps read of the order that they are given; each reads the rest under its lock.
READ = (
    "key", "number", "shop_id", "point_id", "status", "parcel", "phone", "total_fen", "net_grams", "gross_grams", "placed_at",
    "expires_at", "accepted_at",
)  # fmt: skip


def take_step(order_key: uuid.UUID, seller: User, name: str, *rest: str) -> None:
    order = Order.objects.only(*READ).get(key=order_key)
    key = uuid.uuid5(order_key, name)
    if name == "accept":
        transitions.accept(order, seller, key)
    elif name == "decline":
        transitions.decline(order, seller, key, *rest)
    elif name == "pay":
        transitions.mark_paid(order, seller, key, order.total_fen)
    elif name == "pack":
        transitions.pack(order, seller, key, order.gross_grams + 120)
    elif name == "ship":
        transitions.ship(order, seller, key, "邮政", make_parcel_number(order), sent_for(order))
    elif name == "receive":
        transitions.receive(order, OrderEvent.By.BUYER, None, key)
    else:
        transitions.refund_all(order, seller, key, *rest)


def place(shop: Shop, key: uuid.UUID, lines: list[tuple[int, int]], number: int) -> None:
    wanted = [(shop.products.all()[which], count) for which, count in lines]
    place_order(
        OrderRequest(
            shop=shop, lines=[(product, count, product.price_fen) for product, count in wanted], buyer="陈小禾",
            phone=f"+86157{number:08d}", phone_verified=True, province="430000", city="430100", county="430104",
            region="湖南省长沙市岳麓区", address="麓山路 1 号", perishable_ok=True,
        ),
        key,
    )  # fmt: skip


def plan_live(year: Year, shop: Shop, since: datetime.date, number: int) -> None:
    """An hour on air with some sales, one of which is undone; a refund three days later in one of five."""
    start, key, dice = pick_moment(year, since, 1), make_id("live", number), year.dice
    minute = datetime.timedelta(minutes=1)
    year.add(start - 60 * minute, plan_air, shop, key, start)
    year.add(start, begin_air, key, shop.owner)
    for n in range(year.size.sales_a_live):
        units = year.size.boxes * dice.choice((1, 1, 2, 3))
        year.add(start + (2 + n) * minute, sell, key, shop.owner, n % len(GOODS), units, make_id(key, n))
    year.add(start + 40 * minute, undo, make_id(key, 0), shop.owner)
    year.add(start + 62 * minute, lambda: lifecycle.end_live(Livestream.objects.get(key=key), shop.owner))
    if number % 5 == 0:
        year.add(start + datetime.timedelta(days=3), give_back, key, shop.owner)


def plan_air(shop: Shop, key: uuid.UUID, start: datetime.datetime) -> None:
    live = Livestream.objects.create(
        key=key, kind=Livestream.Kind.REAL, shop=shop, place=shop.place, host=shop.owner, title="果园直播", starts_at=start,
        made_by=shop.owner,
    )  # fmt: skip
    for position, product in enumerate(shop.products.order_by("pk"), 1):
        RundownItem.objects.create(livestream=live, product=product, position=position, quota=500)


def begin_air(key: uuid.UUID, owner: User) -> None:
    """Go on air without the checklist, which looks at films and papers."""
    live = Livestream.objects.select_related("shop__owner", "host", "place").get(key=key)
    lifecycle.begin(live, live.load_items(), owner)


def sell(key: uuid.UUID, owner: User, which: int, units: int, event: uuid.UUID) -> None:
    """Key in a sale; the function reads the item again, so that its number is enough here."""
    item = RundownItem.objects.only("pk").get(livestream__key=key, position=which + 1)
    sales.record_sale(item, units, owner, event)


def undo(event: uuid.UUID, owner: User) -> None:
    sale = LiveSale.objects.select_related(
        "item__product", "item__livestream__shop__owner", "livestream"
    ).get(event_id=event)
    sales.undo_sale(sale, owner, uuid.uuid5(event, "undo"))


def give_back(key: uuid.UUID, owner: User) -> None:
    """A buyer of one box gets the money back and keeps it."""
    live = Livestream.objects.get(key=key)
    item = live.items.select_related("product").order_by("position")[0]
    assert item.product is not None
    sales.record_refund(live, item.product.price_fen, owner, uuid.uuid5(key, "back"), item=item, quantity=1)


def plan_costs(year: Year, shop: Shop, month: datetime.date, dice: random.Random) -> None:
    """Boxes each month; every fourth entry is corrected in the next month, after its own has closed."""
    day = month.replace(day=5)
    fen = -dice.randrange(2_000, 60_000)
    key = make_id("boxes", shop.slug, month)
    facts = {"on": day, "actor": shop.owner, "key": key, "note": "纸箱"}
    year.add(at(day, "21:00"), lambda: entries.write(shop, LedgerEntry.Kind.BOXES, fen, **facts))
    if dice.randrange(4) == 0:
        right = {
            "kind": LedgerEntry.Kind.BOXES,
            "fen": fen // 2,
            "on": day,
            "note": "记多了一倍",
            "villager": None,
        }
        later = at((month + datetime.timedelta(days=35)).replace(day=3), "20:00")
        year.add(later, correct, key, shop.owner, right)


def correct(key: uuid.UUID, owner: User, right: dict) -> None:
    entry = LedgerEntry.objects.select_related("shop__owner").get(key=key)
    entries.correct(entry, owner, uuid.uuid5(key, "right"), "记错了", right)
