"""Page through rows by the last row's values instead of by an offset: page 5,000 takes the time of page 1."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

LONGEST_CURSOR = 1000


@dataclass(frozen=True)
class Page:
    """One page of rows; `after` is the cursor of the next page, empty on the last one."""

    items: list
    after: str = ""


def fetch_page(rows: QuerySet, order: tuple[str, ...], after: str = "", size: int = 24) -> Page:
    """Return `size` rows in `order`, after the cursor `after`; one query.

    Every ordering column must be NOT NULL; the primary key is added as the last one, so that the order is always the same.
    An invalid cursor (cut off, invented, of another order) starts at the first row.
    """
    if order[-1].lstrip("-") not in ("pk", rows.model._meta.pk.name):
        order = (*order, "-pk" if order[-1].startswith("-") else "pk")
    values = read_cursor(rows, order, after)
    if values:
        rows = rows.filter(match_beyond(order, values))
    return cut_page(list(rows.order_by(*order)[: size + 1]), order, size)


def cut_page(found: list, order: tuple[str, ...], size: int) -> Page:
    """Return the page that begins with these rows, of which there may be one more than it shows."""
    return Page(found[:size], write_cursor(found[size - 1], order) if len(found) > size else "")


def match_beyond(order: tuple[str, ...], values: list) -> Q:
    """Match rows behind the given values: a <= x AND (a < x OR (b <= y AND …)), which an index on (a, b) can enter."""
    name, value = order[0].lstrip("-"), values[0]
    step = "lt" if order[0].startswith("-") else "gt"
    strictly = Q(**{f"{name}__{step}": value})
    if len(order) == 1:
        return strictly
    return Q(**{f"{name}__{step}e": value}) & (strictly | match_beyond(order[1:], values[1:]))


def write_cursor(row: Model | dict, order: tuple[str, ...]) -> str:
    values = [get_value(row, key.lstrip("-")) for key in order]
    text = json.dumps(values, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def get_value(row: Model | dict, name: str) -> object:
    return row[name] if isinstance(row, dict) else reduce(getattr, name.split("__"), row)


def read_cursor(rows: QuerySet, order: tuple[str, ...], cursor: str) -> list | None:
    """Return the cursor's values as the columns' own types, or None when it does not fit them."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        raw = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True), parse_constant=int)
        if not isinstance(raw, list) or len(raw) != len(order):
            return None
        return [
            check_value(find_column(rows, key.lstrip("-")), value)
            for key, value in zip(order, raw, strict=True)
        ]
    except (ValueError, TypeError, OverflowError, ArithmeticError, RecursionError, ValidationError):
        return None


def find_column(rows: QuerySet, name: str) -> Field:
    if name in rows.query.annotations:
        return rows.query.annotations[name].output_field
    opts = rows.model._meta
    *path, last = name.split("__")
    for step in path:
        opts = opts.get_field(step).related_model._meta
    return opts.pk if last == "pk" else opts.get_field(last)


def check_value(field: Field, value: object) -> object:
    """Return the value as this column compares it; raise for anything that the database cannot take."""
    if value is None or isinstance(value, (list, dict)):
        raise ValueError(value)
    if isinstance(value, str) and b"\0" in value.encode():
        raise ValueError(value)
    value = field.to_python(value)
    if isinstance(value, datetime):
        value = value.astimezone(UTC) if value.tzinfo else None
    if value is None:
        raise ValueError(field.name)
    for validator in field.validators:
        validator(value)
    return value
