"""Read an export of any encoding, CSV or XLSX, into rows of text, or refuse it with a sentence."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from media import spreadsheets
from ui.text import decode_text

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_CELL = spreadsheets.MOST_BYTES, 20_000, 120, 300


class UnreadableExport(Exception):
    """Raised when the file cannot be read; the message is a sentence for the person who uploaded it."""


@dataclass(frozen=True)
class ExportTable:
    """Rows of text without empty ones; `numbers` are their lines in the file, from 1.

    Every cell of a merged range has the value of the first.
    """

    rows: list[list[str]]
    numbers: list[int]
    encoding: str


def read_export(file: BinaryIO, size: int) -> ExportTable:
    """Read a file into a table. Raises UnreadableExport."""
    if size > MOST_BYTES:
        raise UnreadableExport(_("表格太大了，最多 5 MB"))
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if not content.strip():
        raise UnreadableExport(_("这个文件是空的，重新选一次"))
    if content.startswith((b"PK", spreadsheets.OLD)):
        return build_table(read_workbook_rows(content), "xlsx")
    text, encoding = decode(content)
    return build_table(enumerate(read_text_rows(text), 1), encoding)


def decode(content: bytes) -> tuple[str, str]:
    try:
        text, encoding = decode_text(content)
        if "\0" not in text:
            return text, encoding
    except UnicodeDecodeError:
        pass
    raise UnreadableExport(_("读不出里面的字。从平台重新导出一份，存成 CSV 或 XLSX 再传"))


def read_text_rows(text: str) -> Iterator[list[str]]:
    """Yield rows one at a time, so that five megabytes of empty lines are not held in memory."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    divider = max(",\t;", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=divider)
    except csv.Error as error:
        raise UnreadableExport(_("表格读不懂。从平台重新导出一份，存成 CSV 或 XLSX 再传")) from error


def read_workbook_rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows of the largest sheet; formulas by their last values."""
    from openpyxl import load_workbook

    file = io.BytesIO(content)
    try:
        spreadsheets.refuse_hostile(file, len(content))
        spreadsheets.refuse_spread(file)
        book = load_workbook(file, read_only=False, keep_links=False, data_only=True)
    except spreadsheets.UnreadableSpreadsheet as hostile:
        raise UnreadableExport(str(hostile)) from hostile
    except Exception as error:  # openpyxl raises any exception on a damaged file
        raise UnreadableExport(_("表格读不懂，用 Excel 或 WPS 打开，另存为 .xlsx 再传")) from error
    if not book.worksheets:
        raise UnreadableExport(_("表格里没有工作表"))
    sheet = max(book.worksheets, key=lambda one: one.max_row * one.max_column)
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise UnreadableExport(_("表格太大了，最多 2 万行、120 列"))
    spread = {}
    for merged in sheet.merged_cells.ranges:
        value = sheet.cell(merged.min_row, merged.min_col).value
        for row, column in merged.cells:
            spread[row, column] = value
    return [
        (number, [to_text(spread.get((number, place), cell)) for place, cell in enumerate(row, 1)])
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
    ]


def to_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def build_table(rows, encoding: str) -> ExportTable:
    found, numbers = [], []
    for number, row in rows:
        cells = [" ".join(cell.replace("\0", "").split())[:MOST_CELL] for cell in row[:MOST_COLUMNS]]
        if any(cells):
            found.append(cells)
            numbers.append(number)
        if len(found) > MOST_ROWS:
            raise UnreadableExport(_("表格太大了，最多 2 万行、120 列"))
    if not found:
        raise UnreadableExport(_("表格里什么也没有"))
    width = max(len(row) for row in found)
    return ExportTable([row + [""] * (width - len(row)) for row in found], numbers, encoding)
