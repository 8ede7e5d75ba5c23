"""A person's own copy: one zip with a page to read, a JSON file for each table, and their files (个人信息保护法 §45)."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.personal import terms
from config.personal.terms import Entry, Person
from media.models import Document, Photo, Video, Voice
from programme.models import IdNumber
from rehearsals.models import Submission
from ui import formats
from ui.responses.downloads import DiskFull

# So many rows of a table are on the page; the others are in its JSON.
ROWS_ON_PAGE = 300
BLOCK = 1 << 20
FOLDERS: dict[type[models.Model], str] = {
    Photo: "photos",
    Document: "papers",
    Voice: "recordings",
    Video: "films",
}


@dataclass(frozen=True)
class OwnFile:
    """A file for the copy: where it is stored, its name in the zip, bytes."""

    storage: Storage
    stored: str
    name: str
    size: int
    row: Any


@dataclass
class Copied:
    """What the zip's page says about the files: those inside, films left out with their page, those that were missing."""

    inside: list[OwnFile] = field(default_factory=list)
    left_out: list[tuple[OwnFile, str]] = field(default_factory=list)
    missing: list[OwnFile] = field(default_factory=list)


def write(
    person: Person, target: BinaryIO, room: int, report: Callable[[int], None] = lambda percent: None
) -> Copied:
    """Write the zip into `target`, row by row and block by block, within `room` bytes; report percents.

    Rows that change meanwhile are read once, each table at its moment; a file that is deleted meanwhile is listed as
    missing. Raises DiskFull.
    """
    files = list(list_files(person))
    copied = choose(files, room)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        entries = [entry for entry in terms.load_entries() if entry.is_exported]
        for n, entry in enumerate(entries):
            write_table(archive, entry, person)
            report(20 * (n + 1) // len(entries))
        copy_files(archive, copied, report)
        archive.writestr("fields.json", dump_json(describe_tables(entries)))
        archive.writestr("index.html", render_page(entries, person, copied))
    report(100)
    return copied


def write_table(archive: zipfile.ZipFile, entry: Entry, person: Person) -> None:
    facts = make_zip_info(f"data/{entry.label}.json")
    facts.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(facts, "w", force_zip64=True) as file:
        file.write(b"[")
        for n, row in enumerate(load_rows(entry, person)):
            file.write(
                (",\n" if n else "\n").encode() + dump_json(collect_facts(entry, row, person)).encode()
            )
        file.write(b"\n]\n")


def make_zip_info(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])


def load_rows(entry: Entry, person: Person) -> Iterator[models.Model]:
    links = [name for name in entry.personal if is_link(entry, name)]
    return entry.rows_for(person).prefetch_related(*links).iterator(chunk_size=500)


def is_link(entry: Entry, name: str) -> bool:
    return bool(entry.model._meta.get_field(name).many_to_many)


def collect_facts(entry: Entry, row: models.Model, person: Person) -> dict[str, Any]:
    """Return the row without secrets; other people in it are not identified."""
    facts: dict[str, Any] = {}
    for name in (*entry.other, *entry.personal):
        one: Any = entry.model._meta.get_field(name)
        if one.many_to_many:
            linked = getattr(row, name).all()
            facts[name] = linked.count() if one.related_model is User else [other.pk for other in linked]
        elif one.is_relation and one.related_model is User:
            value = getattr(row, one.attname)
            mine = person.user is not None and value == person.user.pk
            facts[name] = None if value is None else "me" if mine else "somebody else"
        else:
            value = getattr(row, one.attname)
            facts[name] = (
                value
                if value is None or isinstance(value, str | int | float | bool | dict | list)
                else str(value)
            )
            if hasattr(value, "isoformat"):
                facts[name] = value.isoformat()
    if isinstance(row, IdNumber) and person.user is not None and row.user_id == person.user.pk:
        facts |= row.get_own_copy()
    return facts


def dump_json(facts: Any) -> str:
    return json.dumps(facts, ensure_ascii=False, cls=DjangoJSONEncoder, indent=None)


def describe_tables(entries: list[Entry]) -> dict[str, Any]:
    """Return a description of each table and field, for programs."""
    with translation.override("zh-hans"):
        return {
            "made_at": timezone.now().isoformat(),
            "units": {"*_fen": "1/100 yuan", "*_grams": "grams", "*_ms": "milliseconds", "*_at": "ISO 8601"},
            "tables": {
                entry.label: {
                    "file": f"data/{entry.label}.json",
                    "title": str(entry.model._meta.verbose_name),
                    "law": entry.law,
                    "fields": {name: describe_field(entry, name) for name in (*entry.other, *entry.personal)},
                    "left_out": list(entry.secret),
                }
                for entry in entries
            },
        }


def describe_field(entry: Entry, name: str) -> dict[str, Any]:
    one: Any = entry.model._meta.get_field(name)
    facts: dict[str, Any] = {"title": str(one.verbose_name), "personal": name in entry.personal}
    if one.is_relation:
        facts["points_to"] = one.related_model._meta.label
    if one.choices:
        facts["values"] = {str(key): str(word) for key, word in one.flatchoices}
    return facts


def list_files(person: Person) -> Iterator[OwnFile]:
    """Yield the person's pictures, papers and recordings, and the best rendition of each film."""
    if person.user is None:
        return
    for model in FOLDERS:
        for row in model._base_manager.filter(owner=person.user).order_by("pk").iterator(chunk_size=500):
            if file := find_file(row):
                yield file


