"""Write and read many rows by plain SQL on the one path where the ORM is too slow: batches from phones at /sync/.

A hall of phones sends thousands of events in a few minutes to one small computer. A batch of 50 lessons done (100 rows
written) takes 2.2 ms of CPU in `reception.receive_batch` by this module, 7.3 ms by `bulk_create` and `filter`, and one bare
`bulk_create` of half the rows 2.3 ms (SQLite, 2026-11-27): with the ORM the target of half the speed of bare inserts
(`bench.scenarios.sync`) is missed by far. The ORM makes a model instance for each row, goes through five calls for each value,
and builds each query anew; it also does not say which of the rows were new.

Values are what the ORM would write and read (tests/outbox/test_bulk_sql.py). Use it nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, JSONField, Model
from django.db.models.fields.related import RelatedField

Changes = tuple[tuple[str, ...], tuple[str, ...]]
WHOLE_NUMBERS = {"BigAutoField", "BigIntegerField", "IntegerField", "PositiveIntegerField"}


# --- Writing ---


def insert_new(
    model: type[Model],
    names: tuple[str, ...],
    rows: Sequence[Sequence[object]],
    returning: str,
    update: Changes | None = None,
) -> set:
    """Insert `rows` and return the `returning` column of those that did not exist. One statement; none without rows.

    `rows` have values in the order of `names`, which are column attributes such as "user_id": whole numbers, times and UUIDs
    as int, aware datetime and UUID; JSON is never None. With `update`, a pair of the unique columns and those to change, an
    existing row gets the new values.
    """
    if not rows:
        return set()
    begin, end = make_statement(model, names, returning, update)
    marks = f"({', '.join(['%s'] * len(names))})"
    sql = f"{begin} {', '.join([marks] * len(rows))} {end}"
    with connection.cursor() as cursor:
        cursor.execute(sql, prepare_rows([get_field(model, name) for name in names], rows))
        found = cursor.fetchall()
    if len(found) == len(rows) and returning in names:
        # All were new, the usual case: the result need not be read.
        at = names.index(returning)
        return {row[at] for row in rows}
    read = get_field(model, returning).to_python
    return {read(value) for (value,) in found}


@cache
def make_statement(
    model: type[Model], names: tuple[str, ...], returning: str, update: Changes | None
) -> tuple[str, str]:
    """Return the statement before and after its rows."""
    fields = [get_field(model, name) for name in names]
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({list_columns(fields)}) VALUES",
        f"ON CONFLICT {write_conflict_action(model, update)} RETURNING {list_columns([get_field(model, returning)])}",
    )


def write_conflict_action(model: type[Model], update: Changes | None) -> str:
    """Return what follows ON CONFLICT."""
    if not update:
        return "DO NOTHING"
    unique, changed = ([get_field(model, name) for name in names] for names in update)
    new = ", ".join(f"{quote_column(field)} = excluded.{quote_column(field)}" for field in changed)
    return f"({list_columns(unique)}) DO UPDATE SET {new}"


def prepare_rows(fields: Sequence[Field], rows: Sequence[Sequence[object]]) -> list[Any]:
    """Return all values as the database takes them, row after row."""
    by_column = [
        prepare_column(field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    return [value for row in zip(*by_column, strict=True) for value in row]


def prepare_column(field: Field, values: Sequence[object]) -> Sequence[object]:
    """Prepare a column's values; one that is the same in every row (whose, when, of which kind) is prepared once."""
    # Fetched once: its thread-local proxy takes longer for each value than preparing the value.
    usual = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    prepare, first = find_adapter(field) or usual, values[0]
    if prepare is keep:
        return values
    if all(value is first for value in values) or (type(first) is str and values.count(first) == len(values)):
        return [prepare(first)] * len(values)
    return [prepare(value) for value in values]


@cache
def find_adapter(field: Field) -> Callable[[object], object] | None:
    """Return the function that prepares a value of this field; None for the field's own, as for JSON of PostgreSQL."""
    kind = (field.target_field if isinstance(field, RelatedField) else field).get_internal_type()
    if kind in WHOLE_NUMBERS:
        return keep
    is_sqlite = connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
    if kind == "DateTimeField":
        return format_moment if is_sqlite else keep
    if kind == "UUIDField":
        return attrgetter("hex") if is_sqlite else keep
    if kind == "JSONField" and is_sqlite:
        return json.dumps
    return None


def keep(value: object) -> object:
    return value


@lru_cache(maxsize=1000)
def format_moment(value: datetime | None) -> str | None:
    """Return the moment as SQLite keeps it; the same few stand in all rows that one event becomes."""
    return str(value.astimezone(UTC).replace(tzinfo=None)) if value else None


# --- Reading ---


def fetch(sql: str, values: Sequence[Any], fields: Sequence[Field]) -> list[tuple]:
    """Run `sql`, which selects the columns of `fields` in their order, with ints or strings as `values`."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    if not rows:
        return []
    read = zip(fields, zip(*rows, strict=True), strict=True)
    return list(zip(*(convert_column(field, found, connection) for field, found in read), strict=True))


def fetch_rows(
    model: type[Model], names: tuple[str, ...], where: str, values: Sequence[object]
) -> list[tuple]:
    """Return these columns of the rows of one model's table, in no order."""
    fields = [get_field(model, name) for name in names]
    return fetch(f"{make_select(model, names)} WHERE {where}", values, fields)


@cache
def make_select(model: type[Model], names: tuple[str, ...]) -> str:
    fields = [get_field(model, name) for name in names]
    return f"SELECT {list_columns(fields)} FROM {quote(model._meta.db_table)}"


def convert_column(field: Field, found: Sequence[object], connection) -> Sequence[object]:
    """Convert a column's values; one that is the same in every row once, except JSON, whose lists must be apart."""
    if not isinstance(field, JSONField) and len(found) > 1 and found.count(found[0]) == len(found):
        return [*convert_column(field, found[:1], connection)] * len(found)
    for convert, expression in find_converters(field, connection.vendor):
        found = [convert(value, expression, connection) for value in found]
    return found


@cache
def find_converters(field: Field, vendor: str) -> list[tuple]:
    """Return what the ORM does to a column's values: the database's part, then the field's."""
    connection = connections[DEFAULT_DB_ALIAS]
    expression = field.get_col(field.model._meta.db_table)
    every = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
    return [(convert, expression) for convert in every]


# --- Names ---


def make_placeholders(values: Collection[object]) -> str:
    """Return the placeholders of IN (…) for this number of values; NULL for none."""
    return ", ".join(["%s"] * len(values)) or "NULL"


@cache
def get_field(model: type[Model], name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))


def list_columns(fields: Iterable[Field]) -> str:
    return ", ".join(quote_column(field) for field in fields)


def quote_column(field: Field) -> str:
    return quote(field.column or field.attname)


def quote(name: str) -> str:
    return connection.ops.quote_name(name)
