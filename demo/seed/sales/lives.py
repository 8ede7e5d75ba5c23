"""Seed lives: three past ones of the first shop, with sales, figures and a recap; one of each neighbour, so that a village
average exists; one planned for tomorrow evening, and a cancelled one.
"""

from __future__ import annotations

import datetime
import random
import uuid

from django.utils import timezone

from accounts.models import User
from demo.seed.timeline import Timeline
from live.models import ChecklistTick, Figure, Livestream, RundownItem
from live.on_air import host_actions, lifecycle
from live.on_air.sales import record_sale, undo_sale
from live.planning import plans
from live.readiness import checklist
from live.recap import figures, notes
from live.scripts import services
from shops.models import Product, Shop

Name, Code = Figure.Name, ChecklistTick.Code
MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d001")
EVENING, MINUTES, QUOTA = "20:00", 62, 8
# Days ago: title, the platform's figures, and the notes of the recap.
HELD = {
    36: ("第一次开播，讲我家的橙子",
         {Name.SEEN: 6100, Name.VISITS: 1480, Name.WATCH_SECONDS: 41, Name.PEAK: 52, Name.PRODUCT_SEEN: 690,
          Name.PRODUCT_TAPS: 118},
         ("秤摆在镜头前，没人问够不够秤。", "头十分钟没报价，走了一半人。", "声音小，手机离远了。")),
    9: ("果园直播，过秤给您看",
        {Name.SEEN: 9400, Name.VISITS: 2310, Name.WATCH_SECONDS: 58, Name.PEAK: 74, Name.PRODUCT_SEEN: 1020,
         Name.PRODUCT_TAPS: 231},
        ("开口先报村名和今天的价。", "切开以后停得太短，下回停五秒。", "换货的时候冷场了，嘴别停。")),
    2: ("石榴冲的果子，今晚说给您听",
        {Name.SEEN: 12_300, Name.VISITS: 3180, Name.WATCH_SECONDS: 72, Name.PEAK: 96, Name.PRODUCT_SEEN: 1610,
         Name.PRODUCT_TAPS: 402},
        ("过秤时秤面对着镜头，停了三秒。", "二十分钟没再报价，定个闹钟。", "换货讲急了，先把上一款收住。")),
}  # fmt: skip
# The most sales while the first item is featured; growing from live to live.
BUSY = {36: 5, 9: 6, 2: 9}
REMARK = "价报得早，人就留得住。下回把换货那十秒练熟，手动嘴不停。"
ANSWER = "好，明晚之前在家对着秤再练两遍。"
NEXT = "周末专场，边切边过秤"
CALLED_OFF = "雨天加播一场"


def seed_lives(timeline: Timeline, shops: list[Shop], trainer: User) -> None:
    first, *others = shops
    for days, (title, seen, words) in HELD.items():
        seed_live(timeline, first, days, title, 3, seen, words)
    timeline.add(timeline.at(1, "08:50"), comment, first, 2, REMARK, trainer)
    timeline.add(timeline.at(1, "12:40"), comment, first, 2, ANSWER, first.owner)
    near = [shop for shop in others if shop.place_id == first.place_id]
    for days, shop in enumerate(near, 4):
        usual = {Name.VISITS: 900 + 140 * days, Name.BUYERS: 9 + days, Name.WATCH_SECONDS: 40 + days}
        seed_live(timeline, shop, days, "自家果园，现采现播", 2, usual)
    timeline.add(timeline.at(1, "21:10"), plan_next, first, timeline.at(-1, EVENING))
    timeline.add(timeline.at(4, "19:20"), call_off, first, timeline.at(3, EVENING))


def seed_live(
    timeline: Timeline, shop: Shop, days: int, title: str, count: int, seen: dict, words=()
) -> None:
    """Seed a live: planned two days before, checked before it began, an hour of sales, a recap the next morning."""
    start, key = timeline.at(days, EVENING), make_key(shop, days)
    later = datetime.timedelta
    timeline.add(start - later(days=2, hours=0.5), plan, shop, key, title, count, start)
    timeline.add(start - later(minutes=20), tick, key, shop.owner, Code)
    timeline.add(start, lambda: lifecycle.start_live(get_live(key), shop.owner))
    seed_sales(timeline, shop, key, start, count, BUSY.get(days, 6))
    timeline.add(start + later(minutes=MINUTES), lambda: lifecycle.end_live(get_live(key), shop.owner))
    timeline.add(timeline.at(days - 1, "07:20"), write_recap, shop, key, seen, words)


def make_key(shop: Shop, days: int) -> uuid.UUID:
    return uuid.uuid5(MARK, f"{shop.slug}-{days}")


def get_live(key: uuid.UUID) -> Livestream:
    return Livestream.objects.select_related("shop__owner", "shop__place", "host", "place", "drill").get(
        key=key
    )


def find_goods(shop: Shop, count: int) -> list[Product]:
    """Return products with much stock; the oranges first for the first shop."""
    found = shop.products.filter(status=Product.Status.PUBLISHED, presales=None)
    return list(found.order_by("-stock", "id")[:count])


