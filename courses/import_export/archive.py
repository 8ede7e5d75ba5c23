"""Read a course's zip from anybody: nothing in it is trusted before it was checked.

No file is written under a name from the zip: each file that the document lists is found by its hash, measured, compared with
that hash and stored under a new name.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from courses.import_export import foreign_formats
from courses.import_export.document import Document, UnreadableFile, check_document, list_media_keys
from courses.import_export.export import (
    DOCUMENT,
    find_storage,
    get_storage_name,
    make_archive_path,
    make_medium_key,
)
from courses.import_export.own_law import replace_law
from media.models import Photo, Video
from media.storages import write_file

MOST_ENTRIES = 6_000
MOST_DOCUMENT = 20_000_000
# Limit of lists, objects and commas (in sentences too): each takes some 250 bytes once parsed.
MOST_VALUES = 300_000
MOST_BYTES = 4_000_000_000
MOST_PHOTO = 5_000_000
# Text is compressed to a tenth, a zip bomb to a thousandth.
MOST_RATIO = 200
BLOCK = 1 << 20
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
# The bytes with which a file of each extension begins, and their position.
SIGNS = {"webp": (8, b"WEBP"), "mp4": (4, b"ftyp"), "m4a": (4, b"ftyp")}


@dataclass
class Package:
    """An opened zip; `extras` are files that the document does not name: they are left out."""

    document: Document
    archive: zipfile.ZipFile
    extras: list[str]


@contextmanager
def open_archive(file: BinaryIO | File) -> Iterator[Package]:
    """Open a zip and check its document; with LAW=own the county's module of the law stands in it. Raises UnreadableFile."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        file.seek(0)
        if file.read(2) == foreign_formats.GZIP:
            raise UnreadableFile(foreign_formats.describe_refusal(foreign_formats.PACKED)) from error
        raise UnreadableFile(_("这不是 zip 文件，或者没传完整")) from error
    with archive:
        refuse_hostile(archive)
        document = read_document(archive)
        check_document(document)
        refuse_unlisted(archive, document)
        yield Package(replace_law(document), archive, find_extras(archive, document))


def refuse_hostile(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise UnreadableFile(_("zip 里有 %(n)s 个文件，太多了") % {"n": len(entries)})
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UnreadableFile(_("zip 解开超过 4 GB，太大了"))
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
            raise UnreadableFile(_("zip 里有不许用的文件名：%(name)s") % {"name": name[:60]})
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableFile(_("zip 里有快捷方式（链接），不能收：%(name)s") % {"name": name[:60]})
        if entry.flag_bits & 0x1:
            raise UnreadableFile(_("zip 加了密码，先解开再导入"))
        if entry.file_size > max(entry.compress_size, 1024) * MOST_RATIO:
            raise UnreadableFile(_("zip 里的 %(name)s 压得太狠，不像课程文件") % {"name": name[:60]})
    if len({entry.filename for entry in entries}) < len(entries):
        raise UnreadableFile(_("zip 里有两个同名的文件"))


def read_document(archive: zipfile.ZipFile) -> Any:
    try:
        entry = archive.getinfo(DOCUMENT)
    except KeyError as error:
        if kind := foreign_formats.identify_archive(archive):
            raise UnreadableFile(foreign_formats.describe_refusal(kind)) from error
        raise UnreadableFile(_("zip 里没有 course.json，不是从新农活导出的课程")) from error
    if entry.file_size > MOST_DOCUMENT:
        raise UnreadableFile(_("course.json 太大了"))
    raw = read_entry(archive, DOCUMENT, MOST_DOCUMENT)
    if sum(raw.count(sign) for sign in (b"[", b"{", b",")) > MOST_VALUES:
        raise UnreadableFile(_("course.json 太大了"))
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("course.json 读不懂")) from error


def refuse_constant(word: str) -> None:
    raise ValueError(word)


