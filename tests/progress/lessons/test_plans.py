"""No page scans the lessons done or the enrolments of everybody: two millions of them cost what two cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from progress.classes import register
from progress.lessons.completion import mark_done
from progress.models import LessonDone

pytestmark = pytest.mark.both_databases


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")  # small tables are read through even with an index
            cursor.execute(f"EXPLAIN {sql}".replace("%", "%%"))
            return [row[0].strip(" ->") for row in cursor.fetchall()]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
        return [row[3] for row in cursor.fetchall()]


def read_through(queries: CaptureQueriesContext) -> list[str]:
    """The lines of the plans by which a whole table of progress is read."""
    reads = [
        query["sql"] for query in queries if query["sql"].startswith("SELECT") and "progress_" in query["sql"]
    ]
    assert reads
    lines = [line for sql in reads for line in plan(sql)]
    return [line for line in lines if line.startswith(("SCAN progress_", "Seq Scan on progress_"))]


@pytest.mark.parametrize("page", ["/learn/", "/learn/live/", "/learn/lessons/{lesson}/"])
def test_learners_pages_go_by_index(as_user, learner, lessons, page):
    mark_done(learner, lessons[0])
    client = as_user(learner)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page.format(lesson=lessons[1].pk)).status_code == 200
    assert read_through(queries) == []


@pytest.mark.parametrize("page", ["", "lessons/{lesson}/", "trainees/{user}/"])
def test_trainers_pages_go_by_index(as_user, trainer, cohort, learner, lessons, page):
    mark_done(learner, lessons[0])
    client = as_user(trainer)
    with CaptureQueriesContext(connection) as queries:
        path = page.format(lesson=lessons[0].pk, user=learner.pk)
        assert client.get(f"/classes/{cohort.pk}/{path}").status_code == 200
    assert read_through(queries) == []


def test_ticking_and_taking_away_go_by_index(cohort, learner, lessons):
    with CaptureQueriesContext(connection) as queries:
        mark_done(learner, lessons[0])
        assert len(list(register.build_register(cohort).rows())) == 1
    assert read_through(queries) == []


def test_reading_through_would_be_seen(learner):
    with CaptureQueriesContext(connection) as queries:
        list(LessonDone.objects.filter(course_version=7))
    assert len(read_through(queries)) == 1
