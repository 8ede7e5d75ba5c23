"""One world for a module: everybody, and one of everything of their own county and of another."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from accounts.models import Place, User
from accounts.worklist import items
from config.health.probes import BEAT
from tests.access.outcomes import answer_refusals_plainly
from tests.access.sender import Sender
from tests.access.world import Side, make_cast

World = tuple[dict[str, User | None], dict[str, Side]]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Stands in a transaction around the module; what a test writes is rolled back after it."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        yield make_cast()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sender(world) -> Sender:
    return Sender(world[0])


@pytest.fixture
def without_numbers(monkeypatch) -> None:
    """The tabs show no numbers: what waits is counted anew after every form that is sent, and has its own tests."""
    monkeypatch.setattr(items, "sources", [])


@pytest.fixture
def plain_refusals(monkeypatch) -> None:
    answer_refusals_plainly(monkeypatch)


@pytest.fixture
def cast(world, db, settings) -> dict[str, User | None]:
    settings.DEMO = True  # the second factor has its own tests
    cache.delete(BEAT)  # no worker runs here: /readyz says so
    return world[0]


@pytest.fixture
def sides(world, db) -> dict[str, Side]:
    return world[1]


@pytest.fixture
def village(cast) -> Place:
    return cast["seller"].memberships.get().place


@pytest.fixture
def county(village) -> Place:
    return village.parent.parent


@pytest.fixture
def trainee(cast) -> User:
    return cast["trainee"]


@pytest.fixture
def trainer(cast) -> User:
    return cast["trainer"]


@pytest.fixture
def organiser(cast) -> User:
    return cast["organiser"]
