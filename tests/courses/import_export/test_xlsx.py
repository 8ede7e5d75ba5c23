import datetime
import io
import os
import time
import zipfile

import pytest
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from courses.import_export import xlsx
from courses.import_export.document import UnreadableFile
from tests.courses.import_export.sheets import HEAD, SINGLE, rezipped, saved, workbook

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">%s]><l>&j;</l>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
FOREIGN = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>"""
WIDE = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE l [<!ENTITY a "b">]><l>&a;</l>'.encode("utf-16")


def read(content: bytes) -> list:
    return xlsx.read_sheet(io.BytesIO(content), len(content))


def one(**row):
    [found] = read(workbook(SINGLE | row))
    return found


def refused(content: bytes) -> list[str]:
    with pytest.raises(UnreadableFile) as problem:
        read(content)
    return problem.value.reasons


def test_single_choice_is_read():
    found = one(为什么A="甲不对", 学习目标="1.1", 卷别="a", 编号="c-1")
    assert (found.where, found.problems) == ("第 2 行", [])
    assert found.fields == {
        "kind": "single", "text": "哪个对？", "explain": "乙对。", "objective": "1.1", "form": "A", "code": "c-1",
        "content": {"choices": [
            {"id": "a", "text": "甲", "why": "甲不对", "right": False},
            {"id": "b", "text": "乙", "why": "", "right": True},
        ]},
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["AC", "a、c", "A,C", "Ａ，Ｃ", "A和C"])
def test_letters_of_the_right_choices_are_written_as_one_likes(answer):
    found = one(题型="多选题", 选项C="丙", 答案=answer)
    assert [row["right"] for row in found.fields["content"]["choices"]] == [True, False, True]


@pytest.mark.parametrize(
    ("answer", "truth"), [("对", True), ("错", False), (True, True), (False, False), ("×", False)]
)
def test_truth_is_written_as_one_likes(answer, truth):
    found = one(题型="判断", 选项A=None, 选项B=None, 答案=answer)
    assert (found.fields["content"], found.problems) == ({"answer": truth}, [])


@pytest.mark.parametrize(
    ("answer", "written"), [(5.98, "5.98"), (5.0, "5"), ("５．９８", "5.98"), (20, "20")]
)
def test_numbers_are_exact(answer, written):
    found = one(题型="填数", 答案=answer, 误差=0.1, 单位="元")
    assert found.fields["content"] == {"answer": written, "tolerance": "0.1", "unit": "元"}


def test_order_and_spot_are_read():
    steps = one(题型="排顺序", 选项C="丙", 答案=None).fields["content"]["steps"]
    assert [(row["id"], row["text"]) for row in steps] == [("a", "甲"), ("b", "乙"), ("c", "丙")]
    found = one(
        题型="找违规的话",
        话术="全国最甜。昨天摘的。",
        选项A="全国最甜",
        选项B=None,
        为什么A="绝对化",
        答案=None,
    )
    assert found.fields["content"] == {
        "script": "全国最甜。昨天摘的。",
        "wrong": [{"text": "全国最甜", "why": "绝对化"}],
    }
    assert found.problems == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"题型": "简答"}, "题型写的是“简答”，只能写：单选、多选、对错、排顺序、填数、找违规的话"),
        ({"题型": "选图"}, "选图题要传照片，表格带不进来。在后台出这道题"),
        ({"题目": None}, "没写题目"),
        ({"答案": None}, "答案空着，写对的选项的字母，比如 B"),
        ({"答案": "D"}, "答案里的 D 没有这个选项，写字母，比如 B"),
        ({"答案": "AB"}, "只能有一个是对的，现在标了 2 个"),
        ({"题型": "对错", "答案": "也许"}, "答案写“对”或者“错”"),
        ({"题型": "填数", "答案": "三"}, "答案要是一个数"),
        ({"题型": "填数", "答案": None}, "答案空着，写一个数，比如 5.98"),
        ({"题型": "排顺序", "选项C": "丙"}, "排顺序不写答案：选项A、B、C 就是对的先后"),
        ({"题型": "找违规的话", "答案": None}, "“话术”那一列空着，写一段直播里说的话"),
        ({"选项A": "=1+1"}, "C2 是公式，改成写好的字或数"),
        ({"选项A": datetime.date(2026, 1, 2)}, "C2 成了日期或时间。把这一格设成“文本”，再写一遍"),
        ({"卷别": "C"}, "卷别只能写 A 或 B，或者空着"),
        ({"编号": "题 1"}, "编号只能用字母、数字和横线，最多 60 个：题 1"),
        ({"讲解": "长" * 1001}, "讲解太长了，多了 1 个字"),
    ],
)
def test_what_is_wrong_is_said_with_how_to_write_it(row, problem):
    assert one(**row).problems[0] == problem


def test_cells_with_errors_are_said():
    book = load_workbook(io.BytesIO(workbook(SINGLE)))
    book.active["C2"].value = "#REF!"
    assert read(saved(book))[0].problems == ["C2 是出错的格子（比如 #REF!），重新写"]


def test_rows_keep_their_numbers_over_empty_ones():
    found = read(workbook(SINGLE, {}, SINGLE | {"题目": "  "}, {"题目": " "}, SINGLE))
    assert [asked.where for asked in found] == ["第 2 行", "第 4 行", "第 6 行"]


def test_columns_are_found_by_name_in_either_language_and_any_order():
    head = ["Answer", "question", "choice B", "Choice A", "KIND", "别的"]
    [found] = read(
        workbook(
            {"Answer": "A", "question": "Which?", "choice B": "no", "Choice A": "yes", "KIND": "single"},
            head=head,
        )
    )
    assert (found.text, found.problems) == ("Which?", [])


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (["甲", "乙"], "前 5 行里没有列名。下载模板，照着第一行的列名写"),
        (["题目", "答案"], "列名里少了：题型"),
        (["题型", "题目", "题目"], "有两列同名：题目"),
    ],
)
def test_sheets_without_their_columns_are_refused(head, reason):
    assert refused(workbook(*[dict.fromkeys(head, "字")] * 9, head=head)) == [reason]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_template_is_brought_in_without_a_mistake(language):
    with override(language):
        found = read(xlsx.write_template())
    assert [asked.fields["kind"] for asked in found] == [
        "single",
        "multiple",
        "true_false",
        "order",
        "number",
        "spot",
    ]
    assert [asked.problems for asked in found] == [[]] * 6


def test_template_holds_text_only():
    page = load_workbook(io.BytesIO(xlsx.write_workbook([{"text": "=1+1\x07", "A": "1-2"}])))["题目"]
    assert [(page[name].value, page[name].data_type) for name in ("C2", "D2")] == [
        ("=1+1", "s"),
        ("1-2", "s"),
    ]


@pytest.mark.parametrize("part", [LAUGHS, FOREIGN, WIDE])
@pytest.mark.parametrize(
    "name", ["xl__worksheets__sheet1", "xl__sharedStrings", "docProps__app", "xl__other"]
)
def test_entities_are_refused(part, name):
    start = time.process_time()
    assert refused(rezipped(workbook(SINGLE), **{name: part})) == ["表格里有不许用的 XML 声明，不能收"]
    assert time.process_time() - start < 1


def test_entities_do_not_hide_in_a_part_called_a_picture():
    target = io.BytesIO(workbook(SINGLE))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/worksheets/sheet9.png", LAUGHS)
        archive.writestr("xl/media/real.png", b"\x89PNG\r\n")
    assert refused(target.getvalue()) == ["表格里有不许用的 XML 声明，不能收"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "这不是 .xlsx 表格，或者没传完整"),
        (b"PK\x03\x04half", "这不是 .xlsx 表格，或者没传完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "这是老式的 .xls，或者加了密码。另存为不加密的 .xlsx 再传"),
        (b"x" * 5_000_001, "表格太大了，最多 5 MB"),
        (
            rezipped(workbook(SINGLE), xl__bomb=b"0" * 30_000_000),
            "表格解开太大了。只留要用的那一张表，别的表和图片都删掉",
        ),
        (rezipped(workbook(SINGLE), xl__bomb=b"<a>" + b"0" * 9_000_000), "表格压得太狠，不收"),
        (
            rezipped(workbook(SINGLE), xl__vbaProject=b"<a/>"),
            "表格里有宏，不能收。另存为 .xlsx（不带宏）再传",
        ),
        (
            rezipped(workbook(SINGLE), xl__worksheets__sheet1=b"<worksheet><row r='x'/></worksheet>"),
            "前 5 行里没有列名。下载模板，照着第一行的列名写",
        ),
        (
            rezipped(workbook(SINGLE), xl__worksheets__sheet1=b"no"),
            "表格坏了，用 Excel 或 WPS 打开，另存为 .xlsx 再传",
        ),
        (workbook(), "表格里一道题也没有：题目从列名下面一行写起"),
        (workbook(*[SINGLE] * 1001), "表格里超过 1000 道题，分几次导入"),
    ],
)
def test_what_is_no_sheet_of_questions_is_refused(content, reason):
    assert refused(content) == [reason]


@pytest.mark.long
def test_a_hundred_thousand_rows_are_refused_soon():
    """Noise in a comment keeps the part from being refused for how hard it is pressed."""
    row = b'<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>'
    head = b'<row><c t="str"><v>kind</v></c><c t="str"><v>question</v></c></row>'
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    noise = os.urandom(90_000).hex().encode()
    part = b"<worksheet %s><sheetData>%s%s</sheetData><!--%s--></worksheet>" % (
        space,
        head,
        row * 100_000,
        noise,
    )
    content = rezipped(workbook(SINGLE), xl__worksheets__sheet1=part)
    start = time.process_time()
    assert refused(content) == ["表格里超过 1000 道题，分几次导入"]
    assert time.process_time() - start < 10


@pytest.mark.long
def test_more_cells_than_anybody_has_time_for_are_refused_soon():
    """Eighty kilobytes of empty cells took 23 s."""
    rows = (b"<row>" + b"<c/>" * 100 + b"</row>") * 4000
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    part = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (space, rows)
    content = rezipped(workbook(SINGLE), xl__worksheets__sheet1=part)
    assert refused(content) == ["表格解开太大了。只留要用的那一张表，别的表和图片都删掉"]


def test_a_row_at_the_very_end_is_reached_soon():
    book = Workbook()
    book.active.append(HEAD)
    book.active["B1048576"] = "问"
    content = saved(book)
    start = time.process_time()
    assert refused(content) == ["第 20000 行下面还有东西。删掉用不着的行再传"]
    assert time.process_time() - start < 2