def plan(shop: Shop, key: uuid.UUID, title: str, count: int, start: datetime.datetime) -> Livestream:
    by = shop.owner
    live = plans.create_plan(
        by, key=key, kind=Livestream.Kind.REAL, shop=shop, products=find_goods(shop, count), host=by, starts_at=start,
        planned_minutes=60, title=title,
    )  # fmt: skip
    items = live.load_items()
    RundownItem.objects.filter(pk=items[0].pk).update(quota=min(QUOTA, items[0].product.stock))
    RundownItem.objects.filter(livestream=live).update(minutes=60 // count)
    for item in items:
        if not services.find_latest_versions([item]):
            services.save_version(item, services.make_starting_parts(live, item), by)
    return live


def tick(key: uuid.UUID, by: User, codes) -> None:
    for code in codes:
        checklist.tick_line(get_live(key), code, True, by)


def seed_sales(
    timeline: Timeline, shop: Shop, key: uuid.UUID, start: datetime.datetime, count: int, busy: int
) -> None:
    """Feature each item twice; up to `busy` sales of the first and fewer of the others in its minutes, one wrong sale that
    is undone, one correction.
    """
    dice = random.Random(key.int)
    stretch = MINUTES // (2 * count)
    minute = datetime.timedelta(minutes=1)
    for turn in range(2 * count):
        at = start + turn * stretch * minute
        timeline.add(at, pin, key, turn % count, uuid.uuid5(key, f"pin-{turn}"))
        for n in range(dice.randint(2, busy if turn % count == 0 else busy - 3)):
            moment = (
                at
                + dice.randint(1, max(2, stretch - 1)) * minute
                + datetime.timedelta(seconds=dice.randint(0, 59))
            )
            units = dice.choice((1, 1, 1, 2, 2, 3))
            timeline.add(moment, sell, key, turn % count, units, uuid.uuid5(key, f"sale-{turn * 10 + n}"))
    timeline.add(start + 15 * minute, sell, key, 0, 1, uuid.uuid5(key, "wrong"))
    timeline.add(start + 16 * minute, undo, key, shop.owner)
    timeline.add(start + 23 * minute, slip, key, shop.owner)


def get_item(key: uuid.UUID, number: int) -> RundownItem:
    """Return the item at this place of the rundown, with its product and the live's host. One query."""
    items = RundownItem.objects.select_related("product", "livestream__host").order_by("position", "id")
    return items.filter(livestream__key=key)[number]


def pin(key: uuid.UUID, number: int, event: uuid.UUID) -> None:
    item = get_item(key, number)
    host_actions.feature_item(item, item.livestream.host, event, timezone.now())


def sell(key: uuid.UUID, number: int, units: int, event: uuid.UUID) -> None:
    """Sell, but never the last boxes of a product."""
    item = get_item(key, number)
    if item.product.stock >= 6:
        record_sale(item, units, item.livestream.host, event, happened_at=timezone.now())


def undo(key: uuid.UUID, by: User) -> None:
    wrong = get_live(key).livesales.filter(event_id=uuid.uuid5(key, "wrong")).first()
    if wrong:
        undo_sale(wrong, by, uuid.uuid5(key, "undo"), timezone.now())


def slip(key: uuid.UUID, by: User) -> None:
    words = ("说成“最甜”", "糖度 13.2 度，量过的")
    host_actions.record_correction(
        get_live(key), *words, by, uuid.uuid5(key, "slip"), item=get_item(key, 0), happened_at=timezone.now()
    )


def write_recap(shop: Shop, key: uuid.UUID, seen: dict, words: tuple) -> None:
    live = get_live(key)
    figures.write_figures(live, seen | build_platform_figures(live) | seen, shop.owner)
    if words:
        notes.write_notes(live, *words, by=shop.owner)


def build_platform_figures(live: Livestream) -> dict[str, int]:
    """Return the platform's figures for the entered sales: an order each, and two more that were not paid."""
    sales = live.livesales.filter(undoes=None, undone_by=None).count()
    return {Name.ORDERS: sales + 2, Name.PAID_ORDERS: sales, Name.BUYERS: max(1, sales - 1)}


def comment(shop: Shop, days: int, text: str, author: User) -> None:
    notes.add_comment(get_live(make_key(shop, days)), text, author, uuid.uuid5(MARK, text))


def plan_next(shop: Shop, start: datetime.datetime) -> None:
    """Plan three items, with half of the checklist ticked."""
    live = plan(shop, uuid.uuid5(MARK, "planned"), NEXT, 3, start)
    tick(live.key, shop.owner, (Code.PAPERS, Code.CARD, Code.IDENTITY, Code.SOUND))


def call_off(shop: Shop, start: datetime.datetime) -> None:
    live = plan(shop, uuid.uuid5(MARK, "called off"), CALLED_OFF, 2, start)
    plans.remove_plan(live)
