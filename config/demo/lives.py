"""Lives of the demo: two that are over, with what was sold in them and made of them, one planned for tomorrow evening, and
one of each neighbour, so that there is something usual in the village. They go the way of every live, only earlier."""

from __future__ import annotations

import datetime
import random
import uuid

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Clearance, User
from live import (
    checklist,
    ending,
    figures,
    locking,
    pinning,
    planning,
    recapping,
    rundown,
    selling,
    slips,
    starting,
)
from live.models import ChecklistTick, Figure, Frozen, LiveSale, Livestream, Pin, QuotaMove, RundownItem, Slip
from shops.models import Product, Shop, StockMove

Name, Code = Figure.Name, ChecklistTick.Code
MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d001")
HOUR, MINUTES = 20, 62
QUOTA = 8
SEEN = {
    9: {Name.SEEN: 9400, Name.VISITS: 2310, Name.WATCH_SECONDS: 58, Name.PEAK: 74, Name.PRODUCT_SEEN: 1020,
        Name.PRODUCT_TAPS: 231},
    2: {Name.SEEN: 12_300, Name.VISITS: 3180, Name.WATCH_SECONDS: 72, Name.PEAK: 96, Name.PRODUCT_SEEN: 1610,
        Name.PRODUCT_TAPS: 402},
}  # fmt: skip
WORDS = {
    9: ("开口先报村名和今天的价。", "切开以后停得太短，下回停五秒。", "换货的时候冷场了，嘴别停。"),
    2: ("过秤时秤面对着镜头，停了三秒。", "二十分钟没再报价，定个闹钟。", "换货讲急了，先把上一款收住。"),
}
SAID = "价报得早，人就留得住。下回把换货那十秒练熟，手动嘴不停。"


def plant_lives(shops: list[Shop], trainer: User) -> None:
    """Into the first shop and its neighbours, once."""
    first, *others = shops
    if Livestream.objects.filter(shop=first).exists():
        return
    for shop in (first, *(one for one in others if one.place_id == first.place_id)):
        cleared(shop.owner)
    with transaction.atomic():
        for days in (9, 2):
            live = held(first, days, goods(first, 3), busy=days)
            figures.say(live, SEEN[days] | told_by_the_platform(live), first.owner)
            recapping.write_words(live, *WORDS[days], by=first.owner)
        recapping.comment(live, SAID, trainer, uuid.uuid5(MARK, "comment"))
        for days, shop in enumerate((one for one in others if one.place_id == first.place_id), 4):
            live = held(shop, days, goods(shop, 2), busy=days)
            visits = 900 + 140 * days
            figures.say(
                live, {Name.VISITS: visits, Name.BUYERS: 9 + days, Name.WATCH_SECONDS: 40 + days}, shop.owner
            )
        planned(first)


def told_by_the_platform(live: Livestream) -> dict[str, int]:
    """What its platform would say of the sales that were keyed in: an order each, two more that nobody paid."""
    sales = live.livesales.filter(undoes=None, undone_by=None).count()
    return {Name.ORDERS: sales + 2, Name.PAID_ORDERS: sales, Name.BUYERS: max(1, sales - 1)}


def goods(shop: Shop, count: int) -> list[Product]:
    return list(shop.products.filter(status=Product.Status.PUBLISHED).order_by("-stock", "id")[:count])


def cleared(owner: User) -> None:
    """As if they had passed the law test a month ago."""
    now = timezone.now()
    Clearance.objects.get_or_create(
        user=owner,
        kind=Clearance.Kind.FIRST_LIVE,
        record="demo",
        defaults={
            "words": "示范：法律课考过了",
            "given_at": now - datetime.timedelta(days=30),
            "valid_until": now + datetime.timedelta(days=335),
        },
    )


def evening(days: int) -> datetime.datetime:
    """Eight o'clock so many days ago."""
    day = timezone.localdate() - datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(HOUR)))


