"""Write the evidence of a real live: one zip with a manifest of hashes, stored for three years.

直播电商监督管理办法 §16, §27–31; 电子商务法 §31. It holds the plan, all versions of the scripts, the checklist, corrections,
featured items, prices, sales, snapshots of the listings with their photos, seller and host, the figures with their files,
and the replay. `index.html` is for people, `tables/` for a spreadsheet (local times, yuan), the rest for programs (UTC,
fen).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from django.core.files.storage import default_storage, storages
from django.core.files.storage.base import Storage
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.backoffice.export import write_lines as csv_lines
from live import tables
from live.models import Frozen, Livestream, RundownItem, ScriptVersion
from live.on_air import ledger
from live.scripts import services
from media.models import Photo
from shops.orders import snapshots

BLOCK = 1 << 20
# The first day that a zip can store, so that the same rows make the same bytes.
DATED = (1980, 1, 1, 0, 0, 0)
FORMAT = "new-farmwork-evidence-2"
# Number of rows of a table on the cover; its file has all.
MOST_ROWS = 100


def encode_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode() + b"\n"


def describe_plan(live: Livestream) -> dict:
    fields = (
        "kind", "title", "platform", "platform_url", "starts_at", "planned_minutes", "started_at", "ended_at", "replay_url",
    )  # fmt: skip
    people = {
        role: describe_person(getattr(live, role)) for role in ("host", "mentor", "started_by", "ended_by")
    }
    return {name: getattr(live, name) for name in fields} | people | {"place": live.place.full_name()}


def describe_person(person) -> dict | None:
    return person and {"id": person.pk, "name": person.name}


def list_rundown(live: Livestream) -> list[dict]:
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


def list_scripts(live: Livestream) -> list[dict]:
    rows = ScriptVersion.objects.filter(item__livestream=live).select_related("made_by", "check_made")
    return [
        {
            "item": row.item_id,
            "version": row.number,
            "parts": row.parts,
            "hash": row.text_hash,
            "by": describe_person(row.made_by),
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


def list_events(rows, *fields: str) -> list[dict]:
    """Return rows of a ClientEvent: what, who, and when by the phone's and the server's clock."""
    always = ("event_id", "happened_at", "received_at")
    return [
        {name: getattr(row, name) for name in (*always, *fields)} | {"by": describe_person(row.by)}
        for row in rows.select_related("by").order_by("id")
    ]


def list_ticks(live: Livestream) -> list[dict]:
    rows = live.ticks.select_related("by").order_by("id")
    return [
        {
            "code": row.code,
            "text": str(row.get_code_display()),
            "done": row.is_done,
            "by": describe_person(row.by),
            "at": row.at,
        }
        for row in rows
    ]


def list_snapshots(live: Livestream) -> list[dict]:
    rows = live.frozen.order_by("id")
    return [
        {"item": row.item_id, "at": row.at, "hash": row.content_hash, "page": row.page, "script": row.script}
        for row in rows
    ]


def write_sales(live: Livestream) -> bytes:
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


def list_figures(live: Livestream) -> list[dict]:
    rows = live.figures.select_related("by", "source").order_by("id")
    return [
        {
            "name": row.name, "minute": row.minute, "value": row.value, "by": describe_person(row.by), "at": row.at,
            "file": row.source and row.source.sha256,
        }
        for row in rows
    ]  # fmt: skip


def encode_csv(table: tables.Table) -> bytes:
    return "".join(csv_lines(table.head, table.rows)).encode()


def list_text_files(live: Livestream) -> Iterator[tuple[str, bytes]]:
    yield "plan.json", encode_json(describe_plan(live))
    yield "rundown.json", encode_json(list_rundown(live))
    yield "scripts.json", encode_json(list_scripts(live))
    yield "checklist.json", encode_json(list_ticks(live))
    yield "listings.json", encode_json(list_snapshots(live))
    yield "pins.json", encode_json(list_events(live.pins, "item_id"))
    yield "corrections.json", encode_json(list_events(live.slips, "item_id", "said", "right"))
    yield (
        "prices.json",
        encode_json(list_events(live.flashprices, "item_id", "price_fen", "until", "stopped_at")),
    )
    yield "sales.csv", write_sales(live)
    yield (
        "settlements.json",
        encode_json(list_events(live.settlements, "item_id", "quantity", "how", "fen", "note")),
    )
    yield (
        "refunds.json",
        encode_json(list_events(live.liverefunds, "item_id", "quantity", "fen", "is_back", "note")),
    )
    yield "figures.json", encode_json(list_figures(live))
    if live.shop:
        yield "seller.json", encode_json(snapshots.freeze_shop(live.shop, None))


def list_stored_files(
    live: Livestream, pictures: dict[int, list[Photo]]
) -> Iterator[tuple[str, Storage, str]]:
    """Yield the stored files: name in the zip, storage, name in the storage."""
    private = storages["private"]
    for row in live.imports.order_by("id"):
        yield f"exports/{row.pk}-{row.sha256[:12]}", private, row.stored
    if live.replay and live.replay.is_ready:
        rendition = "480" if live.replay.bytes_of("480") else "240"
        yield "replay.mp4", private, live.replay.name_of(f"{rendition}.mp4")
    for item, photos in pictures.items():
        for photo in photos:
            yield make_photo_name(item, photo), default_storage, photo.name_at(photo.widths()[-1])


def make_photo_name(item: int, photo: Photo) -> str:
    return f"photos/{item}-{photo.pk}.webp"


def find_pictures(live: Livestream, items: list[RundownItem]) -> dict[int, list[Photo]]:
    """Return {item id: photos of its listing as they were on air}. Four queries at most.

    For a live from before photos were stored, whose snapshots name none, today's photos.
    """
    found: dict[int, dict[int, Photo]] = {item.pk: {} for item in items}
    rows = list(Frozen.objects.filter(livestream=live).prefetch_related("photos").order_by("id"))
    for row in rows:
        found[row.item_id] |= {photo.pk: photo for photo in row.photos.all() if photo.is_ready}
    has_photos = any("photos" in row.page for row in rows)
    for item in items:
        if item.product and not found[item.pk] and not has_photos:
            todays = item.product.photos.select_related("photo").order_by("position", "id")
            found[item.pk] = {row.photo_id: row.photo for row in todays if row.photo.is_ready}
    return {item: list(photos.values()) for item, photos in found.items()}


def write_evidence(live: Livestream, target: BinaryIO) -> dict:
    """Write the zip into `target` and return its manifest. Text is compressed, films and photos are stored as they are."""
    listed: dict[str, dict] = {}
    missing: list[str] = []
    items = list(live.items.select_related("product").order_by("position", "id"))
    pictures, sheets = find_pictures(live, items), tables.build_tables(live)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, DATED), content, zipfile.ZIP_DEFLATED)
            listed[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

        for name, content in list_text_files(live):
            put(name, content)
        for sheet in sheets:
            put(f"tables/{sheet.name}.csv", encode_csv(sheet))
        for name, storage, stored in list_stored_files(live, pictures):
            try:
                listed[name] = copy_file(archive, name, storage, stored)
            except FileNotFoundError:
                missing.append(name)
        put("index.html", render_cover(live, items, pictures, sheets, listed, missing))
        manifest = {
            "format": FORMAT,
            "livestream": live.pk,
            "title": live.title,
            "made_at": timezone.now(),
            "keep_until": get_stored_until(live),
            "replay": live.replay_url or ("replay.mp4" if "replay.mp4" in listed else ""),
            "missing": missing,
            "files": listed,
        }
        archive.writestr(zipfile.ZipInfo("manifest.json", DATED), encode_json(manifest), zipfile.ZIP_DEFLATED)
    return manifest


def render_cover(
    live: Livestream,
    items: list[RundownItem],
    pictures: dict[int, list[Photo]],
    sheets: list[tables.Table],
    listed: dict[str, dict],
    missing: list[str],
) -> bytes:
    """Return the cover page: self-contained HTML, the same for the same rows."""
    sums = ledger.calculate_totals(live)
    sold = {line.item.pk: line for line in sums.lines}
    newest = {row.item_id: row for row in live.frozen.order_by("id")}
    shown = [
        {
            "item": item,
            "line": sold.get(item.pk),
            "page": newest[item.pk].page if item.pk in newest else {},
            "script": list_titled_parts(newest[item.pk].script) if item.pk in newest else [],
            "photos": [
                name for one in pictures[item.pk] if (name := make_photo_name(item.pk, one)) in listed
            ],
        }
        for item in items
    ]
    context = {
        "live": live,
        "shop": snapshots.freeze_shop(live.shop, None) if live.shop else {},
        "sums": sums,
        "items": shown,
        "sheets": sheets,
        "most_rows": MOST_ROWS,
        "most_rows_slice": f":{MOST_ROWS}",
        "keep_until": get_stored_until(live),
        "files": sorted(listed.items()),
        "missing": missing,
        "replay": live.replay_url,
    }
    return render_to_string("live/recap/evidence_cover.html", context).encode()


def list_titled_parts(script: dict) -> list[tuple[str, str]]:
    return [(str(services.TITLES[part]), script[part]) for part in services.PARTS if script.get(part)]


def copy_file(archive: zipfile.ZipFile, name: str, storage: Storage, stored: str) -> dict:
    digest, size = hashlib.sha256(), 0
    with (
        storage.open(stored) as source,
        archive.open(zipfile.ZipInfo(name, DATED), "w", force_zip64=True) as to,
    ):
        while block := source.read(BLOCK):
            to.write(block)
            digest.update(block)
            size += len(block)
    return {"bytes": size, "sha256": digest.hexdigest()}


def get_stored_until(live: Livestream):
    """Return the day three years after it ended; for a leap day the later one."""
    end = timezone.localdate(live.over_at)
    try:
        return end.replace(year=end.year + 3)
    except ValueError:
        return end.replace(year=end.year + 3, month=3, day=1)
