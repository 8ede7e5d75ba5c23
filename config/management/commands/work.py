"""`manage.py work`: the worker process.

Jobs run in the main thread, videos in a second one, so that no photo waits for an hour of film; the heartbeat, what is due
every minute, and the slow sweeps have a thread each, so that none waits for another.
"""

from __future__ import annotations

import functools
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from accounts import limits
from accounts.notifications import delivery
from config import logs, sqlite
from config.copies import backup, schedule
from config.health import alert_states, probes
from config.models import Round
from config.personal import data_exports
from config.personal import retention as personal_retention
from config.postgresql import computers
from live.on_air import lifecycle, snapshots
from media import cleanup, queue, received_files
from outbox.retention import delete_expired
from programme.calendar import reminders
from programme.credentials.keys import replace_lost_key
from programme.ladder import steps
from programme.outcomes.follow_ups import services as follow_ups
from programme.outcomes.stories import services as stories
from programme.rosters import imports
from programme.sheets import class_prints
from programme.support import cases
from programme.training_ledger import production as ledgers
from progress.enrolment.services import fill_all_seats
from progress.quizzes import attempts, clearances
from rehearsals.submissions import retention, services
from rehearsals.tasks import photos as task_photos
from rehearsals.tasks import retention as task_retention
from shops.orders import expiry
from shops.traceability import certificates
from ui.database.availability import DATABASE, find_away, summarise, watch
from ui.responses import downloads
from wording import records

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5
# A job that reports nothing for longer is taken to hang: the heartbeat stops and /readyz shows it.
HANGS_AFTER = 600
# A sweep may take long after a year without one, but not for ever.
SWEEP_HANGS_AFTER = 60 * 60
BEAT_EVERY = 20
# Jobs that run so seldom may be slow: no message or order waits for them.
SELDOM = 60 * 60
# So often it is looked whether one of them is due, which another worker may have done.
LOOK_FOR_SELDOM = 60
# A video in progress is released within half a second after the worker is told to stop.
STOPS_WITHIN = 10
VIDEOS = "videos"
PAUSES = (1, 2, 5, 10, 30)
# Seconds until a thread looks again for a database that is away, so the longest until it goes on.
AWAY_PAUSE = 1


class JobRunner(Worker):
    """The library's worker, which also knows since when it has been running its present job."""

    busy_since: float | None = None
    thread: int = 0

    def __init__(self, queues: str = "*", but: tuple[str, ...] = ()) -> None:
        super().__init__(
            queue_names=[queues],
            interval=LOOK_EVERY,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=list(but),
        )

    def run_task(self, db_task_result) -> None:
        self.busy_since, self.thread = time.monotonic(), threading.get_ident()
        try:
            with queue.log_run(db_task_result):
                super().run_task(db_task_result)
        finally:
            self.busy_since = None

    @property
    def hangs(self) -> bool:
        since = self.busy_since
        if since is None:
            return False
        return time.monotonic() - max(since, queue.get_last_report(self.thread)) > HANGS_AFTER


class Command(BaseCommand):
    help = "Works off tasks, beats for /readyz, sweeps; stops on SIGTERM or Ctrl-C."

    def handle(self, **options) -> None:
        with suppress(OSError):
            os.nice(10)  # pages have priority
        runner, film = JobRunner(but=(VIDEOS,)), JobRunner(VIDEOS)
        runner.configure_signals()
        often = Sweeper(one for one in ROUNDS if one[0] < SELDOM)
        seldom = Sweeper(share(*one) for one in ROUNDS if one[0] >= SELDOM)
        for name, sweeper in (("often", often), ("seldom", seldom)):
            threading.Thread(target=sweeper.run, args=[runner], name=name, daemon=True).start()
        beating = [runner, [film, often, seldom]]
        threading.Thread(target=keep_beating, args=beating, name="heartbeat", daemon=True).start()
        filming = threading.Thread(target=keep_working, args=[film], name=VIDEOS, daemon=True)
        filming.start()
        log.info("worker started", extra={"fields": {"sqlite": sqlite.get_version()}})
        try:
            keep_working(runner)
        finally:
            film.running = False
            queue.stopping.set()
            filming.join(STOPS_WITHIN)
            run_safely(probes.end_beats)
            run_safely(end_use)


def keep_working(runner: JobRunner) -> None:
    """Run jobs; wait for a database that is locked or restarting, and a little longer each time for one not migrated yet."""
    failures = 0
    while runner.running:
        start = time.monotonic()
        try:
            runner.run()
        except Error as error:
            connections.close_all()
            if away := find_away(error):
                log_away(error, away, "the queue")
                time.sleep(AWAY_PAUSE)
                continue
            failures = 0 if time.monotonic() - start > 60 else failures + 1
            pause = PAUSES[min(failures, len(PAUSES)) - 1] if failures else PAUSES[0]
            log.warning(
                "worker lost its database", extra={"fields": {"error": str(error), "again_in": pause}}
            )
            time.sleep(pause)


