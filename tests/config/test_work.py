import os
import signal
import sqlite3
import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config import sqlite
from config.health.probes import BEAT
from config.management.commands import work
from media import queue
from media.models import Photo, Video
from media.photos import intake
from tests.media import pictures, processes
from tests.media.pictures import upload
from tests.media.videos import films

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker():
    cache.delete(BEAT)
    process = processes.python("manage.py", "work")
    # Read as it comes: a worker that loses its database says more than a pipe holds, and would wait for a reader.
    reader = threading.Thread(target=lambda: deque(process.stderr, maxlen=0))
    reader.start()
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()
    reader.join()
    process.stderr.close()


def is_ready(photo: Photo) -> bool:
    return Photo.objects.filter(pk=photo.pk, status=Photo.Status.READY).exists()


@pytest.mark.long(on="postgres")
@pytest.mark.both_databases
def test_worker_beats_takes_up_a_dead_ones_job_outlives_its_connections_and_stops_on_ctrl_c(worker, seller):
    """PostgreSQL restarts: every connection dies. SQLite is locked by somebody else for a while."""
    left = intake.store_photo(upload(pictures.jpeg()), seller)
    DBTaskResult.objects.all().delete()
    long_ago = timezone.now() - timedelta(minutes=5)
    Photo.objects.update(status="waiting", attempts=1, leased_until=long_ago, created_at=long_ago)
    processes.wait_until(lambda: cache.get(BEAT))
    beat = cache.get(BEAT)
    assert abs(beat["at"] - time.time()) < 20
    assert sqlite.is_fixed(beat["sqlite"])
    processes.wait_until(lambda: is_ready(left))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
    else:
        lock = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        time.sleep(2)
        lock.execute("COMMIT")
        lock.close()
    photo = intake.store_photo(upload(pictures.jpeg(300, 200)), seller)
    processes.wait_until(lambda: is_ready(photo))
    assert worker.poll() is None
    worker.send_signal(signal.SIGINT)
    assert worker.wait(timeout=30) == 0


def half_a_minute() -> Path:
    """Return a film that takes the worker much longer than a photo."""
    return films.film("minute.mp4", seconds=2, size="1280x720", rate="15", after="-stream_loop 14")


@pytest.mark.long
def test_photo_does_not_wait_for_a_film_and_the_film_is_let_go_at_once(worker, trainer):
    """Told to stop in the middle of a film, the worker ends and the next one may begin it at once."""
    video = films.sent(trainer, half_a_minute())
    processes.wait_until(lambda: Video.objects.get().attempts == 1, 40)
    photo = intake.store_photo(upload(pictures.jpeg()), trainer)
    processes.wait_until(lambda: is_ready(photo), 40)
    video.refresh_from_db()
    assert video.status == "waiting"
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    video.refresh_from_db()
    assert (video.status, video.attempts) == ("waiting", 0)
    assert video.leased_until <= timezone.now()


def test_film_that_gets_on_does_not_count_as_hanging(monkeypatch):
    monkeypatch.setattr(queue, "_signs", {})  # other tests of this thread have signed too
    runner = work.JobRunner("videos")
    runner.thread, runner.busy_since = threading.get_ident(), time.monotonic() - 2 * work.HANGS_AFTER
    assert runner.hangs
    queue.report_progress()
    assert not runner.hangs
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + work.HANGS_AFTER + 1)
    assert runner.hangs


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("server closed the connection"), [1, 1, 1]),
        (ProgrammingError("no such table"), [1, 2, 5]),
    ],
)
def test_lost_database_is_waited_for(monkeypatch, error, expected):
    """One that is away is used again within a second; one that is not migrated is looked for error by error more rarely."""
    errors = [error] * 3
    pauses, failures = [], iter([True, True, True, False])
    monkeypatch.setattr(work.time, "sleep", pauses.append)

    class JobRunner:
        running = True

        def run(self) -> None:
            if next(failures):
                raise errors.pop()
            self.running = False

    work.keep_working(JobRunner())
    assert pauses == expected


def test_hanging_job_stops_the_heartbeat(monkeypatch):
    runner = work.JobRunner()
    assert runner.hangs is False
    runner.busy_since = time.monotonic() - work.HANGS_AFTER - 1
    assert runner.hangs is True


SLOW_SWEEP = """
import time
from django import setup
setup()
from django.core.management import call_command
from config.management.commands import work
often, seldom = ((every, lambda: time.sleep(600)) for every in (60, 24 * 60 * 60))
work.ROUNDS = (often, seldom, *work.ROUNDS)
call_command("work")
"""


@pytest.mark.long
def test_slow_sweep_does_not_silence_the_heartbeat():
    """Neither of those that are due every minute nor of those that are due once a day."""
    cache.delete(BEAT)
    process = processes.python("-c", SLOW_SWEEP)
    try:
        processes.wait_until(lambda: cache.get(BEAT))
    finally:
        process.kill()
        process.communicate()


def test_sweep_that_lasts_for_hours_counts_as_hanging():
    sweeper = work.Sweeper([])
    assert sweeper.hangs is False
    sweeper.busy_since = time.monotonic() - work.SWEEP_HANGS_AFTER - 1
    assert sweeper.hangs is True


def test_tidy_drops_what_is_kept_only_for_a_time(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "LOG_DIR", tmp_path)
    for days in (1, 189, 191, 400):
        (tmp_path / f"app-{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d}.jsonl").touch()
    for days in (-1, 1):
        Session.objects.create(session_key=f"s{days}", expire_date=timezone.now() - timedelta(days=days))
    for days in (1, 8):
        begun = timezone.now() - timedelta(days=days)
        DBTaskResult.objects.create(
            args_kwargs={"args": [days], "kwargs": {}}, run_after=begun, started_at=begun, status="SUCCESSFUL",
            task_path="media.tasks.make_pictures", backend_name="default",
        )  # fmt: skip
    work.tidy()
    work.end_sessions()
    assert len(os.listdir(tmp_path)) == 2
    assert list(Session.objects.values_list("session_key", flat=True)) == ["s-1"]
    assert [call.args_kwargs["args"] for call in DBTaskResult.objects.all()] == [[1]]
