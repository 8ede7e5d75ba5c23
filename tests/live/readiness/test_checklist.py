"""The checklist: append-only rows of which the newest counts."""

import uuid

import pytest
from django.utils import timezone

from live.exceptions import LiveStarted
from live.models import ChecklistTick
from live.readiness import checklist
from shops.exceptions import IdempotencyConflict
from tests.lives import make_live, open_codes


def test_the_newest_word_counts_and_the_older_stays(live, seller, trainee):
    checklist.tick_line(live, "light", True, seller)
    checklist.tick_line(live, "light", False, trainee)
    rows = {row.code: row for row in checklist.list_rows(live)}
    assert (rows["light"].is_done, rows["light"].tick.by, rows["sound"].tick) == (False, trainee, None)
    assert ChecklistTick.objects.filter(code="light").count() == 2


def test_a_tick_sent_twice_is_one(live, seller, shop):
    event = uuid.uuid4()
    first = checklist.tick_line(live, "card", True, seller, event)
    assert checklist.tick_line(live, "card", True, seller, event) == first
    with pytest.raises(IdempotencyConflict):
        checklist.tick_line(make_live(seller, shop=shop), "card", True, seller, event)


def test_unknown_codes_are_refused(live, seller):
    with pytest.raises(ValueError, match="coffee"):
        checklist.tick_line(live, "coffee", True, seller)


def test_what_it_began_with_stands(live, seller):
    live.started_at = timezone.now()
    live.save()
    with pytest.raises(LiveStarted):
        checklist.tick_line(live, "card", True, seller)


def test_open_codes_are_what_is_left(live, seller, django_assert_num_queries):
    for code in ChecklistTick.Code.values[:-1]:
        checklist.tick_line(live, code, True, seller)
    with django_assert_num_queries(1):
        assert open_codes(live) == ["light"]


def test_each_line_has_a_head(live):
    first = checklist.list_rows(live)[0]
    assert (first.head, first.rest) == ("证件", "合格证、检测报告、营业执照，该有的都在手边")
