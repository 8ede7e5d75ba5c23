"""What a buyer asks the storefront for, and where in the order they are."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.db import connection

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
LARGEST = 2**62  # fits the columns of both databases, and a date of 9999 stays far below
CURSOR = re.compile(r"([0-9]{1,19})-([0-9]{1,19})")


@dataclass(frozen=True)
class Sort:
    """An order of the list: by one column, ties by id in the same direction, so one index walks it."""

    column: str
    falling: bool

    @property
    def sql(self) -> str:
        way = "DESC" if self.falling else "ASC"
        return f"p.{self.column} {way}, p.id {way}"

    @property
    def onwards(self) -> str:
        return "<" if self.falling else ">"


NEWEST = Sort("listed_at", falling=True)
CHEAPEST = Sort("millifen_per_jin", falling=False)
DEAREST = Sort("millifen_per_jin", falling=True)


@dataclass(frozen=True)
class Spot:
    """A row's place in an order: what it is sorted by (microseconds or thousandths of a fen) and its id."""

    key: int
    id: int

    def __str__(self) -> str:
        return f"{self.key}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Spot | None:
        """None for anything that no page of ours has written."""
        found = CURSOR.fullmatch(text)
        spot = cls(int(found[1]), int(found[2])) if found else None
        return spot if spot and spot.key < LARGEST and spot.id < LARGEST else None

    @classmethod
    def of(cls, sort: Sort, value: datetime.datetime | str | int, pk: int) -> Spot:
        """From what the database answered; SQLite answers times in UTC without saying so, some as text."""
        if sort.column != "listed_at":
            return cls(value, pk)
        if isinstance(value, str):
            value = datetime.datetime.fromisoformat(value)
        if value.tzinfo is None:
            value = value.replace(tzinfo=datetime.UTC)
        return cls((value - EPOCH) // MICROSECOND, pk)

    def params(self, sort: Sort) -> list:
        if sort.column != "listed_at":
            return [self.key, self.id]
        try:
            when = EPOCH + self.key * MICROSECOND
        except OverflowError:
            when = datetime.datetime.max.replace(tzinfo=datetime.UTC)
        return [connection.ops.adapt_datetimefield_value(when), self.id]


@dataclass(frozen=True)
class Wish:
    """`price` is (from, below) in thousandths of a fen per 斤, either end open as None."""

    words: tuple[str, ...] = ()
    place: int | None = None
    category: int | None = None
    shop: int | None = None
    in_season: bool = False
    price: tuple[int | None, int | None] = (None, None)
    sort: Sort = NEWEST
    after: Spot | None = None
