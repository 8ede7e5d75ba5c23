"""Check a stranger's spreadsheet before a library opens it; what a table does not need is refused.

Refused are macros, entities, and sheets that unpack to something huge.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from django.core.files.base import File
from django.utils.translation import gettext as _

MOST_BYTES, MOST_UNPACKED, MOST_ENTRIES, MOST_RATIO = 5_000_000, 10_000_000, 300, 200
# The most cells in merged or linked ranges: a whole column of merged cells is far more than any table needs.
MOST_SPREAD = 100_000
SPREAD = ("mergeCell", "hyperlink")
# The library uses some 350 bytes for a cell of four.
MOST_CELLS = 400_000
OLD = b"\xd0\xcf\x11\xe0"
NO_XML = (".bin", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".tiff", ".webp")
PLAIN = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # a spreadsheet has no others (ISO/IEC 29500-2); some take gigabytes
BROKEN = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Limits:
    """The most bytes of a file, and of what it unpacks to by the sizes it declares."""

    bytes: int = MOST_BYTES
    unpacked: int = MOST_UNPACKED


USUAL = Limits()


class UnreadableSpreadsheet(Exception):
    """Raised with a sentence for the person who sent the file."""


def refuse_hostile(file: BinaryIO | File, size: int, limits: Limits = USUAL) -> None:
    file.seek(0)
    if size > limits.bytes:
        raise UnreadableSpreadsheet(_("表格太大了，最多 %(most)s MB") % {"most": limits.bytes // 1_000_000})
    if file.read(4) == OLD:
        raise UnreadableSpreadsheet(_("这是老式的 .xls，或者加了密码。另存为不加密的 .xlsx 再传"))
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableSpreadsheet(_("这不是 .xlsx 表格，或者没传完整")) from error
    with archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > limits.unpacked:
            raise UnreadableSpreadsheet(_("表格解开太大了。只留要用的那一张表，别的表和图片都删掉"))
        if any(entry.file_size > max(entry.compress_size, 1024) * MOST_RATIO for entry in entries):
            raise UnreadableSpreadsheet(_("表格压得太狠，不收"))
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise UnreadableSpreadsheet(_("表格加了密码，先去掉再传"))
        if any(entry.compress_type not in PLAIN for entry in entries):
            raise UnreadableSpreadsheet(_("表格坏了，用 Excel 或 WPS 打开，另存为 .xlsx 再传"))
        if any("vba" in name.lower() or "/macrosheets/" in name.lower() for name in names):
            raise UnreadableSpreadsheet(_("表格里有宏，不能收。另存为 .xlsx（不带宏）再传"))
        for entry in entries:
            refuse_entities(archive, entry)
    file.seek(0)


class Rooted(Exception):
    """Raised when the root element has begun: after it no entities can be declared."""


def refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a document type, which a spreadsheet does not have: entities can unfold into gigabytes or read other files."""

    def refuse(*_given) -> None:
        raise UnreadableSpreadsheet(_("表格里有不许用的 XML 声明，不能收"))

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
            raise UnreadableSpreadsheet(_("表格坏了，用 Excel 或 WPS 打开，另存为 .xlsx 再传")) from error


def refuse_spread(file: BinaryIO | File) -> None:
    """Refuse more cells than a reader has memory and time for. Call it after `refuse_hostile`.

    It counts the cells present and those in merged and linked ranges: five kilobytes can name seventeen thousand million
    cells.
    """
    places = cells = 0

    def begun(name: str, given: dict[str, str]) -> None:
        nonlocal places, cells
        kind = name.rpartition(":")[2]
        cells += kind in ("c", "row")
        if cells > MOST_CELLS:
            raise UnreadableSpreadsheet(_("表格解开太大了。只留要用的那一张表，别的表和图片都删掉"))
        if kind in SPREAD:
            places += count_cells(given.get("ref", ""))
            if places > MOST_SPREAD:
                raise UnreadableSpreadsheet(_("表格里合并的格子太多了，先取消合并再传"))

    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            parser = expat.ParserCreate()
            parser.StartElementHandler = begun
            try:
                with archive.open(entry) as part:
                    parser.ParseFile(part)
            except BROKEN:  # a picture; the reader refuses a broken sheet
                continue
    file.seek(0)


def count_cells(ref: str) -> int:
    """Return the number of cells of a range: A1:C2 has six; 1 for anything that is no range."""
    from openpyxl.utils.cell import range_boundaries

    try:
        left, top, right, bottom = range_boundaries(ref)
        return (right - left + 1) * (bottom - top + 1)
    except (TypeError, ValueError):
        return 1
