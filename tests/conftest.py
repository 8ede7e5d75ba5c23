"""The people of most tests: a trainee, a trainer, a seller and an organiser of one county, and a stranger from another."""

import copy
import gc
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations
from django.http import HttpRequest
from django.template import Context
from django.test import Client, TransactionTestCase, client
from django.test.utils import ContextList
from django.utils import translation
from django.utils.crypto import get_random_string

from accounts.auth.passwords import VillageArgon2Hasher
from accounts.auth.sessions import SessionStore
from accounts.models import Membership, Place, User
from accounts.worklist import items
from tests import migrated, workers
from tests.environment import ON_POSTGRES
from tests.factories import make_county, make_person

Role = Membership.Role


# Modules of few tests that take long are begun first, so that no worker waits for one of them at the end.
LONGEST = (
    "access/test_access.py",
    "access/test_hostile_values.py",
    "browser/rehearsing/",
    "browser/journeys/",
    "browser/test_outbox_plans.py",
    "browser/test_safety_screens.py",
    "browser/test_films.py",
    "media/videos/",
    "config/test_admin_access.py",
    "config/copies/",
    "config/processes/",
    "config/test_work.py",
    "shops/orders/test_obstacles.py",
    "demo/test_county.py",
)


# `make test` chooses these on PostgreSQL.
MARKED = "both_databases or race"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import modules without a test of those chosen: five of six, in every worker."""
    chosen = config.option.markexpr
    if collection_path.suffix != ".py" or not ("long" in chosen or MARKED in chosen):
        return None
    text = collection_path.read_text()
    if "long" in chosen and "mark.long" not in text:
        return True
    return None if MARKED not in chosen or "mark.both_databases" in text or "mark.race" in text else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items)
    begin_longest(items)


def begin_longest(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    places = {
        path: next((place for place, start in enumerate(LONGEST) if path.startswith(start)), len(LONGEST))
        for path in {str(item.path.relative_to(folder)) for item in items}
    }
    items.sort(key=lambda item: places[str(item.path.relative_to(folder))])


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is long on this database, unless it is named or LONG=too asks for both; where `long` is asked for, all
    else. On PostgreSQL leave out what writes the suite's database into a file.
    """
    asked_for = "long" in config.option.markexpr
    is_named = any("::" in arg for arg in config.args) or os.environ.get("LONG") == "too"
    kept = [
        item
        for item in items
        if (is_named or is_long(item) == asked_for)
        and not (ON_POSTGRES and item.get_closest_marker("sqlite"))
    ]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def is_long(item: pytest.Item) -> bool:
    """`long(on="postgres")` is long on PostgreSQL only."""
    here = "postgres" if ON_POSTGRES else "sqlite"
    return any(mark.kwargs.get("on", here) == here for mark in item.iter_markers("long"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: workers.WorkerController) -> None:
    node.workerinput["by_file"] = is_by_file(node.config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> workers.Scheduling | None:
    return workers.Scheduling(config, log) if is_by_file(config) else None


def is_by_file(config: pytest.Config) -> bool:
    """Return whether workers run whole files, and no test is asked for by its name."""
    return config.option.dist == "loadfile" and not any("::" in one for one in config.args)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the garbage collector, which took a twelfth of the time, need
    not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    if getattr(config, "workerinput", {}).get("by_file"):
        config.pluginmanager.register(workers.Files(config, begin_longest))
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    Client._login = sign_in_at_once
    client.store_rendered_templates = store_page
    # A password takes 20 ms to store and to check; servers in processes of their own take them.
    VillageArgon2Hasher.time_cost, VillageArgon2Hasher.memory_cost = 1, 8
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # Races and browsers need a file: an in-memory database has one connection for all threads.
        test = connections.settings["default"]["TEST"]
        test["NAME"] = str(Path(os.environ["VAR_DIR"], "test.sqlite3"))
        # A power cut ends the tests anyway.
        connections.settings["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    else:
        DatabaseOperations.sql_flush = delete_all


def store_page(
    store: dict, signal: object, sender: object, template: object, context: Context, **_said
) -> None:
    """Keep the context of the page for `answer.context`, and not also a copy for each of the hundred templates in it."""
    store.setdefault("templates", []).append(template)
    if "context" not in store:
        store["context"] = ContextList([copy.copy(context)])


def sign_in_at_once(client: Client, user: User, backend: str | None = None) -> None:
    """What `force_login` does, with one statement for the session of a new client: Django creates two, reads and deletes one."""
    if client.cookies.get(settings.SESSION_COOKIE_NAME):
        sign_in_as_django(client, user, backend)
        return
    request = HttpRequest()
    request.session = SessionStore(get_random_string(32, VALID_KEY_CHARS))
    request.session._session_cache = {}
    request.session.cycle_key = lambda: None  # nobody has seen the key
    login(request, user, backend)
    request.session.save(must_create=True)
    client._set_login_cookies(request)


sign_in_as_django = Client._login


def delete_all(operations, style, tables, *, reset_sequences=False, allow_cascade=False) -> list[str]:
    """What empties PostgreSQL's tables after a test that commits: TRUNCATE, which makes each of a hundred tables and its
    indexes anew, takes half a second."""
    deletes = [f"DELETE FROM {operations.quote_name(table)}" for table in tables]
    if not deletes:
        return []
    # Neither keys nor what keeps a ledger's rows from being deleted stands in the way.
    return ["SET session_replication_role = replica", *deletes, "SET session_replication_role = DEFAULT"]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings) -> bool:
    """Whether the tables are there already: from an earlier run of the same tree, on PostgreSQL from the run's first worker."""
    default = connections.settings["default"]
    if not default["ENGINE"].endswith("sqlite3"):
        return migrated.clone_first(connections["default"])
    return migrated.copy_template(default["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_keepdb, django_db_blocker) -> None:
    default = connections.settings["default"]
    if not default["ENGINE"].endswith("sqlite3"):
        if not django_db_keepdb:
            migrated.offer_first(connections["default"])
        return
    if not django_db_keepdb:
        migrated.keep_template(default["TEST"]["NAME"])
    with django_db_blocker.unblock():
        TransactionTestCase._fixture_teardown = empty_by_copy(connections["default"])


def empty_by_copy(connection: BaseDatabaseWrapper) -> Callable[[TransactionTestCase], None]:
    """What empties SQLite's tables after a test that commits: a copy of the empty database. Django's flush deletes from a
    hundred tables and makes content types and permissions anew, by other numbers than those that a process remembers."""
    connection.ensure_connection()
    before, emptied = connection.Database.connect(":memory:"), connection.Database.connect(":memory:")
    connection.connection.backup(before)
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True, reset_sequences=False)
    with connection.cursor() as cursor:
        for table in ("django_content_type", "auth_permission"):
            rows = before.execute(f"SELECT * FROM {table}").fetchall()
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
    connection.connection.backup(emptied)
    before.backup(connection.connection)
    before.close()

    def empty(_test: TransactionTestCase) -> None:
        connection.ensure_connection()
        live = connection.connection
        if live.in_transaction:
            live.rollback()
        # As after a flush, no number is given twice: what a request of this test writes late belongs to no row of the next.
        given = live.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        emptied.backup(live)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence")
            cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", given)

    return empty


@pytest.fixture(autouse=True)
def _source_language() -> None:
    """A request of the test before leaves its language to the thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    for name in ("pages", "counts"):
        caches[name].clear()


@pytest.fixture
def numbers_on_tabs() -> None:
    """Ask for the numbers on the tabs, which every page would count anew after every form: an eighth of the tests' time."""


@pytest.fixture(autouse=True)
def _tabs_without_numbers(request, monkeypatch) -> None:
    if "numbers_on_tabs" not in request.fixturenames and not request.node.get_closest_marker("browser"):
        monkeypatch.setattr(items, "count_for", lambda _user: {})


@pytest.fixture
def without_logs() -> Iterator[None]:
    """Write no log below an error, for tests of thousands of requests."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def county(db) -> Place:
    """柚山县 with 青溪镇 and two villages, 石榴冲村 and 柑子坪村."""
    return make_county("柚山县", "青溪镇", ["石榴冲村", "柑子坪村"])


@pytest.fixture
def village(county: Place) -> Place:
    return Place.objects.get(name="石榴冲村")


@pytest.fixture
def other_village(db) -> Place:
    """A village of another county, which nobody of the cast but the stranger belongs to."""
    make_county("雾岭县", "云头镇", ["竹坪村"])
    return Place.objects.get(name="竹坪村")


@pytest.fixture
def trainee(village: Place) -> User:
    return make_person("田巧云", (Role.TRAINEE, village))


@pytest.fixture
def trainer(county: Place) -> User:
    return make_person("李老师", (Role.TRAINER, county))


@pytest.fixture
def seller(village: Place) -> User:
    return make_person("周梅英", (Role.SELLER, village))


@pytest.fixture
def organiser(county: Place) -> User:
    return make_person("向满姑", (Role.ORGANISER, county))


@pytest.fixture
def stranger(other_village: Place) -> User:
    """Holds every role, but in another county: whatever they can see, the place does not guard."""
    return make_person("罗金花", *[(role, other_village) for role in Role])


@pytest.fixture
def as_user(client):
    """as_user(person) → the test client signed in as that person.

    What waits behind their tabs is not counted, as on every page soon after another: a test that counts queries counts
    those of its own page.
    """

    def sign_in(person: User):
        client.force_login(person)
        caches["counts"].set(person.pk, ("", {}, time.monotonic() + 600), 600)
        return client

    return sign_in
