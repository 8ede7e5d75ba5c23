"""Take snapshots of listings and scripts when a live begins, and again when they change while it is on.

直播电商监督管理办法 §16: they are stored for three years.
"""

from __future__ import annotations

import hashlib
import json

from django.db import transaction

from live.labels import get_unit
from live.models import Frozen, Livestream, RundownItem
from live.scripts import services
from shops.orders.snapshots import freeze_product, list_photos


def take_snapshots(live: Livestream, only: int | None = None) -> int:
    """Take snapshots of all items of a real live, or of one; return how many are new. Unchanged pages are not stored twice."""
    if not live.is_real:
        return 0
    items = [item for item in live.load_items() if only in (None, item.pk)]
    newest = services.find_latest_versions(items)
    rows = [make_snapshot(live, item, newest.get(item.pk)) for item in items]
    existing = set(Frozen.objects.filter(livestream=live).values_list("item", "content_hash"))
    new = [row for row in rows if (row.item_id, row.content_hash) not in existing]
    with transaction.atomic():
        Frozen.objects.bulk_create(new, ignore_conflicts=True)
        link_photos(live, new)
    return len(new)


def link_photos(live: Livestream, new: list[Frozen]) -> None:
    """Link the photos that these pages name to their rows, so that they are not cleaned up. Two queries, none without photos."""
    named = {(row.item_id, row.content_hash): row.page.get("photos", []) for row in new}
    if not any(named.values()):
        return
    Link = Frozen.photos.through
    stored = Frozen.objects.filter(livestream=live, content_hash__in=[row.content_hash for row in new])
    links = [
        Link(frozen_id=pk, photo_id=photo)
        for pk, item, content_hash in stored.values_list("pk", "item", "content_hash")
        for photo in named.get((item, content_hash), [])
    ]
    Link.objects.bulk_create(links, ignore_conflicts=True)


def make_snapshot(live: Livestream, item: RundownItem, version) -> Frozen:
    page = freeze_product(item.product, None) if item.product else build_typed_page(item)
    page["photos"] = list_photos(item.product) if item.product else []
    page["live_price_fen"] = item.live_price_fen
    lines = services.list_readable_parts(version, item) if version else []
    script = {part: text for part, _title, text in lines}
    text = json.dumps([page, script], sort_keys=True, ensure_ascii=False, default=str)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    return Frozen(livestream=live, item=item, page=page, script=script, content_hash=content_hash)


def build_typed_page(item: RundownItem) -> dict:
    return {
        "name": item.name,
        "unit": str(get_unit(item).value),
        "net_grams": item.net_grams,
        "price_fen": item.price_fen,
    }


def refresh_snapshots() -> None:
    """Take snapshots of listings that were changed while on air: a task of the worker."""
    for live in Livestream.objects.on_air().filter(kind=Livestream.Kind.REAL):
        take_snapshots(live)
