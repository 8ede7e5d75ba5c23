"""The organiser's page of figures: each opens down to its rows and from there to its evidence, of one's own places alone."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from programme.models import TrainingCost
from programme.outcomes.figures import charts
from programme.outcomes.views import load_impact
from shops.models import LedgerEntry, Shop
from tests.factories import make_person
from tests.pages import squeeze
from tests.programme.outcomes.worlds import World, book, make_world, reach

pytestmark = pytest.mark.django_db
PERIOD = {"from": "2026-09", "to": "2026-11"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def show(world, client):
    """Fetch the page, or the rows of a figure, as the organiser or somebody else."""

    def fetch(name: str = "impact", reader=None, **query):
        client.force_login(reader or world.organiser)
        answer = client.get(reverse(f"programme:{name}"), PERIOD | query)
        return squeeze(answer.content.decode()) if answer.status_code == 200 else answer.status_code

    return fetch


def rows_of(page: str) -> list[str]:
    return re.findall(r'<a class="grow" href="[^"]*"><b>([^<]*)</b>', page)


def test_the_page_has_each_figure_with_a_chart_and_its_table(show):
    page = show()
    assert "428公斤" in page
    assert "¥13,200.00" in page
    assert "月后更正 ¥−1,500.00" in page
    assert page.count('<svg class="chart"') == page.count("<desc id=") == 6
    assert page.count('role="img"') >= 5
    assert "style=" not in page


@pytest.mark.long
def test_every_figure_opens_to_its_rows(show, world):
    assert rows_of(show("impact_rows", figure="step", step="graduate")) == ["a1", "a2", "b1"]
    assert rows_of(show("impact_rows", figure="step", step="graduate", month="2026-09")) == ["a1"]
    sold = show("impact_rows", figure="sales", month="2026-10")
    assert "5 条 · 256公斤 · ¥9,600.00" in sold
    assert rows_of(show("impact_rows", figure="sales", month="2026-10", late=1)) == ["a2", "a2"]
    assert rows_of(show("impact_rows", figure="earners", month="2026-10")) == ["b1"]
    net = show("impact_rows", figure="net", person=world.people["b1"].pk)
    assert "2 条 · 260公斤 · ¥5,100.00" in net
    assert rows_of(show("impact_rows", figure="retention", days=30, state="answered")) == ["a1", "b1"]
    assert "4/10 → 8/10" in show("impact_rows", figure="tests")
    assert "60/100 → 84/100" in show("impact_rows", figure="rehearsals")
    assert "2 条 · ¥999.99" in show("impact_rows", figure="costs")
    assert rows_of(show("impact_rows", figure="reached", step="graduate")) == ["a1", "a2", "b1"]


@pytest.mark.long
def test_every_link_of_the_page_leads_to_rows_and_every_row_to_its_evidence(show, client, world):
    page = show()
    links = sorted(set(re.findall(r'href="(/classes/impact/rows/[^"]*)"', page)))
    assert len(links) > 25
    rows = set()
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        rows |= set(re.findall(r'<a class="grow" href="([^"]*)">', answer.content.decode()))
    for url in rows:
        assert client.get(url.partition("#")[0].replace("&amp;", "&")).status_code == 200, url


def test_others_see_nothing_of_it(show, world):
    assert show(reader=world.trainer) == 404
    assert show(reader=world.people["a1"]) == 404
    assert show("impact_rows", reader=world.trainer, figure="sales") == 404
    far = show("impact_rows", reader=world.stranger, figure="sales")
    assert rows_of(far) == ["far"]
    asked = {"figure": "net", "person": world.people["b1"].pk}
    assert show("impact_rows", reader=world.stranger, **asked) == 404
    for figure in (
        {"figure": "oops"},
        {"figure": "step", "step": "x"},
        {"figure": "retention", "days": "31"},
    ):
        assert show("impact_rows", **figure) == 404


@pytest.mark.long
def test_the_page_costs_the_same_for_many(world):
    load_impact(world.scope())  # the reader's roles are read once
    with CaptureQueriesContext(connection) as few:
        load_impact(world.scope())
    with transaction.atomic():
        shop = Shop.objects.get(owner=world.people["b1"])
        for number in range(23):
            person = make_person(f"多{number}", (Membership.Role.TRAINEE, world.villages[2]))
            reach(person, "graduate", "2026-10-10 10:00")
            book(shop, LedgerEntry.Kind.OTHER_IN, "2026-10-11", 700_000, villager=person)
        with CaptureQueriesContext(connection) as many:
            found = load_impact(world.scope())
        transaction.set_rollback(True)
    assert found["people"].steps["graduate"] == 26
    assert len(many) == len(few) <= 26


@pytest.mark.long
def test_rows_cost_the_same_for_many(world, client):
    client.force_login(world.organiser)
    url = reverse("programme:impact_rows")
    figures = ({"figure": "sales"}, {"figure": "step", "step": "graduate"}, {"figure": "costs"})

    def count(query: dict) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url, PERIOD | query)
        return len(queries)

    few = [count(query) for query in figures]
    with transaction.atomic():
        shop = Shop.objects.get(owner=world.people["b1"])
        for number in range(24):
            person = make_person(f"多{number}", (Membership.Role.TRAINEE, world.villages[2]))
            reach(person, "graduate", "2026-10-10 10:00")
            book(shop, LedgerEntry.Kind.OTHER_IN, "2026-10-11", 700_000, villager=person)
            TrainingCost.objects.create(cohort=world.cohort, on="2026-10-12", what="车费", fen=100)
        many = [count(query) for query in figures]
        transaction.set_rollback(True)
    assert many == few


def test_costs_are_entered_once_and_cancelled_by_organisers(world, client):
    url = reverse("programme:class_costs", args=[world.cohort.pk])
    client.force_login(world.trainer)
    assert client.get(url).status_code == 404
    client.force_login(world.organiser)
    key = "7f0f3f5e-7b3a-4f3e-8a51-0d7a3e3b9c11"
    with transaction.atomic():
        for _time in range(2):
            client.post(url, {"key": key, "on": "2026-10-09", "what": "三脚架", "fen": "88.50"})
        row = TrainingCost.objects.get(what="三脚架")
        assert (row.fen, row.made_by) == (8_850, world.organiser)
        assert (
            "还没到这一天"
            in client.post(url, {"key": key, "on": "2999-01-01", "what": "x", "fen": "1"}).content.decode()
        )
        client.post(url, {"cancel": row.pk})
        client.post(url, {"cancel": row.pk})
        row.refresh_from_db()
        assert row.cancelled_by == world.organiser
        assert "¥999.99" not in client.get(url).content.decode()
        transaction.set_rollback(True)
    for person in (world.organiser, world.trainer, world.stranger):
        found = TrainingCost.objects.visible_to(person).exists()
        assert found == (person == world.organiser), person


def test_bars_are_scaled_and_named(world):
    chart = charts.draw_columns([("9月", 50, "50"), ("10月", 100, "100"), ("11月", -5, "−5")], goal=200)
    assert [(bar.height, bar.label, bar.value, bar.is_high) for bar in chart.bars] == [
        (32.5, "9月", "50", False), (65.0, "10月", "100", True), (0.0, "11月", "−5", False)
    ]  # fmt: skip
    assert chart.goal == 30.0
    many = charts.draw_columns([(str(at), at, str(at)) for at in range(1, 25)])
    assert [bar.label for bar in many.bars if bar.label] == ["4", "8", "12", "16", "20", "24"]
    assert [bar.value for bar in many.bars if bar.value] == ["24"]
    assert charts.draw_columns([]).bars == []
