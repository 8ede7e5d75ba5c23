"""Questions in an XLSX sheet, one row a question: the columns, reading a sheet, writing a template or a bank.

Macros, entities, formulas and sheets that unpack to something huge are refused. openpyxl reads row by row.
django-import-export would offer a preview too, but it maps a row to a model's fields: here a row becomes JSON by its kind
and each error is described in words, so that only its reading of tables would be used.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext as _

from courses.import_export.document import UnreadableFile
from courses.import_export.question_import import MOST, ParsedQuestion, add_letters, check_parsed
from courses.models import Question
from media import spreadsheets
from ui.fields import to_ascii
from ui.text import is_page_chinese, tidy

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

LETTERS = "ABCDEFGH"
# A column's content: its Chinese name, its English one.
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


def list_column_names() -> dict[str, str]:
    """Return every name a column may have, in lower case and without spaces."""
    return {re.sub(r"\s+", "", name).lower(): key for key, names in COLUMNS.items() for name in names}


class Cells:
    """A row's cells by the content of their columns; invalid cells are added to `problems`."""

    def __init__(self, number: int, cells: dict) -> None:
        self.number, self.cells = number, cells
        self.problems: list[str] = []

    def text(self, name: str, lines: bool = False) -> str:
        cell = self.cells.get(name)
        if cell is None or cell.value is None:
            return ""
        value = cell.value
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
            return format_number(value)
        else:
            return tidy(value, lines=lines)
        return ""


def format_number(value: int | float) -> str:
    """Format a number as people write it: 5.0 → 5."""
    number = Decimal(str(value))
    return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"


def read_row(cells: Cells) -> ParsedQuestion:
    asked = ParsedQuestion(_("第 %(n)d 行") % {"n": cells.number})
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
    typed = cells.text("kind")
    kind = next((kind for kind, names in KINDS.items() if typed.lower().replace(" ", "") in names), "")
    if kind == "picture":
        cells.problems.append(_("选图题要传照片，表格带不进来。在后台出这道题"))
    elif kind:
        asked.fields |= {"kind": kind, "content": READERS[kind](cells)}
    else:
        known = "、".join(names[0] for names in KINDS.values() if names[0] != KINDS["picture"][0])
        cells.problems.append(
            _("题型写的是“%(said)s”，只能写：%(known)s") % {"said": typed[:20], "known": known}
        )
    asked.problems += cells.problems
    return asked


def read_choice_cells(cells: Cells) -> dict[str, dict]:
    """Return {letter: text and why} of the letters that are filled in."""
    found = {letter: {"text": cells.text(letter), "why": cells.text(f"why {letter}")} for letter in LETTERS}
    return {letter: row for letter, row in found.items() if row["text"]}


def read_choices(cells: Cells, example: str) -> dict:
    choices, typed = read_choice_cells(cells), to_ascii(cells.text("answer")).upper()
    right = set(re.sub(r"[,，、;；/和]", "", typed))
    if not right:
        cells.problems.append(_("答案空着，写对的选项的字母，比如 %(example)s") % {"example": example})
    elif unknown := sorted(right - choices.keys()):
        facts = {"said": "".join(unknown)[:10], "example": example}
        cells.problems.append(_("答案里的 %(said)s 没有这个选项，写字母，比如 %(example)s") % facts)
    rows = [row | {"right": letter in right} for letter, row in choices.items()]
    return {"choices": add_letters(rows)}


def read_true_false(cells: Cells) -> dict:
    typed = cells.text("answer").lower()
    if typed not in TRUE | FALSE:
        cells.problems.append(_("答案写“对”或者“错”"))
    return {"answer": typed in TRUE}


def read_steps(cells: Cells) -> dict:
    if cells.text("answer"):
        cells.problems.append(_("排顺序不写答案：选项A、B、C 就是对的先后"))
    return {"steps": add_letters([{"text": row["text"]} for row in read_choice_cells(cells).values()])}


