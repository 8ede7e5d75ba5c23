"""The public page: dated totals, the same for everybody, and no way to make out who is behind a small number."""

import datetime
import itertools
from collections import defaultdict

import pytest
from django.core.cache import caches

from accounts.models import Membership, Place
from programme.models import Step
from programme.outcomes.figures import public
from programme.outcomes.figures.public import Counts, group_small, is_small
from shops.ledger import entries
from shops.models import LedgerEntry
from tests.factories import make_county, make_person, make_shop
from tests.pages import squeeze
from tests.programme.outcomes.worlds import reach

DAY = datetime.date(2026, 11, 20)


def test_villages_with_few_people_are_counted_with_a_large_one():
    """The total less what is shown must not give the small one."""
    found = group_small({1: (3,), 2: (7,), 3: (20,)}, int)
    assert (found.shown, found.rest, found.total) == ({3: (20,)}, (10,), (30,))
    assert group_small({1: (3,), 2: (7,), 3: (20,)}, lambda key: -key).shown == {2: (7,)}
    both = group_small({1: (1,), 2: (1,), 3: (6,), 4: (9,)}, int)
    assert (both.shown, both.rest) == ({4: (9,)}, (8,))
    assert group_small({1: (0,), 2: (7,)}).shown == {1: (0,), 2: (7,)}


def test_one_small_column_hides_the_village_in_all_of_them():
    found = group_small({1: (30, 2), 2: (8, 0), 3: (9, 9), 4: (9, 9)}, int)
    assert (found.shown, found.rest, found.total) == ({4: (9, 9)}, (47, 11), (56, 20))


def test_what_cannot_be_grouped_is_left_out_with_its_total():
    found = group_small({1: (4, 6), 2: (0, 5)})
    assert (found.shown, found.rest, found.total) == ({}, (None, 11), (None, 11))
    assert group_small({1: (4,), 2: (4,)}).total == (None,)
    assert group_small({1: (4,), 2: (3,)}).total == (7,)
    assert (group_small({}).total, group_small({1: (4,)}).total) == ((), (None,))


@pytest.mark.parametrize(("villages", "most"), [(2, 12), (3, 7)])
def test_no_small_number_follows_from_what_is_published(villages, most):
    """Whoever knows the rules, but not the site's secret, tries all numbers that give the same page: none is the only one."""
    keys = range(villages)
    found: dict[tuple, set[Counts]] = defaultdict(set)
    for order in itertools.permutations(keys):
        for counts in itertools.product(range(most), repeat=villages):
            page = group_small({key: (counts[key],) for key in keys}, order.index)
            found[tuple(page.shown.items()), page.rest, page.total].add(counts)
    for worlds in found.values():
        for key in keys:
            fits = {counts[key] for counts in worlds}
            assert len(fits) > 1 or not is_small(fits.pop()), worlds


@pytest.fixture
def facts(db, monkeypatch):
    """Ten graduates of one village and two of another; all ten sold in October, and one in November. The third
    village happens to be the one that is counted with the second."""
    make_county("试县", "试镇", ["大村", "小村", "中村"])
    monkeypatch.setattr(public, "rank_secretly", lambda key: -key)
    for name, count in (("大村", 10), ("小村", 2), ("中村", 6)):
        place = Place.objects.get(name=name)
        for number in range(count):
            person = make_person(f"{name}人{number}", (Membership.Role.TRAINEE, place))
            reach(person, Step.Name.GRADUATE, "2026-09-30 20:00")
            if name == "大村":
                shop = make_shop(person, place)
                entries.write(shop, LedgerEntry.Kind.LIVE, 100_000, 50_000, on=datetime.date(2026, 10, 3))
    entries.write(shop, LedgerEntry.Kind.LIVE, 100_000, 50_000, on=datetime.date(2026, 11, 3))
    reach(person, Step.Name.SELLER, "2026-11-02 20:00")
    return public.load_facts(DAY)


@pytest.mark.long
def test_facts_are_of_whole_months_and_dated(facts):
    assert (facts["until"], facts["computed_on"], facts["year"]) == (datetime.date(2026, 10, 31), DAY, 2026)
    assert [count for count, _label in facts["labels"]] == [18, 0, 0]
    assert (facts["sold"], facts["grams"], facts["fen"]) == (10, 500_000, 1_000_000)
    [shown] = facts["villages"]
    assert (shown["place"].name, shown["counts"], shown["grams"]) == ("大村", (10, 0, 0, 10), 500_000)
    assert (facts["rest"], facts["rest_villages"], facts["rest_grams"]) == ((8, 0, 0, 0), 2, 0)


@pytest.mark.long
def test_the_page_is_the_same_for_everybody_and_names_nobody(
    facts, client, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(public.timezone, "localdate", lambda *_args: DAY)
    caches["pages"].clear()
    answer = client.get("/impact/")
    page = squeeze(answer.content.decode())
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "csrfmiddlewaretoken" not in page
    assert not client.cookies
    assert "其他村合起来" in page
    assert "小村" not in page
    assert "大村人" not in page
    with django_assert_num_queries(1):
        assert client.get("/impact/", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_a_site_without_anybody_says_so(db, client):
    caches["pages"].clear()
    assert client.get("/impact/").status_code == 200
