"""A site copied while it is written to, and made again elsewhere: nothing that was acknowledged is missing."""

import io
import json
import os
import shutil
import tarfile
import threading
import time
import uuid
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
from config.copies import rows
from config.copies.backup import CannotCopy, make_copy
from config.copies.restore import CannotRestore, check_copy, mark_path, members, restore_copy
from config.copies.seal import BadCopy, Sealer
from media import files, pieces, takes, tickets, uploading
from media.models import Document, Photo, Upload
from outbox.models import Event
from progress.enrolling import enrol
from progress.models import LessonDone
from shops.models import Order, Product
from tests.config.copies import elsewhere
from tests.factories import make_cohort, make_course, make_person, make_product, make_rate, make_shop
from tests.outbox.phone import event
from tests.shops.ordering.wishes import make_order

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = b"a passphrase of a village"
STORAGES = ("default", "private", "intake")
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
                  "found": [row.name for row in listing.page(Wish(q="冰糖橙")).rows]}}))
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
print(json.dumps({{"me": client.get("/me/").status_code, "ticket": tickets.read({ticket!r}, person).reference,
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
    for kind in STORAGES:
        shutil.rmtree(storages[kind].path(""), ignore_errors=True)


def empty_site() -> None:
    call_command("flush", interactive=False, verbosity=0)
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
    for kind in STORAGES:
        root = Path(storages[kind].path(""))
        found |= {f"{kind}/{path.relative_to(root)}": path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return found


class Writers:
    """Buyers who order, a phone that sends what was done and asked, the worker that finishes photos; until told to stop."""

    def __init__(self, product: Product, trainee: User, lesson) -> None:
        self.product, self.trainee, self.lesson = product, trainee, lesson
        self.orders: list[str] = []
        self.events: list[str] = []
        self.photos: list[str] = []
        self.stop, self.failures = threading.Event(), []
        self.threads = [
            threading.Thread(target=self.keep, args=[one]) for one in (self.order, self.send, self.finish_photo)
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
        self.orders.append(make_order((self.product, 1)).code)

    def send(self) -> None:
        client = Client()
        client.force_login(self.trainee)
        one = event("ask", lesson=self.lesson.pk, text="什么时候剪枝？")
        body = json.dumps({"events": [one]})
        answer = client.post("/sync/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
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
    held = contents(copy)
    for wanted, label in zip(acknowledged, ("shops.Order", "outbox.Event", "media.Photo"), strict=True):
        text = gunzipped(held, label)
        assert [one for one in wanted if one not in text] == [], label
    assert unfilled(held) == []

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


def gunzipped(held: dict[str, bytes], label: str) -> str:
    import gzip

    return "".join(
        gzip.decompress(body).decode() for name, body in held.items() if name.startswith(f"tables/{label}/")
    )


def unfilled(held: dict[str, bytes]) -> list[str]:
    """Photos of the copy's rows whose file is not in it: the original while one waits, the picture once it is ready."""
    columns = json.loads(held["copy.json"])["tables"]["media.Photo"]
    lost = []
    for line in gunzipped(held, "media.Photo").splitlines():
        row = dict(zip(columns, json.loads(line), strict=True))
        photo = Photo(key=row["key"], width=row["width"])
        is_waiting = row["status"] == Photo.Status.WAITING
        name = f"intake/{photo.intake_name}" if is_waiting else f"default/{photo.name_at(320)}"
        if f"files/{name}" not in held:
            lost.append(name)
    return lost
