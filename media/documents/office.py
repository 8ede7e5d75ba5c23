"""Tell by its content whether a file is a Word, Excel or PowerPoint file without macros, or plain text.

Such a file is stored unchanged and only sent as a download. Of its zip (ECMA-376 part 2) the listing and one small member,
[Content_Types].xml, are read, within limits that are checked before anything is unpacked; what is in the documents themselves is
not looked at. A name decides nothing but whether a text is called .txt or .csv.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePath
from xml.parsers import expat

from media.models import Document
from media.sandbox.pdfs import PAGE
from media.sandbox.results import Unusable
from ui.text import decode_text

MOST_BYTES = 10_000_000
MOST_TEXT_BYTES = 1_000_000
# A presentation of a hundred slides with their pictures has about a thousand members.
MOST_ENTRIES, MOST_LISTING = 3000, 500_000
MOST_UNPACKED, MOST_RATIO, SMALLEST_PACKED = 200_000_000, 200, 1024
MOST_TYPES = 300_000
TYPES_NAME = "[Content_Types].xml"
ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"PK", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
LISTING_END = struct.Struct("<4s4H2LH")
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    f"{OFFICE}wordprocessingml.document.main+xml": Document.Type.DOCX,
    f"{OFFICE}spreadsheetml.sheet.main+xml": Document.Type.XLSX,
    f"{OFFICE}presentationml.presentation.main+xml": Document.Type.PPTX,
}
# What runs by itself or is opened by another program: macros, ActiveX, packed objects of any program.
MACROS = re.compile(r"macroenabled|vbaproject|vbadata|macrosheet|xlmacro", re.IGNORECASE)
OBJECTS = re.compile(r"activex|oleobject|/embeddings/[^/]*\.bin$", re.IGNORECASE)
PROGRAM = re.compile(
    r"\.(?:exe|com|scr|dll|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|jar|apk|msi|sh|html?|svg|zip|rar|7z)$",
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# A cell of a CSV that Excel would compute: it can start a program (DDE).
FORMULA = re.compile(r"(?:^|[,;\t])[ \"']*(?:[=@]|[+-] *[A-Za-z(])", re.MULTILINE)
BROKEN = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError,
    struct.error,
)  # fmt: skip


def identify(content: bytes, name: str) -> Document.Type:
    """Return the type. Raises Unusable: unknown, archive, old, locked, macros, embedded, mixed, huge, broken, formulas or
    long_text.
    """
    if content.startswith(ZIP):
        return identify_office(content)
    if content.startswith(OLD):
        raise Unusable("old")
    if content.startswith(ARCHIVES):
        raise Unusable("archive")
    return identify_text(content, name)


# --- Word, Excel, PowerPoint ---


def identify_office(content: bytes) -> Document.Type:
    refuse_listing(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if TYPES_NAME not in names:
                raise Unusable("archive")
            refuse_entries(entries)
            types = read_types(archive)
    except BROKEN as broken:
        raise Unusable("broken") from broken
    if any(MACROS.search(one) for one in (*types, *names)):
        raise Unusable("macros")
    if any(OBJECTS.search(one) for one in (*types, *names)):
        raise Unusable("embedded")
    found = {MAIN[one] for one in types if one in MAIN}
    if len(found) != 1:
        raise Unusable("unknown")
    return found.pop()


def refuse_listing(content: bytes) -> None:
    """Check how long the listing says it is, before it is read: the file ends with it, and no other file follows."""
    end = content[-LISTING_END.size :]
    if len(end) < LISTING_END.size or not end.startswith(b"PK\x05\x06"):
        raise Unusable("broken")
    _mark, disk, first, here, count, size, start, comment = LISTING_END.unpack(end)
    if disk or first or here != count or comment or start + size != len(content) - LISTING_END.size:
        raise Unusable("mixed")
    if count > MOST_ENTRIES or size > MOST_LISTING:
        raise Unusable("huge")


def refuse_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Check what the listing says of the members, without unpacking any."""
    names = [entry.filename.lower() for entry in entries]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unusable("locked")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unusable("huge")
    if any(
        entry.file_size > max(entry.compress_size, SMALLEST_PACKED) * MOST_RATIO
        or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        for entry in entries
    ):
        raise Unusable("huge")
    if len(set(names)) < len(names) or any(
        name.startswith("/") or "\\" in name or ".." in PurePath(name).parts or PROGRAM.search(name)
        for name in names
    ):
        raise Unusable("mixed")


def read_types(archive: zipfile.ZipFile) -> list[str]:
    """Return the content types that the file names. A document type, which could unfold into gigabytes, is refused."""
    entry = archive.getinfo(TYPES_NAME)
    if entry.file_size > MOST_TYPES:
        raise Unusable("huge")
    with archive.open(entry) as part:
        xml = part.read(MOST_TYPES + 1)  # however long it is in truth
    if len(xml) > MOST_TYPES:
        raise Unusable("huge")
    found: list[str] = []

    def refuse(*_given: object) -> None:
        raise Unusable("mixed")

    def begin(name: str, given: dict[str, str]) -> None:
        if name.rpartition(":")[2] in ("Default", "Override"):
            found.append(given.get("ContentType", ""))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.Parse(xml, True)
    return found


# --- text ---


def identify_text(content: bytes, name: str) -> Document.Type:
    """Return TXT or CSV, by the name, of a text that is one: no control characters, no web page, no cell that is computed."""
    end = PurePath(name).suffix.lower()
    if end not in (".txt", ".csv"):
        raise Unusable("unknown")
    if len(content) > MOST_TEXT_BYTES:
        raise Unusable("long_text")
    try:
        text, _encoding = decode_text(content)
    except UnicodeDecodeError as error:
        raise Unusable("unknown") from error
    if CONTROL.search(text) or content.startswith((b"MZ", b"#!", b"\x7fELF")):
        raise Unusable("unknown")
    if PAGE.search(text.encode("utf-8", "replace")):
        raise Unusable("mixed")
    if end == ".txt":
        return Document.Type.TXT
    if FORMULA.search(text):
        raise Unusable("formulas")
    return Document.Type.CSV
