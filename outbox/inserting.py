"""Many rows in one statement, those that are there already left as they are.

`bulk_create(ignore_conflicts=True)` does not tell which rows were new, and spends more time on model instances
than the database on the rows; batches from phones are the one place where both matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.db import connection
from django.db.models import Field, Model

from outbox.preparing import prepared

Changes = tuple[tuple[str, ...], tuple[str, ...]]


def insert_new(
    model: type[Model],
    names: tuple[str, ...],
    rows: Sequence[Sequence[object]],
    returning: str,
    update: Changes | None = None,
) -> set:
    """Inserts `rows` (values in the order of `names`, which are column attributes such as "user_id") and gives
    back the `returning` column of those that were not there. One statement; none without rows.
    Whole numbers, moments and UUIDs must come as int, aware datetime and UUID; what is kept as JSON is never None.

    With `update`, a pair of the unique columns and those to change, a row that is there gets the new values.
    """
    if not rows:
        return set()
    begin, end = around(model, names, returning, update)
    marks = f"({', '.join(['%s'] * len(names))})"
    sql = f"{begin} {', '.join([marks] * len(rows))} {end}"
    with connection.cursor() as cursor:
        cursor.execute(sql, prepared([field_of(model, name) for name in names], rows))
        found = cursor.fetchall()
    if len(found) == len(rows) and returning in names:
        # All were new, as nearly always: no need to read back what was just given.
        at = names.index(returning)
        return {row[at] for row in rows}
    read = field_of(model, returning).to_python
    return {read(value) for (value,) in found}


@cache
def around(
    model: type[Model], names: tuple[str, ...], returning: str, update: Changes | None
) -> tuple[str, str]:
    """The statement before and after its rows."""
    fields = [field_of(model, name) for name in names]
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns_of(fields)}) VALUES",
        f"ON CONFLICT {action(model, update)} RETURNING {columns_of([field_of(model, returning)])}",
    )


def action(model: type[Model], update: Changes | None) -> str:
    if not update:
        return "DO NOTHING"
    unique, changed = ([field_of(model, name) for name in names] for names in update)
    new = ", ".join(f"{quoted(field.column)} = excluded.{quoted(field.column)}" for field in changed)
    return f"({columns_of(unique)}) DO UPDATE SET {new}"


@cache
def field_of(model: type[Model], name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))


def columns_of(fields: Iterable[Field]) -> str:
    return ", ".join(quoted(field.column) for field in fields)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
