"""From bytes to rows: encodings, separators, merged cells, and files that are no table."""

import io

import pytest

from live.recap.platform_exports import reader
from tests.live.recap.platform_exports import files


def rows(file: io.BytesIO) -> list[list[str]]:
    return reader.read_export(file, files.size(file)).rows


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("gbk", "gb18030"), ("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")],
)
def test_encodings_are_found_by_themselves(encoding, told):
    file = io.BytesIO("观看人次,成交金额\r\n12,3.50\r\n".encode(encoding))
    table = reader.read_export(file, files.size(file))
    assert (table.rows, table.encoding) == ([["观看人次", "成交金额"], ["12", "3.50"]], told)


@pytest.mark.parametrize("divider", [",", "\t", ";"])
def test_dividers_are_found_by_the_first_line(divider):
    assert rows(io.BytesIO(f"a{divider}b\n1{divider}2\n".encode())) == [["a", "b"], ["1", "2"]]


def test_merged_cells_of_a_book_say_the_same_in_each_place():
    file = files.book([["流量", None, "成交"], ["观看人次", "曝光人数", "成交金额"], [5, 9, 1.5]], ("A1:B1",))
    assert rows(file)[0] == ["流量", "流量", "成交"]


@pytest.mark.parametrize(
    "inside",
    [
        b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>',
    ],
)
def test_ranges_over_a_whole_sheet_are_refused_before_they_are_spread_out(inside):
    file = files.spoilt(inside)
    with pytest.raises(reader.UnreadableExport) as told:
        reader.read_export(file, files.size(file))
    assert str(told.value) == "表格里合并的格子太多了，先取消合并再传"


@pytest.mark.long
def test_more_cells_than_memory_has_room_for_are_refused_before_they_are_made():
    """Eighty kilobytes of empty cells took 750 MiB and a minute."""
    file = files.spoilt(b"<sheetData>" + (b"<row>" + b"<c/>" * 100 + b"</row>") * 4000 + b"</sheetData>")
    with pytest.raises(reader.UnreadableExport) as told:
        reader.read_export(file, files.size(file))
    assert str(told.value) == "表格解开太大了。只留要用的那一张表，别的表和图片都删掉"


def test_a_small_merged_range_behind_the_cells_is_read():
    file = files.spoilt(b'<mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>')
    assert rows(file) == [["观看人次", "成交金额"], ["12", "3.5"]]


def test_lines_keep_their_numbers_when_empty_ones_are_left_out():
    file = io.BytesIO("\n\n观看人次\n\n7\n".encode())
    assert reader.read_export(file, files.size(file)).numbers == [3, 5]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "这个文件是空的，重新选一次"),
        (b" \n ", "这个文件是空的，重新选一次"),
        (b"PK\x03\x04half", "这不是 .xlsx 表格，或者没传完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "这是老式的 .xls，或者加了密码。另存为不加密的 .xlsx 再传"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40),
            "读不出里面的字。从平台重新导出一份，存成 CSV 或 XLSX 再传",
        ),
        (b",\n" * 3, "表格里什么也没有"),
        (b"a,b\n" * 20_001, "表格太大了，最多 2 万行、120 列"),
        (b'"' + b"x" * 200_000, "表格读不懂。从平台重新导出一份，存成 CSV 或 XLSX 再传"),
        (b"x" * 5_000_001, "表格太大了，最多 5 MB"),
    ],
)
def test_what_is_no_table_is_said_in_words(content, sentence):
    with pytest.raises(reader.UnreadableExport) as told:
        reader.read_export(io.BytesIO(content), len(content))
    assert str(told.value) == sentence
