"""Print sheets: put a sheet's texts and what it is filled with together, and set them as a PDF.

What is printed of a plan is read in one transaction, so that a plan edited meanwhile is printed as it was before or after, never
half and half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from programme.sheets import goods, people, sessions, sources
from programme.sheets.texts import Sheet, Texts, load_texts
from programme.sheets.values import Filling, Row, clean
from programme.typesetting import draw_code, typeset
from rehearsals import scoring
from ui.formats import day

TEMPLATE = "sheets.typ"
# At least so many empty lines follow what is filled in, for writing by hand.
BLANK_AFTER = 3

Filler = Callable[[Any, User], Filling]
# From a row of programme.sheets.sources.
FILLERS: dict[str, Filler] = {
    "spec": goods.fill_spec,
    "sugar": goods.fill_sugar,
    "sprays": goods.fill_sprays,
    "costs": goods.fill_costs,
    "freight": goods.fill_freight,
    "sales": goods.fill_sales,
    "card": goods.fill_card,
    "aftersales": goods.fill_aftersales,
    "rundown": sessions.fill_rundown,
    "script": sessions.fill_script,
    "checklist": sessions.fill_checklist,
    "correction": sessions.fill_correction,
    "recap": sessions.fill_recap,
    "coaching": people.fill_coaching,
}
# From the person alone.
OF_PERSON: dict[str, Callable[[User, User], Filling]] = {
    "appearance": people.fill_appearance,
    "guardian": people.fill_guardian,
}


@contextmanager
def read_at_once() -> Iterator[None]:
    """Read everything inside as it stood at one moment, while others write; nothing is locked.

    SQLite: a deferred transaction, because the site's immediate one would stop all writers. PostgreSQL: repeatable read, which
    has to be said in SQL before the first query.
    """
    here: Any = connection
    if here.in_atomic_block:
        yield
        return
    is_sqlite = here.vendor == "sqlite"
    if is_sqlite:
        here.ensure_connection()
        mode, here.transaction_mode = here.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            if not is_sqlite:
                with here.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if is_sqlite:
            here.transaction_mode = mode


def fill(
    sheet: Sheet, subject: User, reader: User, source: int | None = None, form: str = ""
) -> Filling | None:
    """Return what the sheet is filled with: from the row `source`, by default from the newest; None if that is not there.

    With nothing to fill it from, an empty sheet of the person.
    """
    with read_at_once():
        if sheet.code in OF_PERSON:
            return OF_PERSON[sheet.code](subject, reader)
        if not sheet.filled_from:
            return Filling()
        rows = sources.find_sources(sheet.filled_from, subject, reader)
        row = rows.filter(pk=source).first() if source else rows.first()
        if row is None:
            return None if source else fill_nothing(sheet, subject, form)
        if sheet.code == "rubric":
            return people.fill_submission(row, reader, form)
        return FILLERS[sheet.code](row, reader)


def fill_nothing(sheet: Sheet, subject: User, form: str = "") -> Filling:
    """Return what stands on an empty sheet beyond its texts: lines that the site has as data."""
    if sheet.code == "rubric":
        found = people.find_rubric(subject)
        return people.fill_rubric(found.content, form or scoring.SHORT) if found else Filling()
    rows: dict[str, list[Row]] = {}
    if sheet.code == "checklist":
        rows = sessions.list_checks()
    elif sheet.code == "recap":
        rows = sessions.list_figures()
    elif sheet.code == "freight":
        rows = {"provinces": goods.list_provinces()}
    return Filling(rows=rows)


# --- setting ---


def print_sheets(
    title: str, copies: list[dict[str, Any]], is_tagged: bool = True, patience: float | None = None
) -> bytes:
    """Return a PDF of described sheets, each with page numbers of its own. Raises PdfNotMade."""
    texts = load_texts()
    content = {
        "title": clean(title),
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "words": {name: clean(text) for name, text in texts.words.items()},
        "sheets": copies,
    }
    return typeset(TEMPLATE, content, is_tagged=is_tagged, patience=patience)


def describe_sheet(
    texts: Texts, sheet: Sheet, filling: Filling, site: str, person: User | None = None, dated: bool = True
) -> dict[str, Any]:
    """Return one copy for the template. `site`: what the code's address begins with; without `person` the name is a line."""
    target = site + (filling.target or reverse("programme:course_sheet", args=[sheet.code]))
    who = [
        (texts.words["name"], clean(person.name) if person else ""),
        (texts.words["village"], clean(people.find_village(person)) if person else ""),
        (texts.words["day"], day(timezone.localdate()) if person and dated else ""),
    ]
    return {
        "code": sheet.code,
        "title": clean(sheet.title),
        "mark": clean(texts.words.get(filling.mark, "")),
        "hint": clean(sheet.hint),
        "printed": clean(texts.words["printed"].format(at=filling.at)) if filling.at else "",
        "landscape": sheet.landscape,
        "who": who,
        "qr": draw_code(target),
        "address": target,
        "parts": [described for part in sheet.parts for described in describe_part(part, filling)],
    }


