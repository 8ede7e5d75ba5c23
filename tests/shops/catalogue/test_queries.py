import datetime
import random
import re
from copy import copy
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Place
from shops.catalogue import queries
from shops.catalogue.queries import CHEAPEST, DEAREST, NEWEST, Cursor, ProductQuery
from shops.models import Product
from shops.products import search
from tests.factories import make_category, make_person, make_product, make_shop
from tests.shops.catalogue.all_pages import every_id

pytestmark = pytest.mark.both_databases

SORTS = {
    NEWEST: ("-listed_at", "-id"),
    CHEAPEST: ("millifen_per_jin", "id"),
    DEAREST: ("-millifen_per_jin", "-id"),
}


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


def make_many(shop, count: int, /, **fields) -> list[Product]:
    """Create products without logs and single saves: for pages, not for prices."""
    model, now = make_product(shop), timezone.now()
    rows = []
    for n in range(count - 1):
        facts = {name: value(n) if callable(value) else value for name, value in fields.items()}
        row = copy(model)
        row.pk, row.listed_at = None, now - datetime.timedelta(minutes=n + 1)
        for name, value in facts.items():
            setattr(row, name, value)
        row.place_id = row.shop.place_id
        row.millifen_per_jin = row.price_fen * 500_000 // row.net_grams
        rows.append(row)
    return [model, *Product.objects.bulk_create(rows)]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_visit_every_row_once_in_order_under_ties(shop, sort):
    moments = [timezone.now() - datetime.timedelta(hours=n) for n in range(3)]
    make_many(shop, 40, listed_at=lambda n: moments[n % 3], price_fen=lambda n: 1000 + n % 4)
    expected = list(Product.objects.order_by(*SORTS[sort]).values_list("pk", flat=True))
    assert every_id(ProductQuery(sort=sort), size=3) == expected


@pytest.mark.parametrize("window", [1, 2, 5, 39, 40, 41])
def test_pages_visit_every_row_once_whatever_the_window(shop, monkeypatch, window):
    monkeypatch.setattr(queries, "WINDOW", window)
    make_many(shop, 40, harvest_until=lambda n: timezone.localdate() + datetime.timedelta(days=n % 4 - 1))
    product_query = ProductQuery(in_season=True)
    expected = list(Product.objects.in_season().order_by("-listed_at", "-id").values_list("pk", flat=True))
    assert len(expected) == 30
    assert every_id(product_query, size=4) == expected


def test_pages_keep_their_place_while_rows_are_added(shop):
    rows = make_many(shop, 9)
    first = queries.fetch_page(ProductQuery(), size=4)
    newcomer = make_product(shop, listed_at=timezone.now() + datetime.timedelta(minutes=1))
    rest = every_id(ProductQuery(after=first.next), size=4)
    assert [row.id for row in first.rows] + rest == [row.pk for row in rows]
    assert queries.fetch_page(ProductQuery(), size=4).rows[0].id == newcomer.pk


def test_pages_keep_their_place_when_the_row_they_stopped_at_is_gone(shop):
    rows = make_many(shop, 6)
    first = queries.fetch_page(ProductQuery(), size=2)
    Product.objects.filter(pk=rows[1].pk).update(status="withdrawn")
    assert every_id(ProductQuery(after=first.next), size=2) == [row.pk for row in rows[2:]]


def test_page_says_how_many_there_are_while_it_sees_them_all(shop, other_village):
    far = make_shop(make_person("罗金花"), other_village)
    make_many(shop, 5)
    make_product(far)
    page = queries.fetch_page(ProductQuery(), size=4)
    assert (len(page.rows), page.left, page.total, page.places, page.at_least) == (4, 2, 6, 2, 0)
    last = queries.fetch_page(ProductQuery(after=page.next), size=4)
    assert (len(last.rows), last.next, last.total, last.at_least) == (2, None, None, 0)


def test_page_says_at_least_when_there_are_more_than_two_pages(shop):
    make_many(shop, 9)
    page = queries.fetch_page(ProductQuery(), size=4)
    assert (page.left, page.total, page.at_least) == (4, None, 8)


