"""The rundown: what is shown in which order. Changed until the live begins; then it stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum

from accounts.models import User
from live import checklist
from live.exceptions import RundownFull
from live.locks import bump_version, lock_plan
from live.models import Livestream, RundownItem
from shops.models import Product

# As many as anybody shows in eight hours.
MOST = 60
FACTS = ("role", "minutes", "live_price_fen", "quota", "talking_points")
TYPED = ("name", "unit", "net_grams", "price_fen")


def items_of(live: Livestream) -> list[RundownItem]:
    """In their order, each with all that a page or a script says of it. Two queries; the shop is the live's."""
    rows = live.items.select_related("product__cover", "product__batch", "product__category")
    found = list(rows.prefetch_related("product__presales").order_by("position", "id"))
    for item in found:
        item.livestream = live
        if item.product_id and item.product.shop_id == live.shop_id and live.shop_id:
            item.product.shop = live.shop
    return found


def minutes(live: Livestream) -> int:
    return live.items.aggregate(Sum("minutes"))["minutes__sum"] or 0


def add(live: Livestream, products: Iterable[Product], actor: User) -> list[RundownItem]:
    """Puts these at the end, each once, with its role, minutes and points as they were the last time it was shown.

    May be repeated. A script comes along (scripts.begin), and the tick for papers is taken back.
    Raises LiveStarted, RundownFull.
    """
    from live import scripts

    with transaction.atomic():
        lock_plan(live)
        there = set(live.items.values_list("product", flat=True))
        fresh = [product for product in dict.fromkeys(products) if product.pk not in there]
        refuse_too_many(live, len(fresh))
        before, last = last_times(fresh), end_of(live)
        made = []
        for position, product in enumerate(fresh, last + 1):
            old = before.get(product.pk)
            facts = (
                {name: getattr(old, name) for name in ("role", "minutes", "talking_points")} if old else {}
            )
            made.append(RundownItem(livestream=live, product=product, position=position, **facts))
            if not old:
                fit(live, made[-1], first=position == 1)
        RundownItem.objects.bulk_create(made)
        scripts.begin(live, made, before, actor)
        if made:
            checklist.open_again(live, checklist.Code.PAPERS, actor)
        bump_version(live)
    return made


def add_typed(live: Livestream, facts: dict, actor: User, key: uuid.UUID | None = None) -> RundownItem:
    """Something that is no product, in a rehearsal. Sent again under the same key it is the same one."""
    from live import scripts

    key = key or uuid.uuid4()
    if known := live.items.filter(key=key).first():
        return known
    try:
        with transaction.atomic():
            lock_plan(live)
            refuse_too_many(live, 1)
            item = RundownItem(livestream=live, key=key, position=end_of(live) + 1)
            fit(live, item, first=item.position == 1)
            for name, value in facts.items():
                setattr(item, name, value)
            item.save()
            scripts.begin(live, [item], {}, actor)
            bump_version(live)
    except IntegrityError:
        if known := live.items.filter(key=key).first():
            return known
        raise
    return item


def refuse_too_many(live: Livestream, more: int) -> None:
    if live.items.count() + more > MOST:
        raise RundownFull


def end_of(live: Livestream) -> int:
    return live.items.aggregate(Max("position"))["position__max"] or 0


def fit(live: Livestream, item: RundownItem, first: bool) -> None:
    """A first guess: the plan's minutes shared out, the first to draw people in, the drill's points."""
    share = live.planned_minutes // max(live.drill.products, 1) if live.drill_id else 8
    item.minutes = min(max(share, 1), 240)
    item.role = RundownItem.Role.CROWD if first and not live.drill_id else RundownItem.Role.EARNER
    if live.drill_id:
        item.talking_points = str(live.drill.template.get("talking_points") or "")[:500]


def last_times(products: list[Product]) -> dict[int, RundownItem]:
    """The newest item of each in any earlier plan of the same shop. One query."""
    rows = RundownItem.objects.filter(product__in=products, livestream__removed_at__isnull=True)
    return {row.product_id: row for row in rows.order_by("id")}


def change(item: RundownItem, facts: dict) -> None:
    """Raises LiveStarted."""
    with transaction.atomic():
        lock_plan(item.livestream)
        for name, value in facts.items():
            setattr(item, name, value)
        item.save(update_fields=list(facts))
        bump_version(item.livestream)


def remove(item: RundownItem) -> None:
    """With its script; what is left closes up. Raises LiveStarted."""
    with transaction.atomic():
        lock_plan(item.livestream)
        RundownItem.objects.filter(pk=item.pk).delete()
        number(item.livestream, list(item.livestream.items.order_by("position", "id")))
        bump_version(item.livestream)


def order(live: Livestream, pks: list[int]) -> bool:
    """All of its items in this order; False, and nothing changes, where these are not all of them. Raises LiveStarted."""
    with transaction.atomic():
        lock_plan(live)
        rows = {item.pk: item for item in live.items.all()}
        if len(pks) != len(rows) or set(pks) != set(rows):
            return False
        number(live, [rows[pk] for pk in pks])
        bump_version(live)
    return True


def move(item: RundownItem, up: bool) -> None:
    """One step; at the end nothing. Raises LiveStarted."""
    live = item.livestream
    pks = list(live.items.order_by("position", "id").values_list("pk", flat=True))
    at = pks.index(item.pk)
    to = at - 1 if up else at + 1
    if 0 <= to < len(pks):
        pks[at], pks[to] = pks[to], pks[at]
        order(live, pks)


def number(live: Livestream, items: list[RundownItem]) -> None:
    moved = [item for place, item in enumerate(items, 1) if item.position != place]
    for place, item in enumerate(items, 1):
        item.position = place
    RundownItem.objects.bulk_update(moved, ["position"])
