"""Query the products on sale, one page at a time, without building model instances.

This is SQL, as the index that `shops.products.search` asks is, because a list must cost the same with 200 and with 1,000,000
products (docs/decisions/hand-written-sql.md). CPU of one page of 24, both statements, on SQLite; the ORM's page is the one
query that says the same:

                                          10,000 products        200,000 products
                                          SQL      ORM           SQL      ORM
    newest                                0.4 ms   2.0 ms        0.4 ms   109 ms
    cheapest, 9,900 and 50,000 rows deep  0.3      2.1           0.5      158
    in season                             0.4      2.7           0.4      110
    a village in season, by price         0.4      2.7           0.5      2.5
    from ¥30 a 斤                         0.4      4.6           0.4      49
    a word that nothing holds             0.6      5.6           0.8      94

The ORM can neither keep the planner on the index of the chosen order (`+column`, INDEXED BY, MATERIALIZED, the shop looked
up row by row) nor end the walk at a window of rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from shops.models import Product
from shops.products import search
from ui import pagination

SIZE = 24
WINDOW = 5000  # rows a page may read; and search hits that are few enough to be read and sorted
SAMPLE = 400  # rows looked at to see whether a word is common here
COMMON = 24  # as many of those make it common

COLUMNS = """p.id, p.name, p.unit, p.net_grams, p.price_fen, p.stock, p.harvest_from, p.harvest_until,
 p.place_id, p.listed_at, p.millifen_per_jin"""
# With what requests held whose time is over, though no task has given it back yet: as ordering.availability reads it.
IN_HAND = """CASE WHEN p.free_at <= %s THEN p.stock + (SELECT COALESCE(SUM(l.quantity), 0)
 FROM shops_orderline l JOIN shops_order o ON o.id = l.order_id
 WHERE l.product_id = p.id AND l.presale_id IS NULL AND o.status = 'requested' AND o.expires_at <= %s)
 ELSE p.stock END"""
SHOWN = COLUMNS.replace("p.stock", IN_HAND)
# The same of a presale's quota.
BOOKABLE = """CASE WHEN presale.free_at <= %s THEN presale."left" + (SELECT COALESCE(SUM(l.quantity), 0)
 FROM shops_orderline l JOIN shops_order o ON o.id = l.order_id
 WHERE l.presale_id = presale.id AND o.status = 'requested' AND o.expires_at <= %s)
 ELSE presale."left" END"""
PAGE = """SELECT {columns}, place.name, place.name_en, photo.key, photo.width, presale.ship_by, presale.closes_on, {bookable}
FROM {table} p{index}
LEFT JOIN accounts_place place ON place.id = p.place_id
LEFT JOIN media_photo photo ON photo.id = p.cover_id AND photo.status = 'ready'
LEFT JOIN shops_presale presale ON presale.product_id = p.id AND presale.ended_at IS NULL
WHERE {where} AND (SELECT shop.is_open FROM shops_shop shop WHERE shop.id = p.shop_id)
ORDER BY {order} LIMIT %s"""
# MATERIALIZED keeps the planner from walking a whole index to meet a handful of rows in order.
FEW = """WITH few AS MATERIALIZED (
 SELECT {columns}, p.free_at, p.status, p.shop_id, p.category_id, p.cover_id, p.search_text FROM shops_product p
 WHERE p.id IN (SELECT hit.id FROM ({hits} LIMIT %s) hit))
"""
END = "SELECT p.{column}, p.id FROM shops_product p WHERE {where} ORDER BY {order} LIMIT 1 OFFSET %s"
PROBE = """WITH sample AS MATERIALIZED (
 SELECT count(*) AS hits FROM (
  SELECT p.search_text FROM shops_product p WHERE {where} ORDER BY {order} LIMIT %s) p WHERE {held})
SELECT CASE WHEN sample.hits < %s THEN (SELECT count(*) FROM ({hits} LIMIT %s) hit) END,
 (SELECT p.{column} FROM shops_product p WHERE {where} ORDER BY {order} LIMIT 1 OFFSET %s),
 (SELECT p.id FROM shops_product p WHERE {where} ORDER BY {order} LIMIT 1 OFFSET %s)
