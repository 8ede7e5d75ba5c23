"""A site copied while it is written to, and made again elsewhere: nothing that was acknowledged is missing."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from accounts.models import AuditEntry, Place, User
from config.copies import backup, restore, rows
from config.copies.backup import CannotCopy, make_copy
from config.copies.restore import CannotRestore, check_copy, mark_path, members, restore_copy
from config.copies.seal import BadCopy, Sealer
from config.management.commands import backup as backup_command
from config.management.commands import restore as restore_command
from config.management.commands import work
from media import files, pieces, takes, tickets, uploading
from media import storages as held
from media.models import Photo, Upload
from progress.enrolment.services import enrol
from shops import listing
from shops.models import Order, Product
from shops.wish import Wish
from tests.config.copies import elsewhere
from tests.factories import make_cohort, make_course, make_person, make_product, make_rate, make_shop
from tests.media import processes
from tests.outbox.phone import Phone, event
from tests.shops.ordering.wishes import make_order
from ui.models import Stamp

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = b"a passphrase of a village"
RESTORE = """
import json, sys
from pathlib import Path
from config.copies.backup import make_copy
from config.copies.restore import restore_copy, check_copy
SECRET = b"a passphrase of a village"
restored = restore_copy(Path({copy!r}), SECRET)
again = Path({copy!r} + ".again")
make_copy(again, SECRET, leave_free=0)
from accounts.models import User
from shops import listing
from shops.wish import Wish
from django.conf import settings
key = Path(settings.VAR_DIR, "secret_key").read_text()
product = User.objects.create(phone="+8613912312399", name="新来的")
print(json.dumps({{"key": key, "mended": restored.mended, "next_user": product.pk,
                  "found": [row.name for row in listing.page(Wish(words=("冰糖橙",))).rows]}}))
"""
ALIVE = """
import django
django.setup()
import json
from django.test import Client
from accounts.models import User
from media import tickets, uploading
from media.models import Upload
client = Client(headers={{"host": "127.0.0.1"}})
client.cookies["sessionid"] = {session!r}
person = User.objects.get(phone={phone!r})
print(json.dumps({{"me": client.get("/me/waiting/numbers/").status_code, "ticket": tickets.read({ticket!r}, person).reference,
                  "token": uploading.holds_token(Upload.objects.get(), {token!r})}}))
