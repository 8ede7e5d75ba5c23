"""Print a ledger to be signed by hand: the sheets of the spreadsheet on A4 landscape, a header on every page."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime

from django.utils.translation import gettext as _

from programme.training_ledger.sheets import Cell, Column, Sheet, format_time, list_texts
from programme.typesetting import is_drawn_by_ours, typeset
from shops.printables.text_layout import MISSING

TEMPLATE = "training_ledger.typ"
# So many narrow columns beside the name fit on a page; a wider table goes on below, with the names again.
MOST_COLUMNS = 16
# So many cells are set at once, with tags for screen readers; more take more memory than a village computer has to spare.
CELLS_AT_ONCE = 15_000
# A longer print is set in parts of so many cells (half a second of CPU), which the worker waits for on a busy computer.
CELLS_A_PART, PART_SECONDS = 5_000, 300

Report = Callable[[int], object]
Cover = list[tuple[str, Cell]]


def print_ledger(
    title: str,
    lang: str,
    cover: Cover,
    sheets: list[Sheet],
    at: datetime,
    report: Report = lambda percent: None,
) -> bytes:
    """Return the PDF; a large one is set in parts, whose pages are numbered on. `report` gets percents. Raises PdfNotMade."""
    tables = [table for sheet in sheets for table in split(sheet)]
    is_long = sum(len(table["rows"]) * len(table["columns"]) for table in tables) > CELLS_AT_ONCE
    facts = {"title": draw(title), "lang": "zh" if lang.startswith("zh") else "en", "made": format_time(at)}
    front = facts | {"cover": describe_cover(cover), "signs": list_signs(), "first": 1}
    if not is_long:
        whole = {
            "page": _("第 {page} 页，共 {pages} 页"),
            "sheets": [t | {"is_continued": False} for t in tables],
        }
        return typeset(TEMPLATE, front | whole)
    front |= {"page": _("第 {page} 页"), "sheets": []}
    first = count_pages(typeset_part(front)) + 1
    parts, groups = [], group_tables(tables)
    for number, some in enumerate(groups):
        content = facts | {"page": front["page"], "cover": [], "signs": [], "first": first, "sheets": some}
        parts.append(typeset_part(content))
        first += count_pages(parts[-1])
        report(100 * (number + 1) // len(groups))
    front["cover"] = describe_cover([*cover, (_("一共几页"), first - 1)])
    return join([typeset_part(front), *parts])


def typeset_part(content: dict) -> bytes:
    return typeset(TEMPLATE, content, is_tagged=False, patience=PART_SECONDS)


def group_tables(tables: Iterable[dict]) -> list[list[dict]]:
    """Return the tables in groups of at most CELLS_A_PART; a longer one is cut, its header is on every page anyway."""
    groups: list[list[dict]] = [[]]
    room = CELLS_A_PART
    for table in tables:
        width, rows, is_begun = len(table["columns"]), table["rows"], False
        while len(rows) * width > room:
            fitting = room // width
            if fitting:
                groups[-1].append(table | {"rows": rows[:fitting], "is_continued": is_begun})
                rows, is_begun = rows[fitting:], True
            groups.append([])
            room = CELLS_A_PART
        groups[-1].append(table | {"rows": rows, "is_continued": is_begun})
        room -= len(rows) * width
    return groups


def join(parts: list[bytes]) -> bytes:
    import pikepdf

    target = io.BytesIO()
    with ExitStack() as opened:
        whole, *others = (opened.enter_context(pikepdf.open(io.BytesIO(part))) for part in parts)
        for other in others:
            whole.pages.extend(other.pages)
        whole.save(target)
    return target.getvalue()


def count_pages(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def describe_cover(cover: Cover) -> list[list[str]]:
    return [[draw(name), draw("".join(list_texts([value])))] for name, value in cover]


def list_signs() -> list[dict[str, str]]:
    hint = _("签字　　　　　　　日期")
    return [{"role": role, "hint": hint} for role in (_("做台账的人"), _("核对的人"), _("批准的人（盖章）"))]


def split(sheet: Sheet) -> Iterator[dict]:
    """Yield the tables of a sheet: one of many columns is cut after each MOST_COLUMNS."""
    rows = [list_texts(row) for row in sheet.rows]
    first, last = 2, len(sheet.columns)
    if not rows or last - first <= MOST_COLUMNS:
        yield describe_part(sheet.title, sheet.columns, rows, "" if rows else _("没有。"))
        return
    for start in range(first, last, MOST_COLUMNS):
        end = min(start + MOST_COLUMNS, last)
        columns = [*sheet.columns[:first], *sheet.columns[start:end]]
        title = f"{sheet.title} {(start - first) // MOST_COLUMNS + 1}"
        yield describe_part(title, columns, [[*row[:first], *row[start:end]] for row in rows], "")


def describe_part(title: str, columns: list[Column], rows: list[list[str]], note: str) -> dict:
    return {
        "title": title,
        "note": note,
        "columns": [draw(column.title) for column in columns],
        "widths": [column.width for column in columns],
        "rows": [[draw(cell) for cell in row] for row in rows],
    }


def draw(text: str) -> str:
    """Return the text with 〓 for characters that no font of ours has: without that nothing would show that one is missing."""
    if text.isascii():
        return text
    return "".join(letter if letter.isspace() or is_drawn_by_ours(letter) else MISSING for letter in text)
