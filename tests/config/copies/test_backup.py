"""A copy is made while the site is used: it contains what is deleted meanwhile, and nothing half-made is left."""

import contextlib
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command

from config.copies import backup, rows
from config.copies.backup import CannotCopy, make_copy
from config.management.commands import backup as backup_command
from config.management.commands import restore as restore_command
from config.management.commands import work
from media.storages import (
    HELD,
    HOLDS,
    MARK,
    Holding,
    hold,
    is_held,
    list_names,
    list_site_storages,
    release,
    write_file,
)
from tests.config.copies.sites import SECRET, all_files, contents
from tests.media import processes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_folders"),
]


def test_a_copy_replaces_no_file_and_takes_no_short_passphrase(county, copy):
    copy.write_bytes(b"mine")
    with pytest.raises(CannotCopy, match="is there already"):
        make_copy(copy, SECRET)
    assert copy.read_bytes() == b"mine"
    with pytest.raises(CannotCopy, match="fewer than 12"):
        make_copy(copy.with_name("b.copy"), b"short")


@pytest.mark.long
def test_a_disk_that_fills_up_while_the_copy_is_written_is_left_as_it_was(county, copy):
    """A process that may write no file larger than 20 kB: its write fails in the middle, as on a full disk."""
    write_file(default_storage, "photos/ab/x-320.webp", ContentFile(os.urandom(60_000)))
    copy.with_name("key").write_bytes(SECRET)
    script = (
        "import resource, django; django.setup(); from django.core.management import call_command\n"
        "from config.health import status\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        f"call_command('backup', {str(copy)!r}, key_file={str(copy.with_name('key'))!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=processes.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "has no room for a copy; nothing was kept of it" in done.stderr
    assert sorted(path.name for path in copy.parent.iterdir()) == ["key"]
    assert not (Path(default_storage.path("")) / ".copying").exists()


@pytest.mark.both_databases
def test_every_column_of_every_table_has_a_form_in_a_copy():
    known = rows.WHOLE | rows.TEXT | set(rows.IN)
    strange = {
        f"{model._meta.label}.{field.name}": rows.get_kind(field)
        for model in rows.list_models(apps)
        for field in rows.list_columns(model)
        if rows.get_kind(field) not in known
    }
    assert strange == {}


@pytest.mark.long
def test_a_file_deleted_while_the_copy_is_made_is_in_it(county, copy, monkeypatch):
    for name in ("photos/goes", "photos/stays", "photos/made anew"):
        write_file(storages["intake"], name, ContentFile(f"first {name}".encode()))
    first = all_files()
    write_table, done = backup.write_table, []

    def write_and_delete(*arguments):
        if not done:
            done.append(True)
            storages["intake"].delete("photos/goes")
            write_file(storages["intake"], "photos/made anew", ContentFile(b"second"))
            write_file(storages["intake"], "photos/later", ContentFile(b"not of this moment"))
        return write_table(*arguments)

    monkeypatch.setattr(backup, "write_table", write_and_delete)
    made = make_copy(copy, SECRET, leave_free=0)
    assert made.missing == []
    found = contents(copy).items()
    assert {name.removeprefix("files/"): body for name, body in found if name.startswith("files/")} == first
    assert sorted(all_files()) == ["intake/photos/later", "intake/photos/made anew", "intake/photos/stays"]


def test_a_copy_that_was_killed_holds_nothing_for_long(county):
    storage = storages["intake"]
    hold(storage)
    write_file(storage, "photos/a", ContentFile(b"a"))
    long_ago = time.time() - HOLDS.total_seconds() - 1
    os.utime(storage.path(MARK), (long_ago, long_ago))
    storage.delete("photos/a")
    assert list(list_names(storage, HELD)) == [MARK]
    release(storage)
    assert not Path(storage.path(HELD)).exists()


@pytest.mark.long
@pytest.mark.both_databases
def test_two_copies_at_once_do_not_drop_what_is_held_for_each_other(county, copy, monkeypatch):
    storage = storages["intake"]
    write_file(storage, "photos/goes", ContentFile(b"goes"))
    write, second = backup.write_table, []

    def copy_meanwhile(*arguments):
        if not second:
            second.append(copy.with_name("second.copy"))
            with contextlib.suppress(backup.CannotCopy):
                make_copy(second[0], SECRET, leave_free=0)
            storage.delete("photos/goes")
        return write(*arguments)

    monkeypatch.setattr(backup, "write_table", copy_meanwhile)
    made = make_copy(copy, SECRET, leave_free=0)
    assert (made.missing, second[0].exists()) == ([], False)
    assert contents(copy)["files/intake/photos/goes"] == b"goes"


def test_the_worker_drops_what_is_held_for_a_copy_that_was_killed_and_for_no_other(county):
    storage = storages["intake"]
    hold(storage)
    work.end_holding()
    assert is_held(storage)
    long_ago = time.time() - HOLDS.total_seconds() - 1
    os.utime(storage.path(MARK), (long_ago, long_ago))
    work.end_holding()
    assert not Path(storage.path(HELD)).exists()
    assert work.end_holding in [one for _every, one in work.ROUNDS]


@pytest.mark.long
@pytest.mark.parametrize("typed", ["a passphrase of a village", " a passphrase of a village "])
def test_a_copy_opens_with_the_passphrase_as_it_was_typed(county, copy, typed, settings, monkeypatch):
    settings.BACKUP_KEY_FILE = ""
    for command in (backup_command, restore_command):
        monkeypatch.setattr(command, "getpass", lambda prompt: typed)
    call_command("backup", str(copy))
    out = io.StringIO()
    call_command("restore", str(copy), check=True, stdout=out)
    assert out.getvalue().startswith("Good: ")


@pytest.mark.long
def test_files_of_every_storage_in_the_settings_are_copied(copy, tmp_path, settings):
    options = {"location": str(tmp_path / "new"), "base_url": None}
    new = {"BACKEND": "media.storages.DiskStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "new": new}
    storages["new"].save("first.txt", ContentFile(b"first"))
    make_copy(copy, SECRET)
    assert contents(copy)["files/new/first.txt"] == b"first"


def test_every_storage_holds_what_is_deleted_while_a_copy_is_made():
    others = [name for name in list_site_storages() if not isinstance(storages[name], Holding)]
    assert not others, (
        f"{others}: give it the BACKEND media.storages.DiskStorage, or one of your own that is a Holding."
    )


@pytest.mark.long
def test_a_file_that_goes_before_the_list_is_made_is_in_the_copy(county, copy, monkeypatch):
    """A row of the copy's moment still names it."""
    name = storages["intake"].save("late", ContentFile(b"original"))
    listing = backup.list_files

    def list_late(listed):
        storages["intake"].delete(name)
        return listing(listed)

    monkeypatch.setattr(backup, "list_files", list_late)
    make_copy(copy, SECRET)
    assert contents(copy)[f"files/intake/{name}"] == b"original"