def find_file(row: models.Model) -> OwnFile | None:
    folder, private = FOLDERS[type(row)], storages["private"]
    if isinstance(row, Photo):
        if not row.is_ready:
            return None
        stored = row.name_at(row.widths()[-1])
        return OwnFile(row.storage, stored, f"files/{folder}/{row.pk}.webp", row.bytes, row)
    if isinstance(row, Document):
        end = row.name.rpartition(".")[2]
        return OwnFile(private, row.name, f"files/{folder}/{row.pk}.{end}", row.bytes, row)
    if isinstance(row, Voice):
        ready = row.status == Voice.Status.READY
        return OwnFile(private, row.name, f"files/{folder}/{row.pk}.m4a", row.bytes, row) if ready else None
    if isinstance(row, Video):
        rendition = next((one for one in ("480", "240") if row.bytes_of(one)), None)
        if not row.is_ready or rendition is None:
            return None
        stored = row.name_of(f"{rendition}.mp4")
        return OwnFile(private, stored, f"files/{folder}/{row.pk}.mp4", row.bytes_of(rendition), row)
    return None


def choose(files: list[OwnFile], room: int) -> Copied:
    """Choose all small files, and films as far as the limit and the disk allow, the newest first."""
    copied = Copied(inside=[file for file in files if not isinstance(file.row, Video)])
    # Tables are small compared to this; on a fuller disk no copy is made.
    left = room - sum(file.size for file in copied.inside) - 50_000_000
    if left < 0:
        raise DiskFull
    left = min(left, terms.read()["film_bytes"])
    for file in sorted((file for file in files if isinstance(file.row, Video)), key=lambda one: -one.row.pk):
        if file.size <= left:
            left -= file.size
            copied.inside.append(file)
        else:
            copied.left_out.append((file, make_video_url(file.row)))
    return copied


def make_video_url(video: models.Model) -> str:
    """Return the page where a film that was left out plays."""
    handed = Submission.objects.filter(video=video.pk).first()
    path = reverse("rehearsals:submission", args=[handed.key]) if handed else reverse("rehearsals:practise")
    host = next((name for name in settings.ALLOWED_HOSTS if name.strip(".*")), "")
    return f"{'https' if settings.HTTPS else 'http'}://{host.lstrip('.')}{path}" if host else path


def copy_files(archive: zipfile.ZipFile, copied: Copied, report: Callable[[int], None]) -> None:
    total, done = sum(file.size for file in copied.inside) or 1, 0
    for file in list(copied.inside):
        facts = make_zip_info(file.name)  # stored uncompressed: pictures and films are compressed already
        try:
            with file.storage.open(file.stored) as source, archive.open(facts, "w", force_zip64=True) as goal:
                while block := source.read(BLOCK):
                    goal.write(block)
                    done += len(block)
                    report(min(99, 20 + 79 * done // total))
        except FileNotFoundError:
            copied.inside.remove(file)
            copied.missing.append(file)


def render_page(entries: list[Entry], person: Person, copied: Copied) -> str:
    """Return the zip's page, in Chinese; it loads nothing."""
    with translation.override("zh-hans"):
        sections = []
        for group in terms.load_groups():
            tables = [build_table(entry, person) for entry in entries if entry.group == group.name]
            if tables := [table for table in tables if table["rows"]]:
                sections.append({"title": group.title, "tables": tables})
        context = {"person": person, "made_at": timezone.now(), "sections": sections, "copied": copied}
        context["sends_codes"] = settings.PROVES_PHONES
        return render_to_string("own_data.html", context)


def build_table(entry: Entry, person: Person) -> dict[str, Any]:
    """Return a table for people: fields that have a name for people, the newest rows first."""
    rows = entry.rows_for(person).order_by("-pk")
    names = [name for name in entry.personal if is_readable(entry, name)]
    return {
        "title": entry.model._meta.verbose_name,
        "file": f"data/{entry.label}.json",
        "count": rows.count(),
        "rows": [read(names, row, person) for row in rows[:ROWS_ON_PAGE]],
        "most": ROWS_ON_PAGE,
    }


def is_readable(entry: Entry, name: str) -> bool:
    one: Any = entry.model._meta.get_field(name)
    return not one.many_to_many and str(one.verbose_name) != one.name.replace("_", " ")


def read(names: list[str], row: models.Model, person: Person) -> list[tuple[str, str]]:
    facts = []
    for name in names:
        one: Any = row._meta.get_field(name)
        if text := format_value(one, row, person):
            facts.append((str(one.verbose_name), text))
    return facts


def format_value(one: Any, row: models.Model, person: Person) -> str:
    value = getattr(row, one.attname)
    if value in (None, "", [], {}):
        return ""
    if one.is_relation and one.related_model is User:
        # The person is not repeated in every row.
        return "" if person.user and value == person.user.pk else str(_("别人"))
    if one.is_relation:
        linked = one.related_model._base_manager.filter(pk=value).first()
        return str(linked) if linked else ""
    if one.choices:
        return str(getattr(row, f"get_{one.name}_display")())
    if isinstance(value, bool):
        return str(_("是") if value else _("不是"))
    if isinstance(one, models.DateTimeField):
        return f"{formats.day(value)} {timezone.localtime(value):%H:%M}"
    if isinstance(one, models.DateField):
        return str(formats.day(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return str(value)


def measure_free_bytes() -> int:
    """Return the room for a copy on the disk of private files, less what stays free; a bucket has as much as the worker's
    own disk.
    """
    try:
        folder = Path(storages["private"].path(""))
    except NotImplementedError:
        folder = settings.VAR_DIR
    return shutil.disk_usage(folder).free - terms.read()["spare_bytes"]
