"""`manage.py prepare` on several computers with one PostgreSQL: one at a time, and not under those of an earlier release."""

import io
import socket
import subprocess
import tempfile
import threading

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, connections

from config import up
from config.postgresql import computers
from shops.models import Category
from tests.media import processes
from ui.responses.page_cache import release

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nobody_was_heard():
    cache.clear()


@pytest.mark.race
def test_another_computer_waits_until_the_first_has_prepared_the_database():
    is_shared = connection.vendor == "postgresql"  # else there is no other computer
    events: list[str] = []
    waiting = threading.Event()

    def say(line: str) -> None:
        events.append(line)
        waiting.set()

    def prepare_too() -> None:
        with computers.take_turn(say):
            events.append("second")
        connections.close_all()

    with computers.take_turn(say):
        other = threading.Thread(target=prepare_too)
        other.start()
        waiting.wait(5 if is_shared else 0.2)
        events.append("first")
    other.join()
    expected = ["Another computer is preparing the database; waiting for it…", "first", "second"]
    assert events == (expected if is_shared else ["second", "first"])


@pytest.mark.long
@pytest.mark.both_databases
def test_database_is_prepared_with_its_kinds_and_again_without_harm():
    for _time in range(2):
        call_command("prepare", stdout=io.StringIO())
    assert Category.objects.filter(parent=None).exists()
    assert computers.list_others() == []


# --- computers of an earlier release ---


def hear(node: str, code: str) -> None:
    """What the worker of another computer writes every twenty seconds; behind PgBouncer its connections have no other address."""
    facts = {"name": node, "address": computers.find_own_address(), "release": code}
    cache.set(f"uses-{node}-worker", facts, computers.HEARD_SECONDS)
    cache.set(computers.HEARD, [f"uses-{node}-worker"], None)


def prepare(*words: str) -> str:
    printed = io.StringIO()
    call_command("prepare", *words, stdout=printed)
    return printed.getvalue().strip()


def is_prepared() -> bool:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "mfa_authenticator")
    return "created_at" in [column.name for column in columns]


@pytest.fixture
def unprepared():
    """A database that lacks a migration of this release."""
    call_command("migrate", "mfa", "0001", verbosity=0)
    assert not is_prepared()
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.long
@pytest.mark.race
def test_database_is_not_changed_under_computers_of_an_earlier_release(unprepared):
    if connection.vendor != "postgresql":  # there is no other computer
        assert prepare("--list-others") == ""
        return
    hear("node2-3f0c8a", "0123456789ab")
    assert prepare("--list-others") == "node2-3f0c8a"
    with pytest.raises(
        CommandError, match=r"earlier one: node2-3f0c8a\. .* then here: sudo make upgrade"
    ) as refused:
        prepare()
    assert (refused.value.returncode, is_prepared()) == (78, False)
    prepare("--despite-others")
    assert is_prepared()
    prepare()  # which changes nothing any more


@pytest.mark.long
@pytest.mark.race
def test_computers_that_are_installed_together_do_not_wait_for_each_other(unprepared):
    if connection.vendor == "postgresql":
        hear("node2-3f0c8a", release())
    prepare()
    assert is_prepared()


@pytest.mark.long(on="postgres")
@pytest.mark.race
def test_app_of_another_computer_is_heard_until_it_is_stopped():
    if connection.vendor != "postgresql":
        assert computers.list_others() == []
        return
    with tempfile.TemporaryDirectory(prefix="nf-") as folder:
        command = up.list_commands({"APP_SOCKET": f"{folder}/app.sock", "WORKERS": "1"})["app"]
        env = processes.environment() | {"VAR_DIR": folder, "DEBUG": "1"}
        app = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stderr=subprocess.DEVNULL)
        processes.wait_until(computers.list_others)
        [other] = computers.list_others()
        assert other.name.startswith(f"{socket.gethostname()}-")
        assert (other.name != computers.get_name(), other.release) == (True, release())
        app.terminate()
        app.wait(20)
    assert computers.list_others() == []
