"""The format of an export, and what would be imported from it."""

import io

import pytest

from live.models import Figure
from live.recap.platform_exports import formats, importer, reader
from tests.factories import make_shop
from tests.live.kit import make_ended
from tests.live.recap.platform_exports import files

Name = Figure.Name


@pytest.fixture
def live(seller, village):
    return make_ended(make_shop(seller, village))


def looked(file: io.BytesIO, live, chosen=None) -> tuple[formats.Sheet, importer.Outcome]:
    sheet = formats.recognise_table(reader.read_export(file, files.size(file)), chosen)
    return sheet, importer.preview_import(sheet, live)


def test_totals_in_gbk_under_merged_headers(live):
    sheet, outcome = looked(files.gbk(), live)
    assert (sheet.shape, sheet.encoding) == ("summary", "gb18030")
    assert dict(outcome.totals) == {
        Name.SEEN: 12_000,
        Name.VISITS: 3456,
        Name.WATCH_SECONDS: 72,
        Name.ORDERS: 152,
        Name.PAID_ORDERS: 146,
        Name.BUYERS: 131,
        Name.SALES_FEN: 436_540,
        Name.REFUND_FEN: 11_960,
    }
    assert outcome.problems == []
    assert [column.label for column in sheet.columns][1:3] == ["流量/直播间曝光人数", "流量/观看人次"]


def test_a_group_above_tells_two_columns_of_one_name_apart(live):
    file = files.book(
        [["成交", None, "退款", None], ["金额", "人数", "金额", "笔数"], [100, 4, 20, 1]], ("A1:B1", "C1:D1")
    )
    assert dict(looked(file, live)[1].totals) == {
        Name.SALES_FEN: 10_000,
        Name.BUYERS: 4,
        Name.REFUND_FEN: 2000,
        Name.REFUND_ORDERS: 1,
    }


def test_a_row_a_minute_with_what_cannot_be_read_told_by_its_line(live):
    sheet, outcome = looked(io.BytesIO(files.MINUTES.encode()), live)
    assert sheet.shape == "minutes"
    assert outcome.figures == {
        (Name.PEAK, 0): 31, (Name.VISITS, 0): 180, (Name.COMMENTS, 0): 12, (Name.SALES_FEN, 0): 0,
        (Name.PEAK, 1): 58, (Name.VISITS, 1): 240, (Name.COMMENTS, 1): 31, (Name.SALES_FEN, 1): 8970,
        (Name.PEAK, 2): 77, (Name.COMMENTS, 2): 40, (Name.SALES_FEN, 2): 14_950,
        (Name.VISITS, 3): 90, (Name.COMMENTS, 3): 8, (Name.SALES_FEN, 3): 2990,
    }  # fmt: skip
    assert outcome.problems == ["第 5 行“在线人数峰值”读不懂：abc"]


def test_a_row_an_order_counts_orders_once_and_only_those_of_this_live(live):
    sheet, outcome = looked(files.orders_book(), live)
    assert sheet.shape == "orders"
    assert dict(outcome.totals) == {
        Name.ORDERS: 4,
        Name.PAID_ORDERS: 3,
        Name.SALES_FEN: 16_950,
        Name.REFUND_FEN: 3990,
        Name.REFUND_ORDERS: 1,
    }
    assert {
        minute: value
        for (name, minute), value in outcome.figures.items()
        if name == Name.SALES_FEN and minute
    } == {
        1: 2990,
        2: 9970,
        10: 3990,
    }
    assert outcome.problems == ["第 8 行不是这一场的时间"]


def test_a_table_of_names_and_figures_is_read_lying_down(live):
    file = io.BytesIO("指标,数值\n观看人次,88\n成交金额,66.6\n人均观看时长,00:00:45\n备注,下雨\n".encode())
    assert dict(looked(file, live)[1].totals) == {
        Name.VISITS: 88,
        Name.SALES_FEN: 6660,
        Name.WATCH_SECONDS: 45,
    }


def test_columns_may_be_said_otherwise(live):
    file = io.BytesIO("来了多少,成交金额\n70,10\n".encode())
    assert dict(looked(file, live)[1].totals) == {Name.SALES_FEN: 1000}
    chosen = {"来了多少": Name.VISITS, "成交金额": ""}
    assert dict(looked(file, live, chosen)[1].totals) == {Name.VISITS: 70}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("今天,天气\n好,晴\n", "看不出哪一行是列名。从平台导出的表不用改，原样传上来就行"),
        ("观看人次\n", "只有列名，下面没有数"),
    ],
)
def test_what_has_no_columns_or_no_figures_is_said(live, text, sentence):
    with pytest.raises(reader.UnreadableExport) as told:
        looked(io.BytesIO(text.encode()), live)
    assert str(told.value) == sentence