"""


@pytest.fixture
def copy(tmp_path) -> Path:
    return tmp_path / "site.copy"


@pytest.fixture
def product(seller, village) -> Product:
    """冰糖橙, of which there is enough for every order of a test; it is found by its name."""
    shop = make_shop(seller, village)
    product = make_product(shop, name="石榴冲冰糖橙", stock=5000)
    make_rate(shop)
    call_command("index_products")
    return product


@pytest.fixture(autouse=True)
def _empty_folders():
    clear_folders()
    yield
    clear_folders()
    mark_path().unlink(missing_ok=True)


def clear_folders() -> None:
    for kind in held.site_storages():
        shutil.rmtree(storages[kind].path(""), ignore_errors=True)


def empty_site() -> None:
    call_command("flush", interactive=False, verbosity=0)
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM shops_search")
    clear_folders()


def tables(path: Path) -> dict[str, dict]:
    """Without the version stamps, which go on further away."""
    found = check_copy(path, SECRET).manifest["tables"]
    return {label: table for label, table in found.items() if label != "ui.Stamp"}


def contents(path: Path) -> dict[str, bytes]:
    with members(path, SECRET) as each:
        return {name: content.read() for name, content in each}


def all_files() -> dict[str, bytes]:
    found = {}
    for kind in held.site_storages():
        root = Path(storages[kind].path(""))
        found |= {
            f"{kind}/{path.relative_to(root)}": path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }
    return found


def all_modes() -> dict[str, int]:
    found = {}
    for kind in held.site_storages():
        root = Path(storages[kind].path(""))
        found |= {f"{kind}/{path.relative_to(root)}": path.stat().st_mode & 0o777 for path in root.rglob("*")}
    return {name: mode for name, mode in found.items() if ".copying" not in name}


class Writers:
    """Buyers who order, a phone that sends what was done and asked, the worker that finishes photos; until told to stop."""

    def __init__(self, product: Product, trainee: User, lesson) -> None:
        self.product, self.trainee, self.lesson = product, trainee, lesson
        self.orders: list[str] = []
        self.events: list[str] = []
        self.photos: list[str] = []
        self.stop, self.failures = threading.Event(), []
        self.threads = [
            threading.Thread(target=self.keep, args=[one])
            for one in (self.order, self.send, self.finish_photo)
        ]

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        while not (self.orders and self.events and self.photos) and not self.failures:
            time.sleep(0.02)
        return self

    def __exit__(self, *_error) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()
        assert self.failures == []

    def keep(self, act) -> None:
        try:
            while not self.stop.is_set():
                act()
                time.sleep(0.02)
        except Exception as error:
            self.failures.append(error)
        finally:
            connections.close_all()

    def order(self) -> None:
        self.orders.append(make_order((self.product, 1)).number)

    def send(self) -> None:
        client = Client()
        client.force_login(self.trainee)
        one = event("ask", lesson=self.lesson.pk, text="什么时候剪枝？")
        [(state, reason)] = Phone(client, self.trainee).send(one)
        assert state in ("applied", "aside"), reason
        self.events.append(one["id"])

    def finish_photo(self) -> None:
        """As the worker does: pictures, then the row, then the original goes."""
        photo = Photo(owner=self.trainee, width=320, height=240)
        files.put(storages["intake"], photo.intake_name, ContentFile(b"original " + photo.key.encode()))
        photo.save()
        self.photos.append(photo.key)
        if len(self.photos) > 3:
            done = Photo.objects.get(key=self.photos[-3])
            files.put(default_storage, done.name_at(320), ContentFile(b"picture " + done.key.encode()))
            Photo.objects.filter(pk=done.pk).update(status=Photo.Status.READY)
            storages["intake"].delete(done.intake_name)


@pytest.fixture
def lesson(trainee, trainer, village):
    course = make_course(village)
    enrol(trainee, course, make_cohort(course, village, trainer))
    return course.modules.first().lessons.first()


def test_a_site_copied_under_writes_comes_back_on_the_other_database(
    product, trainee, lesson, copy, other_database, tmp_path
):
    client = Client()
    client.force_login(trainee)
    upload = takes.begin(trainee, tickets.read(tickets.ticket(trainee, "take 1", 10**6), trainee), None)
    uploading.add(upload, 0, b"\x1aE\xdf\xa3" + bytes(5000))
    gone = make_person("走了的人").pk
    User.objects.filter(pk=gone).delete()
    with Writers(product, trainee, lesson) as writers:
        acknowledged = (set(writers.orders), set(writers.events), set(writers.photos))
        make_copy(copy, SECRET, leave_free=0)
    assert len(writers.orders) > len(acknowledged[0])
    inside = contents(copy)
    for wanted, label in zip(acknowledged, ("shops.Order", "outbox.Event", "media.Photo"), strict=True):
        text = gunzipped(inside, label)
        assert [one for one in wanted if one not in text] == [], label
    assert unfilled(inside) == []

    env = elsewhere.environment(tmp_path / "var", other_database)
    told = elsewhere.ask(env, elsewhere.SCHEMA, RESTORE.format(copy=str(copy)))
    assert tables(Path(f"{copy}.again")) == tables(copy)
    assert told["key"] == settings.SECRET_KEY
    assert told["found"] == ["石榴冲冰糖橙"]
    assert told["next_user"] > gone
    script = ALIVE.format(
        session=client.cookies["sessionid"].value,
        phone=str(trainee.phone),
        ticket=tickets.ticket(trainee, "take 2", 10**6),
        token=uploading.token_of(upload),
    )
    assert elsewhere.ask(env, script) == {"me": 200, "ticket": "take 2", "token": True}


def test_a_site_comes_back_on_the_same_database_and_only_on_an_empty_one(product, trainee, copy):
    files.put(storages["private"], "documents/ab/一.pdf", ContentFile(b"%PDF"))
    files.put(default_storage, "photos/ab/x-320.webp", ContentFile(b"RIFF"))
    make_order((product, 2))
    before, modes = all_files(), all_modes()
    made = make_copy(copy, SECRET, leave_free=0)
    assert (made.files, made.missing) == (2, [])
    stamp = Stamp.objects.get(name="shops").number
    with pytest.raises(CannotRestore, match="has data already"):
        restore_copy(copy, SECRET)
    assert Order.objects.count() == 1
    empty_site()
    restore_copy(copy, SECRET)
    assert all_files() == before
    assert all_modes() == modes
    again = copy.with_name("again.copy")
    make_copy(again, SECRET, leave_free=0)
    assert tables(again) == tables(copy)
    # Whoever kept a page under a number of before asks for it under none of the numbers that come.
    assert Stamp.objects.get(name="shops").number > stamp + 2**31
    with pytest.raises(CannotRestore, match="has data already"):
        restore_copy(copy, SECRET)


def test_files_of_another_site_are_not_mixed_with_those_of_the_copy(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    files.put(storages["intake"], "photos/whose", ContentFile(b"?"))
    with pytest.raises(CannotRestore, match="files already"):
        restore_copy(copy, SECRET)
    assert not Place.objects.exists()


def test_a_restore_that_broke_off_changes_nothing_and_is_begun_again(county, copy, monkeypatch):
    files.put(default_storage, "photos/ab/x-320.webp", ContentFile(b"RIFF"))
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    with monkeypatch.context() as patch:
        patch.setattr(restore, "jump_stamps", broken)
        with pytest.raises(KeyboardInterrupt):
            restore_copy(copy, SECRET)
    assert not Place.objects.exists()
    restore_copy(copy, SECRET)
    assert Place.objects.count() == 5


def test_one_that_broke_off_after_its_rows_were_in_is_finished(product, copy, monkeypatch):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    with monkeypatch.context() as patch:
        patch.setattr(restore, "finish", broken)
        with pytest.raises(KeyboardInterrupt):
            restore_copy(copy, SECRET)
    assert [row.name for row in listing.page(Wish(words=("冰糖橙",))).rows] == []
    restore_copy(copy, SECRET)
    assert [row.name for row in listing.page(Wish(words=("冰糖橙",))).rows] == ["石榴冲冰糖橙"]
    assert not mark_path().exists()


def broken(*_arguments, **_more) -> None:
    raise KeyboardInterrupt


def test_pieces_that_came_after_the_moment_are_sent_again(trainee, copy):
    upload = takes.begin(trainee, tickets.read(tickets.ticket(trainee, "take 1", 10**6), trainee), None)
    uploading.add(upload, 0, b"\x1aE\xdf\xa3" + bytes(96))
    files.put(
        storages["intake"], f"uploads/{upload.key}/100", ContentFile(b"on the disk, not yet in the row")
    )
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    restore_copy(copy, SECRET)
    assert (Upload.objects.get().offset, pieces.starts(upload.key)) == (100, [0])


# --- what no copy can be restored from ---


@pytest.mark.parametrize(
    ("change", "secret", "words"),
    [
        (lambda body: body, b"another passphrase", "does not open with this passphrase"),
        (lambda body: body[:-1], SECRET, "damaged"),
        (lambda body: body[:5000], SECRET, "damaged"),
        (lambda body: body[:6000] + bytes([body[6000] ^ 1]) + body[6001:], SECRET, "damaged"),
        (lambda body: b"PK" + body, SECRET, "not a copy of a site"),
    ],
)
def test_a_bad_copy_is_refused_in_a_sentence_before_anything_is_touched(
    county, copy, tmp_path, change, secret, words
):
    make_copy(copy, SECRET, leave_free=0)
    copy.write_bytes(change(copy.read_bytes()))
    key = tmp_path / "key"
    key.write_bytes(secret)
    empty_site()
    with pytest.raises(CommandError, match=words):
        call_command("restore", str(copy), key_file=str(key))
    assert (Place.objects.count(), all_files(), mark_path().exists()) == (0, {}, False)


def rewritten(copy: Path, change) -> Path:
    """Another copy of the same members, of which `change(name, body)` gives the new bodies."""
    other = copy.with_name("other.copy")
    found = contents(copy)
    with open(other, "wb") as file:
        sealer = Sealer(file, SECRET)
        with tarfile.open(fileobj=sealer, mode="w|") as tar:
            for name, body in found.items():
                body, member = change(name, body), tarfile.TarInfo(name)
                member.size = len(body)
                tar.addfile(member, io.BytesIO(body))
        sealer.close()
    return other


def with_header(copy: Path, change) -> Path:
    """A copy that says something else of itself, and whose list of contents agrees."""
    header = json.loads(contents(copy)["copy.json"])
    change(header)
    new = json.dumps(header).encode()

    def both(name: str, body: bytes) -> bytes:
        if name == "manifest.json":
            return json.dumps(json.loads(body) | {"copy": hashlib.sha256(new).hexdigest()}).encode()
        return new if name == "copy.json" else body

    return rewritten(copy, both)


def test_a_copy_whose_rows_are_not_those_of_its_list_is_refused(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    name = "tables/accounts.Place/000001.jsonl.gz"
    other = rewritten(copy, lambda each, body: gzip.compress(b"[]\n") if each == name else body)
    with pytest.raises(BadCopy, match=r"not what its list of contents says: accounts\.Place"):
        check_copy(other, SECRET)


def test_a_copy_of_a_newer_version_is_refused(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    other = with_header(copy, lambda header: header["migrations"].append(["shops", "9999_next_year"]))
    with pytest.raises(
        CannotRestore, match=r"not this one or an earlier one \(it has shops\.9999_next_year\)"
    ):
        restore_copy(other, SECRET)
    other = with_header(copy, lambda header: header.update(format=2))
    with pytest.raises(CannotRestore, match="newer version"):
        restore_copy(other, SECRET)
    assert not Place.objects.exists()


def test_a_copy_of_an_older_version_wants_a_database_that_was_never_set_up(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    other = with_header(
        copy, lambda header: header["migrations"].remove(["config", "0002_admin_log_by_object"])
    )
    with pytest.raises(CannotRestore, match="set up for a newer version"):
        restore_copy(other, SECRET)


def test_a_copy_that_lacks_a_step_in_between_is_refused(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    other = with_header(copy, lambda header: header["migrations"].remove(["ui", "0001_initial"]))
    empty_site()
    with pytest.raises(CannotRestore, match=r"too old|set up for a newer"):
        restore_copy(other, SECRET)


def test_another_secret_key_in_the_environment_is_refused(county, copy, monkeypatch):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    monkeypatch.setenv("SECRET_KEY", "of the new machine")
    with pytest.raises(CannotRestore, match="everybody would be signed out"):
        restore_copy(copy, SECRET)


def test_a_copy_replaces_no_file_and_takes_no_short_passphrase(county, copy):
    copy.write_bytes(b"mine")
    with pytest.raises(CannotCopy, match="is there already"):
        make_copy(copy, SECRET)
    assert copy.read_bytes() == b"mine"
    with pytest.raises(CannotCopy, match="fewer than 12"):
        make_copy(copy.with_name("b.copy"), b"short")


def test_a_disk_that_fills_up_while_the_copy_is_written_is_left_as_it_was(county, copy):
    """A process that may write no file larger than 20 kB: its write fails in the middle, as on a full disk."""
    files.put(default_storage, "photos/ab/x-320.webp", ContentFile(os.urandom(60_000)))
    copy.with_name("key").write_bytes(SECRET)
    script = (
        "import resource, django; django.setup(); from django.core.management import call_command\n"
        "from config import condition\n"
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


# --- rows and files ---


def test_every_column_of_every_table_has_a_form_in_a_copy():
    known = rows.WHOLE | rows.TEXT | set(rows.IN)
    strange = {
        f"{model._meta.label}.{field.name}": rows.kind_of(field)
        for model in rows.copied_models(apps)
        for field in rows.columns_of(model)
        if rows.kind_of(field) not in known
    }
    assert strange == {}


def test_values_come_back_exactly(trainee, copy):
    moment = datetime(2026, 2, 28, 15, 59, 59, 123456, tzinfo=UTC)
    detail = {"b": [1, 2.5, -0.0, 1e20, None, True], "a": {"字": "“引号” \\ \n 🍊"}}
    AuditEntry.objects.create(actor=trainee, verb="x", subject="user 1", detail=detail)
    AuditEntry.objects.update(at=moment)
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    restore_copy(copy, SECRET)
    entry = AuditEntry.objects.get()
    assert (entry.at, entry.detail) == (moment, detail)


def test_characters_that_postgresql_cannot_keep_are_replaced_there_and_told(trainee, copy, kind):
    AuditEntry.objects.create(actor=trainee, verb="x", subject="user 1", detail={"said": "甲@乙 \\u0000"})
    make_copy(copy, SECRET, leave_free=0)
    name = "tables/accounts.AuditEntry/000001.jsonl.gz"
    line = gzip.decompress(contents(copy)[name]).replace(b"@", b"\\u0000")

    def change(each: str, body: bytes) -> bytes:
        if each == "manifest.json":
            manifest = json.loads(body)
            manifest["tables"]["accounts.AuditEntry"]["sha256"] = hashlib.sha256(line).hexdigest()
            return json.dumps(manifest).encode()
        return gzip.compress(line) if each == name else body

    empty_site()
    mended = restore_copy(rewritten(copy, change), SECRET).mended
    on_postgresql = kind == "postgresql"
    assert mended == ({"accounts.AuditEntry": 1} if on_postgresql else {})
    assert AuditEntry.objects.get().detail == {
        "said": f"甲{chr(0xFFFD) if on_postgresql else chr(0)}乙 \\u0000"
    }


def test_a_file_deleted_while_the_copy_is_made_is_in_it(county, copy, monkeypatch):
    for name in ("photos/goes", "photos/stays", "photos/made anew"):
        files.put(storages["intake"], name, ContentFile(f"first {name}".encode()))
    first = all_files()
    write_table, done = backup.write_table, []

    def write_and_delete(*arguments):
        if not done:
            done.append(True)
            storages["intake"].delete("photos/goes")
            files.put(storages["intake"], "photos/made anew", ContentFile(b"second"))
            files.put(storages["intake"], "photos/later", ContentFile(b"not of this moment"))
        return write_table(*arguments)

    monkeypatch.setattr(backup, "write_table", write_and_delete)
    made = make_copy(copy, SECRET, leave_free=0)
    assert made.missing == []
    found = contents(copy).items()
    assert {name.removeprefix("files/"): body for name, body in found if name.startswith("files/")} == first
    assert sorted(all_files()) == ["intake/photos/later", "intake/photos/made anew", "intake/photos/stays"]


def test_a_copy_that_was_killed_holds_nothing_for_long(county):
    storage = storages["intake"]
    held.hold(storage)
    files.put(storage, "photos/a", ContentFile(b"a"))
    long_ago = time.time() - held.HOLDS.total_seconds() - 1
    os.utime(storage.path(held.MARK), (long_ago, long_ago))
    storage.delete("photos/a")
    assert list(held.names(storage, held.HELD)) == [held.MARK]
    held.release(storage)
    assert not Path(storage.path(held.HELD)).exists()


def test_two_copies_at_once_do_not_drop_what_is_held_for_each_other(county, copy, monkeypatch):
    storage = storages["intake"]
    files.put(storage, "photos/goes", ContentFile(b"goes"))
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
    held.hold(storage)
    work.end_holding()
    assert held.is_held(storage)
    long_ago = time.time() - held.HOLDS.total_seconds() - 1
    os.utime(storage.path(held.MARK), (long_ago, long_ago))
    work.end_holding()
    assert not Path(storage.path(held.HELD)).exists()
    assert work.end_holding in [one for _every, one in work.ROUNDS]


@pytest.mark.parametrize("typed", ["a passphrase of a village", " a passphrase of a village "])
def test_a_copy_opens_with_the_passphrase_as_it_was_typed(county, copy, typed, settings, monkeypatch):
    settings.BACKUP_KEY_FILE = ""
    for command in (backup_command, restore_command):
        monkeypatch.setattr(command, "getpass", lambda prompt: typed)
    call_command("backup", str(copy))
    out = io.StringIO()
    call_command("restore", str(copy), check=True, stdout=out)
    assert out.getvalue().startswith("Good: ")


def gunzipped(inside: dict[str, bytes], label: str) -> str:
    return "".join(
        gzip.decompress(body).decode() for name, body in inside.items() if name.startswith(f"tables/{label}/")
    )


def unfilled(inside: dict[str, bytes]) -> list[str]:
    """Photos of the copy's rows whose file is not in it: the original while one waits, the picture once it is ready."""
    columns = json.loads(inside["copy.json"])["tables"]["media.Photo"]
    lost = []
    for line in gunzipped(inside, "media.Photo").splitlines():
        row = dict(zip(columns, json.loads(line), strict=True))
        photo = Photo(key=row["key"], width=row["width"])
        is_waiting = row["status"] == Photo.Status.WAITING
        name = f"intake/{photo.intake_name}" if is_waiting else f"default/{photo.name_at(320)}"
        if f"files/{name}" not in inside:
            lost.append(name)
    return lost