def describe_part(part: dict[str, Any], filling: Filling) -> Iterator[dict[str, Any]]:
    kind, key = part["kind"], part.get("key", "")
    facts: dict[str, Any] = {"kind": kind, "title": clean(part.get("title", ""))}
    if kind == "fields":
        yield facts | {"rows": [describe_field(row, filling) for row in part["rows"]]}
    elif kind == "table":
        yield facts | describe_table(part, filling)
    elif kind == "checks":
        rows = filling.rows.get(key) or [
            {"text": one["text"], "done": "", "note": ""} for one in part.get("rows", [])
        ]
        cleaned = [{name: clean(text) for name, text in row.items()} for row in rows]
        yield facts | {"rows": cleaned, "notes": clean(part.get("notes", ""))}
    elif kind == "text":
        texts = [row["text"] for row in filling.rows.get(key, [])] or part.get("text", [])
        if texts:
            yield facts | {"rows": [clean(text) for text in texts]}
    elif kind == "signs":
        yield facts | {"rows": [clean(text) for text in part["rows"]]}
    elif kind == "script":
        yield facts | {"items": describe_script(part, filling)}
    else:
        yield facts | {
            "rows": [
                {name: clean(text) for name, text in row.items()}
                | {"text": clean(filling.fields.get(row["key"], row.get("text", "")))}
                for row in part["rows"]
            ]
        }


def describe_field(row: dict[str, Any], filling: Filling) -> dict[str, Any]:
    value = clean(filling.fields.get(row["key"], ""))
    return {
        "label": clean(row["label"]),
        "note": clean(row.get("note", "")),
        "value": value,
        "example": "" if value else clean(row.get("example", "")),
        "lines": row.get("lines", 1),
    }


def describe_table(part: dict[str, Any], filling: Filling) -> dict[str, Any]:
    """Return a table: its rows as filled, or those of the file; then empty lines. The example stands on an empty one only."""
    names = [column["key"] for column in part["columns"]]
    given = filling.rows.get(part["key"], [])
    cells = filling.cells.get(part["key"], {})
    rows: list[Row] = given or [row | cells.get(row["key"], {}) for row in part.get("rows", [])]
    is_filled = bool(cells) or any(sum(bool(text) for text in row.values()) > 1 for row in given)
    example = None if is_filled else part.get("example")
    blank = part.get("blank", 0)
    if blank and given:
        blank = part.get("blank_after") or max(BLANK_AFTER, blank - len(given))
    return {
        "columns": [
            {
                "label": clean(column["label"]),
                "width": column["width"],
                "align": column.get("align", "left"),
                "box": column.get("box", False),
            }
            for column in part["columns"]
        ],
        "example": [clean(example.get(name, "")) for name in names] if example else [],
        "rows": [[clean(row.get(name, "")) for name in names] for row in rows] + [[""] * len(names)] * blank,
    }


def describe_script(part: dict[str, Any], filling: Filling) -> list[dict[str, Any]]:
    """Return the parts of each item; an empty sheet has one item with examples."""
    titles = sessions.list_part_titles()
    items = filling.items or [{"title": part["item"], "parts": {}}] * part["blank"]
    return [
        {
            "title": clean(item["title"]),
            "parts": [
                {
                    "label": clean(row["label"]),
                    "title": clean(titles[row["key"]]) if titles[row["key"]] != row["label"] else "",
                    "time": clean(row["time"]),
                    "text": clean(item["parts"].get(row["key"], "")),
                    "example": "" if filling.items else clean(row["example"]),
                }
                for row in part["rows"]
            ],
        }
        for item in items
    ]
