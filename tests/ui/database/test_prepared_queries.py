"""Queries that are compiled once: they must find what the ORM finds, with other numbers and at another time."""

import datetime

import pytest
from django.db import connection
from django.db.models import Count, Prefetch, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from tests.factories import make_person
from ui.database.orm import PRESENT, TODAY, JoinedNumbers, PreparedQuery
from ui.models import Stamp

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def rows():
    Stamp.objects.bulk_create(Stamp(name=f"area-{number}", number=number) for number in (1, 2, 3))


def find_between(least: int, most: int):
    return Stamp.objects.filter(number__gte=least, number__lte=most, name__startswith="area").values_list(
        "name"
    )


def test_each_call_has_its_own_numbers_and_compiles_nothing():
    made = []
    query = PreparedQuery(lambda *places: made.append(places) or find_between(*places).order_by("number"), 2)
    assert query.rows(1, 2) == list(find_between(1, 2).order_by("number")) == [("area-1",), ("area-2",)]
    with CaptureQueriesContext(connection) as queries:
        assert query.rows(3, 3) == [("area-3",)]
    assert (len(made), len(queries)) == (1, 1)


def test_an_argument_may_be_a_text():
    query = PreparedQuery(lambda name, most: Stamp.objects.filter(name=name, number__lte=most), 2)
    assert [query.instances(*given) for given in (("area-2", 2), ("area-3", 2))] == [[Stamp("area-2", 2)], []]


def test_an_argument_that_would_be_lost_is_refused():
    """A number within a text, as LIKE has it, would stay that of the first call."""
    query = PreparedQuery(lambda number: Stamp.objects.filter(name__contains=f"-{number}"), 1)
    with pytest.raises(ValueError, match="1 arguments do not reach the database"):
        query.instances(2)


def test_times_days_and_flags_come_as_the_orm_reads_them():
    person = make_person("四月生的", birth_month=datetime.date(2000, 4, 1))

    def find(pk: int):
        return type(person).objects.filter(pk=pk).values_list("pk", "joined_at", "birth_month", "is_active")

    assert PreparedQuery(find, 1).rows(person.pk) == list(find(person.pk))
    assert list(find(person.pk)) == [(person.pk, person.joined_at, datetime.date(2000, 4, 1), True)]


def test_a_number_missing_or_too_many_is_refused():
    query = PreparedQuery(find_between, 2)
    for numbers in ((1,), (1, 2, 3)):
        with pytest.raises(ValueError, match="zip"):
            query.rows(*numbers)


def test_whole_rows_come_as_instances():
    query = PreparedQuery(lambda number: Stamp.objects.filter(number=number), 1)
    assert [query.instances(number) for number in (2, 3, 9)] == [
        [Stamp("area-2", 2)],
        [Stamp("area-3", 3)],
        [],
    ]


def test_joined_and_prefetched_rows_come_with_their_own(seller, stranger, django_assert_num_queries):
    def find_people(person: int):
        people = type(seller).objects.filter(pk=person).annotate(roles=Count("memberships"))
        return people.prefetch_related(Prefetch("memberships", Membership.objects.select_related("place")))

    query = PreparedQuery(find_people, 1)
    for person in (seller, stranger, seller):
        with django_assert_num_queries(2):
            [found] = query.instances(person.pk)
            places = [membership.place.name for membership in found.memberships.all()]
        [same] = find_people(person.pk)
        assert (found, found.roles, found.phone) == (person, same.roles, person.phone)
        assert places == [membership.place.name for membership in same.memberships.all()] != []


def test_a_number_that_no_column_holds_finds_nothing():
    query = PreparedQuery(lambda number: Stamp.objects.filter(number=number).values_list("name"), 1)
    assert [query.rows(number) for number in (2, 2**63, -(2**70))] == [[("area-2",)], [], []]
    whole = PreparedQuery(lambda number: Stamp.objects.filter(number=number), 1)
    assert whole.instances(2**63) == []


def test_today_is_the_local_day_of_each_call():
    person = make_person("四月生的", birth_month=datetime.date(2000, 4, 1))
    people = type(person).objects.filter(birth_month__gte=TODAY, pk=person.pk)
    query = PreparedQuery(lambda: people, 0)
    late = datetime.datetime(
        2000, 3, 31, 16, 30, tzinfo=datetime.UTC
    )  # 0:30 of the first of April in Shanghai
    assert query.instances(now=late) == [person]
    assert query.instances(now=late + datetime.timedelta(days=1)) == []


def test_the_present_is_that_of_each_call(trainee):
    people = type(trainee).objects.filter(joined_at__lte=PRESENT, pk=trainee.pk).values_list("pk")
    query = PreparedQuery(lambda: people, 0)
    joined, second = trainee.joined_at, datetime.timedelta(seconds=1)
    assert query.rows(now=joined - second) == []
    assert query.rows(now=joined) == query.rows(now=timezone.now() + second) == [(trainee.pk,)]


def test_numbers_of_a_group_come_as_one_text_and_none_as_nothing():
    def find(most: int):
        rows = Stamp.objects.filter(name__startswith="area").order_by()
        rows = rows.values(is_last=Q(number=3)).annotate(
            numbers=JoinedNumbers("number", filter=Q(number__lte=most))
        )
        return rows.values_list("is_last", "numbers")

    found = dict(PreparedQuery(find, 1).rows(2))
    assert {last: sorted((joined or "").split(",")) for last, joined in found.items()} == {
        False: ["1", "2"],
        True: [""],
    }