def read_entry(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Read at most so many bytes, whatever size the entry states."""
    try:
        with archive.open(name) as file:
            found = file.read(most + 1)
    except BROKEN as error:
        raise UnreadableFile(_("zip 坏了，重新导出一次")) from error
    if len(found) > most:
        raise UnreadableFile(_("zip 里的 %(name)s 太大了") % {"name": name[:60]})
    return found


def refuse_unlisted(archive: zipfile.ZipFile, document: Document) -> None:
    names = set(archive.namelist())
    media = document["media"]
    # One file may be named several times; each time it is stored.
    if sum(file["bytes"] for medium in media.values() for file in medium["files"]) > MOST_BYTES:
        raise UnreadableFile(_("zip 解开超过 4 GB，太大了"))
    for used, _kind in list_media_keys(document):
        if used not in media:
            raise UnreadableFile(_("zip 里少了文件：%(name)s") % {"name": used})
    for given, medium in media.items():
        if given != make_medium_key(medium):
            raise UnreadableFile(_("media 里 %(name)s 的编号跟文件对不上") % {"name": given[:20]})
        for file in medium["files"]:
            path = make_archive_path(file)
            if path not in names or archive.getinfo(path).file_size != file["bytes"]:
                raise UnreadableFile(_("zip 里少了文件：%(name)s") % {"name": path})


def find_extras(archive: zipfile.ZipFile, document: Document) -> list[str]:
    named = {make_archive_path(file) for medium in document["media"].values() for file in medium["files"]}
    return [
        entry.filename
        for entry in archive.infolist()
        if not entry.is_dir() and entry.filename != DOCUMENT and entry.filename not in named
    ]


def store_medium(package: Package, key: str, owner: User | None) -> Photo | Video:
    """Store the photo or video of this key: its files in the storage and its row. Call outside a transaction."""
    medium = package.document["media"][key]
    row = build_photo(medium, owner) if medium["kind"] == "photo" else build_video(medium, owner)
    put: list[str] = []
    try:
        for file in medium["files"]:
            name = get_storage_name(row, file["part"])
            with open_verified(package.archive, file) as content:
                write_file(find_storage(row), name, File(content))
            put.append(name)
        row.save(force_insert=True)
    except BaseException:
        for name in put:
            find_storage(row).delete(name)
        raise
    return row


def build_photo(medium: dict, owner: User | None) -> Photo:
    photo = Photo(owner=owner, status=Photo.Status.READY, width=medium["width"], height=medium["height"])
    photo.bytes = sum(file["bytes"] for file in medium["files"])
    if [file["part"] for file in medium["files"]] != [str(width) for width in photo.widths()]:
        raise UnreadableFile(_("照片的尺寸跟说的对不上"))
    return photo


def build_video(medium: dict, owner: User | None) -> Video:
    parts = {file["part"]: file for file in medium["files"]}
    if "poster.webp" not in parts or len(parts) < 2:
        raise UnreadableFile(_("视频的文件不全"))
    renditions = {
        part.partition(".")[0]: {name: file[name] for name in ("bytes", "width", "height") if file[name]}
        for part, file in parts.items()
        if part != "poster.webp"
    }
    return Video(
        owner=owner,
        status=Video.Status.READY,
        percent=100,
        renditions=renditions,
        has_sound="listen" in renditions,
        bytes=sum(file["bytes"] for file in medium["files"]),
        **{name: medium[name] for name in ("width", "height", "duration_ms")},
    )


@contextmanager
def open_verified(archive: zipfile.ZipFile, file: dict) -> Iterator[IO[bytes]]:
    """Open a file after checking that its bytes are those that the document names, and of the stated kind."""
    ending = make_archive_path(file).rpartition(".")[2]
    with SpooledTemporaryFile(max_size=8 * BLOCK) as kept:
        digest, left = hashlib.sha256(), file["bytes"]
        try:
            with archive.open(make_archive_path(file)) as source:
                while block := source.read(min(BLOCK, left + 1)):
                    left -= len(block)
                    if left < 0:
                        break
                    digest.update(block)
                    kept.write(block)
        except BROKEN as error:
            raise UnreadableFile(_("zip 坏了，重新导出一次")) from error
        if left or digest.hexdigest() != file["sha256"]:
            raise UnreadableFile(_("文件 %(name)s 跟它的校验码对不上") % {"name": make_archive_path(file)})
        kept.seek(0)
        start, sign = SIGNS[ending]
        head = kept.read(16)
        if head[start : start + 4] != sign:
            raise UnreadableFile(_("文件 %(name)s 不是它说的那种文件") % {"name": make_archive_path(file)})
        if ending == "webp":
            check_photo(kept, file)
        kept.seek(0)
        yield kept


def check_photo(kept: IO[bytes], file: dict) -> None:
    """Check that it is a WebP of the stated size that contains nothing but its picture."""
    refused = UnreadableFile(_("文件 %(name)s 不是能用的照片") % {"name": make_archive_path(file)})
    if file["bytes"] > MOST_PHOTO:
        raise refused
    kept.seek(0)
    try:
        with Image.open(kept, formats=["WEBP"]) as image:
            width, height = image.size
            extras = {"exif", "xmp", "icc_profile"} & set(image.info)
            moves = getattr(image, "n_frames", 1) > 1
    except Exception as error:
        raise refused from error
    fits = not file["width"] or (width == file["width"] and abs(height - file["height"]) <= 1)
    if extras or moves or not fits:
        raise refused
