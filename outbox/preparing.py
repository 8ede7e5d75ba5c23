"""Values as the database takes them, for many rows at a time.

The usual way goes through five calls a value, to find out what it could be. Here ids are UUIDs, moments are aware
and whole numbers are ints: PostgreSQL's driver takes them as they are, and SQLite gets what the usual way comes to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field

WHOLE_NUMBERS = {"BigAutoField", "BigIntegerField", "IntegerField", "PositiveIntegerField"}


def prepared(fields: Sequence[Field], rows: Sequence[Sequence[object]]) -> list[object]:
    """All values, row after row."""
    by_column = [
        column_of(field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    return [value for row in zip(*by_column, strict=True) for value in row]


def column_of(field: Field, values: Sequence[object]) -> Sequence[object]:
    """A value that is the same in every row (whose, when received, of which kind) is prepared once."""
    # Fetched once: going through its thread-local proxy for each value costs more than preparing it.
    usual = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    prepare, first = preparing(field) or usual, values[0]
    if prepare is as_it_is:
        return values
    if all(value is first for value in values) or (type(first) is str and values.count(first) == len(values)):
        return [prepare(first)] * len(values)
    return [prepare(value) for value in values]


@cache
def preparing(field: Field) -> Callable[[object], object] | None:
    """None for the usual way, as for what PostgreSQL keeps as JSON."""
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    if kind in WHOLE_NUMBERS:
        return as_it_is
    is_sqlite = connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
    if kind == "DateTimeField":
        return moment if is_sqlite else as_it_is
    if kind == "UUIDField":
        return attrgetter("hex") if is_sqlite else as_it_is
    if kind == "JSONField" and is_sqlite:
        return json.dumps
    return None


def as_it_is(value: object) -> object:
    return value


@lru_cache(maxsize=1000)
def moment(value: datetime | None) -> str | None:
    """The same few moments stand in all rows that one event becomes."""
    return value and str(value.astimezone(UTC).replace(tzinfo=None))
