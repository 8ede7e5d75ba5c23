"""Many rows in one statement, those that are there already left as they are.

`bulk_create(ignore_conflicts=True)` does not tell which rows were new, and spends more time on model instances
than the database on the rows; batches from phones are the one place where both matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model


def insert_new(
    model: type[Model],
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    returning: str,
    update: tuple[Sequence[str], Sequence[str]] | None = None,
) -> set:
    """Inserts `rows` (values in the order of `names`, which are column attributes such as "user_id") and gives
    back the `returning` column of those that were not there. One statement; none without rows.

    With `update`, a pair of the unique columns and those to change, a row that is there gets the new values.
    """
    if not rows:
        return set()
    fields = [field_of(model, name) for name in names]
    marks = f"({', '.join(['%s'] * len(names))})"
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns(fields)}) VALUES "
        f"{', '.join([marks] * len(rows))} ON CONFLICT {action(model, update)} "
        f"RETURNING {columns([field_of(model, returning)])}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, prepared(fields, rows))
        found = cursor.fetchall()
    read = field_of(model, returning).to_python
    return {read(value) for (value,) in found}


def action(model: type[Model], update: tuple[Sequence[str], Sequence[str]] | None) -> str:
    if not update:
        return "DO NOTHING"
    unique, changed = ([field_of(model, name) for name in names] for names in update)
    new = ", ".join(f"{quoted(field.column)} = excluded.{quoted(field.column)}" for field in changed)
    return f"({columns(unique)}) DO UPDATE SET {new}"


def prepared(fields: Sequence[Field], rows: Sequence[Sequence[object]]) -> list[object]:
    """All values, row after row, as the database takes them."""
    by_column = [
        column_of(field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    return [value for row in zip(*by_column, strict=True) for value in row]


def column_of(field: Field, values: Sequence[object]) -> list[object]:
    """A value that is the same object in every row (whose, when received) is prepared once.

    The connection itself is fetched once: going through its thread-local proxy for each value costs more than
    preparing it.
    """
    first, connection = values[0], connections[DEFAULT_DB_ALIAS]
    if all(value is first for value in values):
        return [field.get_db_prep_save(first, connection)] * len(values)
    return [field.get_db_prep_save(value, connection) for value in values]


@cache
def field_of(model: type[Model], name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))


def columns(fields: Iterable[Field]) -> str:
    return ", ".join(quoted(field.column) for field in fields)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