def test_files_of_every_storage_in_the_settings_are_copied(copy, tmp_path, settings):
    options = {"location": str(tmp_path / "new"), "base_url": None}
    new = {"BACKEND": "media.storages.DiskStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "new": new}
    storages["new"].save("first.txt", ContentFile(b"first"))
    make_copy(copy, SECRET)
    assert contents(copy)["files/new/first.txt"] == b"first"


def test_every_storage_holds_what_is_deleted_while_a_copy_is_made():
    others = [name for name in held.site_storages() if not isinstance(storages[name], held.Holding)]
    assert not others, (
        f"{others}: give it the BACKEND media.storages.DiskStorage, or one of your own that is a Holding."
    )


def test_a_disk_too_full_for_the_copy_is_said_before_anything_is_touched(county, copy, monkeypatch):
    storages["private"].save("film.mp4", ContentFile(bytes(3_000_000)))
    make_copy(copy, SECRET)
    empty_site()
    nearly_full = shutil.disk_usage(settings.VAR_DIR)._replace(free=2_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: nearly_full)
    with pytest.raises(CannotRestore, match="has 2 MB free and the copy needs .* Nothing was changed"):
        restore_copy(copy, SECRET)
    assert (mark_path().exists(), all_files(), User.objects.exists()) == (False, {}, False)
