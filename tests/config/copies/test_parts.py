"""The parts of a copy and of a restore by themselves: what each refuses, and what it does besides the usual."""

import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import Place
from config.copies import backup, restore, rows
from config.copies.backup import CannotCopy, make_copy
from config.copies.restore import CannotRestore, Contents
from config.copies.seal import BadCopy, Sealer
from media import storages as held
from tests.config.copies.sites import SECRET
from tests.media.test_stores import store, use  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_folders")]


def sealed(path: Path, content: bytes) -> Path:
    with open(path, "wb") as file:
        sealer = Sealer(file, SECRET)
        sealer.write(content)
        sealer.close()
    return path


def make_tar(**members: object) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, content in members.items():
            backup.put(tar, name.replace("__", "."), json.dumps(content).encode())
    return file.getvalue()


# --- reading ---


@pytest.mark.parametrize("content", [b"no tar " * 200, make_tar(copy__json={"format": 1})[:700]])
def test_well_sealed_copy_with_other_contents_is_damaged(copy, content):
    with pytest.raises(BadCopy, match="^The copy is damaged: "):
        restore.check_copy(sealed(copy, content), SECRET)


@pytest.mark.parametrize("members", [{"copy__json": {"format": 1}}, {"manifest__json": {"files": {}}}, {}])
def test_copy_without_its_list_of_contents_is_not_whole(copy, members):
    with pytest.raises(BadCopy, match=r"^The copy is not whole: its list of contents is missing\.$"):
        restore.check_copy(sealed(copy, make_tar(**members)), SECRET)


def test_every_part_that_differs_from_the_list_is_named():
    files = {"count": 1, "bytes": 5, "sha256": "list"}
    row = {"rows": 1, "sha256": hashlib.sha256(b"row")}
    table = {"rows": 1, "sha256": row["sha256"].hexdigest()}
    nothing = {"rows": 0, "sha256": hashlib.sha256().hexdigest()}
    manifest = {
        "copy": "c",
        "secret_key": "k",
        "files": files,
        "tables": {"shops.Shop": table, "shops.Lot": nothing},
    }
    sums = {"copy.json": "c", "secret_key": "k", "files.txt": "list"}

    def why(found=None, sums=sums, files=files) -> str:
        try:
            restore.compare(Contents(manifest=manifest), found or {"shops.Shop": row}, sums, files)
        except BadCopy as bad:
            return str(bad).partition("says: ")[2]
        return ""

    assert why() == ""
    assert why(sums=sums | {"copy.json": "x"}) == "copy."
    assert why(sums=sums | {"secret_key": "x", "files.txt": "x"}) == "secret_key, files."
    assert why(files=files | {"bytes": 6}) == "files."
    assert why({"shops.Shop": row, "shops.Ware": row}) == "tables."
    assert why({"shops.Shop": row | {"rows": 2}}) == "shops.Shop."
    assert why({"shops.Lot": row}) == "shops.Shop, shops.Lot."


# --- what this program can read ---


def test_copy_that_lacks_what_its_steps_build_on_is_too_old():
    whole = MigrationRecorder(connection).applied_migrations()
    steps = [list(step) for step in whole if step != ("accounts", "0001_initial")]
    with pytest.raises(
        CannotRestore, match=r"too old for this one to read \(before \w+\.\w+\): restore it with"
    ):
        restore.list_migrations({"migrations": steps})
    assert restore.list_migrations({"migrations": [list(step) for step in whole]}) >= {
        ("accounts", "0001_initial")
    }


def test_table_with_other_columns_is_not_taken():
    here = {
        model._meta.label: [one.column for one in rows.list_columns(model)]
        for model in rows.list_models(apps)
    }
    restore.check_columns({"tables": here}, apps)
    for label, columns in {"accounts.Place": ["id", "colour"], "shops.Ware": ["id"]}.items():
        with pytest.raises(
            CannotRestore, match=f"The copy's table {label} is not one that this version knows"
        ):
            restore.check_columns({"tables": here | {label: columns}}, apps)


# --- storing ---


def load_places(*lines: bytes) -> rows.Loader:
    columns = [one.column for one in rows.list_columns(Place)]
    loader = rows.Loader(Place, connection, columns)
    restore.put_rows(loader, "accounts.Place", iter(lines))
    return loader


def test_rows_that_do_not_fit_are_named_by_their_place_in_the_table(county):
    lines = list(rows.read_lines(Place, "default"))
    words = r"does not take a row of accounts\.Place between 1 and \d+; nothing was kept: "
    with pytest.raises(CannotRestore, match=words), transaction.atomic():
        load_places(*lines)  # which are there
    assert Place.objects.count() == len(lines)


