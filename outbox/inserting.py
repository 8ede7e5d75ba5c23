"""Many rows in one statement, those that are there already left as they are.

`bulk_create(ignore_conflicts=True)` does not tell which rows were new, and spends more time on model instances
than the database on the rows; batches from phones are the one place where both matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

WHOLE_NUMBERS = {"BigAutoField", "BigIntegerField", "IntegerField", "PositiveIntegerField"}


def insert_new(
    model: type[Model],
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    returning: str,
    update: tuple[Sequence[str], Sequence[str]] | None = None,
) -> set:
    """Inserts `rows` (values in the order of `names`, which are column attributes such as "user_id") and gives
    back the `returning` column of those that were not there. One statement; none without rows.
    Whole numbers, moments and UUIDs must come as int, aware datetime and UUID.

    With `update`, a pair of the unique columns and those to change, a row that is there gets the new values.
    """
    if not rows:
        return set()
    fields = [field_of(model, name) for name in names]
    marks = f"({', '.join(['%s'] * len(names))})"
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns_of(fields)}) VALUES "
        f"{', '.join([marks] * len(rows))} ON CONFLICT {action(model, update)} "
        f"RETURNING {columns_of([field_of(model, returning)])}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, prepared(fields, rows))
        found = cursor.fetchall()
    if len(found) == len(rows) and returning in names:
        # All were new, as nearly always: no need to read back what was just given.
        at = names.index(returning)
        return {row[at] for row in rows}
    read = field_of(model, returning).to_python
    return {read(value) for (value,) in found}


def action(model: type[Model], update: tuple[Sequence[str], Sequence[str]] | None) -> str:
    if not update:
        return "DO NOTHING"
    unique, changed = ([field_of(model, name) for name in names] for names in update)
    new = ", ".join(f"{quoted(field.column)} = excluded.{quoted(field.column)}" for field in changed)
    return f"({columns_of(unique)}) DO UPDATE SET {new}"


def prepared(fields: Sequence[Field], rows: Sequence[Sequence[object]]) -> list[object]:
    """All values, row after row, as the database takes them."""
    by_column = [
        column_of(field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    return [value for row in zip(*by_column, strict=True) for value in row]


def column_of(field: Field, values: Sequence[object]) -> list[object]:
    """A value that is the same in every row (whose, when received, of which kind) is prepared once."""
    first, connection = values[0], connections[DEFAULT_DB_ALIAS]
    prepare = preparing(field, connection.vendor)
    if all(value is first for value in values) or type(first) is str and values.count(first) == len(values):
        return [prepare(first, connection)] * len(values)
    return [prepare(value, connection) for value in values]


@cache
def preparing(field: Field, vendor: str) -> Callable[[object, BaseDatabaseWrapper], object]:
    """How one value becomes what the database takes.

    The usual way goes through five calls a value, to find out what a value could be. Here ids are UUIDs, moments
    are aware and numbers are ints, so for these three the last call alone is enough.
    """
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    if kind in WHOLE_NUMBERS:
        return as_it_is
    if kind == "DateTimeField":
        return moment
    if kind == "UUIDField":
        return as_it_is if connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field else uuid_hex
    return field.get_db_prep_save


def as_it_is(value: object, _connection: BaseDatabaseWrapper) -> object:
    return value


def moment(value: datetime | None, connection: BaseDatabaseWrapper) -> object:
    return connection.ops.adapt_datetimefield_value(value)


def uuid_hex(value: UUID, _connection: BaseDatabaseWrapper) -> str:
    return value.hex


@cache
def field_of(model: type[Model], name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))


def columns_of(fields: Iterable[Field]) -> str:
    return ", ".join(quoted(field.column) for field in fields)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
