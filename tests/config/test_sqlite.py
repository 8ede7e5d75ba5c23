"""The database library: a safe one runs everywhere, and an old one is refused."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from bench.proofs import checkpoints
from config import sqlite
from config.health import checks
from config.health.probes import BEAT

RUNS = """
{way_in}
from django.db.backends.sqlite3.base import Database
print(Database.sqlite_version)
"""


@pytest.fixture
def old(monkeypatch):
    """A machine with Debian 13's own library and no PostgreSQL."""
    monkeypatch.setattr(sqlite, "get_version", lambda: "3.46.1")
    monkeypatch.setattr(checks, "uses_sqlite", lambda: True)


def test_suite_runs_on_a_library_that_keeps_what_was_committed(db):
    if connection.vendor != "sqlite":
        assert sqlite.is_fixed(sqlite.get_version())
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        [running] = cursor.fetchone()
    assert sqlite.is_fixed(running)
    assert running == sqlite.get_version()


@pytest.mark.parametrize("way_in", ["import config.settings", "import config.wsgi", "import config.up"])
def test_every_way_in_runs_on_it(way_in):
    done = subprocess.run(
        [sys.executable, "-c", RUNS.format(way_in=way_in)], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert sqlite.is_fixed(done.stdout.strip()), done.stderr


@pytest.mark.parametrize(
    ("version", "is_mended"),
    [("3.46.1", False), ("3.51.2", False), ("3.51.3", True), ("3.53.4", True), ("4.0.0", True)],
)
def test_versions_are_compared_as_numbers(version, is_mended):
    assert sqlite.is_fixed(version) is is_mended


def test_old_library_is_refused_where_real_data_is_kept(old, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(SystemCheckError, match=r"config\.E001.*SQLite 3\.46\.1"):
        call_command("check")


def test_demo_is_only_warned(old, settings, capsys):
    settings.DEMO = True
    call_command("check")
    assert "config.W001" in capsys.readouterr().err


def test_postgresql_needs_no_library(old, monkeypatch):
    monkeypatch.setattr(checks, "uses_sqlite", lambda: False)
    call_command("check", fail_level="WARNING")


def test_readyz_refuses_an_old_library(old, client, db):
    cache.delete(BEAT)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["sqlite"]) == (503, False)


def test_organiser_is_warned_on_the_first_page_of_the_admin(old, as_user, organiser, settings):
    settings.DEMO = True  # without a second factor
    html = as_user(organiser).get("/admin/").content.decode()
    assert "数据库程序太旧（SQLite 3.46.1），可能丢数据" in html


def test_trainer_is_not_bothered_with_it(old, as_user, trainer, settings):
    settings.DEMO = True
    assert "SQLite" not in as_user(trainer).get("/admin/").content.decode()


def test_nothing_is_lost_while_others_copy_the_log_back(tmp_path):
    outcome = checkpoints.race(tmp_path, seconds=1.5)
    assert outcome.is_good, outcome
    assert outcome.resets > 0
