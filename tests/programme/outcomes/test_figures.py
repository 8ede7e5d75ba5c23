"""The figures of a small world of three villages, by hand and counted again from the tables."""

import datetime

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from programme.models import OutcomeTarget, Step
from programme.outcomes.figures import cost, gains, people, retention, sales
from programme.outcomes.figures.scope import Scope, read_scope
from progress.classes import learning_gain
from tests.programme.outcomes import recount
from tests.programme.outcomes.worlds import NOVEMBER, OCTOBER, SEPTEMBER, TODAY, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Name = Step.Name
MONTHS = (SEPTEMBER, OCTOBER, NOVEMBER)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def test_people_count_once_at_home_in_the_month_of_shanghai(world):
    a, b, c = (village.pk for village in world.villages)
    found = people.count_people(world.scope())
    assert (found.total, found.residents) == (5, {a: 2, b: 2, c: 1})
    reached = {name: count for name, count in found.steps.items() if count}
    assert reached == {"learner": 1, "graduate": 3, "seller": 1}
    assert found.by_place == {a: {"graduate": 2, "seller": 1}, b: {"graduate": 1}, c: {"learner": 1}}
    assert found.by_month == {
        SEPTEMBER: {"graduate": 1},
        OCTOBER: {"graduate": 2, "seller": 1},
        NOVEMBER: {"learner": 1},
    }
    assert [
        row.user.name for row in people.list_steps(world.scope(), "graduate", OCTOBER).order_by("pk")
    ] == ["a2", "b1"]


def test_sales_are_those_of_the_ledger_each_once(world):
    a, b, c = (village.pk for village in world.villages)
    found = sales.sum_sales(world.scope(), TODAY)
    assert (found.fen, found.grams) == (1_320_000, 428_000)
    assert [(found.by_month[month].net, found.by_month[month].grams) for month in MONTHS] == [
        (350_000, 170_000), (960_000, 256_000), (10_000, 2_000)
    ]  # fmt: skip
    assert {pk: (one.net, one.grams) for pk, one in found.by_place.items()} == {
        a: (790_000, 166_000), b: (520_000, 260_000), c: (10_000, 2_000)
    }  # fmt: skip
    assert (found.year_grams, found.year_target, found.year_percent) == (428_000, 900_000_000, "0")


def test_what_was_corrected_after_the_month_is_in_that_month_and_shown(world):
    late = sales.sum_sales(world.scope(), TODAY).late
    assert {month: (one.entries, one.fen, one.grams) for month, one in late.items() if one.entries} == {
        OCTOBER: (2, -150_000, 0)
    }
    rows = sales.filter_late(sales.find_entries(world.scope().at(month=OCTOBER)), [OCTOBER])
    assert sorted(rows.values_list("fen", flat=True)) == [-600_000, 450_000]


def test_who_earned_enough_is_judged_by_the_corrected_month(world):
    found = sales.sum_sales(world.scope(), TODAY)
    assert found.earners == {SEPTEMBER: 0, OCTOBER: 1, NOVEMBER: 0}
    assert [person.name for person in sales.list_earners(world.scope(), OCTOBER)] == ["b1"]
    assert sales.read_nets([world.people["b1"].pk], OCTOBER) == {world.people["b1"].pk: 510_000}


def test_retention_counts_the_newest_answer_of_those_due(world):
    found = {one.days: one for one in retention.count_retention(world.scope(), TODAY)}
    first = found[30]
    assert (first.due, first.answered, first.selling, first.by_live, first.percent) == (3, 2, 1, 0, 50)
    assert first.marks == {"stated": retention.Marked(1, 150_000, 80_000)}
    assert (found[90].due, found[90].percent, found[180].due) == (0, None, 0)
    later = Scope(world.organiser, SEPTEMBER, datetime.date(2026, 12, 1))
    assert [one.due for one in retention.count_retention(later, datetime.date(2026, 12, 29))] == [3, 1, 0]


def test_gain_is_of_first_tests_and_of_the_first_and_last_rehearsal(world):
    tests, rehearsed = gains.compare_tests(world.scope()), gains.compare_rehearsals(world.scope())
    assert (tests.people, tests.before, tests.after, tests.gained) == (1, 40, 80, 40)
    assert (rehearsed.people, rehearsed.before, rehearsed.after, rehearsed.gained) == (1, 60, 84, 24)
    assert len(learning_gain.find_both_tests(world.cohort)) == tests.people
    october = world.scope().at(month=OCTOBER)
    assert (gains.compare_tests(october).people, gains.compare_rehearsals(october).people) == (1, 0)


