from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.timezone import localdate, localtime
from django.utils.translation import override

from ui import formats


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (2990, "29.90"),
        (5, "0.05"),
        (0, "0.00"),
        (628650, "6,286.50"),
        (-8970, "−89.70"),
        (-1, "−0.01"),
        (None, ""),
    ],
)
def test_yuan_is_written_with_two_decimals(fen, text):
    assert formats.yuan(fen) == text


@pytest.mark.parametrize(
    ("grams", "text"),
    [
        (2500, "5斤"),
        (1250, "2.5斤"),
        (250, "半斤"),
        (333, "0.666斤"),
        (0, "0斤"),
        (625_000, "1,250斤"),
        (None, ""),
    ],
)
def test_jin_drops_needless_zeros(grams, text):
    assert formats.jin(grams) == text


@pytest.mark.parametrize(
    ("grams", "text"), [(2500, "2.5公斤"), (1000, "1公斤"), (50, "0.05公斤"), (None, "")]
)
def test_kg_drops_needless_zeros(grams, text):
    assert formats.kg(grams) == text


@pytest.mark.parametrize(
    ("fen", "grams", "jin", "kg"),
    [
        (2990, 2500, "5.98", "11.96"),
        (2440, 4000, "3.05", "6.10"),
        (1000, 1500, "3.33", "6.67"),
        (1, 1000, "0.01", "0.01"),
        (3, 1000, "0.02", "0.03"),
        (12800, 500, "128.00", "256.00"),
        (0, 500, "0.00", "0.00"),
        (2990, 0, "", ""),
        (2990, None, "", ""),
        (None, 2500, "", ""),
    ],
)
def test_price_per_jin_and_per_kg_round_half_up(fen, grams, jin, kg):
    assert (formats.per_jin(fen, grams), formats.per_kg(fen, grams)) == (jin, kg)


def test_filters_stand_in_every_template():
    template = Template(
        "{{ fen|yuan }} {{ g|jin }} {{ g|kg }} {{ fen|per_jin:g }} {{ fen|per_kg:g }} {{ d|day }}"
    )
    context = Context({"fen": 2990, "g": 2500, "d": date(2019, 1, 5)})
    assert template.render(context) == "29.90 5斤 2.5公斤 5.98 11.96 2019年1月5日"


def test_day_names_the_year_only_of_other_years():
    this = localdate().year
    assert formats.day(date(this, 6, 4)) == "6月4日"
    assert formats.day(date(2019, 6, 4)) == "2019年6月4日"
    assert formats.day(None) == ""
    with override("en"):
        assert formats.day(date(this, 6, 4)) == "Jun 4"
        assert formats.day(date(2019, 6, 4)) == "Jun 4, 2019"


def test_day_is_the_local_one():
    assert formats.day(datetime(2019, 6, 3, 16, 30, tzinfo=UTC)) == "2019年6月4日"


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=-5), "刚刚"),
        (timedelta(seconds=59), "刚刚"),
        (timedelta(minutes=1), "1 分钟前"),
        (timedelta(minutes=59), "59 分钟前"),
        (timedelta(hours=2), "2 小时前"),
        (timedelta(hours=13), "昨天"),
        (timedelta(days=1), "昨天"),
        (timedelta(days=6), "6 天前"),
        (timedelta(days=7), "6月1日"),
        (timedelta(days=160), "2018年12月30日"),
    ],
)
def test_ago_speaks_of_the_last_week(passed, text):
    now = localtime(datetime(2019, 6, 8, 4, 0, tzinfo=UTC))  # noon in 湖南
    assert formats.ago(now - passed, now) == text


def test_ago_of_nothing_is_nothing():
    assert formats.ago(None) == ""


def test_days_of_a_period_and_of_one_day():
    first, last = date(2019, 6, 3), date(2020, 1, 2)
    assert formats.days(first, last) == "2019年6月3日到2020年1月2日"
    assert formats.days(first, first) == "2019年6月3日"
    with override("en"):
        assert formats.days(first, last) == "Jun 3, 2019 – Jan 2, 2020"