def test_table_that_does_not_come_back_the_same_is_named(county):
    columns = [one.column for one in rows.list_columns(Place)]
    lines = list(rows.read_lines(Place, "default"))
    Place.objects.all()._raw_delete("default")
    loader = load_places(*lines)
    table = {"rows": len(lines), "sha256": "of the list", "last_number": 0}
    contents = Contents({"tables": {"accounts.Place": columns}}, {"tables": {"accounts.Place": table}})
    loader.mended = 2
    restore.read_back({"accounts.Place": Place}, {"accounts.Place": loader}, contents)
    assert contents.mended == {"accounts.Place": 2}
    Place.objects.filter(name="青溪镇").update(name="青溪乡")
    with pytest.raises(
        CannotRestore, match=r"accounts\.Place did not come back as it is in the copy; nothing was kept"
    ):
        restore.read_back({"accounts.Place": Place}, {"accounts.Place": loader}, contents)


@pytest.mark.long
def test_files_go_into_a_bucket_too_and_what_is_held_there_goes_at_the_end(use):  # noqa: F811
    bucket = use()
    bucket.modified = format_datetime(datetime.now(UTC), usegmt=True)
    restore.put_file("private/films/a.mp4", io.BytesIO(b"film"))
    assert bucket.files == {"private/films/a.mp4": b"film"}
    storage = storages["private"]
    held.hold(storage)
    assert held.is_held(storage)
    storage.delete("films/a.mp4")
    assert sorted(bucket.files) == [f"private/{held.HELD}/films/a.mp4", f"private/{held.MARK}"]
    held.release(storage)
    assert bucket.files == {}
    assert not held.is_held(storage)


def test_drafts_of_a_restore_that_was_killed_are_deleted_and_nothing_else():
    storage = storages["intake"]
    for name in (f"photos/{restore.DRAFT}ab", "photos/whole"):
        storage.save(name, ContentFile(b"x"))
    restore.clear_drafts(storage)
    assert list(held.list_names(storage)) == ["photos/whole"]


# --- making ---


def test_copy_of_a_database_older_than_the_program_is_not_made(copy):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    with pytest.raises(
        CannotCopy, match=r"^The database is older than the program: run `manage.py migrate` first\.$"
    ):
        make_copy(copy, SECRET)
    assert not copy.exists()


def test_copy_that_cannot_be_written_says_why(copy):
    copy.write_bytes(b"a file where the folder would be")
    with pytest.raises(CannotCopy, match="^The copy could not be made: .*"):
        make_copy(copy / "inside/site.copy", SECRET, leave_free=0)


def test_disk_is_looked_at_while_the_copy_grows(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "LOOK_EVERY", 10)
    file = io.BytesIO()
    guarded = backup.Guarded(file, tmp_path, leave_free=0)
    for _time in range(3):
        assert guarded.write(b"12345") == 5
    guarded.leave_free = 1 << 62  # the disk has filled up meanwhile
    guarded.write(b"12345")
    guarded.write(b"12345")
    with pytest.raises(OSError, match="No space left on device"):
        guarded.write(b"12345")
    assert len(file.getvalue()) == 25


def test_copy_that_takes_long_says_that_it_is_still_being_made(monkeypatch):
    signed = []
    monkeypatch.setattr(held, "sign", lambda storage: signed.append(storage))
    with backup.hold_deleted_files() as sign:
        del signed[:]
        sign()
        assert signed == []  # it has just been said
        monkeypatch.setattr(held, "SIGN_EVERY", timedelta(seconds=-1))
        sign()
        assert signed == [storages[name] for name in held.list_site_storages()]


def test_file_that_is_gone_is_told_and_a_draft_is_not():
    storages["intake"].save("photos/there", ContentFile(b"there"))
    names = ["intake/photos/there", "intake/photos/gone", "intake/photos/.draft"]
    listed = io.BytesIO(b"".join(json.dumps(name).encode() + b"\n" for name in names))
    made, sums, copied = io.BytesIO(), io.BytesIO(), backup.Copied(Path("site.copy"))
    with tarfile.open(fileobj=made, mode="w") as tar:
        digest = backup.write_files(tar, listed, sums, copied, lambda: None)
    assert (copied.files, copied.file_bytes, copied.missing) == (1, 5, ["intake/photos/gone"])
    line = f"{hashlib.sha256(b'there').hexdigest()}  intake/photos/there\n".encode()
    assert (sums.getvalue(), digest) == (line, hashlib.sha256(line).hexdigest())
    made.seek(0)
    with tarfile.open(fileobj=made) as tar:
        assert tar.getnames() == ["files/intake/photos/there"]


def test_value_that_has_no_form_is_refused_and_not_guessed():
    with pytest.raises(TypeError, match=r"^set has no form in a copy\.$"):
        rows.encode([{1}])
    assert rows.encode(["橙", 1, None, True]) == '["橙",1,null,true]'.encode()
