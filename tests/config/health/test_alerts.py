"""Each alert fires on the fault that it is for, and on no other; Prometheus gets the same list, and so do the documents."""

from __future__ import annotations

import datetime
import io
import json
import re
import shutil
import time
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from accounts import limits
from accounts.models import Membership, Notice, Place
from accounts.notifications import sms
from config.health import alert_states, probes, status
from config.health.alerts import ALERTS, FAILED_REQUESTS
from config.metrics import exposition, readings
from config.models import CopyRun
from media.models import Photo, Upload
from media.tasks import make_pictures
from outbox.models import Event
from tests.factories import make_person

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _well(settings, monkeypatch):
    """A site with a gateway, a worker, room and a copy of last night."""
    settings.SMS_SENDER, settings.BACKUP_DIR = "http", str(settings.VAR_DIR)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100, 50, 50))
    monkeypatch.setattr(alert_states, "growth", alert_states.Growth())
    monkeypatch.setattr(alert_states, "count_failures", dict)
    probes.record_beat()
    make_run(HOUR)


def make_run(ago: datetime.timedelta, **fields) -> None:
    ended = timezone.now() - ago
    CopyRun.objects.create(began_at=ended, ended_at=ended, bytes=1000, **fields)


def count_failures(monkeypatch, **counts: int) -> None:
    """What the app has counted, at one minute and the next."""
    for counted in (dict.fromkeys(counts, 0), counts):
        monkeypatch.setattr(alert_states, "count_failures", lambda counted=counted: counted)
        alert_states.record()


def make_job(trainee, **changes) -> None:
    make_pictures.enqueue(Photo.objects.create(owner=trainee).pk)
    DBTaskResult.objects.update(**changes)


def fail_job(trainee) -> None:
    make_job(trainee, status="FAILED", finished_at=timezone.now())
    alert_states.record()


