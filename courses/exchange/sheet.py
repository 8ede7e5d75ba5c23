"""Questions in an XLSX sheet, a row a question. What a question bank has no use for is refused: macros, entities,
formulas, sheets that unpack to something huge.

openpyxl reads row by row. django-import-export would bring a dry run too, but it maps a row to a model's fields: here
a row becomes JSON by its kind, and each mistake is told in words, so nothing of it would be used but the table itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from courses.exchange.asked import MOST, Asked, finish
from courses.exchange.document import Unreadable
from courses.exchange.sheet_rows import COLUMNS, Cells, names_of, read_row
from media import sheets

# Where the line with the columns' names may stand, and what it must name.
HEAD_WITHIN, NEEDED = 5, ("kind", "text")
# A file may name its last row and leave out the million before it; each would be walked over.
LAST = 20_000


def read(file: BinaryIO, size: int) -> list[Asked]:
    """Every row with something in it, the wrong ones too. Raises Unreadable."""
    try:
        sheets.refuse_hostile(file, size)
        sheets.refuse_spread(file)
    except sheets.Unreadable as hostile:
        raise Unreadable(str(hostile)) from hostile
    try:
        book = load_workbook(file, read_only=True, keep_links=False, data_only=False)
        try:
            found = list(rows_of(book))
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise Unreadable(_("表格读不懂，用 Excel 或 WPS 打开，另存为 .xlsx 再传")) from error
    if not found:
        raise Unreadable(_("表格里一道题也没有：题目从列名下面一行写起"))
    return found


def rows_of(book) -> Iterator[Asked]:
    if not book.worksheets:
        raise Unreadable(_("表格里没有工作表"))
    sheet = next((one for one in book.worksheets if one.title in ("题目", "questions")), book.worksheets[0])
    columns: dict[int, str] = {}
    count = 0
    for number, row in enumerate(sheet.iter_rows(max_col=len(COLUMNS) + 10), 1):
        if number > LAST:
            raise Unreadable(_("第 %(n)d 行下面还有东西。删掉用不着的行再传") % {"n": LAST})
        cells = [cell for cell in row if cell.value is not None]
        if not columns:
            columns = head(row)
            if not columns and number >= HEAD_WITHIN:
                raise Unreadable(_("前 5 行里没有列名。下载模板，照着第一行的列名写"))
            continue
        if not any(str(cell.value).strip() for cell in cells):
            continue
        count += 1
        if count > MOST:
            raise Unreadable(_("表格里超过 %(most)d 道题，分几次导入") % {"most": MOST})
        yield finish(
            read_row(Cells(number, {columns[cell.column]: cell for cell in cells if cell.column in columns}))
        )
    if not columns:
        raise Unreadable(_("前 5 行里没有列名。下载模板，照着第一行的列名写"))


def head(row) -> dict[int, str]:
    """{number of the column: what it holds}, or {} for a row that is not the columns' names."""
    known = names_of()
    called = {
        cell.column: re.sub(r"\s+", "", str(cell.value)).lower() for cell in row if cell.value is not None
    }
    found = {column: known[name] for column, name in called.items() if name in known}
    if not set(found.values()) & set(NEEDED):
        return {}
    missing = [name for name in NEEDED if name not in found.values()]
    if missing:
        said = "、".join(COLUMNS[name][0] for name in missing)
        raise Unreadable(_("列名里少了：%(names)s") % {"names": said})
    doubled = {name for name in found.values() if list(found.values()).count(name) > 1}
    if doubled:
        raise Unreadable(
            _("有两列同名：%(names)s") % {"names": "、".join(COLUMNS[name][0] for name in doubled)}
        )
    return found
