"""From the bytes of an export to rows of text. Whatever the bytes are, the answer is rows or a sentence."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from media import sheets

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_CELL = sheets.MOST_BYTES, 20_000, 120, 300
# GB 18030 reads all of GBK, in which Chinese platforms and Excel write CSV.
ENCODINGS = ("utf-8-sig", "gb18030")
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Unreadable(Exception):
    """A sentence for who brought the file."""


@dataclass(frozen=True)
class Table:
    """Rows of text, none of them empty; `numbers` are their lines in the file, from 1. Cells that were merged say in
    each of their places what the first says."""

    rows: list[list[str]]
    numbers: list[int]
    encoding: str


def read(file: BinaryIO, size: int) -> Table:
    """Raises Unreadable."""
    if size > MOST_BYTES:
        raise Unreadable(_("表格太大了，最多 5 MB"))
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if not content.strip():
        raise Unreadable(_("这个文件是空的，重新选一次"))
    if content.startswith((b"PK", sheets.OLD)):
        return table(of_book(content), "xlsx")
    text, encoding = decoded(content)
    return table(enumerate(of_text(text), 1), encoding)


def decoded(content: bytes) -> tuple[str, str]:
    for encoding in (*(name for mark, name in MARKS.items() if content.startswith(mark)), *ENCODINGS):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise Unreadable(_("读不出里面的字。从平台重新导出一份，存成 CSV 或 XLSX 再传"))


def of_text(text: str) -> Iterator[list[str]]:
    """Line by line: five megabytes of empty ones are not kept."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    divider = max(",\t;", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=divider)
    except csv.Error as error:
        raise Unreadable(_("表格读不懂。从平台重新导出一份，存成 CSV 或 XLSX 再传")) from error


def of_book(content: bytes) -> list[tuple[int, list[str]]]:
    """The sheet with most in it. Formulas are read as what they last came to."""
    file = io.BytesIO(content)
    try:
        sheets.refuse_hostile(file, len(content))
        sheets.refuse_spread(file)
        book = load_workbook(file, read_only=False, keep_links=False, data_only=True)
    except sheets.Unreadable as hostile:
        raise Unreadable(str(hostile)) from hostile
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise Unreadable(_("表格读不懂，用 Excel 或 WPS 打开，另存为 .xlsx 再传")) from error
    if not book.worksheets:
        raise Unreadable(_("表格里没有工作表"))
    sheet = max(book.worksheets, key=lambda one: one.max_row * one.max_column)
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise Unreadable(_("表格太大了，最多 2 万行、120 列"))
    spread = {}
    for merged in sheet.merged_cells.ranges:
        said = sheet.cell(merged.min_row, merged.min_col).value
        for row, column in merged.cells:
            spread[row, column] = said
    return [
        (number, [as_text(spread.get((number, place), cell)) for place, cell in enumerate(row, 1)])
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
    ]


def as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def table(rows, encoding: str) -> Table:
    kept, numbers = [], []
    for number, row in rows:
        cells = [" ".join(cell.replace("\0", "").split())[:MOST_CELL] for cell in row[:MOST_COLUMNS]]
        if any(cells):
            kept.append(cells)
            numbers.append(number)
        if len(kept) > MOST_ROWS:
            raise Unreadable(_("表格太大了，最多 2 万行、120 列"))
    if not kept:
        raise Unreadable(_("表格里什么也没有"))
    width = max(len(row) for row in kept)
    return Table([row + [""] * (width - len(row)) for row in kept], numbers, encoding)
