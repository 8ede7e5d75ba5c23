"""What waits in the trainers' queue: tasks beside rehearsals, the oldest first, each held by one trainer at a time."""

from datetime import timedelta

from django.utils import timezone

from rehearsals import leases
from rehearsals.models import TaskVersion, TaskWork
from rehearsals.tasks.services import accept_task, return_task
from tests.rehearsals.tasks.worlds import hand_in, make_task

HOUR = timedelta(hours=1)


def list_since() -> list:
    """Return since when works wait, and check that the versions say the same."""
    waiting = TaskWork.objects.waiting().order_by("pk")
    assert {one.pk for one in waiting} == set(TaskVersion.objects.waiting().values_list("work", flat=True))
    return [one.waiting_since for one in waiting]


def test_a_work_waits_from_its_first_unanswered_version_until_it_is_answered(
    learner, trainer, course, cohort
):
    task, first = make_task(course), timezone.now() - 3 * HOUR
    version = hand_in(learner, task, received_at=first)
    assert list_since() == [first]
    version = hand_in(learner, task, received_at=first + HOUR)  # keeps its place
    assert list_since() == [first]
    leases.acquire_lease(trainer, TaskWork.objects.get())
    return_task(trainer, version, next_step="第三条写退多少钱")
    assert list_since() == []
    assert TaskWork.objects.get().lease_by is None
    version = hand_in(learner, task, received_at=first + 2 * HOUR)
    assert list_since() == [first + 2 * HOUR]
    accept_task(trainer, version)
    hand_in(learner, task)  # what is accepted waits for nobody
    assert list_since() == []
