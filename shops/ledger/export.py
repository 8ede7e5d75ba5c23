"""Export ledger entries as CSV or XLSX, the latter with their sums below."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.backoffice.export import quote_formula
from shops.models import GRAMS_PER_JIN, LedgerEntry

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

BATCH = 1000
MONEY, WEIGHT = "#,##0.00", "#,##0.00"
MOST_ROWS = 200_000  # a sheet can hold 1,048,576; a larger ledger is exported month by month
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))  # characters a sheet's title may not contain


def make_header() -> list[str]:
    return [
        _("日期"),
        _("类型"),
        _("金额（元）"),
        _("重量（斤）"),
        _("谁的"),
        _("订单号"),
        _("说明"),
        _("记录人"),
        _("更正哪一笔"),
        _("编号"),
    ]


def make_rows(entries: QuerySet) -> Iterator[list]:
    """Yield the entries as rows; yuan and 斤 as exact decimals, so that a sheet can add them."""
    for entry in entries.select_related("villager", "made_by", "order").iterator(chunk_size=BATCH):
        yield make_row(entry)


def make_row(entry: LedgerEntry) -> list:
    return [
        entry.on,
        entry.get_kind_display(),
        Decimal(entry.fen) / 100,
        Decimal(entry.grams) / GRAMS_PER_JIN,
        entry.villager.name,
        entry.order.number if entry.order else "",
        entry.note,
        entry.made_by.name if entry.made_by else "",
        entry.corrects_id or "",
        entry.pk,
    ]


def write_xlsx(entries: QuerySet, title: str) -> bytes:
    """Return an XLSX file of one sheet: texts never become formulas; the sums are formulas, so they follow the rows."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet(ILLEGAL_CHARACTERS_RE.sub("", title).translate(NOT_IN_TITLES)[:31] or _("收支"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", (12, 14, 14, 12, 12, 18, 36, 12, 12, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([make_bold_cell(sheet, text) for text in make_header()])
    last = 1
    for values in make_rows(entries):
        sheet.append([make_cell(sheet, at, value) for at, value in enumerate(values)])
        last += 1
    sheet.append([])
    sums = [
        make_bold_cell(sheet, _("合计")),
        None,
        make_sum_cell(sheet, "C", last),
        make_sum_cell(sheet, "D", last),
    ]
    sheet.append(sums)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def make_bold_cell(sheet, value: str | int) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    made = WriteOnlyCell(sheet, value)
    made.font = Font(bold=True)
    return made


def make_sum_cell(sheet, letter: str, last: int) -> WriteOnlyCell:
    made = make_bold_cell(sheet, f"=SUM({letter}2:{letter}{last})" if last > 1 else 0)
    made.number_format = MONEY
    return made


def make_cell(sheet, at: int, value) -> WriteOnlyCell:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    if isinstance(value, str):
        value = quote_formula(ILLEGAL_CHARACTERS_RE.sub("", value))
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        made.data_type = "s"
    elif at == 2:
        made.number_format = MONEY
    elif at == 3:
        made.number_format = WEIGHT
    return made
