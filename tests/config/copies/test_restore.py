"""A site restored from its copy: nothing acknowledged is missing, and a bad copy changes nothing."""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEntry, Place, User
from config.copies import restore
from config.copies.backup import make_copy
from config.copies.restore import CannotRestore, check_copy, mark_path, restore_copy
from config.copies.seal import BadCopy, Sealer
from media import chunks
from media.models import Photo, Upload
from media.storages import write_file
from media.uploads import recordings
from media.uploads.services import add_chunk, make_token
from progress.enrolment.services import enrol
from shops.catalogue import queries
from shops.catalogue.queries import ProductQuery
from shops.models import Order
from tests.config.copies import elsewhere
from tests.config.copies.sites import SECRET, all_files, all_modes, contents, empty_site, gunzipped, tables
from tests.config.copies.writers import Writers
from tests.factories import make_cohort, make_course, make_person
from tests.shops.orders.order_requests import make_order
from ui.models import Stamp

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_folders"),
]
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
from shops.catalogue import queries
from shops.catalogue.queries import ProductQuery
from django.conf import settings
key = Path(settings.VAR_DIR, "secret_key").read_text()
product = User.objects.create(phone="+8613912312399", name="新来的")
print(json.dumps({{"key": key, "mended": restored.mended, "next_user": product.pk,
                  "found": [row.name for row in queries.fetch_page(ProductQuery(words=("冰糖橙",))).rows]}}))
"""
ALIVE = """
import django
django.setup()
import json
from django.test import Client
from accounts.models import User
from media.models import Upload
from media.uploads import recordings, services
client = Client(headers={{"host": "127.0.0.1"}})
client.cookies["sessionid"] = {session!r}
person = User.objects.get(phone={phone!r})
print(json.dumps({{"me": client.get("/me/waiting/numbers/").status_code,
                  "ticket": recordings.read_ticket({ticket!r}, person).reference,
                  "token": services.is_token_of(Upload.objects.get(), {token!r})}}))
