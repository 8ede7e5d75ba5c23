"""Nightly copies: when, where, which are deleted, and what a failure leaves behind."""

import datetime
import fcntl
import io
import shutil
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from config.copies import backup, schedule
from config.copies.restore import check_copy
from config.copies.seal import BadCopy
from config.models import CopyRun

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = b"a passphrase of a village"
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def folder(tmp_path, settings, county) -> Path:
    key = tmp_path / "key"
    key.write_bytes(SECRET + b"\n")
    settings.BACKUP_DIR, settings.BACKUP_KEY_FILE, settings.BACKUP_KEEP = (
        str(tmp_path / "copies"),
        str(key),
        2,
    )
    return tmp_path / "copies"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=timezone.get_default_timezone())


def run(began: str, ended: str | None, problem: str = "") -> CopyRun:
    ended_at = at(ended) if ended else None
    return CopyRun.objects.create(began_at=at(began), ended_at=ended_at, problem=problem, is_planned=True)


def test_a_night_copy_is_whole_private_and_written_down(folder):
    copied = schedule.make_planned_copy()
    assert names(folder) == [f"newfarmwork-000001-{timezone.localdate():%Y%m%d}.copy"]
    assert (copied.path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert check_copy(copied.path, SECRET).manifest["tables"]["accounts.Place"]["rows"] == 5
    good = CopyRun.last_good()
    assert (good.name, good.bytes, good.rows) == (copied.path.name, copied.path.stat().st_size, copied.rows)


@pytest.mark.long
def test_the_oldest_go_and_other_files_stay(folder):
    folder.mkdir()
    for name in ("newfarmwork-000007-20260101.copy", "newfarmwork-000008-20260102.copy", "notes.txt"):
        (folder / name).touch()
    schedule.make_planned_copy()
    today = f"{timezone.localdate():%Y%m%d}"
    assert names(folder) == [
        "newfarmwork-000008-20260102.copy",
        f"newfarmwork-000009-{today}.copy",
        "notes.txt",
    ]


@pytest.mark.long
def test_a_clock_set_back_does_not_make_the_newest_the_oldest(folder, monkeypatch):
    for _night in range(2):
        schedule.make_planned_copy()
    yesterday = timezone.localdate() - A_DAY
    monkeypatch.setattr(schedule.timezone, "localdate", lambda: yesterday)
    newest = schedule.make_planned_copy().path.name
    assert newest == f"newfarmwork-000003-{yesterday:%Y%m%d}.copy"
    assert [name[:18] for name in names(folder)] == ["newfarmwork-000002", "newfarmwork-000003"]


def test_one_is_due_each_night_and_again_an_hour_after_a_failure(folder):
    assert schedule.is_due(at("2026-11-27T12:00")) is True
    run("2026-11-27T03:01", "2026-11-27T03:09")
    assert [schedule.is_due(at(when)) for when in ("2026-11-27T23:00", "2026-11-28T02:59")] == [False, False]
    assert schedule.is_due(at("2026-11-28T03:00")) is True
    run("2026-11-28T03:00", "2026-11-28T03:01", "full")
    assert [schedule.is_due(at(when)) for when in ("2026-11-28T03:50", "2026-11-28T04:01")] == [False, True]
    run("2026-11-28T04:01", None)
    assert [schedule.is_due(at(when)) for when in ("2026-11-28T04:50", "2026-11-28T05:02")] == [False, True]


def test_a_clock_that_was_ahead_does_not_put_copies_off(folder):
    run("2027-11-27T03:01", "2027-11-27T03:09")
    assert schedule.is_due(at("2026-11-27T12:00")) is True
    run("2026-11-27T12:00", "2026-11-27T12:09")
    assert schedule.is_due(at("2026-11-27T14:00")) is False


def test_without_a_folder_none_is_ever_due(settings):
    settings.BACKUP_DIR = ""
    assert schedule.is_due() is False


@pytest.mark.long
def test_a_full_disk_keeps_every_copy_of_before_and_leaves_no_draft(folder, settings, monkeypatch):
    settings.VAR_DIR = folder.parent  # the site and its copies are on one disk
    schedule.make_planned_copy()
    before = names(folder)
    monkeypatch.setattr(backup, "LEAVE_FREE", shutil.disk_usage(folder).free + 10**12)
    with pytest.raises(backup.DiskFull, match="no room"):
        schedule.make_planned_copy()
    assert names(folder) == before
    assert CopyRun.last().problem == "full"
    assert CopyRun.last_good().name == before[0]


def test_without_its_key_file_nothing_is_left_open(folder, settings):
    settings.BACKUP_KEY_FILE = str(folder.parent / "gone")
    with pytest.raises(schedule.NoSecret):
        schedule.make_planned_copy()
    assert (names(folder), CopyRun.last().problem) == ([], "key")


@pytest.mark.long
def test_a_copy_that_does_not_read_back_is_no_copy(folder, monkeypatch):
    schedule.make_planned_copy()
    before = names(folder)
    make = backup.make_copy

    def make_on_a_bad_disk(path, secret):
        copied = make(path, secret)
        with open(path, "r+b") as file:
            file.seek(-1000, 2)
            [byte] = file.read(1)
            file.seek(-1000, 2)
            file.write(
                bytes([byte ^ 1])
            )  # sealed bytes are random: a fixed byte would be there already once in 256
        return copied

    monkeypatch.setattr(schedule, "make_copy", make_on_a_bad_disk)
    with pytest.raises(BadCopy):
        schedule.make_planned_copy()
    assert (names(folder), CopyRun.last().problem) == (before, "damaged")


def test_two_workers_make_one(folder):
    folder.mkdir()
    with backup.hold_lock(folder / ".lock"):
        assert schedule.make_planned_copy() is None
    assert names(folder) == []


def test_the_night_s_copy_waits_for_one_made_by_hand(folder):
    with open(settings.VAR_DIR / "copy.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert schedule.make_planned_copy() is None
    assert (names(folder), CopyRun.last()) == ([], None)


@pytest.mark.long
def test_copy_by_hand_waits_for_the_one_that_is_being_made(folder, tmp_path):
    """The worker begins one that is due as soon as it starts, in the moment in which the guide asks for one by hand."""
    said = io.StringIO()
    with open(settings.VAR_DIR / "copy.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        threading.Timer(1, fcntl.flock, (file, fcntl.LOCK_UN)).start()
        call_command("backup", str(tmp_path / "by-hand.copy"), stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0] == "Another copy is being made; this one begins when it has ended…"
    assert lines[1].startswith(f"{tmp_path}/by-hand.copy: ")


@pytest.mark.long
def test_what_a_killed_one_left_is_cleared_away(folder):
    folder.mkdir()
    (folder / ".newfarmwork-000001-20260101.copy.draft").write_bytes(b"half")
    schedule.make_planned_copy()
    assert [name[:18] for name in names(folder)] == ["newfarmwork-000001"]
