"""The listing and its script as they stood on air: kept when the live begins, and again when they change while it is on
(直播电商监督管理办法 §16, three years)."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction

from live.labels import unit_of
from live.models import Frozen, Livestream, RundownItem
from live.scripts import services
from shops.ordering.freezing import photos_of, product_page


def freeze(live: Livestream, only: int | None = None) -> int:
    """Of a real live, all items or one; says how many pages were not there yet. What stands unchanged is not written twice."""
    if not live.is_real:
        return 0
    items = [item for item in live.load_items() if only in (None, item.pk)]
    newest = services.latest_versions(items)
    rows = [frozen(live, item, newest.get(item.pk)) for item in items]
    there = set(Frozen.objects.filter(livestream=live).values_list("item", "content_hash"))
    new = [row for row in rows if (row.item_id, row.content_hash) not in there]
    with transaction.atomic():
        Frozen.objects.bulk_create(new, ignore_conflicts=True)
        keep_photos(live, new)
    return len(new)


def keep_photos(live: Livestream, new: list[Frozen]) -> None:
    """Hangs the pictures that these pages name on their rows. Two queries, none where nothing is new."""
    named = {(row.item_id, row.content_hash): row.page.get("photos", []) for row in new}
    if not any(named.values()):
        return
    Kept = Frozen.photos.through
    stored = Frozen.objects.filter(livestream=live, content_hash__in=[row.content_hash for row in new])
    links = [
        Kept(frozen_id=pk, photo_id=photo)
        for pk, item, content_hash in stored.values_list("pk", "item", "content_hash")
        for photo in named.get((item, content_hash), [])
    ]
    Kept.objects.bulk_create(links, ignore_conflicts=True)


def frozen(live: Livestream, item: RundownItem, version) -> Frozen:
    page = product_page(item.product, None) if item.product_id else typed(item)
    page["photos"] = photos_of(item.product) if item.product_id else []
    page["live_price_fen"] = item.live_price_fen
    lines = services.readable_parts(version, item) if version else []
    script = {part: text for part, _title, text in lines}
    text = json.dumps([page, script], sort_keys=True, ensure_ascii=False, default=str)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    return Frozen(livestream=live, item=item, page=page, script=script, content_hash=content_hash)


def typed(item: RundownItem) -> dict:
    return {
        "name": item.name,
        "unit": str(unit_of(item).value),
        "net_grams": item.net_grams,
        "price_fen": item.price_fen,
    }


def keep_up() -> None:
    """The worker's round: whatever was changed in a listing while it is being sold on air."""
    for live in Livestream.objects.on_air().filter(kind=Livestream.Kind.REAL):
        freeze(live)
