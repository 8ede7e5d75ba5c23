"""Insert many rows of one model by one statement that is prepared once.

`bulk_create` prepares every value of every row by its field: 100,000 people of a roster with their roles, enrolments and
entries of the trail took a busy computer five minutes, and take it one with this. Here only the columns whose values differ
are sent row by row, as the database stores them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, models, router

# Values of these fields are stored as they are.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], **shared: Any
) -> None:
    """Insert rows with these values for the fields of `names`, and `shared` for all; other fields have their default.

    A foreign key is given as a primary key, a phone number as E.164. The default is worked out once, so that a field whose
    default differs from row to row has to be in `names`. No signals, no `save`. Raises IntegrityError.
    """
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    by_name = {field.name: field for field in fields}
    differing = [by_name[name] for name in names]
    same = [field for field in fields if field.name not in names]
    constant = [field.get_db_prep_save(find_value(field, shared), connection) for field in same]
    prepared = [None if isinstance(field, PLAIN) else field for field in differing]

    def prepare(row: Sequence[Any]) -> list[Any]:
        pairs = zip(row, prepared, strict=True)
        values = [
            value if field is None else field.get_db_prep_save(value, connection) for value, field in pairs
        ]
        return values + constant

    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in [*differing, *same])
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"
        cursor.executemany(statement, [prepare(row) for row in rows])


def find_value(field: models.Field, shared: dict[str, Any]) -> Any:
    if field.name not in shared:
        return field.get_default()
    value = shared[field.name]
    return value.pk if isinstance(value, models.Model) else value
