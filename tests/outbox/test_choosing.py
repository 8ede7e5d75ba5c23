from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from outbox.models import Event
from progress.models import LearningChoice
from tests.outbox.phone import event

# PostgreSQL locks the person first.
QUERIES = 11 if connection.vendor == "postgresql" else 10


def stored() -> list[tuple]:
    return list(LearningChoice.objects.values_list("rendition", "speed_percent", "captions"))


def test_choice_is_remembered_and_the_rest_left(phone, learner):
    LearningChoice.objects.create(user=learner, rendition="480", fen_per_gb=300)
    assert (
        phone.send(event("choice", rung="240"), event("choice", speed_percent=150)) == [("applied", "")] * 2
    )
    assert stored() == [("240", 150, True)]
    assert LearningChoice.objects.get().fen_per_gb == 300


def test_latest_choice_counts_whatever_the_order(phone):
    now = timezone.now()
    phone.send(
        event("choice", now, rung="listen", captions=False),
        event("choice", now - timedelta(hours=2), rung="240", captions=True),
    )
    assert stored() == [("listen", 100, False)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rung": "4k"},
        {"rung": ["240"]},
        {"speed_percent": True},
        {"speed_percent": 999},
        {"captions": "no"},
    ],
)
def test_nonsense_is_rejected(phone, body):
    assert phone.send(event("choice", **body)) == [("aside", "broken")]
    assert stored() == []
    assert Event.objects.get().kind == "choice"


@pytest.mark.parametrize("size", [2, 50])
def test_a_batch_takes_the_same_queries_whatever_its_size(phone, size, django_assert_num_queries):
    phone.send(event("choice", rung="240"))
    with django_assert_num_queries(QUERIES):
        phone.send(*[event("choice", speed_percent=100 + n) for n in range(size)])


def test_older_choice_that_comes_late_undoes_nothing_newer(phone):
    now = timezone.now()
    phone.send(event("choice", now, rung="240"))
    phone.send(event("choice", now - timedelta(days=5), rung="480", speed_percent=150))
    mine = LearningChoice.objects.get()
    assert (mine.rendition, mine.speed_percent) == ("240", 150)
    phone.send(event("choice", now - timedelta(days=2), speed_percent=75))
    assert LearningChoice.objects.get().speed_percent == 75
