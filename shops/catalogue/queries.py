"""Query the products on sale, one page at a time, without building model instances.

It is written in SQL, like the queries of the index in `shops.products.search`, because a list must take the same time with
200 and with 1,000,000 products (docs/decisions/hand-written-sql.md). CPU of one page of 24, both statements, on SQLite; the
ORM's page is the one query that returns the same:

                                         10,000 products        200,000 products
                                         SQL      ORM           SQL      ORM
   newest                                0.4 ms   2.0 ms        0.4 ms   109 ms
   cheapest, 9,900 and 50,000 rows deep  0.3      2.1           0.5      158
   in season                             0.4      2.7           0.4      110
   a village in season, by price         0.4      2.7           0.5      2.5
   from ¥30 a 斤                         0.4      4.6           0.4      49
   a word that nothing holds             0.6      5.6           0.8      94

The ORM cannot keep the planner on the index of the chosen order (`+column`, INDEXED BY, MATERIALIZED, the shop looked up row
by row), nor end the scan after a window of rows.
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
SAMPLE = 400  # rows read to find out whether a word is common here
COMMON = 24  # a word found in so many rows of the sample is common

COLUMNS = """p.id, p.name, p.unit, p.net_grams, p.price_fen, p.stock, p.harvest_from, p.harvest_until,
 p.place_id, p.listed_at, p.millifen_per_jin"""
# The stock plus the units of expired requests that no task has released yet, counted as in orders.reservations.count_units_on.
IN_HAND = """CASE WHEN p.free_at <= %s THEN p.stock + (SELECT COALESCE(SUM(l.quantity), 0)
 FROM shops_orderline l JOIN shops_order o ON o.id = l.order_id
 WHERE l.product_id = p.id AND l.presale_id IS NULL AND o.status = 'requested' AND o.expires_at <= %s)
 ELSE p.stock END"""
SHOWN = COLUMNS.replace("p.stock", IN_HAND)
# The same for a presale's quota.
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
# MATERIALIZED keeps the planner from scanning a whole index to find a few rows in order.
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


class ProductRow(NamedTuple):
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
    ship_by: datetime.date | None  # of the presale
    closes_on: datetime.date | None
    bookable: int | None


@dataclass(frozen=True)
class Page:
    """Hold one page of products.

    `next` is where the following page begins; `left` is how many products it has at least, up to a full page (0: the window
    ended before any was found). `total` (from `places` villages) is set if a first page saw all products, `at_least` if
    there are more than it read.
    """

    rows: list[ProductRow]
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


def fetch_page(query: ProductQuery, size: int = SIZE) -> Page:
    """Return one page of the products that match; two statements, whatever is asked for and found."""
    lead = index_conditions(query)
    few, end = probe(query, lead) if query.words else (False, end_of_window(query, lead))
    limit = 2 * size + 1
    rows = read(query, lead, few, end, limit)
    all_seen = len(rows) < limit and (few or end is None)
    counted = {}
    if query.after is None and all_seen:
        counted = {"total": len(rows), "places": len({row.place_id for row in rows})}
    elif query.after is None and len(rows) == limit:
        counted = {"at_least": limit - 1}
    if len(rows) > size:
        last = rows[size - 1]
        here = Cursor.of(query.sort, getattr(last, query.sort.column), last.id)
        return Page(rows[:size], here, min(size, len(rows) - size), **counted)
    return Page(rows, None if all_seen else end, **counted)


def index_conditions(query: ProductQuery) -> Clause:
    """Return the conditions that the list's own index answers, in the order of its columns."""
    clause = Clause()
    clause.add("p.status = 'published'")
    if query.shop:
        clause.add("p.shop_id = %s", query.shop)
    elif query.place:
        clause.add("p.place_id = %s", query.place)
    elif query.category:
        clause.add("p.category_id = %s", query.category)
    if query.sort.column == "millifen_per_jin":
        add_price(clause, query, "p.millifen_per_jin")
    if query.after:
        clause.add(f"(p.{query.sort.column}, p.id) {query.sort.onwards} (%s, %s)", *query.after.params)
    return clause


def build_row_conditions(query: ProductQuery) -> Clause:
    """Return the conditions checked row by row, written so that no planner leaves the list's index for them.

    SQLite uses no index for a column behind a `+`; PostgreSQL may estimate how many rows hold a value, but not look them up.
    """
    clause = Clause()
    if query.category and (query.place or query.shop):
        clause.add(IS_KIND[connection.vendor], query.category)
    if query.sort.column != "millifen_per_jin":
        add_price(clause, query, CHECKED_PRICE[connection.vendor])
    if query.in_season:
        today = connection.ops.adapt_datefield_value(timezone.localdate())
        clause.add("p.harvest_from <= %s AND p.harvest_until >= %s", today, today)
    add_words(clause, query.words)
    return clause


