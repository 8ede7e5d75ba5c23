"""Print a page for trainers (`courses.preparation`): a timetable, what to bring, the ten steps, or a text, on A4."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.hours import format_minutes
from courses.models import Course
from courses.other_language import find_twin_in
from courses.preparation.files import TrainerPage
from courses.preparation.kit import build_kit
from courses.preparation.timetables import Part, build_timetable
from courses.rendering import get_parser
from programme.lesson_plans.booklet import clean_text, list_blocks, typeset_once
from programme.typesetting import draw_code

Block = dict[str, Any]


def print_trainer_page(page: TrainerPage, course: Course, address: str) -> bytes:
    """Return the PDF; the same page is set once. Raises PdfNotMade."""
    return typeset_once("trainer_page.typ", fill_trainer_page(page, course, address))


def fill_trainer_page(page: TrainerPage, course: Course, address: str) -> dict[str, Any]:
    """Return what stands on the paper; `address` is that of the page."""
    fill = {"timetable": fill_timetable, "kit": fill_kit, "steps": fill_steps, "page": fill_text}[page.shape]
    return {
        "title": clean_text(page.content["title"]),
        "course": clean_text(course.title),
        "lang": page.language[:2],
        "page": _("第 {page} 页，共 {pages} 页"),
        "code": draw_code(address),
        "code_label": _("手机上看这一页"),
        "address": address,
        "blocks": [clean(block) for block in fill(page, course)],
    }


def clean(block: Block) -> Block:
    """Return the block without characters that no font has."""
    rows = [[clean_text(cell) for cell in row] for row in block.get("rows", [])]
    return block | {"text": clean_text(block.get("text", "")), "rows": rows}


def make_block(kind: str, text: str) -> Block:
    """Return a block: a heading, text, item, note or warning."""
    return {"kind": kind, "text": text, "columns": 0, "rows": []}


def make_table(columns: list[str], rows: list[list[str]]) -> Block:
    """Return a table; `columns` are widths in Typst."""
    return {"kind": "table", "text": "", "columns": columns, "rows": rows}


def fill_timetable(page: TrainerPage, course: Course) -> list[Block]:
    timetable = build_timetable(page.content, course, find_twin_in(course, page.language))
    blocks = [make_block("text", page.content["fits"]), make_block("note", page.content["note"])]
    rows = []
    for one in timetable.rounds:
        rows.append(
            [_("第 %(n)s 轮，坐在教室里") % {"n": one.number}, format_minutes(one.room_minutes)],
        )
        rows.append([_("里头上课"), format_minutes(one.lesson_minutes)])
    hours = timetable.hours
    rows += [
        [_("课后任务，在家做"), format_minutes(hours.tasks)],
        [_("彩排，每样练一遍"), format_minutes(hours.drills)],
        [_("上课、任务、彩排加起来"), format_minutes(hours.total)],
    ]
    blocks.append(make_table(["1fr", "auto"], rows))
    for session in (session for one in timetable.rounds for session in one.sessions):
        blocks.append(make_block("heading", f"{session.name}　{session.starts}–{session.ends}"))
        blocks.append(
            make_table(["14mm", "1fr", "auto"], [[part.clock, *describe(part)] for part in session.parts])
        )
        blocks += [make_block("item", f"{_('回家做')}　{'　'.join(describe(part))}") for part in session.home]
        if session.note:
            blocks.append(make_block("note", session.note))
    if timetable.missing:
        blocks.append(make_block("heading", _("没排进来的：")))
        blocks += [make_block("item", title) for title in timetable.missing]
    return blocks


def describe(part: Part) -> list[str]:
    return [part.title, format_minutes(part.minutes)]


def fill_kit(page: TrainerPage, course: Course) -> list[Block]:
    kit = build_kit(page.content, course, page.language)
    blocks = [make_block("text", page.content["note"])]
    for name, things in kit.parts:
        blocks.append(make_block("heading", name))
        blocks += [
            make_block(
                "tick",
                "\n".join(
                    [
                        f"{thing.facts['name']}　{thing.facts['amount']}",
                        "　".join(filter(None, [thing.facts["who"], thing.facts["price"]])),
                        f"{_('没有就用')}　{thing.facts['instead']}",
                    ]
                ),
            )
            for thing in things
        ]
    if kit.unlisted:
        blocks.append(make_block("heading", _("教案里写了、上面没有的")))
        blocks += [make_block("tick", line) for _number, line in kit.unlisted]
    return blocks


def fill_steps(page: TrainerPage, course: Course) -> list[Block]:
    blocks = [make_block("text", page.content["note"])]
    for number, step in enumerate(page.content["step"], 1):
        blocks.append(make_block("heading", f"{number}　{step['title']}"))
        blocks.append(
            make_table(
                ["24mm", "1fr"],
                [
                    [pgettext("step", "哪天"), step["when"]],
                    [_("谁来做"), step["who"]],
                    [_("要多久"), format_minutes(step["minutes"])],
                ],
            )
        )
        blocks += [
            make_block("item" if one["is_item"] else "text", one["text"]) for one in list_blocks(step["do"])
        ]
        blocks.append(make_block("note", f"{_('会出的岔子')}　{step['wrong']}"))
    return blocks


def fill_text(page: TrainerPage, course: Course) -> list[Block]:
    """Return the blocks of a Markdown text: headings, paragraphs, items, and tables by rows."""
    parser: Any = get_parser()
    blocks: list[Block] = []
    kind, depth = "text", 0
    row: list[str] | None = None
    for token in parser.parse(page.content["body"]):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "table_open":
            blocks.append(make_table([], []))
        elif token.type == "tr_open":
            row = []
            blocks[-1]["rows"].append(row)
        elif token.type == "tr_close":
            blocks[-1]["columns"] = ["1fr"] * len(row or [])
            row = None
        elif token.type == "inline":
            words = parser.renderer.renderInlineAsText(token.children or [], parser.options, {})
            if row is not None:
                row.append(words)
            else:
                blocks.append(make_block("item" if depth else kind, words))
            kind = "text"
    return blocks
