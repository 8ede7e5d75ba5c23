"""`manage.py prepare` on several computers with one PostgreSQL: one at a time."""

import io
import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections

from config.postgresql import computers
from shops.models import Category

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.both_databases
def test_database_is_prepared_with_its_kinds_and_again_without_harm():
    for _time in range(2):
        call_command("prepare", stdout=io.StringIO())
    assert Category.objects.filter(parent=None).exists()
    assert computers.list_others() == []