def add_price(clause: Clause, query: ProductQuery, column: str) -> None:
    lowest, below = query.price
    if lowest is not None:
        clause.add(f"{column} >= %s", lowest)
    if below is not None:
        clause.add(f"{column} < %s", below)


def add_words(clause: Clause, words: Iterable[str]) -> None:
    for word in words:
        clause.add(HOLDS[connection.vendor], word)


def end_of_window(query: ProductQuery, lead: Clause) -> Cursor | None:
    """Return the last row of the window; None if fewer rows are left."""
    sql = END.format(column=query.sort.column, where=lead, order=query.sort.sql)
    found = run(sql, [*lead.params, WINDOW - 1])
    return Cursor.of(query.sort, *found[0]) if found else None


def probe(query: ProductQuery, lead: Clause) -> tuple[bool, Cursor | None]:
    """Return whether to read the rows through the search index, and where the window of the list would end.

    A sample of the list is read first: for a common word PostgreSQL would collect every hit before counting to WINDOW.
    """
    asked, held = search.build_query(query.words), Clause()
    add_words(held, query.words)
    if not asked:
        return False, end_of_window(query, lead)
    sql = PROBE.format(
        column=query.sort.column, where=lead, order=query.sort.sql, held=held, hits=search.build_hits_sql()
    )
    skip = [*lead.params, WINDOW - 1]
    params = [*lead.params, SAMPLE, *held.params, COMMON, asked, WINDOW + 1, *skip, *skip]
    [(hits, key, pk)] = run(sql, params)
    return hits is not None and hits <= WINDOW, None if pk is None else Cursor.of(query.sort, key, pk)


def read(query: ProductQuery, lead: Clause, few: bool, end: Cursor | None, limit: int) -> list[ProductRow]:
    rest, order = build_row_conditions(query), query.sort.sql
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    where, params, table, head = f"{lead}", [now, now, now, now, *lead.params], "shops_product", ""
    index = ""
    if query.place and not query.shop and not few and connection.vendor == "sqlite":
        # With two bounds on the price SQLite would scan the prices of all places.
        index = " INDEXED BY product_place_" + ("newest" if query.sort.column == "listed_at" else "price")
    if few:
        table, head = "few", FEW.format(columns=COLUMNS, hits=search.build_hits_sql())
        params = [search.build_query(query.words), WINDOW, *params]
    elif end:
        reach = ">=" if query.sort.falling else "<="
        where += f" AND (p.{query.sort.column}, p.id) {reach} (%s, %s)"
        params += end.params
    if rest.parts:
        where += f" AND {rest}"
    sql = head + PAGE.format(
        columns=SHOWN, bookable=BOOKABLE, table=table, index=index, where=where, order=order
    )
    return [make_row(values) for values in run(sql, [*params, *rest.params, limit])]


def run(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def make_row(values: tuple) -> ProductRow:
    """Build a Row; SQLite returns dates as text."""
    row = ProductRow._make(values)
    if isinstance(row.harvest_from, str):
        day = datetime.date.fromisoformat
        row = row._replace(harvest_from=day(row.harvest_from), harvest_until=day(row.harvest_until))
        if row.ship_by:
            row = row._replace(ship_by=day(row.ship_by), closes_on=day(row.closes_on))
    return row


@dataclass(frozen=True)
class Sort:
    """Order the list by one column, ties by id in the same direction, so that one index gives the order."""

    column: str
    falling: bool

    @property
    def sql(self) -> str:
        way = "DESC" if self.falling else "ASC"
        return f"p.{self.column} {way}, p.id {way}"

    @property
    def keys(self) -> tuple[str, str]:
        """Return the order as `ui.pagination` names it."""
        return (f"-{self.column}", "-pk") if self.falling else (self.column, "pk")

    @property
    def onwards(self) -> str:
        return "<" if self.falling else ">"


NEWEST = Sort("listed_at", falling=True)
CHEAPEST = Sort("millifen_per_jin", falling=False)
DEAREST = Sort("millifen_per_jin", falling=True)


@dataclass(frozen=True)
class Cursor:
    """Hold a row's position in an order: its sort value and id. In a URL it is written by `ui.pagination`."""

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
        """Build a cursor from values of the database; SQLite returns times in UTC without a zone, some as text."""
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
    """Hold what a list asks for; `price` is (from, below) in thousandths of a fen per 斤, None for an open end."""

    words: tuple[str, ...] = ()
    place: int | None = None
    category: int | None = None
    shop: int | None = None
    in_season: bool = False
    price: tuple[int | None, int | None] = (None, None)
    sort: Sort = NEWEST
    after: Cursor | None = None
