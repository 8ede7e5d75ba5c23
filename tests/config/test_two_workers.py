"""The workers of two computers with one database: each job and each daily round is done once."""

import datetime
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEntry
from config.models import Round
from tests.config.jobs import write_row
from tests.media import processes

pytestmark = pytest.mark.django_db(transaction=True)
JOBS = 30
DAY = datetime.timedelta(days=1)
# The real worker with these rounds only.
WORKER = """
from django import setup
setup()
from django.core.management import call_command
from config.management.commands import work
from tests.config import jobs
work.ROUNDS = ((24 * 60 * 60, jobs.share_round), (60 * 60, jobs.do_own_round))
work.OF_EACH = (jobs.do_own_round,)
call_command("work")
"""


@pytest.fixture
def workers() -> Iterator[None]:
    started = [processes.python("-c", WORKER) for _computer in range(2)]
    yield
    for process in started:
        process.kill()
        process.communicate()


def count_rows(verb: str) -> Counter[str]:
    return Counter(AuditEntry.objects.filter(verb=verb).values_list("subject", flat=True))


@pytest.mark.long
@pytest.mark.race
def test_every_job_and_every_daily_round_is_done_once(workers):
    processes.wait_until(lambda: count_rows("round")["own"] == 2)  # both are at work
    for number in range(JOBS):
        write_row.enqueue(number)
    processes.wait_until(lambda: not DBTaskResult.objects.filter(finished_at=None).exists())
    assert count_rows("job") == Counter({str(number): 1 for number in range(JOBS)})
    who = {worker for call in DBTaskResult.objects.all() for worker in call.worker_ids}
    assert len(who) == 2  # neither did all
    assert count_rows("round") == {"shared": 1, "own": 2}
    due = Round.objects.get(name="tests.config.jobs.share_round").due_at
    assert datetime.timedelta(hours=23) < due - timezone.now() < DAY


def fail() -> None:
    raise RuntimeError


def test_round_of_a_worker_that_died_is_taken_by_another_and_a_failed_one_is_repeated_soon():
    assert [Round.take("daily", DAY) for _worker in range(2)] == [True, False]
    Round.objects.update(due_at=timezone.now() - datetime.timedelta(seconds=1))  # its lease is over
    assert Round.take("daily", DAY)
    with pytest.raises(RuntimeError):
        Round.run_if_due(fail, DAY.total_seconds())
    left = Round.objects.get(name=f"{__name__}.fail").due_at - timezone.now()
    assert left < datetime.timedelta(seconds=10)


def test_round_that_a_wrong_clock_put_off_for_years_is_due():
    Round.objects.create(name="daily", due_at=timezone.now() + 400 * DAY)
    assert Round.take("daily", DAY)
    assert not Round.take("daily", DAY)


begun_again: list[bool] = []


def take_long() -> None:
    """Take longer than a lease, and see whether another worker would begin the same meanwhile."""
    time.sleep(1.5)
    begun_again.append(Round.take(f"{__name__}.take_long", DAY))


@pytest.mark.both_databases
def test_round_that_takes_longer_than_its_lease_is_begun_once(monkeypatch):
    monkeypatch.setattr(Round, "LEASE", datetime.timedelta(seconds=1.2))
    monkeypatch.setattr(Round, "RENEWED_EVERY", datetime.timedelta(seconds=0.1))
    Round.run_if_due(take_long, DAY.total_seconds())
    assert begun_again == [False]
    left = Round.objects.get(name=f"{__name__}.take_long").due_at - timezone.now()
    assert datetime.timedelta(hours=23) < left < DAY
