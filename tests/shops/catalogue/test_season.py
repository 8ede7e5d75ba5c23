from datetime import date

import pytest
from django.utils import translation

from shops.catalogue.product_context import Season

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [
        (date(2026, 11, 24), date(2027, 1, 10), "开园"),
        (date(2026, 11, 15), date(2027, 1, 10), "开园"),
        (date(2026, 11, 14), date(2027, 1, 10), "在采"),
        (date(2026, 11, 5), date(2026, 12, 5), "在采"),
        (date(2026, 11, 5), date(2026, 12, 4), "末批"),
        (date(2026, 11, 5), date(2026, 11, 24), "末批"),
        (date(2026, 11, 23), date(2026, 11, 28), "开园"),
        (date(2026, 11, 20), date(2026, 11, 26), "末批"),
        (date(2026, 11, 24), date(2026, 11, 24), "末批"),
        (date(2026, 11, 25), date(2026, 12, 24), ""),
        (date(2026, 10, 1), date(2026, 11, 23), ""),
    ],
)
def test_word_on_the_picture(first, last, word):
    assert Season(first, last, TODAY).word() == word


@pytest.mark.parametrize(
    ("first", "last", "note"),
    [
        (date(2026, 11, 5), date(2026, 12, 10), "还能采 16 天"),
        (date(2026, 11, 5), date(2026, 11, 24), "今天采最后一天"),
        (date(2026, 10, 1), date(2026, 11, 23), "这一季采完了"),
    ],
)
def test_note_says_how_long_it_lasts(first, last, note):
    assert Season(first, last, TODAY).note() == note


def test_note_says_when_it_begins(freeze_year):
    assert (
        Season(date(freeze_year, 12, 1), date(freeze_year, 12, 24), date(freeze_year, 11, 24)).note()
        == "12月1日开采"
    )


@pytest.fixture
def freeze_year() -> int:
    """Set the year; days of this year are written without their year."""
    return date.today().year


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 11, 5), date(2026, 12, 10), [11, 12]),
        (date(2026, 11, 5), date(2027, 1, 10), [1, 11, 12]),
        (date(2026, 3, 31), date(2026, 3, 31), [3]),
        (date(2026, 1, 1), date(2026, 12, 31), list(range(1, 13))),
        (date(2026, 5, 1), date(2027, 5, 1), list(range(1, 13))),
    ],
)
def test_months_that_are_picked(first, last, months):
    shown = Season(first, last, TODAY).months()
    assert [month.number for month in shown] == list(range(1, 13))
    assert [month.number for month in shown if month.is_on] == months
    assert [month.number for month in shown if month.is_now] == [11]


def test_span_is_spoken_in_the_readers_language(freeze_year):
    season = Season(date(freeze_year, 11, 5), date(freeze_year, 12, 10), TODAY)
    assert season.span() == "11月5日到12月10日"
    with translation.override("en"):
        assert "Nov 5" in season.span()
