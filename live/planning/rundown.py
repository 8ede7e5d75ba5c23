"""Change the rundown: what is shown in which order. It is final once the live begins."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from live.exceptions import RundownFull
from live.locks import bump_version, lock_plan
from live.models import Livestream, RundownItem
from live.readiness import checklist
from live.scripts import services
from shops.models import Product

MAX_ITEMS = 60  # more than can be shown in eight hours


def add_products(live: Livestream, products: Iterable[Product], actor: User) -> list[RundownItem]:
    """Append products that are not in the rundown yet, each with role, minutes, points and script of its last live.

    Unticks the checklist's item for certificates. Raises LiveStarted, RundownFull.
    """
    with transaction.atomic():
        lock_plan(live)
        there = set(live.items.values_list("product", flat=True))
        added = [product for product in dict.fromkeys(products) if product.pk not in there]
        require_space(live, len(added))
        before, last = find_last_items(added), find_last_position(live)
        made = []
        for position, product in enumerate(added, last + 1):
            old = before.get(product.pk)
            facts = (
                {name: getattr(old, name) for name in ("role", "minutes", "talking_points")} if old else {}
            )
            made.append(RundownItem(livestream=live, product=product, position=position, **facts))
            if not old:
                suggest_defaults(live, made[-1], first=position == 1)
        RundownItem.objects.bulk_create(made)
        services.write_first_scripts(live, made, before, actor)
        if made:
            checklist.reopen(live, checklist.Code.PAPERS, actor)
        bump_version(live)
    return made


def add_typed(live: Livestream, facts: dict, actor: User, key: uuid.UUID | None = None) -> RundownItem:
    """Append an item typed by hand, in a rehearsal; the same key again returns the same item."""
    key = key or uuid.uuid4()
    if known := live.items.filter(key=key).first():
        return known
    try:
        with transaction.atomic():
            lock_plan(live)
            require_space(live, 1)
            item = RundownItem(livestream=live, key=key, position=find_last_position(live) + 1)
            suggest_defaults(live, item, first=item.position == 1)
            for name, value in facts.items():
                setattr(item, name, value)
            item.save()
            services.write_first_scripts(live, [item], {}, actor)
            bump_version(live)
    except IntegrityError:
        if known := live.items.filter(key=key).first():
            return known
        raise
    return item


def require_space(live: Livestream, more: int) -> None:
    if live.items.count() + more > MAX_ITEMS:
        raise RundownFull


def find_last_position(live: Livestream) -> int:
    return live.items.aggregate(Max("position"))["position__max"] or 0


def suggest_defaults(live: Livestream, item: RundownItem, first: bool) -> None:
    """Set a new item's defaults: a share of the minutes, the drill's talking points; the first one attracts viewers."""
    share = live.planned_minutes // max(live.drill.products, 1) if live.drill else 8
    item.minutes = min(max(share, 1), 240)
    item.role = RundownItem.Role.CROWD if first and not live.drill_id else RundownItem.Role.EARNER
    if live.drill:
        item.talking_points = str(live.drill.template.get("talking_points") or "")[:500]


def find_last_items(products: list[Product]) -> dict[int, RundownItem]:
    """Return {product id: its newest item in any plan}. One query."""
    rows = RundownItem.objects.filter(product__in=products, livestream__removed_at__isnull=True)
    return {row.product_id: row for row in rows.order_by("id") if row.product_id}


def change_item(item: RundownItem, facts: dict) -> None:
    """Change fields of an item. Raises LiveStarted."""
    with transaction.atomic():
        lock_plan(item.livestream)
        for name, value in facts.items():
            setattr(item, name, value)
        item.save(update_fields=list(facts))
        bump_version(item.livestream)


def remove_item(item: RundownItem) -> None:
    """Remove an item with its script and close the gap. Raises LiveStarted."""
    with transaction.atomic():
        lock_plan(item.livestream)
        RundownItem.objects.filter(pk=item.pk).delete()
        renumber(item.livestream, list(item.livestream.items.order_by("position", "id")))
        bump_version(item.livestream)


def reorder(live: Livestream, pks: list[int]) -> bool:
    """Put all items in this order. Return False and change nothing if `pks` are not exactly its items. Raises LiveStarted."""
    with transaction.atomic():
        lock_plan(live)
        rows = {item.pk: item for item in live.items.all()}
        if len(pks) != len(rows) or set(pks) != set(rows):
            return False
        renumber(live, [rows[pk] for pk in pks])
        bump_version(live)
    return True


def move_item(item: RundownItem, up: bool) -> None:
    """Move an item one step up or down, unless it is at that end. Raises LiveStarted."""
    live = item.livestream
    pks = list(live.items.order_by("position", "id").values_list("pk", flat=True))
    at = pks.index(item.pk)
    to = at - 1 if up else at + 1
    if 0 <= to < len(pks):
        pks[at], pks[to] = pks[to], pks[at]
        reorder(live, pks)


def renumber(live: Livestream, items: list[RundownItem]) -> None:
    moved = [item for place, item in enumerate(items, 1) if item.position != place]
    for place, item in enumerate(items, 1):
        item.position = place
    RundownItem.objects.bulk_update(moved, ["position"])
