"""Write every row of every table as a line of JSON with exact types, and read it into the other kind of database.

A line is the array of a row's columns. Times are ISO 8601 in UTC with microseconds, days ISO 8601, UUIDs their usual text;
the order is that of the primary key, text by code point. Both databases give the same lines for the same rows, so a table's
checksum is the SHA-256 of its lines.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ExpressionWrapper, F
from django.db.models.functions import Collate

# Tables of this machine, not of the site.
LEFT_OUT = {"config.CopyRun", "config.Round"}
SNAPSHOT = "copy"
# A row may be as large as a lesson with its captions, so few are read at once.
FETCHED = 100
WHOLE = {"AutoField", "BigAutoField", "SmallAutoField", "BigIntegerField", "IntegerField", "SmallIntegerField",
         "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "BooleanField"}  # fmt: skip
TEXT = {"CharField", "TextField", "SlugField", "FileField"}
# Larger integers are written without an exponent by jsonb, floats with one by Python.
EXACT = 1e16
NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def list_models(apps: Apps) -> list[type[models.Model]]:
    """Return all models of a copy, with those of many-to-many tables, in the order of their labels."""
    found = apps.get_models(include_auto_created=True)
    kept = [m for m in found if m._meta.managed and not m._meta.proxy and m._meta.label not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.label)


def list_columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def get_kind(field: Any) -> str:
    """Return Django's name of the type a column holds; a foreign key has that of its target."""
    while field.remote_field:
        field = field.target_field
    return field.get_internal_type()


# --- a snapshot of the database ---


@contextmanager
def hold_snapshot() -> Iterator[str]:
    """Yield the alias of a separate connection that sees one snapshot of the database while others write."""
    connection = connections["default"].copy(alias=SNAPSHOT)
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "sqlite":
        # IMMEDIATE, the site's mode, would block every writer.
        options["transaction_mode"] = "DEFERRED"
        # Every row is read once, so a cache would only take memory.
        options["init_command"] = options.get("init_command", "") + " PRAGMA cache_size=-2000;"
    else:
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    connections[SNAPSHOT] = connection
    try:
        with transaction.atomic(using=SNAPSHOT):
            with connection.cursor() as cursor:  # the snapshot is taken by the first read
                cursor.execute("SELECT COUNT(*) FROM django_migrations")
            yield SNAPSHOT
    finally:
        connection.close()
        del connections[SNAPSHOT]


# --- out ---


def order_rows(model: type[models.Model], columns: list[str]) -> list[models.Field]:
    """Return the fields of these columns; a model of an earlier migration has them in another order."""
    by_column = {field.column: field for field in list_columns(model)}
    return [by_column[column] for column in columns]


def read_lines(model: type[models.Model], alias: str, columns: list[str] | None = None) -> Iterator[bytes]:
    fields = order_rows(model, columns) if columns else list_columns(model)
    places = [at for at, field in enumerate(fields) if get_kind(field) == "JSONField"]
    for field in fields:
        if get_kind(field) not in WHOLE | TEXT | set(IN):
            raise TypeError(f"{model._meta.label}.{field.name} is of a type that no copy knows how to keep.")
    key: F | Collate = F(model._meta.pk.attname)
    if connections[alias].vendor == "postgresql" and get_kind(model._meta.pk) in TEXT:
        key = Collate(key, "C")
    rows = model._base_manager.using(alias).order_by(key).values_list(*map(get_stored_column, fields))
    for row in rows.iterator(chunk_size=FETCHED):
        if places:
            row = list(row)
            for at in places:
                row[at] = normalise_json(row[at])
        yield encode(row) + b"\n"


def get_stored_column(field: models.Field) -> str | ExpressionWrapper:
    """Return a column as the database stores it, without the conversion of fields such as phone numbers."""
    if get_kind(field) in TEXT and hasattr(field, "from_db_value"):
        return ExpressionWrapper(F(field.attname), output_field=models.TextField())
    return field.attname


