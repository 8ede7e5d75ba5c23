"""What is an outage and what a fault of ours; a database that is locked, a bucket and a disk that are away."""

import errno
import json
import os
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.test import Client, RequestFactory

from config.http import unavailable
from config.postgresql import base
from media.models import Photo
from media.storages import Holding
from tests.factories import make_photo, make_product, make_shop
from tests.media import pictures
from tests.media.pictures import upload
from ui.database.availability import find_away

HTML = {"HTTP_ACCEPT": "text/html"}
# What a browser adds to a form of the site's own.
OWN = {"HTTP_ORIGIN": "http://testserver"}
SIGN_IN = "/accounts/login/"


def make_error(error: Exception, cause: Exception | None = None) -> Exception:
    error.__cause__ = cause
    return error


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("of SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (make_error(OperationalError("locked"), sqlite_error(sqlite3.SQLITE_BUSY)), "database"),
        (make_error(OperationalError("locked"), sqlite_error(517)), "database"),  # SQLITE_BUSY_SNAPSHOT
        (make_error(OperationalError("full"), sqlite_error(sqlite3.SQLITE_FULL)), "database"),
        (make_error(OperationalError("no such table"), sqlite_error(sqlite3.SQLITE_ERROR)), ""),
        (make_error(OperationalError("refused"), psycopg.OperationalError("refused")), "database"),
        (make_error(OperationalError("stopping"), psycopg.errors.AdminShutdown("stopping")), "database"),
        (make_error(OperationalError("too many"), psycopg.errors.TooManyConnections("too many")), "database"),
        (make_error(OperationalError("deadlock"), psycopg.errors.DeadlockDetected("deadlock")), ""),
        (make_error(OperationalError("slow"), psycopg.errors.QueryCanceled("slow")), ""),
        (make_error(IntegrityError("twice"), psycopg.errors.UniqueViolation("twice")), ""),
        (make_error(ProgrammingError("no table"), psycopg.errors.UndefinedTable("no table")), ""),
        (make_error(ValueError("shown"), OperationalError("gone")), "database"),
        (OSError(errno.ENOSPC, "No space left on device"), "storage"),
        (FileNotFoundError(errno.ENOENT, "No such file"), ""),
        (ValueError("ours"), ""),
        (None, ""),
    ],
)  # fmt: skip
def test_outage_is_told_from_a_fault_of_ours(error, away):
    assert find_away(error) == away


@pytest.mark.both_databases
@pytest.mark.django_db
def test_wrong_sql_is_a_fault_of_ours():
    with pytest.raises((OperationalError, ProgrammingError)) as raised, transaction.atomic():
        connection.cursor().execute("SELECT nothing FROM nowhere")
    assert find_away(raised.value) == ""


