"""Work of the worker is done by one process at a time, and again by another if that one died."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import DataExport
from media.queue import task
from media.work_leases import FileNotMade, Report, WorkLeases
from tests.factories import make_person

LEASES = WorkLeases(DataExport, timedelta(minutes=5))
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@task()
def do_work(pk: int) -> bool:
    return bool(pk)


@task()
def do_half(pk: int) -> None:
    DataExport.objects.filter(pk=pk).update(percent=50)


@pytest.fixture
def row() -> DataExport:
    return DataExport.objects.create(user=make_person("田巧云"))


def call_again() -> list[int]:
    LEASES.call_again(do_work, "waiting")
    return [call.args_kwargs["args"][0] for call in DBTaskResult.objects.order_by("enqueued_at")]


def test_small_work_is_done_at_once_and_large_work_by_the_worker(row):
    calls = DBTaskResult.objects.values_list("task_path", "args_kwargs__args")
    assert LEASES.begin(do_half, lambda: row, is_small=True).percent == 50
    assert list(calls.all()) == []
    large = LEASES.begin(
        do_half, lambda: DataExport.objects.create(user=make_person("向春梅")), is_small=False
    )
    assert (large.percent, list(calls)) == (0, [(do_half.module_path, [large.pk])])


@pytest.mark.parametrize("is_small", [True, False])
def test_nothing_is_stored_or_called_for_what_is_refused(row, is_small):
    def refuse() -> DataExport:
        DataExport.objects.update(percent=7)
        raise LookupError

    with pytest.raises(LookupError):
        LEASES.begin(do_half, refuse, is_small=is_small)
    assert (DataExport.objects.get().percent, DBTaskResult.objects.count()) == (0, 0)


def test_one_process_has_the_row_until_its_lease_ends(row):
    assert LEASES.acquire(row.pk, "waiting", percent=0)
    assert not LEASES.acquire(row.pk, "waiting", percent=0)
    DataExport.objects.update(leased_until=timezone.now() - MINUTE)
    assert LEASES.acquire(row.pk, "waiting")
    assert not LEASES.acquire(row.pk, "ready")
    DataExport.objects.update(leased_until=timezone.now() + MINUTE)
    report = LEASES.make_reporter(row.pk)
    report(40)
    report(30)  # no progress
    row.refresh_from_db()
    assert (row.percent, row.leased_until > timezone.now() + 4 * MINUTE) == (40, True)
    assert LEASES.end(row.pk, ("waiting",), "ready", percent=100)
    assert not LEASES.end(row.pk, ("waiting",), "failed")
    row.refresh_from_db()
    assert (row.state, row.percent, row.leased_until) == ("ready", 100, None)


def test_what_a_dead_process_left_or_whose_call_was_lost_is_called_again_once(row):
    assert call_again() == []  # asked for just now: its call may be on its way
    DataExport.objects.update(asked_at=timezone.now() - 2 * MINUTE)
    assert (call_again(), call_again()) == ([row.pk], [row.pk])
    DBTaskResult.objects.all().delete()
    assert LEASES.acquire(row.pk, "waiting")
    assert call_again() == []
    DataExport.objects.update(leased_until=timezone.now() - MINUTE)
    assert call_again() == [row.pk]


def put(copy: DataExport, report: Report) -> dict[str, int]:
    report(30)
    storages["private"].save(copy.file_name, ContentFile(b"zip"))
    return {"bytes": 3}


def test_a_file_is_made_once_and_stays(row):
    made = LEASES.make_file(row.pk, put, "user", problem="broken")
    assert (made, LEASES.make_file(row.pk, put)) == (row, None)
    row.refresh_from_db()
    assert (row.state, row.percent, row.bytes, row.problem) == ("ready", 100, 3, "")
    assert storages["private"].open(row.file_name).read() == b"zip"


@pytest.mark.parametrize(("error", "problem"), [(FileNotMade("full"), "full"), (OSError("disk"), "broken")])
def test_a_file_that_cannot_be_made_says_why(row, error, problem):
    def fail(copy: DataExport, report: Report) -> dict[str, int]:
        raise error

    assert LEASES.make_file(row.pk, fail, problem="broken") is None
    row.refresh_from_db()
    assert (row.state, row.problem, row.leased_until) == ("failed", problem, None)


def test_the_file_of_a_row_that_is_deleted_meanwhile_is_deleted(row):
    def erase(copy: DataExport, report: Report) -> dict[str, int]:
        DataExport.objects.all().delete()
        return put(copy, report)

    assert LEASES.make_file(row.pk, erase) is None
    assert not storages["private"].exists(row.file_name)
