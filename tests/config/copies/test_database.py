"""The database alone, saved and put back as an upgrade does it, on a site of its own with PostgreSQL and with SQLite."""

import os

import psycopg
import pytest

from tests.config.copies.elsewhere import ask, environment

SCRIPT = """
import json, django
django.setup()
from pathlib import Path
from django.db import connection
from config.copies.database import CannotSave, load_database, save_database
saved = Path({saved!r})

def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

def look():
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("shop")]
        cursor.execute("SELECT id, name FROM shop ORDER BY id")
        return [sorted(tables), cursor.fetchall()]
"""
CHANGE = """
run("CREATE TABLE shop (id integer primary key, name varchar(20))", "INSERT INTO shop VALUES (1, '橙子')")
save_database(saved)
before = look()
run("INSERT INTO shop VALUES (2, 'late')", "ALTER TABLE shop ADD COLUMN price integer", "CREATE TABLE shop_tax (id integer)")
found = []
for _time in range(2):  # the second time as after a cut
    load_database(saved)
    found.append(look())
with connection.cursor() as cursor:
    columns = [column.name for column in connection.introspection.get_table_description(cursor, "shop")]
run("INSERT INTO shop VALUES (3, 'after')")
print(json.dumps({{"before": before, "found": found, "columns": columns, "mode": oct(saved.stat().st_mode & 0o777),
                  "files": sorted(path.name for path in saved.parent.iterdir())}}))
"""


@pytest.fixture(params=["sqlite", "other"])
def url(request, tmp_path, monkeypatch) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/site.sqlite3"
    url = request.getfixturevalue("other_database")
    if url.startswith("postgres"):
        # pg_dump must be as new as its server.
        with psycopg.connect(url) as line:
            [(folder,)] = line.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchall()
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return url


def test_saved_database_comes_back_without_what_was_changed_since(tmp_path, url):
    folder = tmp_path / "saved"
    folder.mkdir()
    result = ask(
        environment(tmp_path, url), SCRIPT.format(saved=str(folder / "site.database")), CHANGE.format()
    )
    before = [["shop"], [[1, "橙子"]]]
    assert result == {
        "before": before,
        "found": [before, before],
        "columns": ["id", "name"],
        "mode": "0o600",
        "files": ["site.database"],
    }
