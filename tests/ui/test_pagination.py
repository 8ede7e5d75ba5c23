import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.db.models import F

from ui.models import Stamp
from ui.pagination import fetch_page, read_cursor

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def cursor(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def walk(rows, order, size):
    """All pages, one after the other."""
    pages, after = [], ""
    while True:
        found = fetch_page(rows, order, after, size)
        pages.append([row.pk for row in found.items])
        if not found.after:
            return pages
        after = found.after


@pytest.fixture
def stamps():
    for name, number in [("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 3)]:
        Stamp.objects.create(name=name, number=number)
    return Stamp.objects.all()


@pytest.mark.parametrize(
    ("order", "pages"),
    [
        (("-number",), [["e", "d"], ["c", "b"], ["a"]]),
        (("number",), [["a", "b"], ["c", "d"], ["e"]]),
        (("-number", "name"), [["e", "b"], ["c", "d"], ["a"]]),
        (("-pk",), [["e", "d"], ["c", "b"], ["a"]]),
    ],
)
def test_page_splits_ties_the_same_way_every_time(stamps, order, pages):
    assert walk(stamps, order, 2) == pages


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_page_shows_each_row_once_at_every_size(stamps, size):
    assert sum(walk(stamps, ("-number",), size), []) == ["e", "d", "c", "b", "a"]


def test_page_that_is_exactly_full_is_the_last(stamps):
    assert fetch_page(stamps, ("name",), size=5).after == ""
    assert fetch_page(Stamp.objects.none(), ("name",)).items == []


def test_page_takes_one_query(stamps, django_assert_num_queries):
    first = fetch_page(stamps, ("-number",), size=2)
    with django_assert_num_queries(1):
        fetch_page(stamps, ("-number",), first.after, 2)


def test_page_does_not_shift_when_a_newer_row_arrives(stamps):
    first = fetch_page(stamps, ("-number",), size=2)
    Stamp.objects.create(name="f", number=9)
    assert [row.pk for row in fetch_page(stamps, ("-number",), first.after, 2).items] == ["c", "b"]


def test_page_by_time_keeps_microseconds():
    moments = [NOON, NOON, NOON + timedelta(microseconds=1), NOON + timedelta(days=1)]
    for key, moment in zip("abcd", moments, strict=True):
        Session.objects.create(session_key=key, session_data="", expire_date=moment)
    assert walk(Session.objects.all(), ("-expire_date",), 1) == [["d"], ["c"], ["b"], ["a"]]


def test_page_by_annotation_and_by_related_column(stamps):
    doubled = stamps.annotate(double=F("number") * 2)
    assert walk(doubled, ("-double",), 2) == [["e", "d"], ["c", "b"], ["a"]]
    rows = Permission.objects.select_related("content_type")
    in_order = list(rows.order_by("content_type__app_label", "pk").values_list("pk", flat=True))
    assert len(in_order) > 20
    assert sum(walk(rows, ("content_type__app_label",), 7), []) == in_order


def test_page_of_values_reads_its_cursor_from_dicts(stamps):
    rows = stamps.values("name", "number")
    first = fetch_page(rows, ("-number", "name"), size=2)
    assert fetch_page(rows, ("-number", "name"), first.after, 2).items[0] == {"name": "c", "number": 2}


@pytest.mark.parametrize(
    "bad",
    [
        "x",
        "=",
        "中文",
        "A" * 3000,
        cursor([2]),
        cursor([2, "a", 3]),
        cursor({"number": 2}),
        cursor("2"),
        cursor([None, "a"]),
        cursor([[2], "a"]),
        cursor(["two", "a"]),
        cursor([2**70, "a"]),
        cursor([-1e400, "a"]),
        cursor([2, "a\0"]),
        cursor([2, "\ud800"]),
        base64.urlsafe_b64encode(b"[" * 900).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"[NaN, 1]").decode(),
    ],
)
def test_page_with_a_made_up_cursor_starts_from_the_top(stamps, bad):
    assert [row.pk for row in fetch_page(stamps, ("-number", "name"), bad, 2).items] == ["e", "b"]


@pytest.mark.parametrize(
    "moment", ["2026-11-24", "2026-11-24T12:00:00", "0001-01-01T00:00:00+14:00", "soon", 5, True]
)
def test_cursor_of_time_needs_a_moment_with_its_zone(moment):
    assert read_cursor(Session.objects.all(), ("expire_date", "pk"), cursor([moment, "a"])) is None


def test_cursor_of_time_is_read_back_exactly():
    values = read_cursor(
        Session.objects.all(), ("expire_date", "pk"), cursor(["2026-11-24T12:00:00+08:00", "a"])
    )
    assert values == [NOON, "a"]