def held(shop: Shop, days: int, products: list[Product], busy: int) -> Livestream:
    """A live of an hour that ended so many days ago, everything in it dated then."""
    start, by = evening(days), shop.owner
    key = uuid.uuid5(MARK, f"{shop.pk}-{days}")
    live = planning.create(
        by, key=key, kind=Livestream.Kind.REAL, shop=shop, products=products, host=by, starts_at=start,
        planned_minutes=60, title="石榴冲的果子，今晚说给您听" if days == 2 else "果园直播，过秤给您看",
    )  # fmt: skip
    items = rundown.items_of(live)
    RundownItem.objects.filter(pk=items[0].pk).update(quota=min(QUOTA, items[0].product.stock))
    for code in Code:
        checklist.tick(live, code, True, by)
    starting.begin(live, rundown.items_of(live), by)
    Livestream.objects.filter(pk=live.pk).update(started_at=start)
    happen(live, items, random.Random(busy), start)
    with transaction.atomic():
        ending.finish(locking.locked(live.pk), by, start + datetime.timedelta(minutes=MINUTES))
    dated(live, start)
    live.refresh_from_db()
    return live


def happen(live: Livestream, items: list[RundownItem], dice: random.Random, start: datetime.datetime) -> None:
    """Each item twice on the table; sales in its minutes, more of the first; one typed wrongly and undone; one slip."""
    by = live.host
    stretch = MINUTES // (2 * len(items))
    for turn in range(2 * len(items)):
        item = items[turn % len(items)]
        at = start + datetime.timedelta(minutes=turn * stretch)
        pinning.pin(item, by, new(live, "pin", turn), at)
        for n in range(dice.randint(2, 7 if item is items[0] else 4)):
            if Product.objects.get(pk=item.product_id).stock < 6:
                break
            moment = at + datetime.timedelta(
                minutes=dice.randint(1, max(2, stretch - 1)), seconds=dice.randint(0, 59)
            )
            selling.sell(item, dice.randint(1, 3), by, new(live, "sale", turn * 10 + n), happened_at=moment)
    wrong = selling.sell(
        items[0], 1, by, new(live, "wrong", 0), happened_at=start + datetime.timedelta(minutes=15)
    )
    selling.undo(wrong, by, new(live, "undo", 0), start + datetime.timedelta(minutes=16))
    said = start + datetime.timedelta(minutes=23)
    slips.note(
        live, "说成“最甜”", "糖度 13.2 度，量过的", by, new(live, "slip", 0), item=items[0], happened_at=said
    )


def new(live: Livestream, what: str, number: int) -> uuid.UUID:
    return uuid.uuid5(live.key, f"{what}-{number}")


def dated(live: Livestream, start: datetime.datetime) -> None:
    """What the server wrote down now, as if it had been then."""
    for model in (Pin, LiveSale, Slip):
        model.objects.filter(livestream=live).update(received_at=F("happened_at"))
    end = start + datetime.timedelta(minutes=MINUTES)
    Frozen.objects.filter(livestream=live).update(at=start)
    ChecklistTick.objects.filter(livestream=live).update(at=start - datetime.timedelta(minutes=20))
    moves = QuotaMove.objects.filter(item__livestream=live)
    moves.update(at=end)
    live_reasons = [reason for reason in StockMove.Reason.values if reason.startswith("live")]
    products = live.items.values("product")
    today = timezone.now() - datetime.timedelta(hours=1)
    StockMove.objects.filter(product__in=products, reason__in=live_reasons, at__gt=today).update(at=end)


def planned(shop: Shop) -> None:
    """Tomorrow evening: three things on the rundown, half of the checklist done."""
    by = shop.owner
    live = planning.create(
        by, key=uuid.uuid5(MARK, "planned"), kind=Livestream.Kind.REAL, shop=shop, products=goods(shop, 3), host=by,
        starts_at=evening(-1), planned_minutes=60, title="周末专场，边切边过秤",
    )  # fmt: skip
    for code in (Code.PAPERS, Code.CARD, Code.IDENTITY, Code.SOUND):
        checklist.tick(live, code, True, by)
