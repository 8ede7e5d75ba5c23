"""What is kept of a real live for three years, in one zip with a manifest of hashes (直播电商监督管理办法 §16, §27–31;
电子商务法 §31): the plan, each version of the scripts, the checklist, corrections, pins, prices, sales, the listings as
they stood, who sold and who spoke, the figures with their files, and the replay."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from django.core.files.storage import storages
from django.utils import timezone

from accounts.exporting import lines as csv_lines
from live.models import Livestream
from shops.ordering import freezing

BLOCK = 1 << 20
# A zip knows no earlier day, and the same rows make the same bytes.
DATED = (1980, 1, 1, 0, 0, 0)
FORMAT = "new-farmwork-evidence-1"


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode() + b"\n"


def plan_of(live: Livestream) -> dict:
    fields = (
        "kind", "title", "platform", "platform_url", "starts_at", "planned_minutes", "started_at", "ended_at", "replay_url",
    )  # fmt: skip
    people = {role: named(getattr(live, role)) for role in ("host", "mentor", "started_by", "ended_by")}
    return {name: getattr(live, name) for name in fields} | people | {"place": live.place.full_name()}


def named(person) -> dict | None:
    return person and {"id": person.pk, "name": person.name}


def rundown_of(live: Livestream) -> list[dict]:
    return [
        {
            "item": item.pk,
            "position": item.position,
            "product": item.product_id,
            "name": str(item),
            "role": item.role,
            "minutes": item.minutes,
            "live_price_fen": item.live_price_fen,
            "quota": item.quota,
            "talking_points": item.talking_points,
        }
        for item in live.items.select_related("product")
    ]


def scripts_of(live: Livestream) -> list[dict]:
    from live.models import ScriptVersion

    rows = ScriptVersion.objects.filter(item__livestream=live).select_related("made_by", "check_made")
    return [
        {
            "item": row.item_id,
            "version": row.number,
            "parts": row.parts,
            "hash": row.text_hash,
            "by": named(row.made_by),
            "at": row.made_at,
            "checked": row.check_made
            and {
                "rules_of": row.check_made.rules_date,
                "text_hash": row.check_made.text_hash,
                "findings": row.check_made.findings,
                "decision": row.check_made.decision,
            },
        }
        for row in rows.order_by("item", "number")
    ]


def told(rows, *fields: str) -> list[dict]:
    """Rows of live.models.air: what, who, when by the phone and when by the server."""
    always = ("event_id", "happened_at", "received_at")
    return [
        {name: getattr(row, name) for name in (*always, *fields)} | {"by": named(row.by)}
        for row in rows.select_related("by").order_by("id")
    ]


def ticks_of(live: Livestream) -> list[dict]:
    rows = live.ticks.select_related("by").order_by("id")
    return [
        {
            "code": row.code,
            "text": str(row.get_code_display()),
            "done": row.is_done,
            "by": named(row.by),
            "at": row.at,
        }
        for row in rows
    ]


def frozen_of(live: Livestream) -> list[dict]:
    rows = live.frozen.order_by("id")
    return [
        {"item": row.item_id, "at": row.at, "hash": row.content_hash, "page": row.page, "script": row.script}
        for row in rows
    ]


def sales_of(live: Livestream) -> bytes:
    head = ("id", "item", "name", "quantity", "price_fen", "fen", "from_quota", "from_stock", "oversold", "undoes", "by",
            "happened_at", "received_at")  # fmt: skip
    rows = live.livesales.select_related("item__product", "by", "undoes").order_by("id")
    return "".join(
        csv_lines(
            head,
            (
                (
                    row.event_id, row.item_id, str(row.item), row.quantity, row.price_fen, row.fen, row.from_quota,
                    row.from_stock, row.oversold, row.undoes and row.undoes.event_id, row.by and row.by.name,
                    row.happened_at.isoformat(), row.received_at.isoformat(),
                )
                for row in rows
            ),
        )
    ).encode()  # fmt: skip


def figures_of(live: Livestream) -> list[dict]:
    rows = live.figures.select_related("by", "source").order_by("id")
    return [
        {
            "name": row.name, "minute": row.minute, "value": row.value, "by": named(row.by), "at": row.at,
            "file": row.source and row.source.sha256,
        }
        for row in rows
    ]  # fmt: skip


def texts(live: Livestream) -> Iterator[tuple[str, bytes]]:
    yield "plan.json", as_json(plan_of(live))
    yield "rundown.json", as_json(rundown_of(live))
    yield "scripts.json", as_json(scripts_of(live))
    yield "checklist.json", as_json(ticks_of(live))
    yield "listings.json", as_json(frozen_of(live))
    yield "pins.json", as_json(told(live.pins, "item_id"))
    yield "corrections.json", as_json(told(live.slips, "item_id", "said", "right"))
    yield "prices.json", as_json(told(live.flashprices, "item_id", "price_fen", "until", "stopped_at"))
    yield "sales.csv", sales_of(live)
    yield "settlements.json", as_json(told(live.settlements, "item_id", "quantity", "how", "fen", "note"))
    yield "refunds.json", as_json(told(live.liverefunds, "item_id", "quantity", "fen", "is_back", "note"))
    yield "figures.json", as_json(figures_of(live))
    if live.shop_id:
        yield "seller.json", as_json(freezing.shop_page(live.shop, None))


def stored(live: Livestream) -> Iterator[tuple[str, str]]:
    """Files of the private storage: their names in the zip and there."""
    for row in live.imports.order_by("id"):
        yield f"exports/{row.pk}-{row.sha256[:12]}", row.stored
    if live.replay_id and live.replay.is_ready:
        rung = "480" if live.replay.bytes_of("480") else "240"
        yield "replay.mp4", live.replay.name_of(f"{rung}.mp4")


def write(live: Livestream, target: BinaryIO) -> dict:
    """The whole zip into `target`; its manifest. Text is packed, films are stored as they are."""
    listed: dict[str, dict] = {}
    missing: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in texts(live):
            archive.writestr(zipfile.ZipInfo(name, DATED), content, zipfile.ZIP_DEFLATED)
            listed[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, kept in stored(live):
            try:
                listed[name] = copy(archive, name, kept)
            except FileNotFoundError:
                missing.append(name)
        manifest = {
            "format": FORMAT,
            "livestream": live.pk,
            "title": live.title,
            "made_at": timezone.now(),
            "keep_until": keep_until(live),
            "replay": live.replay_url or ("replay.mp4" if "replay.mp4" in listed else ""),
            "missing": missing,
            "files": listed,
        }
        archive.writestr(zipfile.ZipInfo("manifest.json", DATED), as_json(manifest), zipfile.ZIP_DEFLATED)
    return manifest


def copy(archive: zipfile.ZipFile, name: str, kept: str) -> dict:
    digest, size = hashlib.sha256(), 0
    with (
        storages["private"].open(kept) as source,
        archive.open(zipfile.ZipInfo(name, DATED), "w", force_zip64=True) as to,
    ):
        while block := source.read(BLOCK):
            to.write(block)
            digest.update(block)
            size += len(block)
    return {"bytes": size, "sha256": digest.hexdigest()}


def keep_until(live: Livestream):
    """Three years after it ended; of leap days the kinder one."""
    end = timezone.localdate(live.over_at)
    try:
        return end.replace(year=end.year + 3)
    except ValueError:
        return end.replace(year=end.year + 3, month=3, day=1)
