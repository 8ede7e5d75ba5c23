"""Read what the site measures about itself, for /metrics and the alerts (config.health.alerts).

What the app counts while it answers is in config.metrics.requests.
"""

from __future__ import annotations

import math
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Notice
from accounts.notifications import delivery, sms
from config.health import checks, probes
from config.models import CopyRun
from media.uploads import quotas
from outbox.models import Event
from ui.responses import page_cache

# In the place of a computer's name where no worker was ever heard.
NO_NODE = "none"
A_DAY = timedelta(days=1)
T = TypeVar("T")
# From then on a message that was not sent is late.
MESSAGE_LATE = timedelta(minutes=30)


@dataclass(frozen=True)
class Measure:
    """What one name means. `is_local`: it is this computer's own; else it is the whole site's, the same on every node.
    `is_slow`: to read it takes too long for a page.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()
    is_local: bool = False
    is_slow: bool = False


MEASURES = (
    Measure("newfarmwork_build_info", "Always 1; which code runs.", ("release", "python"), is_local=True),
    Measure("newfarmwork_database_up", "1 if this node reads from the database, else 0.", is_local=True),
    Measure(
        "newfarmwork_database_library_sound",
        "0 if the version of SQLite can lose committed data; not on PostgreSQL.",
        is_local=True,
    ),
    Measure("newfarmwork_database_connections", "Connections to the server of the database; PostgreSQL."),
    Measure("newfarmwork_database_connections_limit", "Connections that the server of the database allows."),
    Measure(
        "newfarmwork_disk_free_bytes",
        "Free room where the site writes: data, pictures, films, copies; each disk once, under its first folder.",
        ("folder",),
        is_local=True,
    ),
    Measure(
        "newfarmwork_disk_used_ratio", "Used share of the same disks, 0 to 1.", ("folder",), is_local=True
    ),
    Measure("newfarmwork_films_stored_bytes", "Recordings that are not made into films yet."),
    Measure("newfarmwork_films_limit_bytes", "How many bytes of them may be stored (SITE_FILM_BYTES)."),
    Measure("newfarmwork_jobs_waiting", "Jobs that are due and that no worker has begun.", ("job",)),
    Measure("newfarmwork_jobs_oldest_wait_seconds", "How long the oldest of them has waited.", ("job",)),
    Measure(
        "newfarmwork_jobs_failed_last_day",
        "Jobs that ended with an error in the last 24 hours.",
        ("job",),
        is_slow=True,
    ),
    Measure(
        "newfarmwork_worker_heartbeat_age_seconds",
        "Seconds since a computer's worker was heard; +Inf if none ever was.",
        ("node",),
    ),
    Measure("newfarmwork_copy_absent", "1 if a real site has no good copy of itself."),
    Measure(
        "newfarmwork_copy_age_seconds",
        "Age of the last good copy of the site, +Inf if it is dated more than a day ahead; planned: by the worker, each night.",
        ("planned",),
    ),
    Measure("newfarmwork_copy_size_bytes", "Size of the last good copy."),
    Measure("newfarmwork_copy_missing_files", "Files that are not in the last good copy."),
    Measure("newfarmwork_copy_failed", "1 if the last try to make a copy failed."),
    Measure("newfarmwork_sms_sent_today", "Text messages sent today: all, and codes among them.", ("kind",)),
    Measure("newfarmwork_sms_limit_today", "How many of them may be sent in a day.", ("kind",)),
    Measure(
        "newfarmwork_sms_refused_today",
        "Codes that were not sent today: over a limit, or not taken by the gateway.",
        ("reason",),
    ),
    Measure(
        "newfarmwork_messages_unsent", "Messages of two days that should have gone by SMS half an hour ago."
    ),
    Measure(
        "newfarmwork_events_quarantined", "Facts from phones that could not be applied and wait for somebody."
    ),
    Measure("newfarmwork_events_quarantined_last_day", "Those of them that came in the last 24 hours."),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


class Readings:
    """Values by name and labels: {"newfarmwork_disk_free_bytes": {("data",): 16e9}}."""

    def __init__(self) -> None:
        self.values: dict[str, dict[tuple[str, ...], float]] = {}

    def add(self, name: str, value: float, *labels: str) -> None:
        assert len(labels) == len(BY_NAME[name].labels), name
        self.values.setdefault(name, {})[labels] = value

    def get(self, name: str) -> dict[tuple[str, ...], float]:
        return self.values.get(name, {})


def read_all(*, for_page: bool = False) -> Readings:
    """Read everything, for a page what is not slow; while the database is away, what this computer knows by itself, and
    `database_up` is 0.

    Seven queries, one less for a page, one more on PostgreSQL and where no BACKUP_DIR is set, two more with an SMS gateway.
    """
    readings = Readings()
    for read in OF_THE_COMPUTER:
        read(readings)
    try:
        for read in (*OF_THE_DATABASE, *(() if for_page else SLOW)):
            read(readings)
    except Error:
        readings.add("newfarmwork_database_up", 0)
    else:
        readings.add("newfarmwork_database_up", 1)
    return readings


# --- this computer ---


def read_build(readings: Readings) -> None:
    readings.add("newfarmwork_build_info", 1, page_cache.release(), platform.python_version())
    if checks.uses_sqlite():
        readings.add("newfarmwork_database_library_sound", checks.is_library_sound())


def read_disks(readings: Readings) -> None:
    for folder, place in list_disks():
        usage = shutil.disk_usage(place)
        readings.add("newfarmwork_disk_free_bytes", usage.free, folder)
        # Rounded, as it is shown.
        readings.add("newfarmwork_disk_used_ratio", round(usage.used / (usage.used + usage.free), 2), folder)


def list_disks() -> Iterator[tuple[str, Path]]:
    """Yield each disk of this computer that the site writes to, once: what is in the folder, and its path."""
    places = {
        "data": settings.VAR_DIR,
        "pictures": settings.MEDIA_ROOT,
        "films": settings.PRIVATE_ROOT,
        "copies": settings.BACKUP_DIR or settings.VAR_DIR,
    }
    seen = set()
    for folder, place in places.items():
        path = Path(place)
        if path.exists() and (device := path.stat().st_dev) not in seen:
            seen.add(device)
            yield folder, path


# --- the database ---


def read_jobs(readings: Readings) -> None:
    """One query. Jobs are named by their function, such as make_video; each kind that the site knows has a number."""
    ready = DBTaskResult.objects.ready().order_by().values_list("task_path")
    found = {
        path: (count, since) for path, count, since in ready.annotate(n=Count("pk"), since=Min("enqueued_at"))
    }
    now = timezone.now()
    for job, (count, since) in name_jobs(found, (0, now)).items():
        readings.add("newfarmwork_jobs_waiting", count, job)
        readings.add("newfarmwork_jobs_oldest_wait_seconds", age(since, now), job)


def read_failed_jobs(readings: Readings) -> None:
    """One query, which goes through all jobs of a week: 0.15 s for 100,000."""
    lately = DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now() - A_DAY)
    found = dict(lately.order_by().values_list("task_path").annotate(n=Count("pk")))
    for job, count in name_jobs(found, 0).items():
        readings.add("newfarmwork_jobs_failed_last_day", count, job)


def name_jobs(found: dict[str, T], nothing: T) -> dict[str, T]:
    return dict.fromkeys(JOBS, nothing) | {path.rpartition(".")[2]: value for path, value in found.items()}


JOBS = (
    "make_pictures",
    "make_video",
    "make_voice",
    "make_copy",
    "index_place",
    "index_category",
    "read_roster_later",
    "write_roster_later",
    "make_ledger",
    "make_sheet_print",
    "drop_photo",
    "move_photos",
    "drop_public_files",
    "drop_private_files",
)


def age(then: datetime, now: datetime) -> float:
    return (now - then).total_seconds()


def read_worker(readings: Readings) -> None:
    """One query."""
    beat, now = probes.read_beat(), time.time()
    last = now - beat["at"] if beat["at"] else math.inf
    for node, at in (beat["nodes"] or {NO_NODE: now - last}).items():
        readings.add("newfarmwork_worker_heartbeat_age_seconds", now - at, node)


def read_copies(readings: Readings) -> None:
    """Two queries, one more where this computer has no BACKUP_DIR."""
    good, last, now = CopyRun.last_good(), CopyRun.last(), timezone.now()
    is_planned = are_copies_planned()
    is_expected = is_planned or not settings.DEMO
    readings.add("newfarmwork_copy_absent", good is None and is_expected)
    readings.add("newfarmwork_copy_failed", bool(last and last.problem))
    if good is None or good.ended_at is None:
        return
    old = age(good.ended_at, now)
    if is_expected:
        planned = "yes" if is_planned else "no"
        readings.add(
            "newfarmwork_copy_age_seconds", old if old > -A_DAY.total_seconds() else math.inf, planned
        )
    readings.add("newfarmwork_copy_size_bytes", good.bytes)
    readings.add("newfarmwork_copy_missing_files", good.missing)


def are_copies_planned() -> bool:
    """Return whether a worker makes one every night; of several computers one does, and the others have no BACKUP_DIR."""
    return bool(settings.BACKUP_DIR) or CopyRun.objects.filter(is_planned=True).exists()


def read_films(readings: Readings) -> None:
    """One query."""
    room = quotas.get_site_limit()
    readings.add("newfarmwork_films_stored_bytes", room.used)
    readings.add("newfarmwork_films_limit_bytes", room.most)


def read_messages(readings: Readings) -> None:
    """Two queries; none without an SMS gateway."""
    if settings.SMS_SENDER == "none":
        return
    counted = sms.count_today()
    readings.add("newfarmwork_sms_sent_today", counted.sent, "all")
    readings.add("newfarmwork_sms_limit_today", settings.SMS_SITE_A_DAY, "all")
    readings.add("newfarmwork_sms_sent_today", counted.codes, "codes")
    readings.add("newfarmwork_sms_limit_today", sms.calculate_codes_a_day(), "codes")
    readings.add("newfarmwork_sms_refused_today", counted.over_limit, "limit")
    readings.add("newfarmwork_sms_refused_today", counted.not_taken, "gateway")
    now = timezone.now()
    unsent = Notice.objects.filter(
        sent_at=None, seen_at=None, made_at__gt=now - delivery.STALE, made_at__lt=now - MESSAGE_LATE
    )
    readings.add("newfarmwork_messages_unsent", unsent.exclude(problem=delivery.NO_TEMPLATE).count())


def read_events(readings: Readings) -> None:
    """One query."""
    lately = Count("pk", filter=Q(received_at__gt=timezone.now() - A_DAY))
    found = Event.objects.filter(state=Event.State.REJECTED).aggregate(all=Count("pk"), lately=lately)
    readings.add("newfarmwork_events_quarantined", found["all"])
    readings.add("newfarmwork_events_quarantined_last_day", found["lately"])


def read_connections(readings: Readings) -> None:
    """One query; none on SQLite."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity"
            " WHERE backend_type = 'client backend'"
        )
        count, most = cursor.fetchone()
    readings.add("newfarmwork_database_connections", count)
    readings.add("newfarmwork_database_connections_limit", most)


Read = Callable[[Readings], None]
OF_THE_COMPUTER: tuple[Read, ...] = (read_build, read_disks)
OF_THE_DATABASE: tuple[Read, ...] = (
    read_jobs,
    read_worker,
    read_copies,
    read_films,
    read_messages,
    read_events,
    read_connections,
)
SLOW: tuple[Read, ...] = (read_failed_jobs,)