class Sweeper:
    """Run functions, (seconds between two runs, function), each when it is due; knows since when it has been running one."""

    def __init__(self, rounds: Iterable[tuple[float, Callable[[], object]]]) -> None:
        self.due = [(0.0, every, work) for every, work in rounds]
        self.busy_since: float | None = None

    def run(self, runner: JobRunner) -> None:
        """Run until `runner` stops, through all database errors; a function that failed runs again within ten seconds."""
        while runner.running:
            for n, (due, every, work) in enumerate(self.due):
                if time.monotonic() >= due:
                    self.busy_since = time.monotonic()
                    pause = every if run_safely(work) else min(every, 10)
                    self.due[n] = (time.monotonic() + pause, every, work)
                    self.busy_since = None
            connections.close_all()
            time.sleep(1)

    @property
    def hangs(self) -> bool:
        since = self.busy_since
        return since is not None and time.monotonic() - since > SWEEP_HANGS_AFTER


def share(every: float, work: Callable[[], object]) -> tuple[float, Callable[[], object]]:
    """Let a round be done by one of the workers for all, whatever their number and however often they are restarted."""
    if work in OF_EACH:
        return every, work

    @functools.wraps(work)
    def run_if_due() -> None:
        Round.run_if_due(work, every)

    return LOOK_FOR_SELDOM, run_if_due


def keep_beating(runner: JobRunner, others: Iterable[JobRunner | Sweeper]) -> None:
    """Write the heartbeat until `runner` stops, but not while a thread hangs."""

    def beat_if_well() -> None:
        if not any(one.hangs for one in (runner, *others)):
            probes.record_beat()

    # One that hangs still uses the database.
    Sweeper([(BEAT_EVERY, beat_if_well), (computers.HEARD_EVERY, record_use)]).run(runner)


def record_use() -> None:
    computers.record_use("worker")


def end_use() -> None:
    computers.end_use("worker")


def run_safely(work: Callable[[], object]) -> bool:
    """Run a function and return whether it succeeded; with a part of the site away it waits, without a trace in the log."""
    try:
        work()
    except Exception as error:
        if away := find_away(error):
            log_away(error, away, work.__name__)
        else:
            log.exception("%s failed, it will be tried again", work.__name__)
        return False
    return True


def log_away(error: Exception, away: str, who: str) -> None:
    """Log that a part of the site is away, unless the log says so already."""
    if away != DATABASE or watch.away_since is None:
        log.warning("the %s is away, %s waits: %s", away, who, summarise(error))


def watch_alerts() -> None:
    """Note which alerts are firing, and since when."""
    alert_states.record()


def tidy() -> None:
    """Delete what is stored only for a time: logs after the law's six months, finished tasks, copies of persons' data that
    were cut off.
    """
    data_exports.drop_drafts()
    logs.drop_old(settings.LOG_DIR, settings.LOG_KEEP_DAYS)
    queue.delete_old()


def end_sessions() -> None:
    """Delete the sessions of visitors that stored a form for two hours, so that they do not pile up for a day."""
    call_command("clearsessions")


def expire() -> None:
    """End expired requests, so that the pages show the stock they had reserved; buyers can order it before that."""
    expiry.expire_due()


def end_lives() -> None:
    """Book the lives that nobody ended, and take snapshots of listings that changed on air."""
    lifecycle.end_forgotten_lives()
    snapshots.refresh_snapshots()


def join() -> None:
    """Join films whose last chunk has arrived."""
    services.join_due_films()


def send_notices() -> None:
    delivery.send_due()


def copy() -> None:
    """Make the night's copy in a separate process, so that the sweeps continue and its memory is free again afterwards."""
    global copying
    if (copying is None or copying.poll() is not None) and schedule.is_due():
        copying = subprocess.Popen(
            [sys.executable, "manage.py", "backup", "--planned"], cwd=settings.BASE_DIR
        )


copying: subprocess.Popen | None = None


def end_holding() -> None:
    backup.drop_left_over()


ROUNDS: tuple[tuple[float, Callable[[], object]], ...] = (
    (5, send_notices),
    (60, expire),
    (60, end_lives),
    (60, cleanup.run),
    (60, join),
    (60, fill_all_seats),
    (60, watch_alerts),
    (60, imports.sweep),
    (5 * 60, reminders.write_due),
    (5 * 60, copy),
    (10 * 60, limits.sweep),
    (60 * 60, end_sessions),
    (60 * 60, delete_expired),
    (60 * 60, cleanup.drop_unused_photos),
    (60 * 60, cleanup.drop_unused_videos),
    (60 * 60, cleanup.drop_unused_documents),
    (60 * 60, cleanup.drop_unused_voices),
    (15 * 60, downloads.drop_old),
    (60 * 60, received_files.drop_expired),
    (60 * 60, records.delete_expired),
    (60 * 60, data_exports.sweep),
    (5 * 60, ledgers.sweep),
    (5 * 60, class_prints.sweep),
    (60 * 60, end_holding),
    (60 * 60, steps.count_everybody),
    (60 * 60, replace_lost_key),
    (60 * 60, cases.close_solved_cases),
    (60 * 60, follow_ups.plan_and_remind),
    (60 * 60, stories.refresh_public_stories),
    (60 * 60, task_photos.move_public_photos),
    (24 * 60 * 60, personal_retention.run),
    (24 * 60 * 60, tidy),
    (24 * 60 * 60, certificates.notify_expiring),
    (24 * 60 * 60, retention.apply_retention),
    (24 * 60 * 60, task_retention.apply_retention),
    (24 * 60 * 60, clearances.grant_missing),
    (60, attempts.close_overdue),
)
# Each worker's own, because they concern its computer's disk.
OF_EACH = (tidy, end_holding)
