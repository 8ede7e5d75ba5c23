"""Rows of one plain query, each value as its field would give it.

Building a query by the ORM takes several times as long as SQLite needs to answer it. That is worth its readability
everywhere but on the path of every batch from every phone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, JSONField, Model

from outbox.inserting import columns_of, field_of, quoted


def fetch(sql: str, values: Collection[object], fields: Sequence[Field]) -> list[tuple]:
    """Runs `sql`, which selects the columns of `fields` in their order; `values` are ints or strings."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    if not rows:
        return []
    read = zip(fields, zip(*rows, strict=True), strict=True)
    return list(zip(*(column(field, found, connection) for field, found in read), strict=True))


def fetch_of(model: type[Model], names: tuple[str, ...], where: str, values: Sequence[object]) -> list[tuple]:
    """These columns of the model's own table, in no order."""
    fields = [field_of(model, name) for name in names]
    return fetch(f"{selected(model, names)} WHERE {where}", values, fields)


@cache
def selected(model: type[Model], names: tuple[str, ...]) -> str:
    fields = [field_of(model, name) for name in names]
    return f"SELECT {columns_of(fields)} FROM {quoted(model._meta.db_table)}"


def marks(values: Collection[object]) -> str:
    """For IN (…): as many as there are values, NULL for none."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def column(field: Field, found: Sequence[object], connection) -> Sequence[object]:
    """What is the same in every row is read once; not JSON, whose lists would be one and the same."""
    if not isinstance(field, JSONField) and len(found) > 1 and found.count(found[0]) == len(found):
        return [*column(field, found[:1], connection)] * len(found)
    for convert, expression in converters(field, connection.vendor):
        found = [convert(value, expression, connection) for value in found]
    return found


@cache
def converters(field: Field, vendor: str) -> list[tuple]:
    """What the ORM does to a column's values: first the database's part, then the field's."""
    connection = connections[DEFAULT_DB_ALIAS]
    expression = field.get_col(field.model._meta.db_table)
    every = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
    return [(convert, expression) for convert in every]
