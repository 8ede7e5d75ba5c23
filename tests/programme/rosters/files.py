"""Roster files for tests."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import User
from courses.models import Cohort
from programme.models import Roster, RosterRow
from programme.rosters.imports import receive_roster

HEADER = ["姓名", "手机号", "村", "备注"]


def make_xlsx(rows: Iterable[Sequence[object]], merged: Sequence[str] = (), **more_sheets) -> bytes:
    """Return a workbook of one sheet, and of `more_sheets` by their names; `merged` ranges like "A1:D1"."""
    book = Workbook()
    pages = [(book.active, rows)]
    pages += [(book.create_sheet(name), content) for name, content in more_sheets.items()]
    for page, content in pages:
        for row in content:
            page.append(list(row))
    for one in merged:
        book.active.merge_cells(one)
    return save(book)


def save(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def make_csv(rows: Iterable[Sequence[object]], encoding: str = "utf-8-sig") -> bytes:
    return "".join(",".join(str(cell) for cell in row) + "\r\n" for row in rows).encode(encoding)


def upload(content: bytes, name: str = "名单.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def receive(actor: User, cohort: Cohort, rows: Iterable[Sequence[object]]) -> Roster:
    """Return the roster of these rows below the usual header, read."""
    return receive_roster(actor, cohort, upload(make_csv([HEADER, *rows]), "名单.csv"), uuid4())


def make_roster(cohort: Cohort, actor: User) -> Roster:
    """Return a roster that waits to be confirmed: one row for each outcome that asks something of its reader."""
    roster = Roster.objects.create(
        cohort=cohort, made_by=actor, file_name="名单.xlsx", state=Roster.State.READY, total=3
    )
    rows = [
        RosterRow(roster=roster, number=2, name="曾春生", phone="+8613800009991", outcome="new"),
        RosterRow(
            roster=roster,
            number=3,
            name="田小云",
            phone="+8613800009992",
            outcome="clash",
            known_name="田巧云",
        ),
        RosterRow(roster=roster, number=4, name="向二妹", outcome="error", problem="no_phone"),
    ]
    RosterRow.objects.bulk_create(rows)
    roster.counts = {"new": 1, "clash": 1, "error": 1}
    roster.save()
    return roster


def outcomes(roster: Roster) -> list[tuple[int, str, str, str]]:
    """Return what is said of each row: its number, its outcome, its problem and its name."""
    return list(roster.rows.order_by("number").values_list("number", "outcome", "problem", "name"))


def make_xls(rows: Sequence[Sequence[str | float]], stream_name: str = "Workbook") -> bytes:
    """Return a workbook as Excel 97 writes it: records (BIFF8) in a compound file of one stream ([MS-XLS], [MS-CFB]).

    A workbook with a password is a stream by the name of EncryptedPackage ([MS-OFFCRYPTO]).
    """

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 0x0600))

    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            where = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                cells += record(0x0204, where + struct.pack("<HB", len(value), 1) + text)
            else:
                cells += record(0x0203, where + struct.pack("<d", value))
    end, name = record(0x000A, b""), b"Sheet1"
    head = len(begin(5)) + 4 + 8 + len(name) + len(end)
    sheet = record(0x0085, struct.pack("<IBBBB", head, 0, 0, len(name), 0) + name)
    stream = (begin(5) + sheet + end + begin(0x10) + cells + end).ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    last, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, last, *range(3, 2 + sectors), last]
    fat = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    directory = make_entry("Root Entry", 5, 1, last, 0) + make_entry(stream_name, 2, free, 2, len(stream))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9I", 0, 1, 1, 0, 4096, last, 0, last, 0)
    return header + struct.pack("<109I", 0, *[free] * 108) + fat + directory.ljust(512, b"\0") + stream


def make_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
