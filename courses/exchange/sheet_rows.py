"""One row of a sheet of questions: its cells as text, and the question that they make by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from courses.exchange.asked import Asked, lettered
from courses.models import Question
from ui.cleaning import tidy
from ui.figures import plain

LETTERS = "ABCDEFGH"
# What a column holds: its Chinese name, its English one.
COLUMNS: dict[str, tuple[str, str]] = {
    "code": ("编号", "code"),
    "kind": ("题型", "kind"),
    "text": ("题目", "question"),
    **{letter: (f"选项{letter}", f"choice {letter}") for letter in LETTERS},
    "answer": ("答案", "answer"),
    "tolerance": ("误差", "tolerance"),
    "unit": ("单位", "unit"),
    "script": ("话术", "script"),
    "explain": ("讲解", "explanation"),
    **{f"why {letter}": (f"为什么{letter}", f"why {letter}") for letter in LETTERS},
    "objective": ("学习目标", "objective"),
    "form": ("卷别", "form"),
}
KINDS = {
    "single": ("单选", "单选题", "single"),
    "multiple": ("多选", "多选题", "multiple"),
    "true_false": ("对错", "判断", "判断题", "对错题", "truefalse", "true_false"),
    "order": ("排顺序", "排序", "排序题", "order"),
    "number": ("填数", "数值", "填数题", "number"),
    "spot": ("找违规的话", "找违规", "找错", "spot"),
    "picture": ("选图", "选图题", "picture"),
}
TRUE = {"对", "正确", "是", "√", "✓", "true", "t", "yes", "y"}
FALSE = {"错", "错误", "不对", "否", "×", "✗", "x", "false", "f", "no", "n"}


def names_of() -> dict[str, str]:
    """Every name a column may have, in small letters and without spaces."""
    return {re.sub(r"\s+", "", name).lower(): key for key, names in COLUMNS.items() for name in names}


class Cells:
    """A row's cells by what their columns hold; `problems` fills with what a cell may not be."""

    def __init__(self, number: int, cells: dict) -> None:
        self.number, self.cells, self.problems = number, cells, []

    def text(self, name: str, lines: bool = False) -> str:
        cell = self.cells.get(name)
        value = cell.value if cell is not None else None
        if value is None:
            return ""
        where = {"cell": f"{cell.column_letter}{self.number}"}
        if cell.data_type == "f" or not isinstance(
            value, (str, bool, int, float, date, datetime, time, timedelta)
        ):
            self.problems.append(_("%(cell)s 是公式，改成写好的字或数") % where)
        elif cell.data_type == "e":
            self.problems.append(_("%(cell)s 是出错的格子（比如 #REF!），重新写") % where)
        elif isinstance(value, (date, time, timedelta)):
            self.problems.append(_("%(cell)s 成了日期或时间。把这一格设成“文本”，再写一遍") % where)
        elif isinstance(value, bool):
            return "true" if value else "false"
        elif isinstance(value, (int, float)):
            return figure(value)
        else:
            return tidy(value, lines=lines)
        return ""


def figure(value: int | float) -> str:
    """A number as one would write it: 5.0 → 5."""
    number = Decimal(str(value))
    return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"


def read_row(cells: Cells) -> Asked:
    asked = Asked(_("第 %(n)d 行") % {"n": cells.number})
    asked.fields |= {
        "text": cells.text("text", lines=True),
        "explain": cells.text("explain", lines=True),
        "objective": cells.text("objective"),
        "form": cells.text("form").upper(),
    }
    if code := cells.text("code"):
        asked.fields["code"] = code
    if asked.fields["form"] not in ("", *Question.Form.values):
        cells.problems.append(_("卷别只能写 A 或 B，或者空着"))
    said = cells.text("kind")
    kind = next((kind for kind, names in KINDS.items() if said.lower().replace(" ", "") in names), "")
    if kind == "picture":
        cells.problems.append(_("选图题要传照片，表格带不进来。在后台出这道题"))
    elif kind:
        asked.fields |= {"kind": kind, "content": READERS[kind](cells)}
    else:
        known = "、".join(names[0] for names in KINDS.values() if names[0] != KINDS["picture"][0])
        cells.problems.append(
            _("题型写的是“%(said)s”，只能写：%(known)s") % {"said": said[:20], "known": known}
        )
    asked.problems += cells.problems
    return asked


def choices_of(cells: Cells) -> dict[str, dict]:
    """{letter: text and why} of the letters that are filled in."""
    found = {letter: {"text": cells.text(letter), "why": cells.text(f"why {letter}")} for letter in LETTERS}
    return {letter: row for letter, row in found.items() if row["text"]}


def picked(cells: Cells, example: str) -> dict:
    choices, typed = choices_of(cells), plain(cells.text("answer")).upper()
    right = set(re.sub(r"[,，、;；/和]", "", typed))
    if not right:
        cells.problems.append(_("答案空着，写对的选项的字母，比如 %(example)s") % {"example": example})
    elif unknown := sorted(right - choices.keys()):
        facts = {"said": "".join(unknown)[:10], "example": example}
        cells.problems.append(_("答案里的 %(said)s 没有这个选项，写字母，比如 %(example)s") % facts)
    rows = [row | {"right": letter in right} for letter, row in choices.items()]
    return {"choices": lettered(rows)}


def truth(cells: Cells) -> dict:
    said = cells.text("answer").lower()
    if said not in TRUE | FALSE:
        cells.problems.append(_("答案写“对”或者“错”"))
    return {"answer": said in TRUE}


def steps(cells: Cells) -> dict:
    if cells.text("answer"):
        cells.problems.append(_("排顺序不写答案：选项A、B、C 就是对的先后"))
    return {"steps": lettered([{"text": row["text"]} for row in choices_of(cells).values()])}


def number(cells: Cells) -> dict:
    answer, tolerance = plain(cells.text("answer")), plain(cells.text("tolerance"))
    if not answer:
        cells.problems.append(_("答案空着，写一个数，比如 5.98"))
    return {"answer": answer, "tolerance": tolerance or "0", "unit": cells.text("unit")}


def spot(cells: Cells) -> dict:
    script = cells.text("script", lines=True)
    if not script:
        cells.problems.append(_("“话术”那一列空着，写一段直播里说的话"))
    return {"script": script, "wrong": list(choices_of(cells).values())}


READERS: dict[str, Callable[[Cells], dict]] = {
    "single": lambda cells: picked(cells, "B"),
    "multiple": lambda cells: picked(cells, "AC"),
    "true_false": truth,
    "order": steps,
    "number": number,
    "spot": spot,
}