FROM sample"""
IS_KIND = {"sqlite": "+p.category_id = %s", "postgresql": "p.category_id IS NOT DISTINCT FROM %s"}
CHECKED_PRICE = {"sqlite": "+p.millifen_per_jin", "postgresql": "p.millifen_per_jin"}
HOLDS = {"sqlite": "instr(p.search_text, %s) > 0", "postgresql": "strpos(p.search_text, %s) > 0"}


class Row(NamedTuple):
    id: int
    name: str
    unit: str
    net_grams: int
    price_fen: int
    stock: int
    harvest_from: datetime.date
    harvest_until: datetime.date
    place_id: int
    listed_at: datetime.datetime
    millifen_per_jin: int
    place_name: str
    place_name_en: str
    photo_key: str | None
    photo_width: int | None
    ship_by: datetime.date | None  # of its presale
    closes_on: datetime.date | None
    bookable: int | None


@dataclass(frozen=True)
class Page:
    """`next` is where the following page begins. `left` is how many it surely has, up to a full page; 0 means
    that the window ended and nobody has looked further. `total` (from `places` villages) only when all was seen
    on a first page, `at_least` when there are more than can be counted in passing."""

    rows: list[Row]
    next: Cursor | None = None
    left: int = 0
    total: int | None = None
    places: int = 0
    at_least: int = 0
    window: int = WINDOW


class Clause:
    """Conditions joined by AND, with their parameters in order."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.params: list = []

    def add(self, sql: str, *params) -> None:
        self.parts.append(sql)
        self.params.extend(params)

    def __str__(self) -> str:
        return " AND ".join(self.parts)


def page(wish: ProductQuery, size: int = SIZE) -> Page:
    """Two statements, whatever is asked for and found."""
    lead = indexed(wish)
    few, end = probe(wish, lead) if wish.words else (False, end_of_window(wish, lead))
    limit = 2 * size + 1
    rows = read(wish, lead, few, end, limit)
    all_seen = len(rows) < limit and (few or end is None)
    counted = {}
    if wish.after is None and all_seen:
        counted = {"total": len(rows), "places": len({row.place_id for row in rows})}
    elif wish.after is None and len(rows) == limit:
        counted = {"at_least": limit - 1}
    if len(rows) > size:
        last = rows[size - 1]
        here = Cursor.of(wish.sort, getattr(last, wish.sort.column), last.id)
        return Page(rows[:size], here, min(size, len(rows) - size), **counted)
    return Page(rows, None if all_seen else end, **counted)


def indexed(wish: ProductQuery) -> Clause:
    """What the walk's own index answers, in the order of its columns."""
    clause = Clause()
    clause.add("p.status = 'published'")
    if wish.shop:
        clause.add("p.shop_id = %s", wish.shop)
    elif wish.place:
        clause.add("p.place_id = %s", wish.place)
    elif wish.category:
        clause.add("p.category_id = %s", wish.category)
    if wish.sort.column == "millifen_per_jin":
        add_price(clause, wish, "p.millifen_per_jin")
    if wish.after:
        clause.add(f"(p.{wish.sort.column}, p.id) {wish.sort.onwards} (%s, %s)", *wish.after.params)
    return clause


def checked(wish: ProductQuery) -> Clause:
    """What is checked row by row, written so that no planner leaves the walk's index for it. SQLite looks up
    nothing behind a `+`; PostgreSQL must be able to see how many rows hold a value, but not look them up."""
    clause = Clause()
    if wish.category and (wish.place or wish.shop):
        clause.add(IS_KIND[connection.vendor], wish.category)
    if wish.sort.column != "millifen_per_jin":
        add_price(clause, wish, CHECKED_PRICE[connection.vendor])
    if wish.in_season:
        today = connection.ops.adapt_datefield_value(timezone.localdate())
        clause.add("p.harvest_from <= %s AND p.harvest_until >= %s", today, today)
    add_words(clause, wish.words)
    return clause


def add_price(clause: Clause, wish: ProductQuery, column: str) -> None:
    lowest, below = wish.price
    if lowest is not None:
        clause.add(f"{column} >= %s", lowest)
    if below is not None:
        clause.add(f"{column} < %s", below)


def add_words(clause: Clause, words: Iterable[str]) -> None:
    for word in words:
        clause.add(HOLDS[connection.vendor], word)


def end_of_window(wish: ProductQuery, lead: Clause) -> Cursor | None:
    """The last row of the window; None when fewer rows than that are left."""
    sql = END.format(column=wish.sort.column, where=lead, order=wish.sort.sql)
    found = run(sql, [*lead.params, WINDOW - 1])
    return Cursor.of(wish.sort, *found[0]) if found else None


