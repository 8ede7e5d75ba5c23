"""Read a roster's file, XLSX, XLS or CSV of any usual encoding, into rows; or refuse it with a sentence."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from media import spreadsheets
from programme.rosters.columns import Columns, find_columns
from ui.text import decode_text

LIMITS = spreadsheets.Limits(bytes=10_000_000, unpacked=150_000_000)
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 100_100, 100, 30
READER, PATIENCE_SECONDS = Path(__file__).parent / "workbook_rows.py", 120
# The header stands among the first rows that are not empty.
SEARCHED = 30

Cell = str | int | float | bool | None


class UnreadableRoster(Exception):
    """Raised with a sentence for the person who sent the file."""


@dataclass
class Line:
    """A row of the file: its number there, its cells, and the columns whose cell is a formula."""

    number: int
    cells: list[Cell]
    formulas: list[int] = field(default_factory=list)


@dataclass
class Table:
    """The rows below the header of the first sheet that has one; `left_out` sheets have a header too."""

    columns: Columns
    lines: list[Line]
    sheet: str = ""
    left_out: int = 0


def read_table(content: bytes) -> Table:
    """Read the file. Raises UnreadableRoster."""
    if not content.strip():
        raise UnreadableRoster(_("这个文件是空的，重新选一次"))
    if len(content) > LIMITS.bytes:
        raise UnreadableRoster(describe_size())
    if content.startswith((b"PK", spreadsheets.OLD)):
        return choose_sheet(read_workbook(content))
    return choose_sheet([("", list(read_text(content)))])


def describe_size() -> str:
    return _("文件太大了，最多 %(most)s MB，分几次传") % {"most": LIMITS.bytes // 1_000_000}


def choose_sheet(sheets: list[tuple[str, list[Line]]]) -> Table:
    found: Table | None = None
    missing = ""
    for name, lines in sheets:
        for place, line in enumerate(lines[:SEARCHED]):
            columns = find_columns(line.cells)
            if columns.has_both:
                if found:
                    found.left_out += 1
                else:
                    found = Table(columns, lines[place + 1 :], name)
                break
            missing = missing or columns.missing
    if found is None:
        raise UnreadableRoster(describe_missing(missing))
    if not found.lines:
        raise UnreadableRoster(_("表头下面一行也没有，把名单填上再传"))
    if len(found.lines) > MOST_ROWS:
        raise UnreadableRoster(_("表格太大了，最多 10 万行，分几次传"))
    return found


def describe_missing(missing: str) -> str:
    if missing == "phone":
        return _("有“姓名”这一列，没有“手机号”。加上这一列再传")
    if missing == "name":
        return _("有“手机号”这一列，没有“姓名”。加上这一列再传")
    return _("没找到表头。要有一行写着“姓名”和“手机号”，照模板填最稳当")


# --- workbooks ---


def read_workbook(content: bytes) -> list[tuple[str, list[Line]]]:
    """Read a workbook in a process of its own, whose memory and time are limited."""
    if content.startswith(b"PK"):
        try:
            spreadsheets.refuse_hostile(io.BytesIO(content), len(content), LIMITS)
        except spreadsheets.UnreadableSpreadsheet as hostile:
            raise UnreadableRoster(str(hostile)) from hostile
    child = [sys.executable, "-I", str(READER)]
    child += [str(one) for one in (os.getpid(), MOST_SHEETS, MOST_ROWS, MOST_COLUMNS)]
    try:
        done = subprocess.run(child, input=content, capture_output=True, timeout=PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnreadableRoster(describe_refusal("broken")) from error
    if done.returncode:
        ended_by_size = done.returncode in (-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL)
        raise UnreadableRoster(describe_refusal("spread" if ended_by_size else "broken"))
    sheets: list[tuple[str, list[Line]]] = []
    for text in io.BytesIO(done.stdout):
        value = json.loads(text)
        if isinstance(value, str):
            raise UnreadableRoster(describe_refusal(value))
        if isinstance(value, dict):
            sheets.append((value["sheet"], []))
        else:
            sheets[-1][1].append(Line(*value))
    return sheets


def describe_refusal(reason: str) -> str:
    sentences = {
        "password": _("表格加了密码，先去掉再传"),
        "sheets": _("工作表太多了，最多 %(most)s 张。只留名单那一张再传") % {"most": MOST_SHEETS},
        "columns": _("列太多了，最多 %(most)s 列。只留要用的几列再传") % {"most": MOST_COLUMNS},
        "rows": _("表格太大了，最多 10 万行，分几次传"),
        "spread": _("表格里有一格离得太远，读不下来。只把名单复制到一张新表里再传"),
    }
    return sentences.get(reason, _("表格读不懂，用 Excel 或 WPS 打开，另存为 .xlsx 再传"))


# --- text ---


def read_text(content: bytes) -> Iterator[Line]:
    try:
        text, _encoding = decode_text(content)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UnreadableRoster(_("读不出里面的字。用 Excel 或 WPS 打开，另存为 .xlsx 再传"))
    first = next((line for line in io.StringIO(text) if any(line.count(mark) for mark in ",\t;，")), "")
    divider = max(",\t;，", key=first.count)
    count = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=divider), 1):
            if any(cell.strip() for cell in row):
                count += 1
                if count > MOST_ROWS:
                    raise UnreadableRoster(describe_refusal("rows"))
                if len(row) > MOST_COLUMNS:
                    raise UnreadableRoster(describe_refusal("columns"))
                yield Line(number, list(row), [place for place, cell in enumerate(row) if is_formula(cell)])
    except csv.Error as error:
        raise UnreadableRoster(describe_refusal("broken")) from error


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would run the cell of a CSV file as a formula."""
    return text.lstrip().startswith(("=", "＝"))
