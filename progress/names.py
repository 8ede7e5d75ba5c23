"""List people as one looks for them on paper: by the pinyin of their names; and find them by a part of a name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

from ui.pagination import Page, fetch_page, read_cursor, write_cursor
from wording.tables.reader import read_syllables

SURNAMES = Path(__file__).with_name("surnames.txt")
# A list of more people is in the order in which the database has their names.
MOST_SORTED = 2000
# The parameter with a part of a name, and its longest value.
SEARCH, LONGEST_SEARCH = "q", 40
# A longer list has a box to search in.
A_SCREEN = 8
T = TypeVar("T")


@lru_cache(maxsize=10_000)
def spell(name: str) -> tuple[str, ...]:
    """Return the name's syllables, by which people look for it in a list; other letters stand for themselves."""
    syllables = read_syllables()
    spelled = [syllables.get(letter, letter.lower()) for letter in name]
    if reading := read_surnames().get(name[:1]):
        spelled[0] = reading
    return tuple(spelled)


@cache
def read_surnames() -> dict[str, str]:
    """Return the reading of surnames that are read otherwise than the character usually is."""
    lines = SURNAMES.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))


def get_initial(name: str) -> str:
    first = (spell(name) or ("",))[0][:1].upper()
    return first if first.isascii() and first.isalpha() else "#"


def sort_by_name(people: Iterable[T], get: Callable[[T], tuple[str, int]]) -> list[T]:
    """Return the people by pinyin, those of one name by number; `get` returns (name, number) of one."""
    return sorted(people, key=lambda one: make_key(get(one)))


def make_key(values: Sequence[Any]) -> tuple[Any, ...]:
    """Return the values (…, name, number) as they are compared."""
    *before, name, number = values
    return (*before, spell(name), number)


def fetch_by_name(
    rows: QuerySet, name: str = "name", after: str = "", size: int = 24, before: tuple[str, ...] = ()
) -> Page:
    """Return a page of rows by the pinyin of the column `name`, inside one value of the columns `before`; two queries.

    More than MOST_SORTED rows are in the order of the column itself.
    """
    order = (*before, name, "pk")
    keys = list(rows.order_by().values_list(*order)[: MOST_SORTED + 1])
    if len(keys) > MOST_SORTED:
        return fetch_page(rows, order, after, size)
    keys.sort(key=make_key)
    values = read_cursor(rows, order, after)
    start = bisect_right(keys, make_key(values), key=make_key) if values else 0
    numbers = [key[-1] for key in keys[start : start + size]]
    found = {row.pk: row for row in rows.order_by().filter(pk__in=numbers)}
    items = [found[number] for number in numbers if number in found]
    is_last = not items or start + size >= len(keys)
    return Page(items, "" if is_last else write_cursor(items[-1], order))


def read_search(request: HttpRequest) -> str:
    """Return the part of a name that is searched for; empty where none is."""
    return " ".join(request.GET.get(SEARCH, "").split())[:LONGEST_SEARCH]
