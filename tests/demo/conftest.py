"""The demo, seeded once for all tests of a module."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import User
from demo.management.commands import seed_demo
from demo.seed.timeline import clock_at
from shops.models import Shop
from tests.demo.worlds import NOW


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Seeded once for all tests of this module, and rolled back after them; the clock is set to NOW.

    It is interrupted before the photos are made, as by Ctrl-C in somebody's first `make run`, and the next run finishes it.
    """
    with django_db_blocker.unblock(), override_settings(DEMO=True), clock_at(NOW), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(seed_demo, "create_photos", interrupt)
            with pytest.raises(KeyboardInterrupt):
                call_command("seed_demo", once=True, stdout=io.StringIO())
        assert User.objects.exists()
        call_command("seed_demo", once=True, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


def interrupt(*_said) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def demo(world, db):
    with clock_at(NOW), override_settings(DEMO=True):
        yield


@pytest.fixture
def shop(demo) -> Shop:
    return Shop.objects.get(slug="meiyi")