@contextmanager
def locked() -> Iterator[None]:
    """Hold the lock that a sign-in needs, and let this process wait for it no longer than a moment."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        lock, statement, short = (
            sqlite3.connect(name, isolation_level=None),
            "BEGIN IMMEDIATE",
            "PRAGMA busy_timeout=50",
        )
    else:
        lock = psycopg.connect(os.environ["TEST_POSTGRES_URL"], dbname=name)
        statement, short = "LOCK TABLE accounts_limit", "SET lock_timeout = 50"
    with connection.cursor() as cursor:
        cursor.execute(short)
    lock.execute(statement)
    try:
        yield
    finally:
        lock.close()
        connection.close()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_database_that_is_locked_for_long_is_waited_for_by_the_browser(county):
    client = Client(raise_request_exception=False)
    form = {"login": "13800000001", "note": "字", "password": "nonghuo"}
    with locked():
        page = client.post(SIGN_IN, form, **HTML)
        script = client.post(SIGN_IN, form)
        assert client.get(SIGN_IN).status_code == 200
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "5", "no-store")
    assert "退回上一页，填的字还在" in page.content.decode()
    assert "nonghuo" not in page.content.decode()
    assert (script.status_code, script["Retry-After"], list(script.json())) == (503, "5", ["error"])
    assert client.post(SIGN_IN, form, **HTML).status_code == 200


def repeat(typed: dict) -> list[tuple[str, str]]:
    return unavailable.list_typed(RequestFactory().post("/x/", typed, **OWN))


def test_page_repeats_what_was_typed_but_neither_files_nor_passwords():
    assert repeat({"a": ["一", "二"], "b": ""}) == [("a", "一"), ("a", "二"), ("b", "")]
    assert repeat({"a": "一", "old_password": "x"}) == []
    assert repeat({"a": "一", "photo": upload(pictures.jpeg(4, 4))}) == []
    assert repeat({"a": "字" * 70_000}) == []


def test_page_repeats_every_character():
    request = RequestFactory().post("/x/?a=1", {"text": "\n  <b>'一'\n&amp; 二"}, **HTML, **OWN)
    page = unavailable.make_unavailable(request, OperationalError("gone")).content.decode()
    assert '<form method="post" action="/x/?a=1">' in page
    found = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.DOTALL)[1]
    assert found == "\n  &lt;b&gt;&#x27;一&#x27;\n&amp;amp; 二"


@pytest.mark.parametrize(
    ("headers", "is_repeated"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        # Over plain HTTP.
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver:8000"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({"Referer": "http://testserver/shops/tea/order/"}, True),
        ({"Referer": "http://evil.example/?testserver"}, False),
        ({"Origin": "http://evil.example", "Referer": "http://testserver/"}, False),
        ({"Host": "unknown.example", "Origin": "http://unknown.example"}, False),
        ({}, False),
    ],
)
def test_page_repeats_nothing_that_another_site_sent(headers, is_repeated):
    request = RequestFactory().post("/x/", {"text": "买十箱"}, headers=headers, **HTML)
    page = unavailable.make_unavailable(request, OperationalError("gone")).content.decode()
    assert ("买十箱" in page) is is_repeated


# --- storage ---


class FullDisk(Holding):
    """A disk without room."""

    def _save(self, name: str, content) -> str:
        with open("/dev/full", "wb") as file:
            file.write(content.read())
        return name

    def exists(self, name: str) -> bool:
        return False

    def delete(self, name: str) -> None:
        pass


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["disk", "bucket"])
@pytest.mark.django_db
def test_pages_go_on_while_photos_cannot_be_stored(kind, client, seller, village, settings, closed_port):
    backend: dict = {"BACKEND": f"{__name__}.FullDisk"}
    if kind == "bucket":
        options = {"bucket_name": "farm", "region_name": "us-east-1", "access_key": "k", "secret_key": "s"}
        options |= {"endpoint_url": f"http://127.0.0.1:{closed_port}", "file_overwrite": True}
        backend = {"BACKEND": "media.buckets.storage.BucketStorage", "OPTIONS": options}
    product = make_product(make_shop(seller, village), cover=make_photo(seller))
    settings.STORAGES = settings.STORAGES | dict.fromkeys(("intake", "default", "private"), backend)
    assert client.get(product.get_absolute_url()).status_code == 200
    phone = Client(raise_request_exception=False)
    phone.force_login(seller)
    begun = time.monotonic()
    answer = phone.post("/uploads/photos/", {"photo": upload(pictures.jpeg())})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert list(json.loads(answer.content)) == ["error"]
    assert time.monotonic() - begun < 5
    assert Photo.objects.filter(status="waiting").count() == 0


# --- connections ---


def test_one_thread_at_a_time_tries_a_server_that_is_away(monkeypatch):
    line, tries, go = base.Line(), [], threading.Event()
    monkeypatch.setattr(base, "PAUSE", 0.05)

    def refuse():
        tries.append("refused")
        raise psycopg.OperationalError("refused")

    def hang():
        tries.append("hangs")
        go.wait(10)
        return "connection"

    with pytest.raises(psycopg.OperationalError, match="refused"):
        line.connect(refuse)
    with pytest.raises(psycopg.OperationalError, match="a moment ago"):
        line.connect(refuse)
    time.sleep(0.06)
    thread = threading.Thread(target=line.connect, args=[hang])
    thread.start()
    while "hangs" not in tries:
        time.sleep(0.001)
    with pytest.raises(psycopg.OperationalError, match="a moment ago"):
        line.connect(refuse)
    go.set()
    thread.join()
    assert line.connect(lambda: "another") == "another"
    assert tries == ["refused", "hangs"]