def probe(wish: ProductQuery, lead: Clause) -> tuple[bool, Cursor | None]:
    """Whether the search index is to name the rows, and where the window of a walk would end.

    A sample of the walk comes first: where a word is common, PostgreSQL would gather every hit before it
    could count to WINDOW.
    """
    asked, held = search.query_of(wish.words), Clause()
    add_words(held, wish.words)
    if not asked:
        return False, end_of_window(wish, lead)
    sql = PROBE.format(
        column=wish.sort.column, where=lead, order=wish.sort.sql, held=held, hits=search.hits_sql()
    )
    skip = [*lead.params, WINDOW - 1]
    params = [*lead.params, SAMPLE, *held.params, COMMON, asked, WINDOW + 1, *skip, *skip]
    [(hits, key, pk)] = run(sql, params)
    return hits is not None and hits <= WINDOW, None if pk is None else Cursor.of(wish.sort, key, pk)


def read(wish: ProductQuery, lead: Clause, few: bool, end: Cursor | None, limit: int) -> list[Row]:
    rest, order = checked(wish), wish.sort.sql
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    where, params, table, head = f"{lead}", [now, now, now, now, *lead.params], "shops_product", ""
    index = ""
    if wish.place and not wish.shop and not few and connection.vendor == "sqlite":
        # With two bounds on the price SQLite would walk the prices of all places.
        index = " INDEXED BY product_place_" + ("newest" if wish.sort.column == "listed_at" else "price")
    if few:
        table, head = "few", FEW.format(columns=COLUMNS, hits=search.hits_sql())
        params = [search.query_of(wish.words), WINDOW, *params]
    elif end:
        reach = ">=" if wish.sort.falling else "<="
        where += f" AND (p.{wish.sort.column}, p.id) {reach} (%s, %s)"
        params += end.params
    if rest.parts:
        where += f" AND {rest}"
    sql = head + PAGE.format(
        columns=SHOWN, bookable=BOOKABLE, table=table, index=index, where=where, order=order
    )
    return [row_of(values) for values in run(sql, [*params, *rest.params, limit])]


def run(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def row_of(values: tuple) -> Row:
    """SQLite keeps dates as text."""
    row = Row._make(values)
    if isinstance(row.harvest_from, str):
        day = datetime.date.fromisoformat
        row = row._replace(harvest_from=day(row.harvest_from), harvest_until=day(row.harvest_until))
        if row.ship_by:
            row = row._replace(ship_by=day(row.ship_by), closes_on=day(row.closes_on))
    return row


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
    def keys(self) -> tuple[str, str]:
        """As `ui.pagination` names an order."""
        return (f"-{self.column}", "-pk") if self.falling else (self.column, "pk")

    @property
    def onwards(self) -> str:
        return "<" if self.falling else ">"


NEWEST = Sort("listed_at", falling=True)
CHEAPEST = Sort("millifen_per_jin", falling=False)
DEAREST = Sort("millifen_per_jin", falling=True)


@dataclass(frozen=True)
class Cursor:
    """A row's place in an order: what it is sorted by and its id. In an address it is what `ui.pagination` writes."""

    sort: Sort
    value: datetime.datetime | int
    id: int

    def __str__(self) -> str:
        return pagination.write_cursor({self.sort.column: self.value, "pk": self.id}, self.sort.keys)

    @classmethod
    def read(cls, sort: Sort, text: str) -> Cursor | None:
        """Return None for anything that no page of this order has written."""
        values = pagination.read_cursor(Product.objects.all(), sort.keys, text)
        return cls(sort, *values) if values else None

    @classmethod
    def of(cls, sort: Sort, value: datetime.datetime | str | int, pk: int) -> Cursor:
        """From what the database answered; SQLite answers times in UTC without saying so, some as text."""
        if isinstance(value, str):
            value = datetime.datetime.fromisoformat(value)
        if isinstance(value, datetime.datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=datetime.UTC)
        return cls(sort, value, pk)

    @property
    def params(self) -> list:
        if isinstance(self.value, datetime.datetime):
            return [connection.ops.adapt_datetimefield_value(self.value), self.id]
        return [self.value, self.id]


@dataclass(frozen=True)
class ProductQuery:
    """`price` is (from, below) in thousandths of a fen per 斤, either end open as None."""

    words: tuple[str, ...] = ()
    place: int | None = None
    category: int | None = None
    shop: int | None = None
    in_season: bool = False
    price: tuple[int | None, int | None] = (None, None)
    sort: Sort = NEWEST
    after: Cursor | None = None
