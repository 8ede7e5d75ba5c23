"""A database of a newer release is refused before anything is changed in it."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config import up
from config.health import checks


def record(app: str, name: str) -> None:
    MigrationRecorder(connection).record_applied(app, name)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_database_of_a_newer_release_is_refused_in_a_sentence():
    assert checks.check_release(databases=["default"]) == []
    record("shops", "0999_price_in_drones")
    [found] = checks.check_release(databases=["default"])
    assert found.is_serious()
    assert found.msg == (
        "The database was written by a newer release of this program: it has shops.0999_price_in_drones."
    )
    assert found in up.list_problems()
    with pytest.raises(SystemCheckError, match="newer release"):
        call_command("migrate", "--plan", skip_checks=False)
    with pytest.raises(SystemCheckError, match="newer release"):
        call_command("check", "--database", "default")


@pytest.mark.django_db
def test_migrations_of_an_app_that_is_no_longer_part_of_the_program_say_nothing():
    record("fairs", "0031_stalls")
    assert checks.check_release(databases=["default"]) == []
    assert checks.check_release() == []  # a check without a database asks none