def read_number(cells: Cells) -> dict:
    answer, tolerance = to_ascii(cells.text("answer")), to_ascii(cells.text("tolerance"))
    if not answer:
        cells.problems.append(_("答案空着，写一个数，比如 5.98"))
    return {"answer": answer, "tolerance": tolerance or "0", "unit": cells.text("unit")}


def read_violations(cells: Cells) -> dict:
    script = cells.text("script", lines=True)
    if not script:
        cells.problems.append(_("“话术”那一列空着，写一段直播里说的话"))
    return {"script": script, "wrong": list(read_choice_cells(cells).values())}


READERS: dict[str, Callable[[Cells], dict]] = {
    "single": lambda cells: read_choices(cells, "B"),
    "multiple": lambda cells: read_choices(cells, "AC"),
    "true_false": read_true_false,
    "order": read_steps,
    "number": read_number,
    "spot": read_violations,
}


# The rows in which the columns' names may be, and the names they must contain.
HEAD_WITHIN, NEEDED = 5, ("kind", "text")
# A file may contain only its last row and leave out the million before it; each would be iterated.
LAST = 20_000


def read_sheet(file: BinaryIO | File, size: int) -> list[ParsedQuestion]:
    """Return every row that is not empty, also those with errors. Raises UnreadableFile."""
    from openpyxl import load_workbook

    try:
        spreadsheets.refuse_hostile(file, size)
        spreadsheets.refuse_spread(file)
    except spreadsheets.UnreadableSpreadsheet as hostile:
        raise UnreadableFile(str(hostile)) from hostile
    try:
        book = load_workbook(file, read_only=True, keep_links=False, data_only=False)
        try:
            found = list(read_rows(book))
        finally:
            book.close()
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises any exception on a damaged file
        raise UnreadableFile(_("表格读不懂，用 Excel 或 WPS 打开，另存为 .xlsx 再传")) from error
    if not found:
        raise UnreadableFile(_("表格里一道题也没有：题目从列名下面一行写起"))
    return found


def read_rows(book) -> Iterator[ParsedQuestion]:
    if not book.worksheets:
        raise UnreadableFile(_("表格里没有工作表"))
    sheet = next((one for one in book.worksheets if one.title in ("题目", "questions")), book.worksheets[0])
    columns: dict[int, str] = {}
    count = 0
    for number, row in enumerate(sheet.iter_rows(max_col=len(COLUMNS) + 10), 1):
        if number > LAST:
            raise UnreadableFile(_("第 %(n)d 行下面还有东西。删掉用不着的行再传") % {"n": LAST})
        cells = [cell for cell in row if cell.value is not None]
        if not columns:
            columns = read_header(row)
            if not columns and number >= HEAD_WITHIN:
                raise UnreadableFile(_("前 5 行里没有列名。下载模板，照着第一行的列名写"))
            continue
        if not any(str(cell.value).strip() for cell in cells):
            continue
        count += 1
        if count > MOST:
            raise UnreadableFile(_("表格里超过 %(most)d 道题，分几次导入") % {"most": MOST})
        yield check_parsed(
            read_row(Cells(number, {columns[cell.column]: cell for cell in cells if cell.column in columns}))
        )
    if not columns:
        raise UnreadableFile(_("前 5 行里没有列名。下载模板，照着第一行的列名写"))


def read_header(row) -> dict[int, str]:
    """Return {number of the column: its content}, or {} for a row that is not the columns' names."""
    known = list_column_names()
    called = {
        cell.column: re.sub(r"\s+", "", str(cell.value)).lower() for cell in row if cell.value is not None
    }
    found = {column: known[name] for column, name in called.items() if name in known}
    if not set(found.values()) & set(NEEDED):
        return {}
    missing = [name for name in NEEDED if name not in found.values()]
    if missing:
        titles = "、".join(COLUMNS[name][0] for name in missing)
        raise UnreadableFile(_("列名里少了：%(names)s") % {"names": titles})
    doubled = {name for name in found.values() if list(found.values()).count(name) > 1}
    if doubled:
        raise UnreadableFile(
            _("有两列同名：%(names)s") % {"names": "、".join(COLUMNS[name][0] for name in doubled)}
        )
    return found


