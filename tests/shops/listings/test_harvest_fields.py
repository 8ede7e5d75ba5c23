from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from shops.products import fields
from shops.products.fields import TypedDay, format_typed_day, read, read_window

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "typed",
    [
        "12月10日",
        "12月10号",
        "12月10",
        "12-10",
        "12.10",
        "12/10",
        "12。10",
        "1210",
        "１２月１０日",
        "１２．１０",
        " 12 月 10 日 ",
        "2026-12-10",
        "2026年12月10日",
        "2026/12/10",
        "2026.12.10",
        "20261210",
        "26.12.10",
        "２０２６１２１０",
        "12月上旬",
    ],
)
def test_read_understands_the_ways_people_write_a_day(typed):
    assert read(typed, TODAY).next(TODAY) == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("11.24", date(2026, 11, 24)),
        ("11.23", date(2027, 11, 23)),
        ("1月5日", date(2027, 1, 5)),
        ("2.29", date(2028, 2, 29)),
        ("12月中旬", date(2026, 12, 20)),
        ("12月底", date(2026, 12, 31)),
        ("2月末", date(2027, 2, 28)),
        ("2027年2月下旬", date(2027, 2, 28)),
        ("今天", date(2026, 11, 24)),
        ("明天", date(2026, 11, 25)),
        ("2025-1-5", date(2025, 1, 5)),
    ],
)
def test_a_day_without_a_year_is_the_next_such_day(typed, day):
    assert read(typed, TODAY).next(TODAY) == day


@pytest.mark.parametrize(
    "typed", ["十二月十日", "下个月", "12", "12月", "1999-12-10", "12-10-2026", "abc", "1e3", "0"]
)
def test_read_gives_none_for_what_it_does_not_know(typed):
    assert read(typed, TODAY) is None


@pytest.mark.parametrize("typed", ["13月1日", "2月30日", "0月5日", "12.32", "2026-02-29", "9999"])
def test_days_that_are_in_no_calendar_are_told(typed):
    with pytest.raises(ValidationError) as problem:
        fields.TypedDayField().clean(typed)
    assert problem.value.messages == ["没有这一天，看看月份和日子"]


def test_what_is_no_day_is_told_with_an_example():
    with pytest.raises(ValidationError) as problem:
        fields.TypedDayField().clean("快过年的时候")
    assert problem.value.messages == ["写成 12月10日 或 12.10 这样"]


def test_the_first_day_is_the_last_such_day_before_the_end():
    until = TypedDay(1, 5)
    assert read_window(until, TypedDay(11, 1), TODAY) == (date(2026, 11, 1), date(2027, 1, 5), {})
    assert read_window(TypedDay(12, 31), TypedDay(1, 1), TODAY) == (date(2026, 1, 1), date(2026, 12, 31), {})
    assert read_window(until, TypedDay(1, 5), TODAY) == (date(2027, 1, 5), date(2027, 1, 5), {})


def test_without_a_first_day_it_is_today():
    assert read_window(TypedDay(12, 10), None, TODAY)[0] == TODAY


@pytest.mark.parametrize(
    ("until", "begin", "field", "sentence"),
    [
        (TypedDay(11, 20, 2026), None, "harvest_until", "这一天已经过了，写采完的那天"),
        (TypedDay(12, 1, 2027), None, "harvest_until", "太远了，最多写到一年以后"),
        (TypedDay(2, 29), None, "harvest_until", "太远了，最多写到一年以后"),
        (TypedDay(12, 10), TypedDay(12, 11, 2026), "harvest_from", "开始采的那天，不能在采完以后"),
        (TypedDay(12, 10), TypedDay(12, 11), "harvest_from", "开始采的那天，不能在采完以后"),
        (TypedDay(12, 10), TypedDay(1, 1, 2025), "harvest_from", "太早了，最多从采完前一年写起"),
    ],
)
def test_windows_that_cannot_be(until, begin, field, sentence):
    assert read_window(until, begin, TODAY)[2] == {field: sentence}


def test_a_season_that_is_over_may_be_kept():
    over = date(2026, 11, 1)
    assert read_window(TypedDay(11, 1, 2026), TypedDay(10, 1), TODAY, kept=over) == (
        date(2026, 10, 1),
        over,
        {},
    )


def test_written_can_be_read_again():
    for day in (TODAY, date(2026, 12, 10), date(2027, 3, 1), date(2026, 11, 1)):
        short = format_typed_day(day, TypedDay(day.month, day.day).next(TODAY))
        assert read(short, TODAY).next(TODAY) == day
    assert format_typed_day(date(2026, 12, 10), date(2026, 12, 10)) == "12月10日"
    assert format_typed_day(date(2026, 11, 1), date(2027, 11, 1)) == "2026年11月1日"
    with override("en"):
        assert format_typed_day(date(2026, 12, 10), date(2026, 12, 10)) == "12-10"
        assert format_typed_day(date(2026, 11, 1)) == "2026-11-01"
