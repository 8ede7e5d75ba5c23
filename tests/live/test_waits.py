"""A running live, or one that begins soon, waits for the people who run it."""

import datetime

from django.utils import timezone

from accounts.worklist import items
from tests.factories import make_person
from tests.lives import make_live, make_ready_shop

HOUR = datetime.timedelta(hours=1)


def list_waiting(user) -> list[tuple[str, str]]:
    return [(wait.kind, wait.url) for wait in items.list_items(user) if wait.tab == "lives"]


def test_a_live_of_the_next_day_waits_for_who_speaks_and_who_stands_by(seller, trainee, organiser, village):
    shop = make_ready_shop(seller, village)
    mentor = make_person("师傅")
    live = make_live(seller, shop=shop, kind="real", mentor=mentor, starts_at=timezone.now() + 5 * HOUR)
    assert list_waiting(seller) == list_waiting(mentor) == [("live_soon", f"/live/{live.pk}/")]
    assert list_waiting(trainee) == list_waiting(organiser) == []


def test_a_live_whose_hour_has_passed_is_not_said_to_come(seller, village):
    shop = make_ready_shop(seller, village)
    for title, hours in (("早的", -1), ("晚的", 1)):
        make_live(seller, shop=shop, kind="real", title=title, starts_at=timezone.now() + hours * HOUR)
    said = [wait.sentence for wait in items.list_items(seller) if wait.tab == "lives"]
    assert said == ["“早的”到点了，该开播了", "“晚的”快开播了，先看还差什么"]


def test_a_live_that_runs_leads_into_it(seller, village):
    shop = make_ready_shop(seller, village)
    live = make_live(seller, shop=shop, kind="real", started_at=timezone.now() - HOUR)
    assert list_waiting(seller) == [("live_on", f"/live/{live.pk}/air/")]


def test_rehearsals_later_days_and_what_is_over_wait_for_nobody(seller, village):
    now, shop = timezone.now(), make_ready_shop(seller, village)
    make_live(seller, shop=shop, starts_at=now + HOUR)
    make_live(seller, shop=shop, kind="real", starts_at=now + 30 * HOUR)
    make_live(seller, shop=shop, kind="real", starts_at=now - 4 * HOUR)
    make_live(seller, shop=shop, kind="real", started_at=now - 3 * HOUR, ended_at=now - HOUR)
    assert list_waiting(seller) == []
