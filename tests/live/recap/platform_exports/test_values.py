"""Cells as platforms write them."""

import datetime

import pytest

from live.recap.platform_exports import values

DAY = datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("cell", "count"),
    [("1.2万", 12_000), ("3,456", 3456), ("３４５６", 3456), ("152单", 152), ("1.5k", 1500), ("0", 0)],
)
def test_counts(cell, count):
    assert values.count(cell) == count


@pytest.mark.parametrize(
    ("cell", "fen"), [("￥4,365.40", 436_540), ("119.6", 11_960), ("1.25万", 1_250_000), ("29.90元", 2990)]
)
def test_money(cell, fen):
    assert values.parse_fen(cell) == fen


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("1分12秒", 72),
        ("00:01:12", 72),
        ("72", 72),
        ("72秒", 72),
        ("2小时3分", 7380),
        ("72.6", 73),
        ("3分钟", 180),
    ],
)
def test_times(cell, seconds):
    assert values.parse_seconds(cell) == seconds


@pytest.mark.parametrize("cell", ["99:99:99", "00:75:30", "12:60", "24:00:01", "25小时", "1441分钟", "86401"])
def test_duration_past_a_day_or_no_clock_shows_is_odd(cell):
    with pytest.raises(values.UnreadableCell):
        values.parse_seconds(cell)


def test_duration_of_a_whole_day_is_the_most():
    assert (values.parse_seconds("24:00:00"), values.parse_seconds("75:30")) == (86_400, 4530)


@pytest.mark.parametrize("cell", ["abc", "-5", "1.2.3", "12%", "=1+1", "9" * 40])
@pytest.mark.parametrize("read", [values.count, values.parse_fen])
def test_what_is_no_number_is_odd(cell, read):
    with pytest.raises(values.UnreadableCell):
        read(cell)


def test_parts_of_a_piece_or_of_a_fen_are_odd():
    for read, cell in ((values.count, "1.5"), (values.parse_fen, "0.001")):
        with pytest.raises(values.UnreadableCell):
            read(cell)


@pytest.mark.parametrize(
    "cell", ["2026-11-20 20:15:30", "2026/11/20 20:15:30", "2026-11-20T20:15:30", "20:15:30"]
)
def test_moments_are_of_china_and_a_bare_time_is_of_the_day(cell):
    assert values.parse_moment(cell, DAY).isoformat() == "2026-11-20T20:15:30+08:00"


@pytest.mark.parametrize("cell", ["昨天", "25:61:00", "2026-13-01 00:00", ""])
def test_what_is_no_moment_is_odd(cell):
    with pytest.raises(values.UnreadableCell):
        values.parse_moment(cell, DAY)
