"""The listing and its script as they stood on air: kept when the live begins, and again when they change while it is on
(直播电商监督管理办法 §16, three years)."""

from __future__ import annotations

import hashlib
import json

from live import rundown, scripts
from live.models import Frozen, Livestream, RundownItem
from live.words import unit_of
from shops.ordering.freezing import product_page


def freeze(live: Livestream, only: int | None = None) -> int:
    """Of a real live, all items or one; says how many pages were not there yet. What stands unchanged is not written twice."""
    if not live.is_real:
        return 0
    items = [item for item in rundown.items_of(live) if only in (None, item.pk)]
    newest = scripts.newest(items)
    rows = [frozen(live, item, newest.get(item.pk)) for item in items]
    there = set(Frozen.objects.filter(livestream=live).values_list("item", "content_hash"))
    new = [row for row in rows if (row.item_id, row.content_hash) not in there]
    Frozen.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def frozen(live: Livestream, item: RundownItem, version) -> Frozen:
    page = product_page(item.product, None) if item.product_id else typed(item)
    page["live_price_fen"] = item.live_price_fen
    lines = scripts.lines(version, item) if version else []
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