def test_page_whose_window_ends_early_claims_nothing_and_goes_on_from_there(shop, monkeypatch):
    monkeypatch.setattr(queries, "WINDOW", 10)
    old = timezone.localdate() - datetime.timedelta(days=1)
    rows = make_many(shop, 25, harvest_until=lambda n: old if n < 12 else timezone.localdate())
    page = queries.fetch_page(ProductQuery(in_season=True), size=4)
    assert ([row.id for row in page.rows], page.left, page.total) == ([rows[0].pk], 0, None)
    assert page.next.id == rows[9].pk
    after = queries.fetch_page(ProductQuery(in_season=True, after=page.next), size=4)
    assert [row.id for row in after.rows] == [row.pk for row in rows[13:17]]


def test_rare_word_is_found_beyond_the_window(shop, monkeypatch):
    monkeypatch.setattr(queries, "WINDOW", 10)
    rows = make_many(shop, 25, name=lambda n: "蜜柚" if n == 23 else "脐橙")
    search.index_many(Product.objects.all())
    page = queries.fetch_page(ProductQuery(words=("蜜柚",)), size=4)
    assert ([row.id for row in page.rows], page.next, page.total) == ([rows[24].pk], None, 1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("product_query", "index"),
    [
        (ProductQuery(), "product_newest"),
        (ProductQuery(sort=CHEAPEST), "product_price"),
        (ProductQuery(sort=DEAREST), "product_price"),
        (ProductQuery(in_season=True, price=(100_000, 900_000)), "product_newest"),
        (ProductQuery(in_season=True, sort=CHEAPEST, price=(100_000, 900_000)), "product_price"),
        (ProductQuery(place=1), "product_place_newest"),
        (ProductQuery(place=1, category=1), "product_place_newest"),
        (ProductQuery(place=1, category=1, sort=CHEAPEST, price=(None, 900_000)), "product_place_price"),
        (ProductQuery(place=1, sort=DEAREST, in_season=True), "product_place_price"),
        (ProductQuery(category=1), "product_kind_newest"),
        (ProductQuery(category=1, sort=CHEAPEST), "product_kind_price"),
        (ProductQuery(shop=1), "product_shop_newest"),
    ],
    ids=str,
)
@pytest.mark.parametrize("deep", [False, True])
def test_every_combination_is_walked_along_its_index(shop, county, other_village, product_query, index, deep):
    """No plan scans the table, sorts, or uses an index without the limit of the window."""
    others = [make_shop(shop.owner, place) for place in Place.objects.villages().exclude(pk=shop.place_id)]
    shops, kinds = [shop, *others], [make_category(name) for name in ("橙子", "柚子", "茶叶")]
    make_many(shop, 600, shop=lambda n: shops[n % 3], category=lambda n: kinds[n // 3 % 3])
    changes = {"place": shop.place_id, "category": kinds[0].pk, "shop": shop.pk}
    product_query = replace(
        product_query, **{name: pk for name, pk in changes.items() if getattr(product_query, name)}
    )
    if deep:
        value = (
            datetime.datetime(2023, 11, 14, tzinfo=datetime.UTC)
            if product_query.sort is NEWEST
            else 5_000_000
        )
        product_query = replace(product_query, after=Cursor(product_query.sort, value, 7))
    expected = {index}
    if (
        connection.vendor == "postgresql"
    ):  # which knows that a third of the rows is not worth an index of its own
        expected.add(re.sub("place_|kind_|shop_", "", index))
    plans = [plan(query["sql"]) for query in queries_of(product_query)]
    assert len(plans) == 2
    for lines in plans:
        assert set(re.findall(r"product_[a-z_]+", lines)) - {"product_id", "product_id_"} <= expected
        assert "TEMP B-TREE" not in lines
        assert "Sort" not in lines


def queries_of(product_query: ProductQuery) -> list[dict]:
    with CaptureQueriesContext(connection) as log:
        queries.fetch_page(product_query)
    return log.captured_queries


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        else:
            # Six hundred rows are read faster without an index; a million are not.
            cursor.execute("ANALYZE shops_product; SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.long
def test_random_wishes_agree_with_plain_filters(shop, other_village, monkeypatch):
    monkeypatch.setattr(queries, "WINDOW", 13)
    dice, today = random.Random(5), timezone.localdate()
    kinds = [make_category(name) for name in ("橙子", "柚子", "茶叶")]
    shops = [
        shop,
        make_shop(make_person("罗金花"), other_village),
        make_shop(make_person("吴"), other_village, is_open=False),
    ]
    for n in range(70):
        make_product(
            dice.choice(shops),
            category=dice.choice(kinds),
            price_fen=dice.randrange(500, 6000),
            status=dice.choice(["published", "published", "published", "draft"]),
            listed_at=timezone.now() - datetime.timedelta(minutes=dice.randrange(20)),
            harvest_from=today - datetime.timedelta(days=dice.randrange(-5, 30)),
            harvest_until=today + datetime.timedelta(days=dice.randrange(6, 9) if n % 3 else 5),
        )
    Product.objects.filter(pk__in=list(Product.objects.values_list("pk", flat=True)[:9])).update(
        harvest_from=today - datetime.timedelta(days=99), harvest_until=today - datetime.timedelta(days=1)
    )
    for _n in range(60):
        product_query = ProductQuery(
            place=dice.choice([None, None, *[one.place_id for one in shops[:2]]]),
            category=dice.choice([None, *[kind.pk for kind in kinds]]),
            shop=dice.choice([None, None, None, shop.pk]),
            in_season=dice.random() < 0.5,
            price=dice.choice([(None, None), (None, 500_000), (300_000, 700_000), (700_000, None)]),
            sort=dice.choice(list(SORTS)),
        )
        assert every_id(product_query, size=5) == plainly(product_query), product_query


def plainly(product_query: ProductQuery) -> list[int]:
    rows = Product.objects.published()
    if product_query.shop:
        rows = rows.filter(shop=product_query.shop)
    elif product_query.place:
        rows = rows.filter(place=product_query.place)
    if product_query.category:
        rows = rows.filter(category=product_query.category)
    if product_query.in_season:
        rows = rows.in_season()
    lowest, below = product_query.price
    if lowest is not None:
        rows = rows.filter(millifen_per_jin__gte=lowest)
    if below is not None:
        rows = rows.filter(millifen_per_jin__lt=below)
    return list(rows.order_by(*SORTS[product_query.sort]).values_list("pk", flat=True))


def test_row_carries_what_a_card_shows(shop):
    product = make_product(shop, name="脐橙")
    [row] = queries.fetch_page(ProductQuery()).rows
    assert (row.id, row.name, row.place_name, row.photo_key) == (product.pk, "脐橙", "石榴冲村", None)
    assert (row.harvest_from, row.harvest_until) == (product.harvest_from, product.harvest_until)


TIME = datetime.datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=datetime.UTC)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "text", ["", "x", "1", "-", "1-2", "\0", "W10", "W251bGwsIDFd", "WzEsIDJd\n", "柚", "A" * 2000]
)
def test_cursor_reads_nothing_that_no_page_wrote(sort, text):
    assert Cursor.read(sort, text) is None


def test_cursor_of_another_order_is_none():
    assert Cursor.read(CHEAPEST, str(Cursor(NEWEST, TIME, 42))) is None


@pytest.mark.parametrize("value", [-(2**63) - 1, 2**63, 10**30, 1e400])
def test_cursor_beyond_the_columns_is_none(value):
    assert Cursor.read(CHEAPEST, str(Cursor(CHEAPEST, value, 1))) is None
    assert Cursor.read(CHEAPEST, str(Cursor(CHEAPEST, 1, value))) is None


@pytest.mark.parametrize(
    "cursor",
    [
        *(Cursor(sort, value, 2**63 - 1) for sort in (CHEAPEST, DEAREST) for value in (0, 2**63 - 1)),
        Cursor(NEWEST, datetime.datetime(1, 1, 1, tzinfo=datetime.UTC), 1),
        Cursor(NEWEST, datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC), 1),
    ],
    ids=str,
)
def test_cursor_far_outside_the_order_is_harmless(shop, cursor):
    make_product(shop)
    read = Cursor.read(cursor.sort, str(cursor))
    assert len(queries.fetch_page(ProductQuery(sort=cursor.sort, after=read)).rows) in (0, 1)


@pytest.mark.parametrize("cursor", [Cursor(NEWEST, TIME, 42), Cursor(DEAREST, 598_000, 42)], ids=str)
def test_cursor_survives_the_address(cursor):
    assert Cursor.read(cursor.sort, str(cursor)) == cursor
