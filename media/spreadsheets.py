"""A spreadsheet from a stranger, before a library opens it: what a table has no use for is refused. Macros, entities,
sheets that unpack to something huge."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries

MOST_BYTES, MOST_UNPACKED, MOST_ENTRIES, MOST_RATIO = 5_000_000, 10_000_000, 300, 200
# Places that ranges name: a whole column of merged cells is far more than any table of ours has.
MOST_SPREAD = 100_000
SPREAD = ("mergeCell", "hyperlink")
# A library makes some 350 bytes of a cell of four.
MOST_CELLS = 400_000
OLD = b"\xd0\xcf\x11\xe0"
NO_XML = (".bin", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".tiff", ".webp")
BROKEN = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class Unreadable(Exception):
    """A sentence for who sent it."""


def refuse_hostile(file: BinaryIO, size: int) -> None:
    file.seek(0)
    if size > MOST_BYTES:
        raise Unreadable(_("表格太大了，最多 5 MB"))
    if file.read(4) == OLD:
        raise Unreadable(_("这是老式的 .xls，或者加了密码。另存为不加密的 .xlsx 再传"))
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(_("这不是 .xlsx 表格，或者没传完整")) from error
    with archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Unreadable(_("表格解开太大了。只留要用的那一张表，别的表和图片都删掉"))
        if any(entry.file_size > max(entry.compress_size, 1024) * MOST_RATIO for entry in entries):
            raise Unreadable(_("表格压得太狠，不收"))
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Unreadable(_("表格加了密码，先去掉再传"))
        if any("vba" in name.lower() or "/macrosheets/" in name.lower() for name in names):
            raise Unreadable(_("表格里有宏，不能收。另存为 .xlsx（不带宏）再传"))
        for entry in entries:
            refuse_entities(archive, entry)
    file.seek(0)


class Rooted(Exception):
    """The root element has begun: no declarations of entities can follow."""


def refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """A spreadsheet has no document type; one that has means to unfold into gigabytes or to read other files."""

    def refuse(*_given) -> None:
        raise Unreadable(_("表格里有不许用的 XML 声明，不能收"))

    def begun(*_given) -> None:
        raise Rooted

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begun
    try:
        with archive.open(entry) as part:
            parser.ParseFile(part)
    except Rooted:
        return
    except BROKEN as error:
        is_picture = isinstance(error, expat.ExpatError) and entry.filename.lower().endswith(NO_XML)
        if not is_picture and entry.file_size:
            raise Unreadable(_("表格坏了，用 Excel 或 WPS 打开，另存为 .xlsx 再传")) from error


def refuse_spread(file: BinaryIO) -> None:
    """More cells than a reader has memory and time for: those that stand there, and the places that merged and linked
    ranges name, of which five kilobytes can name seventeen thousand million. After `refuse_hostile`."""
    places = cells = 0

    def begun(name: str, given: dict[str, str]) -> None:
        nonlocal places, cells
        kind = name.rpartition(":")[2]
        cells += kind in ("c", "row")
        if cells > MOST_CELLS:
            raise Unreadable(_("表格解开太大了。只留要用的那一张表，别的表和图片都删掉"))
        if kind in SPREAD:
            places += area(given.get("ref", ""))
            if places > MOST_SPREAD:
                raise Unreadable(_("表格里合并的格子太多了，先取消合并再传"))

    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            parser = expat.ParserCreate()
            parser.StartElementHandler = begun
            try:
                with archive.open(entry) as part:
                    parser.ParseFile(part)
            except BROKEN:  # a picture; a broken sheet is the reader's to refuse
                continue
    file.seek(0)


def area(ref: str) -> int:
    """A1:C2 names six places; what is no range, one."""
    try:
        left, top, right, bottom = range_boundaries(ref)
        return (right - left + 1) * (bottom - top + 1)
    except (TypeError, ValueError):
        return 1
