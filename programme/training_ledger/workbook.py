"""Write the sheets of a ledger as XLSX: text is text and never a formula, and each sheet prints by itself on A4 landscape."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils.translation import gettext as _

from accounts.backoffice.export import make_text_cell
from programme.training_ledger.sheets import Cell, Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook

# A spreadsheet opens an address longer than this with an error; none of ours is.
LONGEST_LINK = 2000
WIDEST = 70
REPORT_EVERY = 500
# What a spreadsheet runs, or takes for a number of less than eighteen digits: formulas, phones, ID numbers.
LIKE_FORMULA = re.compile(r"[=+\-@＝＋－＠]|[0-9*\s]+[0-9Xx]?$")


def write_workbook(
    title: str,
    cover: list[tuple[str, Cell]],
    sheets: list[Sheet],
    target: BinaryIO,
    report: Callable[[int], object] = lambda rows: None,
) -> None:
    """Write the cover and the sheets, row by row; `report` gets how many rows are written."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, _("新农活")
    write_cover(book, title, cover)
    bold, written = Font(bold=True), 0
    for sheet in sheets:
        page: Any = book.create_sheet(sheet.title)
        page.freeze_panes = "C2"
        set_up_print(page, title, sheet)
        for number, column in enumerate(sheet.columns, 1):
            page.column_dimensions[get_letter(number)].width = min(column.width, WIDEST)
        page.append([make_text_cell(page, column.title, bold) for column in sheet.columns])
        for row in sheet.rows:
            page.append([make_cell(page, cell) for cell in row])
            written += 1
            if not written % REPORT_EVERY:
                report(written)
    book.save(target)


def write_cover(book: Workbook, title: str, cover: list[tuple[str, Cell]]) -> None:
    from openpyxl.styles import Font

    page: Any = book.create_sheet(_("封面"))
    set_up_print(page, title, None)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 22, WIDEST
    page.append([make_text_cell(page, title, Font(bold=True, size=16))])
    page.append([])
    for name, value in cover:
        page.append([make_text_cell(page, name, Font(bold=True)), make_cell(page, value)])


def set_up_print(page: Any, title: str, sheet: Sheet | None) -> None:
    """Print on A4 landscape, as wide as the page, the header on each page, with the number of the page below."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = make_fit()
    page.oddHeader.left.text = quote_footer(title)
    page.oddFooter.center.text = "&P / &N"
    if sheet:
        page.print_title_rows = "1:1"
        page.oddHeader.right.text = quote_footer(sheet.title)


def make_fit() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def quote_footer(text: str) -> str:
    """Return words for a header or footer, in which & begins a command."""
    return text.replace("&", "&&")


def get_letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(number)


def make_cell(page: Any, value: Cell) -> Any:
    """Return what the library writes: a number, text, or None. What could be run or reckoned with is marked as text."""
    if value is None or value == "" or isinstance(value, int | Decimal):
        return None if value == "" else value
    text = str(value)
    is_link = text.startswith(("https://", "http://")) and len(text) < LONGEST_LINK
    if not is_link and text.isprintable() and not LIKE_FORMULA.match(text):
        return text
    made = make_text_cell(page, text)
    if made is not None and is_link:
        made.hyperlink = text
    elif made is not None:
        made.number_format = "@"  # stays text when somebody edits it
    return made