"""


@pytest.fixture
def lesson(trainee, trainer, village):
    course = make_course(village)
    enrol(trainee, course, make_cohort(course, village, trainer))
    return course.modules.first().lessons.first()


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.usefixtures("real_key")
def test_a_site_copied_under_writes_comes_back_on_the_other_kind_of_database(
    product, trainee, lesson, copy, other_database, tmp_path
):
    client = Client()
    client.force_login(trainee)
    upload = recordings.begin_recording(
        trainee, recordings.read_ticket(recordings.issue_ticket(trainee, "take 1", 10**6), trainee), None
    )
    add_chunk(upload, 0, b"\x1aE\xdf\xa3" + bytes(5000))
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
        ticket=recordings.issue_ticket(trainee, "take 2", 10**6),
        token=make_token(upload),
    )
    assert elsewhere.ask(env, script) == {"me": 200, "ticket": "take 2", "token": True}


@pytest.mark.long
@pytest.mark.both_databases
def test_a_site_comes_back_on_the_same_database_and_only_on_an_empty_one(product, trainee, copy):
    write_file(storages["private"], "documents/ab/一.pdf", ContentFile(b"%PDF"))
    write_file(default_storage, "photos/ab/x-320.webp", ContentFile(b"RIFF"))
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
    # A browser that cached a page under an earlier number never asks for it under a later number.
    assert Stamp.objects.get(name="shops").number > stamp + 2**31
    with pytest.raises(CannotRestore, match="has data already"):
        restore_copy(copy, SECRET)


@pytest.mark.long
def test_files_of_another_site_are_not_mixed_with_those_of_the_copy(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    write_file(storages["intake"], "photos/whose", ContentFile(b"?"))
    with pytest.raises(CannotRestore, match="files already"):
        restore_copy(copy, SECRET)
    assert not Place.objects.exists()


@pytest.mark.long
def test_a_restore_that_broke_off_changes_nothing_and_is_begun_again(county, copy, monkeypatch):
    write_file(default_storage, "photos/ab/x-320.webp", ContentFile(b"RIFF"))
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    with monkeypatch.context() as patch:
        patch.setattr(restore, "jump_stamps", broken)
        with pytest.raises(KeyboardInterrupt):
            restore_copy(copy, SECRET)
    assert not Place.objects.exists()
    restore_copy(copy, SECRET)
    assert Place.objects.count() == 5


@pytest.mark.long
@pytest.mark.both_databases
def test_one_that_broke_off_after_its_rows_were_in_is_finished(product, copy, monkeypatch):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    with monkeypatch.context() as patch:
        patch.setattr(restore, "finish", broken)
        with pytest.raises(KeyboardInterrupt):
            restore_copy(copy, SECRET)
    assert [row.name for row in queries.fetch_page(ProductQuery(words=("冰糖橙",))).rows] == []
    restore_copy(copy, SECRET)
    assert [row.name for row in queries.fetch_page(ProductQuery(words=("冰糖橙",))).rows] == ["石榴冲冰糖橙"]
    assert not mark_path().exists()


def broken(*_arguments, **_more) -> None:
    raise KeyboardInterrupt


@pytest.mark.long
def test_pieces_that_came_after_the_moment_are_sent_again(trainee, copy):
    upload = recordings.begin_recording(
        trainee, recordings.read_ticket(recordings.issue_ticket(trainee, "take 1", 10**6), trainee), None
    )
    add_chunk(upload, 0, b"\x1aE\xdf\xa3" + bytes(96))
    write_file(
        storages["intake"], f"uploads/{upload.key}/100", ContentFile(b"on the disk, not yet in the row")
    )
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    restore_copy(copy, SECRET)
    assert (Upload.objects.get().offset, chunks.list_offsets(upload.key)) == (100, [0])


# --- what no copy can be restored from ---


@pytest.mark.long
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
    """Return another copy of the same members, whose bodies are replaced by `change(name, body)`."""
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


@pytest.mark.long
def test_a_copy_whose_rows_are_not_those_of_its_list_is_refused(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    name = "tables/accounts.Place/000001.jsonl.gz"
    other = rewritten(copy, lambda each, body: gzip.compress(b"[]\n") if each == name else body)
    with pytest.raises(BadCopy, match=r"not what its list of contents says: accounts\.Place"):
        check_copy(other, SECRET)


@pytest.mark.long
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


@pytest.mark.long
def test_a_copy_of_an_older_version_wants_a_database_that_was_never_set_up(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    other = with_header(
        copy, lambda header: header["migrations"].remove(["mfa", "0003_authenticator_type_uniq"])
    )
    with pytest.raises(CannotRestore, match="set up for a newer version"):
        restore_copy(other, SECRET)


# The app whose first migration an older copy ends with, and the columns that its second one added.
OLDER, ADDED = "mfa", {"mfa.Authenticator": ("created_at", "last_used_at")}
AFTER = """
import json
from pathlib import Path
from config.copies.restore import restore_copy
restore_copy(Path({copy!r}), b"a passphrase of a village")
from allauth.mfa.models import Authenticator
from shops.models import Order
row = Authenticator.objects.get()
print(json.dumps([row.data, row.created_at is not None, row.last_used_at, Order.objects.get().phone_verified]))
"""


def without_columns(copy: Path, added: dict[str, tuple[str, ...]]) -> Path:
    """A copy whose tables lack these columns, in its list of contents too."""
    tables = json.loads(contents(copy)["copy.json"])["tables"]
    lines: dict[str, bytes] = {}
    for label, names in added.items():
        places = [place for place, column in enumerate(tables[label]) if column not in names]
        rows = [json.loads(line) for line in gunzipped(contents(copy), label).splitlines()]
        kept = [
            json.dumps([row[place] for place in places], ensure_ascii=False, separators=(",", ":"))
            for row in rows
        ]
        lines[label] = "".join(f"{line}\n" for line in kept).encode()

    def change(name: str, body: bytes) -> bytes:
        if name == "manifest.json":
            manifest = json.loads(body)
            for label, text in lines.items():
                manifest["tables"][label]["sha256"] = hashlib.sha256(text).hexdigest()
            return json.dumps(manifest).encode()
        label = name.split("/")[1] if name.startswith("tables/") else ""
        return gzip.compress(lines[label]) if label in lines else body

    def cut(header: dict) -> None:
        for label, names in added.items():
            header["tables"][label] = [column for column in header["tables"][label] if column not in names]

    return with_header(rewritten(copy, change), cut)


@pytest.mark.long
@pytest.mark.usefixtures("real_key")
def test_a_copy_from_before_columns_were_added_comes_back_with_this_version(product, trainee, copy, tmp_path):
    make_order((product, 1), phone_verified=True)
    Authenticator.objects.create(user=trainee, type="totp", data={"secret": "ABC"})
    make_copy(copy, SECRET, leave_free=0)

    def make_older(header: dict) -> None:
        header["migrations"] = [
            [app, name] for app, name in header["migrations"] if app != OLDER or name == "0001_initial"
        ]

    older = with_header(without_columns(copy, ADDED), make_older)
    there = elsewhere.environment(tmp_path / "there", f"sqlite:///{tmp_path}/there.sqlite3")
    found = elsewhere.ask(there, "import django", "django.setup()", AFTER.format(copy=str(older)))
    assert found == [{"secret": "ABC"}, True, None, True]


@pytest.mark.long
def test_a_copy_that_lacks_a_step_in_between_is_refused(county, copy):
    make_copy(copy, SECRET, leave_free=0)
    other = with_header(copy, lambda header: header["migrations"].remove(["ui", "0001_initial"]))
    empty_site()
    with pytest.raises(CannotRestore, match=r"too old|set up for a newer"):
        restore_copy(other, SECRET)


@pytest.mark.long
def test_another_secret_key_in_the_environment_is_refused(county, copy, monkeypatch):
    make_copy(copy, SECRET, leave_free=0)
    empty_site()
    monkeypatch.setenv("SECRET_KEY", "of the new machine")
    with pytest.raises(CannotRestore, match="everybody would be signed out"):
        restore_copy(copy, SECRET)


# --- values ---


@pytest.mark.long
@pytest.mark.both_databases
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


@pytest.mark.long
@pytest.mark.both_databases
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


@pytest.mark.long
def test_a_disk_too_full_for_the_copy_is_said_before_anything_is_touched(county, copy, monkeypatch):
    storages["private"].save("film.mp4", ContentFile(bytes(3_000_000)))
    make_copy(copy, SECRET)
    empty_site()
    nearly_full = shutil.disk_usage(settings.VAR_DIR)._replace(free=2_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: nearly_full)
    with pytest.raises(CannotRestore, match="has 2 MB free and the copy needs .* Nothing was changed"):
        restore_copy(copy, SECRET)
    assert (mark_path().exists(), all_files(), User.objects.exists()) == (False, {}, False)
