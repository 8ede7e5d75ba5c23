"""What the reader of workbooks writes line by line; it otherwise runs in a process of its own."""

import datetime
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from programme.rosters.workbook_rows import Refused, list_sheet_paths, read_column, write_rows
from tests.programme.rosters.files import make_xls, make_xlsx, save

LIMITS = {"most_sheets": 30, "most_rows": 100, "most_columns": 10}


def rewrite_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with the XML of its first sheet changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == "xl/worksheets/sheet1.xml" else text)
    return target.getvalue()


@pytest.fixture
def read(capsys):
    """read(content, **limits) → what is written, each line a value."""

    def run(content: bytes, **limits: int) -> list:
        write_rows(content, **LIMITS | limits)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_a_row_has_its_number_and_every_kind_of_cell_and_empty_rows_are_left_out(read):
    rows = [["姓名", 13800000001, True, 1.5, datetime.date(2026, 3, 1)], [], [None, None, None, "村"]]
    assert read(make_xlsx(rows)) == [
        {"sheet": "Sheet"},
        [1, ["姓名", 13800000001, True, 1.5, "2026-03-01"], []],
        [3, ["", "", "", "村", ""], []],
    ]


def test_what_stands_far_from_the_corner_keeps_its_row_and_column_its_merged_cells_and_formulas(read):
    book = Workbook()
    book.active["C4"], book.active["D5"], book.active["D4"] = "石榴冲", "田巧云", "=1+1"
    book.active.merge_cells("C4:C5")
    assert read(save(book)) == [
        {"sheet": "Sheet"},
        [4, [None, None, "石榴冲", ""], [3]],
        [5, [None, None, "石榴冲", "田巧云"], []],
    ]


def test_a_cell_merged_downwards_stands_in_its_rows_until_its_last_and_one_merged_sideways_does_not(read):
    rows = [["村", "姓名"], ["石榴冲", "田巧云"], [None, "曾春生"], [None, "向二妹"], ["两列并的", None]]
    assert [line[1] for line in read(make_xlsx(rows, merged=["A2:A3", "A5:B5"]))[1:]] == [
        ["村", "姓名"],
        ["石榴冲", "田巧云"],
        ["石榴冲", "曾春生"],
        ["", "向二妹"],
        ["两列并的", ""],
    ]


def test_what_is_typed_below_the_first_cell_of_a_merged_range_is_kept(read):
    content = make_xlsx([["村", "号"], ["石榴冲", 1], ["柑子坪", 2], [None, 3]])
    ranges = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'
    merged = rewrite_sheet(content, lambda text: text.replace(b"</sheetData>", ranges))
    villages = [line[1][0] for line in read(merged)[1:]]
    assert villages == ["村", "石榴冲", "柑子坪", "石榴冲"]


def test_formulas_are_marked_by_row_and_column_in_the_sheet_in_which_they_stand(read):
    content = make_xlsx([["a"]], 二组=[["姓名", "=1+1"], ["=A1", "x", "=B2"]])
    lines = read(content)
    assert [line[2] for line in lines if isinstance(line, list)] == [[], [1], [0, 2]]
    assert [line["sheet"] for line in lines if isinstance(line, dict)] == ["Sheet", "二组"]


def test_hidden_sheets_and_charts_are_left_out_and_an_empty_sheet_has_no_rows(read):
    book = Workbook()
    book.create_sheet("旧的").append(["不要"])
    book["旧的"].sheet_state = "hidden"
    book.create_chartsheet("图").add_chart(BarChart())
    book.create_sheet("名单").append(["姓名"])
    assert read(save(book)) == [{"sheet": "Sheet"}, {"sheet": "名单"}, [1, ["姓名"], []]]


def test_an_old_workbook_is_read_without_formulas(read):
    assert read(make_xls([[], ["姓名", 13800000001.0]])) == [
        {"sheet": "Sheet1"},
        [2, ["姓名", 13800000001.0], []],
    ]


def add_password(content: bytes, *, is_protected: bool = False) -> bytes:
    """Return the XLS file with a password to open it, and with one to change it too (the records FilePass, WriteProtect)."""
    begin = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    records = b"\x86\0\0\0" * is_protected + b"\x2f\0\x04\0\0\0\1\0"
    return content[:begin] + records + content[begin : len(content) - len(records)]


@pytest.mark.parametrize(
    ("content", "limits", "reason"),
    [
        (make_xls([["姓名"]], "EncryptedPackage"), {}, "password"),
        (add_password(make_xls([["姓名"]])), {}, "password"),
        (add_password(make_xls([["姓名"]]), is_protected=True), {}, "password"),
        (b"PK no workbook", {}, "broken"),
        (b"\xd0\xcf\x11\xe0 no", {}, "broken"),
        (rewrite_sheet(make_xlsx([["a"]]), lambda text: text[:100]), {}, "broken"),
        (make_xlsx([["a"]], 二=[["b"]], 三=[["c"]]), {"most_sheets": 2}, "sheets"),
        (make_xlsx([["a", "b", "c"]]), {"most_columns": 2}, "columns"),
        (make_xlsx([["a"], [], ["b"]], 二=[["c"]]), {"most_rows": 2}, "rows"),
    ],
)
def test_what_is_not_read_says_why(read, content, limits, reason):
    with pytest.raises(Refused, match=f"^{reason}$"):
        read(content, **limits)


def test_as_much_as_is_allowed_is_read(read):
    lines = read(make_xlsx([["a", "b"], [], ["c"]], 二=[["d"]]), most_sheets=2, most_columns=2, most_rows=3)
    assert [line[1] for line in lines if isinstance(line, list)] == [["a", "b"], ["c", ""], ["d"]]


def list_paths(**files: str) -> list[str]:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr({"book": "xl/workbook.xml", "links": "xl/_rels/workbook.xml.rels"}[name], text)
    return list_sheet_paths(zipfile.ZipFile(target))


BOOK = '<x:workbook xmlns:x="x" xmlns:r="r"><x:sheets><x:sheet r:id="b"/><x:sheet r:id="a"/></x:sheets></x:workbook>'
LINKS = '<R><Relationship Id="a" Target="worksheets/1.xml"/><Relationship Id="b" Target="/xl/worksheets/2.xml"/></R>'


def test_the_files_of_the_sheets_are_in_their_order_wherever_they_are_named_from():
    assert list_paths(book=BOOK, links=LINKS) == ["xl/worksheets/2.xml", "xl/worksheets/1.xml"]


@pytest.mark.parametrize(
    "files",
    [{"book": BOOK}, {"links": LINKS}, {"book": BOOK, "links": "<R>"}, {"book": BOOK, "links": "<R/>"}],
)
def test_lists_of_sheets_that_cannot_be_read_name_none(files):
    assert list_paths(**files) == []


@pytest.mark.parametrize(("letters", "place"), [("A", 0), ("Z", 25), ("AA", 26), ("CV", 99), ("XFD", 16383)])
def test_a_column_is_counted_from_nought(letters, place):
    assert read_column(letters) == place