WIDE, NARROW = (
    {"text": 46, "script": 46, "explain": 46},
    {"code", "kind", "answer", "tolerance", "unit", "form"},
)
HEAD = "FDEFD6"
# Examples, written like questions of a bank; a trainer's first questions replace them.
EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "kind": "single", "text": "回放一条视频，怎么看出手拿得稳不稳？",
        "explain": "人和果子本来就会动，门框不会动。它在画面里跳，那就是手在跳。",
        "content": {"choices": [
            {"text": "看说话的人，表情自然不自然", "why": "人本来就在动，看不出手抖没抖。"},
            {"text": "看画面边上的门框，跳不跳", "right": True},
            {"text": "看视频长短，够不够两分钟", "why": "长短跟稳不稳没关系。"}]},
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


def write_template() -> bytes:
    return write_workbook([build_row(one["kind"], one, one["content"]) for one in EXAMPLES])


def write_bank(questions: Iterable[Question]) -> bytes:
    """Write questions of all kinds that a sheet can hold; importing them again changes nothing."""
    rows = []
    for one in questions:
        if one.kind != Question.Kind.PICTURE:
            objective = one.objective.code if one.objective else ""
            facts = {"code": one.code, "text": one.text, "explain": one.explain, "form": one.form}
            rows.append(build_row(one.kind, facts | {"objective": objective}, one.content))
    return write_workbook(rows)


def build_row(kind: str, facts: dict, content: dict) -> dict[str, str]:
    """Return the text of each column."""
    row = {name: facts[name] for name in ("code", "text", "explain", "objective", "form") if facts.get(name)}
    row["kind"] = KINDS[kind][0] if is_page_chinese() else KINDS[kind][-1]
    listed = content.get("choices") or content.get("steps") or content.get("wrong") or []
    for letter, one in zip(LETTERS, listed, strict=False):
        row |= {letter: one["text"], f"why {letter}": one.get("why", "")}
    if kind in ("single", "multiple"):
        row["answer"] = "".join(
            letter for letter, one in zip(LETTERS, listed, strict=False) if one.get("right")
        )
    elif kind == "true_false":
        yes, no = ("对", "错") if is_page_chinese() else ("true", "false")
        row["answer"] = yes if content["answer"] else no
    row |= {name: str(content[name]) for name in ("tolerance", "unit", "script") if content.get(name)}
    return row | ({"answer": str(content["answer"])} if kind == "number" else {})


def write_workbook(rows: list[dict[str, str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    page = book.active
    page.title = "题目" if is_page_chinese() else "questions"
    page.freeze_panes = "D2"
    for place, (name, names) in enumerate(COLUMNS.items(), 1):
        head = write_cell(page, 1, place, names[0 if is_page_chinese() else 1])
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor=HEAD)
        page.column_dimensions[head.column_letter].width = WIDE.get(name, 11 if name in NARROW else 20)
    for number, row in enumerate(rows, 2):
        for place, name in enumerate(COLUMNS, 1):
            write_cell(page, number, place, row.get(name, ""))
    kinds = [names[0 if is_page_chinese() else -1] for kind, names in KINDS.items() if kind != "picture"]
    choice = DataValidation("list", formula1=f'"{",".join(kinds)}"', allow_blank=True)
    choice.add(f"B2:B{MOST + 1}")
    page.add_data_validation(choice)
    help_sheet = book.create_sheet("怎么填" if is_page_chinese() else "how to")
    help_sheet.column_dimensions["A"].width = 100
    for number, line in enumerate(list_instructions(), 1):
        write_cell(help_sheet, number, 1, line)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def write_cell(page, row: int, column: int, text: str) -> Cell:
    """Write a cell as text only: "=1+1" is no formula, "1-2" no date."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment

    made = page.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    made.number_format = "@"
    made.alignment = Alignment(wrap_text=True, vertical="top")
    if made.value is not None:
        made.data_type = "s"
    return made


def list_instructions() -> list[str]:
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
