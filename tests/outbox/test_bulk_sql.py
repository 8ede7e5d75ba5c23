"""Rows written and read by plain SQL are those that the ORM would write and read."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from outbox.bulk_sql import fetch_rows, insert_new
from progress.models import LessonDone, Watch
from tests.factories import make_course, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 26, 8, 30, 0, 250_000, UTC)
WATCH = (
    *("user_id", "lesson_id", "course_version", "film", "intervals"),
    *("watched_ms", "last_ms", "furthest_ms", "first_at", "last_at"),
)


@pytest.fixture
def lessons(county):
    return [*make_course(county, lessons=3).modules.get().lessons.in_order()]


@pytest.fixture
def person(village):
    return make_person("满姑", ("trainee", village))


def watched(person, lessons, moments) -> list[tuple]:
    seen = [[[0, 60_000]], [], [[1, 2], [5, 900]]]
    return [
        (person.pk, lesson.pk, 1, "film", intervals, 60_000, 7, 60_000, NOW, at)
        for lesson, intervals, at in zip(lessons, seen, moments, strict=True)
    ]


@pytest.mark.parametrize(
    "moments",
    [
        [NOW, NOW, NOW],
        [NOW, NOW + timedelta(microseconds=1), NOW.replace(microsecond=0)],
        [NOW.astimezone(timezone(timedelta(hours=8))), NOW, NOW],
    ],
)
def test_rows_are_written_and_read_as_by_the_orm(person, lessons, moments):
    rows = watched(person, lessons, moments)
    insert_new(Watch, WATCH, rows, returning="id")
    by_orm = list(Watch.objects.order_by("lesson_id").values_list(*WATCH))
    assert by_orm == rows
    assert sorted(fetch_rows(Watch, WATCH, "user_id = %s", [person.pk]), key=lambda row: row[1]) == rows


def test_lists_read_are_each_ones_own(person, lessons):
    rows = [(*row[:4], [[0, 9]], *row[5:]) for row in watched(person, lessons, [NOW] * 3)]
    insert_new(Watch, WATCH, rows, returning="id")
    one, two, _three = [row[0] for row in fetch_rows(Watch, ("intervals",), "user_id = %s", [person.pk])]
    assert one == two
    assert one is not two
    assert one[0] is not two[0]


def test_ids_given_back_are_those_that_were_new(person, lessons):
    columns = ("event_id", "lesson_id", "course_version", "happened_at", "received_at", "user_id")
    first, second = ((uuid4(), lesson.pk, 1, NOW, NOW, person.pk) for lesson in lessons[:2])
    assert insert_new(LessonDone, columns, [first], returning="event_id") == {first[0]}
    assert insert_new(LessonDone, columns, [first, second], returning="event_id") == {second[0]}
    assert set(LessonDone.objects.values_list("event_id", "happened_at")) == {
        (first[0], NOW),
        (second[0], NOW),
    }
