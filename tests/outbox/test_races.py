"""Phones at once, on real connections: no fact twice, none missing, and no deadlock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from outbox.models import Event
from outbox.reception import receive_batch
from progress.models import Ask, LessonDone, Watch
from tests.outbox.phone import event, played

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def at_once(user, batches: list[list[dict]]) -> list[dict[str, str]]:
    """(id → state) of each batch, all let go at the same moment."""
    ready = Barrier(len(batches))

    def send(batch: list[dict]) -> dict[str, str]:
        try:
            ready.wait()
            return {result["id"]: result["state"] for result in receive_batch(user, batch).results}
        finally:
            connection.close()

    with ThreadPoolExecutor(len(batches)) as pool:
        return list(pool.map(send, batches))


def test_the_same_events_in_six_orders_are_applied_once(learner, lessons):
    since = timezone.now() - timedelta(hours=5)
    events = [event("done", lesson=lesson.pk) for lesson in lessons]
    events += [event("ask", lesson=lesson.pk, text="问") for lesson in lessons]
    events += [played(lessons[0].pk, n * 60, n * 60 + 60, since + timedelta(minutes=n)) for n in range(5)]
    batches = [Random(seed).sample(events, len(events)) for seed in range(6)]
    answers = at_once(learner, batches)
    for one in events:
        states = sorted(answer[one["id"]] for answer in answers)
        assert states == ["already"] * 5 + ["applied"]
    assert Event.objects.count() == len(events)
    assert (LessonDone.objects.count(), Ask.objects.count()) == (6, 6)
    assert Watch.objects.get().intervals == [[0, 300_000]]


@pytest.mark.long
def test_different_parts_from_two_phones_are_both_kept(learner, lessons):
    """Read, unite, write: without a lock the second would overwrite the first."""
    since = timezone.now() - timedelta(hours=5)
    batches = [[played(lessons[0].pk, n * 50, n * 50 + 50, since + timedelta(minutes=n))] for n in range(6)]
    at_once(learner, batches)
    assert Watch.objects.get().intervals == [[0, 300_000]]
    assert learner.watch_time.spans != []