def normalise_json(value):
    """Return the JSON as both databases would return it: jsonb has no exponent and no negative zero."""
    if isinstance(value, dict):
        return {key: normalise_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [normalise_json(part) for part in value]
    if isinstance(value, float):
        return int(value) if abs(value) >= EXACT and value.is_integer() else value or 0.0
    return value


def write_value(value: object) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a copy.")


encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=write_value)


def encode(row: Iterable) -> bytes:
    return encoder.encode(row).encode("utf-8", "surrogatepass")


def compute_digest(model: type[models.Model], alias: str, columns: list[str]) -> tuple[int, str]:
    """Return the number of rows, and the SHA-256 of their lines."""
    digest, count = hashlib.sha256(), 0
    for line in read_lines(model, alias, columns):
        count += 1
        digest.update(line)
    return count, digest.hexdigest()


# --- in ---


class Loader:
    """Store lines in a model's table without its defaults and `auto_now`; count and checksum what was stored.

    PostgreSQL cannot store a NUL character or half of a surrogate pair, which SQLite can: there they become U+FFFD.
    """

    def __init__(
        self, model: type[models.Model], connection: BaseDatabaseWrapper, columns: list[str]
    ) -> None:
        """Take `columns` in the order of the lines."""
        fields = order_rows(model, columns)
        self.connection, self.count, self.mended, self.digest = connection, 0, 0, hashlib.sha256()
        self.change = [(at, IN[get_kind(field)]) for at, field in enumerate(fields) if get_kind(field) in IN]
        # A JSON column that is NOT NULL holds the JSON null where Python has None.
        self.is_nullable = {at: field.null for at, field in enumerate(fields)}
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column or field.attname) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        self.table = f"{quote(model._meta.db_table)} ({names})"
        self.insert = f"INSERT INTO {self.table} VALUES ({marks})"

    def add(self, lines: Iterable[bytes]) -> None:
        """Insert the lines in one command, which a busy database answers once; raises Django's database errors."""
        rows = (self.prepare(self.mend(line)) for line in lines)
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                with (
                    self.connection.wrap_database_errors,
                    cursor.copy(f"COPY {self.table} FROM STDIN") as copy,
                ):
                    for row in rows:
                        copy.write_row(row)
            else:
                cursor.executemany(self.insert, rows)  # type: ignore[arg-type]  # the drivers take any iterable

    def mend(self, line: bytes) -> bytes:
        self.count += 1
        if self.connection.vendor == "postgresql":
            found = NUL.sub(b"\\1\xef\xbf\xbd", line).decode("utf-8", "replace").encode()
            self.mended += found != line
            line = found
        self.digest.update(line)
        return line

    def prepare(self, line: bytes) -> list:
        row = json.loads(line.decode("utf-8", "surrogatepass"))
        for at, change in self.change:
            if row[at] is not None or not self.is_nullable[at]:
                row[at] = change(row[at], self.connection.ops, self.connection.features)
        return row


Change = Callable[[Any, Any, Any], object]
IN: dict[str, Change] = {
    "DateTimeField": lambda text, ops, _features: ops.adapt_datetimefield_value(
        datetime.datetime.fromisoformat(text)
    ),
    "DateField": lambda text, ops, _features: ops.adapt_datefield_value(datetime.date.fromisoformat(text)),
    "UUIDField": lambda text, _ops, features: (
        uuid.UUID(text) if features.has_native_uuid_field else uuid.UUID(text).hex
    ),
    "JSONField": lambda value, ops, _features: ops.adapt_json_value(value, None),
}


# --- the next id of each table ---


def is_numbered(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField)


def find_last_number(model: type[models.Model], alias: str) -> int:
    """Return the last id that was given out, even if its row is deleted: an id is never used again."""
    connection, table = connections[alias], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [connection.ops.quote_name(table), model._meta.pk.column],
            )
        row = cursor.fetchone()
    return row[0] or 0 if row else 0


def continue_numbers(model: type[models.Model], last: int, connection: BaseDatabaseWrapper) -> None:
    """Set the next id above this one."""
    if not last:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [connection.ops.quote_name(table), model._meta.pk.column, last],
            )
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