def test_cost_is_divided_by_what_came_of_the_classes_with_costs(world):
    found = cost.sum_costs(world.scope())
    assert [(one.cohort, one.fen) for one in found.classes] == [(world.cohort, 99_999)]
    assert [(step, count, each) for step, _label, count, each in found.each] == [
        ("graduate", 3, 33_333), ("seller", 1, 99_999), ("earner", 0, None)
    ]  # fmt: skip
    assert cost.sum_costs(world.scope().at(month=SEPTEMBER)).classes == []
    assert sorted(row.user.name for row in cost.list_reached(world.scope(), "graduate")) == ["a1", "a2", "b1"]


def test_a_village_a_class_and_a_month_narrow_all_of_it(world):
    a = world.scope(place=world.villages[0])
    assert (people.count_people(a).steps["graduate"], sales.sum_sales(a, TODAY).fen) == (2, 790_000)
    inside = world.scope(cohort=world.cohort)
    assert (people.count_people(inside).total, sales.sum_sales(inside, TODAY).fen) == (3, 1_310_000)
    october = world.scope().at(month=OCTOBER)
    assert (people.count_people(october).steps["graduate"], sales.sum_sales(october, TODAY).fen) == (
        3,
        960_000,
    )


def test_an_organiser_sees_their_own_places_alone(world):
    far = world.scope(world.stranger)
    assert (people.count_people(far).steps["graduate"], sales.sum_sales(far, TODAY).fen) == (1, 999_000)
    asked = read_scope(
        world.stranger, QueryDict(f"place={world.villages[0].pk}&class={world.cohort.pk}"), TODAY
    )
    assert (asked.place, asked.cohort) == (None, None)
    everything = Scope(None, SEPTEMBER, NOVEMBER)
    assert (people.count_people(everything).total, sales.sum_sales(everything, TODAY).fen) == (6, 2_319_000)


def test_the_tables_counted_again_say_the_same(world):
    scope, path = world.scope(), world.county.path
    with connection.cursor() as cursor:
        sold, steps = recount.count_sales(cursor, path), recount.count_steps(cursor, path)
        earners = recount.count_earners(cursor, path, 500_000)
        answers = recount.count_answers(cursor, path, TODAY.isoformat())
    found, counted = sales.sum_sales(scope, TODAY), people.count_people(scope)
    assert {f"{month:%Y-%m}": one.net for month, one in found.by_month.items()} == sold["fen"]
    assert {f"{month:%Y-%m}": one.grams for month, one in found.by_month.items()} == sold["grams"]
    assert {place: one.net for place, one in found.by_place.items()} == sold["place_fen"]
    assert {f"{month:%Y-%m}": one.fen for month, one in found.late.items() if one.entries} == sold["late_fen"]
    assert {f"{month:%Y-%m}": count for month, count in found.earners.items() if count} == earners
    by_place = {
        (place, step): count for place, counts in counted.by_place.items() for step, count in counts.items()
    }
    again: dict = {}
    for (place, step, _month), count in steps.items():
        again[place, step] = again.get((place, step), 0) + count
    assert by_place == again
    assert {
        (one.days, name): getattr(one, name)
        for one in retention.count_retention(scope, TODAY)
        if one.due
        for name in ("due", "answered", "selling")
    } == answers


def test_a_target_holds_from_its_day_on(world):
    with transaction.atomic():
        OutcomeTarget.objects.create(valid_from=OCTOBER, year_grams=1_000_000)
        assert (sales.find_target(SEPTEMBER), sales.find_target(NOVEMBER)) == (900_000_000, 1_000_000)
        transaction.set_rollback(True)


def test_months_are_read_and_bounded(world):
    scope = read_scope(world.organiser, QueryDict("from=2020-01&to=2026-11"), TODAY)
    assert (scope.first, scope.last, len(scope.months)) == (datetime.date(2024, 12, 1), NOVEMBER, 24)
    turned = read_scope(world.organiser, QueryDict("from=2026-11&to=2026-09"), TODAY)
    assert (turned.first, turned.last) == (SEPTEMBER, SEPTEMBER)
    usual = read_scope(world.organiser, QueryDict("to=oops&place=99999999999999999999"), TODAY)
    assert (usual.last, len(usual.months), usual.place) == (TODAY, 12, None)
