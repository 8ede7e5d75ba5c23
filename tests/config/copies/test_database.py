"""The database alone, on a site of its own with PostgreSQL and with SQLite: saved and put back as an upgrade does it, its
rows read and stored as a copy does it."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler, DatabaseError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import AuditEntry, Place, User
from config.copies import backup, rows
from config.copies.database import CannotSave, load_database, save_database


@pytest.fixture(params=["sqlite", "other"])
def url(request, tmp_path, monkeypatch) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/site.sqlite3"
    url = request.getfixturevalue("other_database")
    if url.startswith("postgres"):
        # pg_dump must be as new as its server.
        with psycopg.connect(url) as line:
            [(folder,)] = line.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchall()
            line.execute("DROP SCHEMA public CASCADE")
            line.execute("CREATE SCHEMA public")
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    else:
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
    return url


@pytest.fixture
def _site(url, django_db_blocker) -> Iterator[None]:
    """Let the site's database be that one."""
    own = connections["default"]
    connections["default"] = ConnectionHandler({"default": dj_database_url.parse(url)})["default"]
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            run("PRAGMA journal_mode=WAL")
        yield
        connection.close()
    connections["default"] = own


pytestmark = pytest.mark.usefixtures("_site")


def run(*statements: str) -> list[tuple]:
    """Return the rows of the last one."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def look() -> tuple[list[str], list[tuple]]:
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("shop")]
    return sorted(tables), run("SELECT * FROM shop ORDER BY id")


MAKE = ("CREATE TABLE shop (id integer primary key, name varchar(20))", "INSERT INTO shop VALUES (1, '橙子')")
BEFORE = (["shop"], [(1, "橙子")])


def test_saved_database_comes_back_without_what_was_changed_since(tmp_path):
    saved = tmp_path / "saved/site.database"
    saved.parent.mkdir()
    saved.with_name(".site.database.draft").write_text("of an upgrade that was cut")
    run(*MAKE)
    save_database(saved)
    assert look() == BEFORE
    run(
        "INSERT INTO shop VALUES (2, 'late')",
        "ALTER TABLE shop ADD COLUMN price integer",
        "CREATE TABLE shop_tax (id integer)",
    )
    for _time in range(2):  # the second time as after a cut
        load_database(saved)
        assert look() == BEFORE
    run("INSERT INTO shop VALUES (3, 'after')")
    assert look()[1][1:] == [(3, "after")]
    assert [path.name for path in saved.parent.iterdir()] == ["site.database"]
    assert saved.stat().st_mode & 0o777 == 0o600


def test_command_says_why_a_database_cannot_be_put_back(tmp_path, monkeypatch):
    run(*MAKE)
    saved = tmp_path / "site.database"
    call_command("database_file", "save", str(saved))
    run("DELETE FROM shop")
    call_command("database_file", "load", str(saved))
    assert look() == BEFORE
    with pytest.raises(CommandError, match=r"other\.database"):
        call_command("database_file", "load", str(tmp_path / "other.database"))
    if connection.vendor == "postgresql":
        saved.write_text("nonsense")
        with pytest.raises(CannotSave, match="pg_restore: .*does not appear to be a valid archive"):
            load_database(saved)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(CannotSave, match="^pg_dump is not installed: apt-get install postgresql-client$"):
            save_database(saved)
        assert saved.read_text() == "nonsense"


# --- its rows, as a copy has them ---

COLUMNS = [field.column for field in rows.list_columns(AuditEntry)]


@pytest.fixture
def _tables(_site) -> None:
    with connection.schema_editor() as editor:
        for model in (Place, User, AuditEntry, Session):
            editor.create_model(model)
        editor.deferred_sql.clear()  # keys of tables that are not there
    MigrationRecorder(connection).ensure_schema()


def entry(number: int, said: str = "甲") -> bytes:
    values = {
        "id": number,
        "at": "2026-03-01T08:00:00.000001+00:00",
        "actor_id": None,
        "place_id": None,
        "detail": {"said": said, "big": 1e20, "none": [None, 0.0, True]},
    }
    return rows.encode([rows.normalise_json(values.get(column, "x")) for column in COLUMNS]) + b"\n"


@pytest.mark.usefixtures("_tables")
def test_rows_come_back_as_they_were_stored_and_the_next_number_goes_on():
    loader = rows.Loader(AuditEntry, connection, COLUMNS)
    loader.add(entry(number) for number in (3, 7))
    assert rows.compute_digest(AuditEntry, "default", COLUMNS) == (2, loader.digest.hexdigest())
    lines = list(rows.read_lines(AuditEntry, "default"))
    assert lines == [entry(3), entry(7)]
    assert '"said":"甲"' in lines[0].decode()
    assert AuditEntry.objects.get(pk=7).detail == {"said": "甲", "big": 10**20, "none": [None, 0.0, True]}
    rows.continue_numbers(AuditEntry, 40, connection)
    assert rows.find_last_number(AuditEntry, "default") == 40
    assert AuditEntry.objects.create(verb="x", subject="user 1").pk == 41


@pytest.mark.usefixtures("_tables")
def test_next_number_of_an_empty_table_goes_on_too():
    assert rows.find_last_number(AuditEntry, "default") == 0
    rows.continue_numbers(AuditEntry, 0, connection)
    assert rows.find_last_number(AuditEntry, "default") == 0
    rows.continue_numbers(AuditEntry, 9, connection)
    assert rows.find_last_number(AuditEntry, "default") == 9


@pytest.mark.usefixtures("_tables")
def test_character_that_postgresql_cannot_keep_is_replaced_there_and_counted():
    loader = rows.Loader(AuditEntry, connection, COLUMNS)
    loader.add([entry(1, "甲\0乙"), entry(2, "\\u0000 as it is read"), entry(3)])
    on_postgresql = connection.vendor == "postgresql"
    assert (loader.count, loader.mended) == (3, int(on_postgresql))
    said = [one["said"] for one in AuditEntry.objects.order_by("id").values_list("detail", flat=True)]
    assert said == [f"甲{chr(0xFFFD) if on_postgresql else chr(0)}乙", "\\u0000 as it is read", "甲"]
    assert rows.compute_digest(AuditEntry, "default", COLUMNS) == (3, loader.digest.hexdigest())


@pytest.mark.usefixtures("_tables")
def test_row_that_the_database_does_not_take_is_the_databases_error():
    loader = rows.Loader(AuditEntry, connection, COLUMNS)
    with pytest.raises(DatabaseError), transaction.atomic():
        loader.add([entry(1), entry(1)])
    assert not AuditEntry.objects.exists()


@pytest.mark.usefixtures("_tables")
def test_rows_named_by_text_are_in_the_order_of_their_characters():
    columns = [field.column for field in rows.list_columns(Session)]
    whole = {"session_data": "x", "expire_date": "2026-03-01T08:00:00+00:00"}
    lines = [
        json.dumps([(whole | {"session_key": key})[column] for column in columns]).encode() for key in "aB10b"
    ]
    rows.Loader(Session, connection, columns).add(lines)
    read = [json.loads(line)[columns.index("session_key")] for line in rows.read_lines(Session, "default")]
    assert read == ["0", "1", "B", "a", "b"]


@pytest.mark.usefixtures("_tables")
def test_snapshot_is_of_one_moment_while_others_write():
    loader = rows.Loader(AuditEntry, connection, COLUMNS)
    loader.add([entry(1)])
    with rows.hold_snapshot() as alias:
        loader.add([entry(2)])
        assert list(rows.read_lines(AuditEntry, alias)) == [entry(1)]
        assert AuditEntry.objects.count() == 2
    assert alias not in connections.all(initialized_only=True)
    with rows.hold_snapshot() as alias:
        assert rows.find_last_number(AuditEntry, alias) in (0, 2)  # PostgreSQL counts what it gave out itself
        assert len(list(rows.read_lines(AuditEntry, alias))) == 2


@pytest.mark.usefixtures("_tables")
def test_room_for_the_rows_is_half_of_the_databases():
    if connection.vendor == "sqlite":
        run("PRAGMA wal_checkpoint(TRUNCATE)")
        size = Path(connection.settings_dict["NAME"]).stat().st_size
    else:
        [(size,)] = run("SELECT pg_database_size(current_database())")
    assert backup.measure_database() == size // 2 > 10_000


@pytest.mark.usefixtures("_tables")
def test_table_goes_into_the_copy_in_pieces_with_its_checksum(monkeypatch):
    rows.Loader(AuditEntry, connection, COLUMNS).add(entry(number) for number in range(1, 6))
    monkeypatch.setattr(backup, "PIECE", len(entry(1)) + 1)  # two rows are more
    made, signs = io.BytesIO(), []
    with tarfile.open(fileobj=made, mode="w") as tar:
        table = backup.write_table(tar, AuditEntry, "default", lambda: signs.append(1))
    lines = [entry(number) for number in range(1, 6)]
    assert (table["rows"], len(signs)) == (5, 3)
    made.seek(0)
    with tarfile.open(fileobj=made) as tar:
        names = tar.getnames()
        pieces = [gzip.decompress(tar.extractfile(name).read()) for name in names]
    assert names == [f"tables/accounts.AuditEntry/{number:06}.jsonl.gz" for number in (1, 2, 3)]
    assert pieces == [b"".join(lines[:2]), b"".join(lines[2:4]), lines[4]]
    assert table["sha256"] == hashlib.sha256(b"".join(lines)).hexdigest()
