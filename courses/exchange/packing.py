"""A course as one zip: course.json and media/<sha256>.<ending>, each file once."""

from __future__ import annotations

import hashlib
import zipfile
from typing import BinaryIO

from django.core.files.storage import Storage, default_storage, storages

from courses.exchange.document import Document, dumps
from courses.exchange.taking import taken
from courses.models import Course
from media.models import Photo, Video

DOCUMENT = "course.json"
# A zip's own clock: the same course gives the same bytes.
WHEN = (2026, 1, 1, 0, 0, 0)
BLOCK = 1 << 20


def pack(course: Course, target: BinaryIO) -> Document:
    """Writes the zip to a seekable file; the document as written. Reads every rendition twice: once for its hash."""
    found: dict[Photo | Video, dict] = {}

    def key_of(row: Photo | Video) -> str:
        if row not in found:
            found[row] = described(row)
        return key(found[row])

    document = taken(course, key_of)
    document["media"] = {key(medium): medium for medium in found.values()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        text = zipfile.ZipInfo(DOCUMENT, WHEN)
        archive.writestr(text, dumps(document), zipfile.ZIP_DEFLATED)
        written: set[str] = set()
        for row, medium in found.items():
            for file in medium["files"]:
                if file["sha256"] not in written:
                    written.add(file["sha256"])
                    copy_in(archive, row, file)
    return document


def described(row: Photo | Video) -> dict:
    """Its entry in the document's `media`."""
    is_photo = isinstance(row, Photo)
    files = [
        {"part": part, "width": width, "height": height} | hashed(storage_of(row), name_of(row, part))
        for part, width, height in (photo_parts(row) if is_photo else video_parts(row))
    ]
    return {
        "kind": "photo" if is_photo else "video",
        "width": row.width,
        "height": row.height,
        "duration_ms": 0 if is_photo else row.duration_ms,
        "files": files,
    }


def key(medium: dict) -> str:
    """What the document calls it: a hash of its files' hashes."""
    return hashlib.sha256("".join(file["sha256"] for file in medium["files"]).encode()).hexdigest()


def photo_parts(photo: Photo) -> list[tuple[str, int, int]]:
    return [
        (str(width), width, max(1, round(photo.height * width / photo.width))) for width in photo.widths()
    ]


def video_parts(video: Video) -> list[tuple[str, int, int]]:
    parts = []
    for rung, ending in (("480", "mp4"), ("240", "mp4"), ("listen", "m4a")):
        if made := video.renditions.get(rung):
            parts.append((f"{rung}.{ending}", made.get("width", 0), made.get("height", 0)))
    return [*parts, ("poster.webp", 0, 0)]


def storage_of(row: Photo | Video) -> Storage:
    return default_storage if isinstance(row, Photo) else storages["private"]


def name_of(row: Photo | Video, part: str) -> str:
    return row.name_at(int(part)) if isinstance(row, Photo) else row.name_of(part)


def hashed(storage: Storage, name: str) -> dict:
    digest, size = hashlib.sha256(), 0
    with storage.open(name) as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return {"sha256": digest.hexdigest(), "bytes": size}


def path_of(file: dict) -> str:
    """Where a file lies in the zip: it is looked up there under this name, never written under another's."""
    ending = file["part"].rpartition(".")[2] if "." in file["part"] else "webp"
    return f"media/{file['sha256']}.{ending}"


def copy_in(archive: zipfile.ZipFile, row: Photo | Video, file: dict) -> None:
    entry = zipfile.ZipInfo(path_of(file), WHEN)
    entry.file_size = file["bytes"]
    with storage_of(row).open(name_of(row, file["part"])) as source, archive.open(entry, "w") as target:
        while block := source.read(BLOCK):
            target.write(block)
