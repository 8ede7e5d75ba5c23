"""The sheet that trainers fill in: a template with one example of each kind, or a bank's own questions."""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from courses.exchange.asked import MOST
from courses.exchange.sheet_rows import COLUMNS, KINDS, LETTERS
from courses.models import Question

WIDE, NARROW = (
    {"text": 46, "script": 46, "explain": 46},
    {"code", "kind", "answer", "tolerance", "unit", "form"},
)
HEAD = PatternFill("solid", fgColor="FDEFD6")
# As questions of a bank; the first of a trainer's own replace them.
EXAMPLES = (
    {
        "kind": "single", "text": "回放一条片子，怎么看出手拿得稳不稳？",
        "explain": "人和果子本来就会动，门框不会动。它在画面里跳，那就是手在跳。",
        "content": {"choices": [
            {"text": "看说话的人，表情自然不自然", "why": "人本来就在动，看不出手抖没抖。"},
            {"text": "看画面边上的门框，跳不跳", "right": True},
            {"text": "看片子长短，够不够两分钟", "why": "长短跟稳不稳没关系。"}]},
    },
    {
        "kind": "multiple", "text": "开播前，哪几样要先备好？", "explain": "电、网、光，断了一样就播不成。",
        "content": {"choices": [{"text": "充电宝", "right": True}, {"text": "试过的网络", "right": True},
                                {"text": "新衣服", "why": "干净就行，不用买新的。"}]},
    },
    {
        "kind": "true_false", "text": "手指在屏幕上一拉，就跟走近两步拍得一样清楚。",
        "explain": "一拉画面就发虚。往前走两步，果子才是真的近了。", "content": {"answer": False},
    },
    {
        "kind": "order", "text": "发一箱果子，先做哪样？按先后排好。", "explain": "先挑后装，封口前再看一遍。",
        "content": {"steps": [{"text": "挑掉碰伤的"}, {"text": "称够斤两"}, {"text": "垫好装箱"}, {"text": "拍照封口"}]},
    },
    {
        "kind": "number", "text": "一箱 5 斤卖 29.9 元，一斤多少元？", "explain": "29.9 ÷ 5 = 5.98 元。",
        "content": {"answer": "5.98", "tolerance": "0.01", "unit": "元/斤"},
    },
    {
        "kind": "spot", "text": "下面这段话里，哪几句不能说？", "explain": "“最”字和治病的话都不能说。",
        "content": {"script": "大家好，这是我家的冰糖橙。全国最甜就数它。昨天刚摘的，一箱五斤。吃了能降血压。",
                    "wrong": [{"text": "全国最甜就数它", "why": "“最甜”是绝对化用语。"},
                              {"text": "吃了能降血压", "why": "普通食品不能说治病。"}]},
    },
)  # fmt: skip


def template() -> bytes:
    return sheet([row_of(one["kind"], one, one["content"]) for one in EXAMPLES])


def of_bank(questions: Iterable[Question]) -> bytes:
    """Questions of all kinds that a sheet can hold; bringing it in again changes nothing."""
    rows = []
    for one in questions:
        if one.kind != Question.Kind.PICTURE:
            objective = one.objective.code if one.objective else ""
            facts = {"code": one.code, "text": one.text, "explain": one.explain, "form": one.form}
            rows.append(row_of(one.kind, facts | {"objective": objective}, one.content))
    return sheet(rows)


def row_of(kind: str, facts: dict, content: dict) -> dict[str, str]:
    """What stands in each column."""
    row = {name: facts[name] for name in ("code", "text", "explain", "objective", "form") if facts.get(name)}
    row["kind"] = KINDS[kind][0] if is_chinese() else KINDS[kind][-1]
    listed = content.get("choices") or content.get("steps") or content.get("wrong") or []
    for letter, one in zip(LETTERS, listed, strict=False):
        row |= {letter: one["text"], f"why {letter}": one.get("why", "")}
    if kind in ("single", "multiple"):
        row["answer"] = "".join(
            letter for letter, one in zip(LETTERS, listed, strict=False) if one.get("right")
        )
    elif kind == "true_false":
        yes, no = ("对", "错") if is_chinese() else ("true", "false")
        row["answer"] = yes if content["answer"] else no
    row |= {name: str(content[name]) for name in ("tolerance", "unit", "script") if content.get(name)}
    return row | ({"answer": str(content["answer"])} if kind == "number" else {})


def is_chinese() -> bool:
    return not (get_language() or "").startswith("en")


def sheet(rows: list[dict[str, str]]) -> bytes:
    book = Workbook()
    page = book.active
    page.title = "题目" if is_chinese() else "questions"
    page.freeze_panes = "D2"
    for place, (name, names) in enumerate(COLUMNS.items(), 1):
        head = put(page, 1, place, names[0 if is_chinese() else 1])
        head.font, head.fill = Font(bold=True), HEAD
        page.column_dimensions[head.column_letter].width = WIDE.get(name, 11 if name in NARROW else 20)
    for number, row in enumerate(rows, 2):
        for place, name in enumerate(COLUMNS, 1):
            put(page, number, place, row.get(name, ""))
    kinds = [names[0 if is_chinese() else -1] for kind, names in KINDS.items() if kind != "picture"]
    choice = DataValidation("list", formula1=f'"{",".join(kinds)}"', allow_blank=True)
    choice.add(f"B2:B{MOST + 1}")
    page.add_data_validation(choice)
    told = book.create_sheet("怎么填" if is_chinese() else "how to")
    told.column_dimensions["A"].width = 100
    for number, line in enumerate(how_to(), 1):
        put(told, number, 1, line)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def put(page, row: int, column: int, text: str) -> Cell:
    """Text and nothing but text: "=1+1" is no formula, "1-2" no date."""
    made = page.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    made.number_format = "@"
    made.alignment = Alignment(wrap_text=True, vertical="top")
    if made.value is not None:
        made.data_type = "s"
    return made


def how_to() -> list[str]:
    return [
        _("一行一道题。第一行的列名不要改；例题看懂了就删掉，写自己的。"),
        _("题型：单选、多选、对错、排顺序、填数、找违规的话。选图题在后台出。"),
        _("单选、多选：选项写在选项A、选项B……，答案写对的字母，比如 B 或 AC。选错了给看的话写在“为什么A”……"),
        _("对错：答案写“对”或者“错”。"),
        _("排顺序：步骤按对的先后写在选项A、选项B……，不写答案，最少 3 步。"),
        _("填数：答案写一个数，差多少也算对写在“误差”，单位写在“单位”。"),
        _("找违规的话：整段话写在“话术”，违规的话一字不差写在选项A、选项B……"),
        _("编号空着就自动起。编号一样的，再导入一次就是改那道题；没有编号的，题目一样就是同一道。"),
        _("学习目标写它的编号，比如 1.1；卷别写 A 或 B，分两卷的测验才用。"),
    ]
