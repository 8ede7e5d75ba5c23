"""Files as people send them, and as nobody should: each is read exactly, or refused with a sentence."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from programme.rosters.columns import Columns, find_columns
from programme.rosters.table import UnreadableRoster, read_table
from tests.programme.rosters.files import HEADER, make_csv, make_xls, make_xlsx, save

TITLE = ["青溪镇电商直播培训班名单"]
PEOPLE = [["田巧云", "13800000001", "石榴冲", ""], ["曾春生", "13800000002", "柑子坪", "会开车"]]


def read(content: bytes) -> list[tuple[int, list]]:
    return [(line.number, line.cells) for line in read_table(content).lines]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["序号", "姓名", "性别", "手机号码", "所在村", "备注"], Columns(1, 3, 4, 5)),
        (["* 学员姓名（必填）", "联系 电话：", "家庭住址"], Columns(0, 1, 2)),
        (["名字", "手机", "备用手机号", "身份证号"], Columns(0, 1, None, None, 3)),
        (["Full name", "Mobile No.", "Village", "Remarks", "ID number"], Columns(0, None, 2, 3, 4)),
        (["Name", "Phone number", "Address"], Columns(0, 1, 2)),
        (["ＮＡＭＥ", "手机/电话"], Columns(0)),
    ],
)
def test_headers_in_many_spellings_are_found(header, found):
    assert find_columns(header) == found


def test_a_title_and_a_merged_row_may_stand_above_the_header_and_a_merged_village_stands_in_each_of_its_rows():
    rows = [
        TITLE,
        ["填表人：李老师"],
        HEADER,
        ["田巧云", 13800000001, "石榴冲村"],
        [],
        ["曾春生", 13800000002],
        ["向二妹", "13800000003"],
    ]
    table = read_table(make_xlsx(rows, merged=["A1:D1", "C4:C7"]))
    assert (table.sheet, table.columns) == ("Sheet", Columns(0, 1, 2, 3))
    assert [(line.number, line.cells) for line in table.lines] == [
        (4, ["田巧云", 13800000001.0, "石榴冲村", ""]),
        (5, ["", "", "石榴冲村", ""]),
        (6, ["曾春生", 13800000002.0, "石榴冲村", ""]),
        (7, ["向二妹", "13800000003", "石榴冲村", ""]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_any_usual_encoding_with_its_own_row_numbers(encoding):
    rows = [TITLE, [], HEADER, *PEOPLE]
    assert read(make_csv(rows, encoding)) == [(4, PEOPLE[0]), (5, PEOPLE[1])]


def test_a_rare_character_of_gb18030_is_read():
    assert read(make_csv([HEADER, ["𬱖𠮷", "13800000001"]], "gb18030")) == [(2, ["𬱖𠮷", "13800000001"])]


def test_an_old_workbook_is_read():
    rows = [["姓名", "手机"], ["田巧云", 13800000001.0], ["曾春生", "13800000002"]]
    assert read(make_xls(rows)) == [(2, ["田巧云", 13800000001.0]), (3, ["曾春生", "13800000002"])]


def test_formulas_are_marked_in_workbooks_and_text_files():
    rows = [HEADER, ["田巧云", "=13800000001+1"], ['=HYPERLINK("http://x","曾春生")', "13800000002"]]
    table = read_table(make_xlsx(rows))
    assert [(line.number, line.formulas) for line in table.lines] == [(2, [1]), (3, [0])]
    table = read_table(
        make_csv([HEADER, ["=cmd|' /C calc'!A0", "13800000001"], ["曾春生", '="13800000002"']])
    )
    assert [(line.number, line.formulas) for line in table.lines] == [(2, [0]), (3, [1])]


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_counted():
    content = make_xlsx([["填写说明"], ["先看这里"]], 名单=[HEADER, *PEOPLE], 二组=[HEADER, PEOPLE[1]])
    table = read_table(content)
    assert (table.sheet, table.left_out, len(table.lines)) == ("名单", 1, 2)


def hide(content: bytes) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    book["旧的"].sheet_state = "hidden"
    return save(book)


def test_a_hidden_sheet_is_not_read():
    table = read_table(hide(make_xlsx([HEADER, PEOPLE[0]], 旧的=[HEADER, *PEOPLE])))
    assert (table.sheet, table.left_out, len(table.lines)) == ("Sheet", 0, 1)


def far_apart() -> bytes:
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "姓名", "手机号"
    return save(book)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 30_000_000)
    return target.getvalue()


def with_entity() -> bytes:
    target = io.BytesIO(make_xlsx([HEADER, *PEOPLE]))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/more.xml", '<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>')
    return target.getvalue()


HOSTILE = {
    "empty": (lambda: b" \r\n", "这个文件是空的，重新选一次"),
    "no header": (lambda: make_csv(PEOPLE), "没找到表头。要有一行写着“姓名”和“手机号”，照模板填最稳当"),
    "no phone": (lambda: make_csv([["姓名", "村"], *PEOPLE]), "有“姓名”这一列，没有“手机号”。加上这一列再传"),
    "no name": (lambda: make_csv([["序号", "电话"]]), "有“手机号”这一列，没有“姓名”。加上这一列再传"),
    "header alone": (lambda: make_csv([HEADER]), "表头下面一行也没有，把名单填上再传"),
    "cells far apart": (far_apart, "表格里有一格离得太远，读不下来。只把名单复制到一张新表里再传"),
    "bomb": (bomb, "表格压得太狠，不收"),
    "entity": (with_entity, "表格里有不许用的 XML 声明，不能收"),
    "cut off": (lambda: make_xlsx([HEADER, *PEOPLE])[:2000], "这不是 .xlsx 表格，或者没传完整"),
    "no workbook": (lambda: b"\xd0\xcf\x11\xe0 no", "表格读不懂，用 Excel 或 WPS 打开，另存为 .xlsx 再传"),
    "picture": (lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0", "读不出里面的字。用 Excel 或 WPS 打开，另存为 .xlsx 再传"),
    "wide": (
        lambda: make_csv([["姓名", "手机号", *"x" * 99], ["田巧云", "13800000001"]]),
        "列太多了，最多 100 列。只留要用的几列再传",
    ),
    "too large": (lambda: b"x" * 10_000_001, "文件太大了，最多 10 MB，分几次传"),
    "long": (lambda: make_csv([HEADER]) + b"a,1\n" * 100_101, "表格太大了，最多 10 万行，分几次传"),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_cannot_be_a_roster_is_refused_with_what_to_do(case):
    make, sentence = HOSTILE[case]
    with pytest.raises(UnreadableRoster, match=f"^{sentence}$"):
        read_table(make())