def use_up(most: int) -> None:
    limits.consume(sms.name_site_counter(), most, limits.get_midnight(), count=most * 4 // 5)


def make_events(trainee) -> None:
    now = timezone.now()
    Event.objects.bulk_create(
        Event(event_id=f"00000000-0000-4000-8000-0000000000{n}", user=trainee, kind="x", state="aside", happened_at=now)
        for n in range(10, 30)
    )  # fmt: skip


def fill_films(trainee, settings) -> None:
    settings.SITE_FILM_BYTES = 1000
    Upload.objects.create(
        owner=trainee, purpose="take", state="whole", size=900, offset=900, expires_at=timezone.now()
    )


def fill_connections(monkeypatch) -> None:
    def read(found: readings.Readings) -> None:
        found.add("newfarmwork_database_connections", 81)
        found.add("newfarmwork_database_connections_limit", 100)

    monkeypatch.setattr(readings, "OF_THE_DATABASE", (*readings.OF_THE_DATABASE[:-1], read))


def age_library(monkeypatch) -> None:
    monkeypatch.setattr("config.health.checks.uses_sqlite", lambda: True)
    monkeypatch.setattr("config.health.checks.is_library_sound", lambda: False)


def copy_by_hand(settings) -> None:
    settings.BACKUP_DIR, settings.DEMO = "", False
    CopyRun.objects.update(ended_at=timezone.now() - 8 * 24 * HOUR)


Plant = Callable[..., object]
LATE = timezone.now() - datetime.timedelta(hours=3)
FAULTS: dict[str, Plant] = {
    "server_errors": lambda trainee, settings, monkeypatch: count_failures(monkeypatch, fault=5),
    "part_away": lambda trainee, settings, monkeypatch: count_failures(monkeypatch, database=10, fault=4),
    "files_away": lambda trainee, settings, monkeypatch: count_failures(monkeypatch, storage=10, database=9),
    "worker_silent": lambda trainee, settings, monkeypatch: cache.set(
        probes.BEAT, {"at": time.time(), "nodes": {"here": time.time(), "films": time.time() - 91}}
    ),
    "jobs_late": lambda trainee, settings, monkeypatch: make_job(trainee, enqueued_at=LATE),
    "jobs_failed": lambda trainee, settings, monkeypatch: fail_job(trainee),
    "copy_absent": lambda trainee, settings, monkeypatch: CopyRun.objects.all().delete(),
    "copy_late": lambda trainee, settings, monkeypatch: CopyRun.objects.update(
        ended_at=timezone.now() - 31 * HOUR
    ),
    "copy_by_hand_late": lambda trainee, settings, monkeypatch: copy_by_hand(settings),
    "copy_failed": lambda trainee, settings, monkeypatch: make_run(HOUR / 2, problem="full"),
    "copy_incomplete": lambda trainee, settings, monkeypatch: CopyRun.objects.update(missing=1),
    "disk_full": lambda trainee, settings, monkeypatch: monkeypatch.setattr(
        shutil, "disk_usage", lambda _path: Usage(100, 85, 15)
    ),
    "films_full": lambda trainee, settings, monkeypatch: fill_films(trainee, settings),
    "messages_unsent": lambda trainee, settings, monkeypatch: Notice.objects.create(
        key="late", phone=trainee.phone, template="x", made_at=timezone.now() - HOUR
    ),
    "sms_used_up": lambda trainee, settings, monkeypatch: use_up(settings.SMS_SITE_A_DAY),
    "connections_full": lambda trainee, settings, monkeypatch: fill_connections(monkeypatch),
    "events_quarantined": lambda trainee, settings, monkeypatch: make_events(trainee),
    "old_database": lambda trainee, settings, monkeypatch: age_library(monkeypatch),
}


def firing() -> list[str]:
    return [one.alert.name for one in alert_states.list_firing()]


def test_a_site_that_is_well_raises_no_alert(client):
    alert_states.record()
    assert firing() == []
    assert status.look()[0] == []


@pytest.mark.parametrize("name", FAULTS)
def test_an_alert_fires_on_its_fault_alone(name, trainee, settings, monkeypatch):
    FAULTS[name](trainee, settings, monkeypatch)
    assert firing() == [name]
    # What it is told by has its words in both languages.
    for language in ("zh-hans", "en"):
        with translation.override(language):
            [trouble] = status.look()[0]
            assert trouble.alert == name
            assert trouble.sentence
            assert trouble.why
            assert trouble.first
            assert language == "zh-hans" or not re.search("[\u4e00-\u9fff]", trouble.sentence + trouble.why)


def test_every_alert_that_the_site_shows_was_planted():
    assert set(FAULTS) == {alert.name for alert in ALERTS if not alert.by_prometheus}


def test_what_an_age_tells_is_when_it_began(trainee, settings, monkeypatch):
    FAULTS["jobs_late"](trainee, settings, monkeypatch)
    [one] = alert_states.list_firing()
    assert one.since is not None
    assert abs(one.since - (LATE + 2 * HOUR)) < datetime.timedelta(seconds=2)


def test_the_worker_notes_since_when_and_a_fault_that_ends_is_forgotten(monkeypatch):
    CopyRun.objects.update(missing=1)
    began = time.time()
    alert_states.record()
    monkeypatch.setattr(alert_states.time, "time", lambda: began + 60)
    alert_states.record()
    [one] = alert_states.list_firing()
    assert one.since is not None
    assert abs(one.since.timestamp() - began) < 2
    CopyRun.objects.update(missing=0)
    alert_states.record()
    assert (firing(), alert_states.read_notes([probes.get_node()])) == ([], {probes.get_node(): {}})


def test_what_must_last_fires_after_its_time(monkeypatch):
    fill_connections(monkeypatch)
    began = time.time()
    alert_states.record()
    assert firing() == []
    cache.set(
        alert_states.name_note(probes.get_node()), {"at": began, "since": {"connections_full": began - 300}}
    )
    assert firing() == ["connections_full"]


def test_a_counter_that_begins_anew_has_grown_from_nothing(monkeypatch):
    growth = alert_states.Growth()
    condition = next(alert.condition for alert in ALERTS if alert.name == "server_errors")
    for minute, (count, is_beyond) in enumerate([(100, False), (103, False), (2, True), (2, True)]):
        growth.add(minute * 60, {"fault": count})
        assert growth.is_beyond(condition) is is_beyond
    growth.add(11 * 60 + 1, {"fault": 2})
    assert growth.is_beyond(condition) is False


def test_another_computers_disk_is_told_with_its_name(settings):
    now = time.time()
    cache.set(probes.BEAT, {"at": now, "nodes": {probes.get_node(): now, "films-2": now}})
    cache.set(alert_states.name_note("films-2"), {"at": now, "since": {"disk_full": now, "copy_failed": now}})
    [trouble] = status.look()[0]
    assert (trouble.alert, trouble.sentence) == ("disk_full", "硬盘快满了（films-2）")
    cache.set(alert_states.name_note("films-2"), {"at": now - 301, "since": {"disk_full": now}})
    assert status.look()[0] == []


def test_who_runs_the_site_reads_what_to_do_once(as_user, settings, county):
    settings.DEMO = True  # no second factor
    provincial = make_person("省里的人", (Membership.Role.ORGANISER, Place.objects.get(parent=None)))
    html = as_user(provincial).get("/me/site/").content.decode()
    assert "眼下没有要办的。" in html
    make_run(HOUR / 2, problem="full")
    html = as_user(provincial).get("/me/site/").content.decode()
    assert "眼下没有要办的。" not in html
    assert html.count("硬盘满了") == 2  # why it failed, and what to do
    assert html.count("没备成") == 1


# --- Prometheus ---


def read_rules() -> list[dict]:
    """Return the rules of the printed file, of which each line holds a key and a string of JSON, a word or a time."""
    out = io.StringIO()
    call_command("alert_rules", stdout=out)
    rules: list[dict] = []
    for line in out.getvalue().splitlines()[3:]:
        key, value = line.strip().removeprefix("- ").split(":", 1)
        if line.startswith("      - alert:"):
            rules.append({})
        if value:
            rules[-1][key] = json.loads(value) if value.startswith(' "') else value.strip()
    return rules


def test_rules_for_prometheus_name_measures_that_a_site_has(monkeypatch):
    monkeypatch.setattr(exposition, "kept", exposition.Kept())
    text = exposition.write_metrics().decode()
    rules = read_rules()
    assert [rule["alert"] for rule in rules] == [alert.rule for alert in ALERTS]
    of_the_other_database = {"newfarmwork_database_library_sound"}
    if connection.vendor == "sqlite":
        of_the_other_database = {"newfarmwork_database_connections", "newfarmwork_database_connections_limit"}
    for rule in rules:
        names = set(re.findall(r"newfarmwork_\w+", rule["expr"]))
        assert names or rule["alert"] == "SiteAway"
        for name in names - of_the_other_database - {FAILED_REQUESTS}:
            assert f"\n{name}" in text, name
        assert rule["severity"] in ("critical", "warning")
        assert re.search("[\u4e00-\u9fff]", rule["summary"] + rule["action"])
        assert not re.search("[\u4e00-\u9fff]", rule["summary_en"] + rule["description_en"])


def test_the_document_lists_the_alerts():
    text = Path(site_settings.BASE_DIR, "docs/county/operations.md").read_text()
    with translation.override("en"):
        rows = [f"| `{alert.rule}` | {alert.title} | {alert.first} |" for alert in ALERTS]
    found = [line for line in text.splitlines() if re.match(r"\| `[A-Z]\w+` \|", line)]
    assert found == rows


def test_advice_does_not_repeat_the_title():
    """Nor do two alerts have one title: it is what tells them apart in 等您办的 and in Prometheus."""
    titles = [str(alert.title) for alert in ALERTS]
    assert len({*titles}) == len(titles)
    for alert in ALERTS:
        assert str(alert.first).partition("：")[0] not in str(alert.title)
