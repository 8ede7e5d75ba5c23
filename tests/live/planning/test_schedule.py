"""A person's lives: real ones first and separate from rehearsals, every list complete, at the same cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from live.planning import schedule
from tests.lives import make_live

NAMES = ("coming", "late", "practise", "over", "practised", "others")


def ago(**span) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**span)


@pytest.fixture
def rehearsals(seller, shop):
    """Thirty rehearsals of the last month without a submission."""
    return [make_live(seller, shop=shop, title=f"彩排{n}", starts_at=ago(days=n, hours=1)) for n in range(30)]


@pytest.fixture
def real(seller, shop):
    return make_live(seller, shop=shop, kind="real", title="周末真播")


def titles(answer) -> dict[str, list[str]]:
    return {
        name: [live.title for live in listed.page.items] for name, listed in answer.context["lists"].items()
    }


def test_the_real_live_is_found_behind_thirty_rehearsals(as_user, seller, rehearsals, real):
    page = as_user(seller).get("/live/").content.decode()
    assert page.index("周末真播") < page.index("彩排0")


@pytest.mark.long
def test_every_list_can_be_turned_over_to_its_end(as_user, seller, rehearsals, real):
    answer, seen = as_user(seller).get("/live/"), []
    for _turn in range(9):
        listed = answer.context["lists"]["practise"]
        seen += [live.title for live in listed.page.items]
        if not listed.page.after:
            break
        assert 'rel="next"' in answer.content.decode()
        answer = as_user(seller).get(f"/live/?of=practise&after={listed.page.after}")
        assert list(answer.context["lists"]) == ["practise"]
    assert seen == [f"彩排{n}" for n in range(30)]


@pytest.mark.long
@pytest.mark.parametrize("query", ["?of=nothing&after=x", "?after=x", "?of=&after=", "?of[]=over"])
def test_a_made_up_list_is_the_first_page(as_user, seller, real, query):
    answer = as_user(seller).get(f"/live/{query}")
    assert (answer.status_code, titles(answer)["coming"]) == (200, ["周末真播"])


def test_a_cursor_that_is_none_starts_its_list_from_the_top(as_user, seller, real):
    assert titles(as_user(seller).get("/live/?of=coming&after=%00'")) == {"coming": ["周末真播"]}


@pytest.mark.long
def test_a_rehearsal_that_was_handed_in_waits_no_more(as_user, seller, rehearsals):
    schedule.mark_practised(rehearsals[0].pk, timezone.now())
    answer = as_user(seller).get("/live/")
    assert titles(answer)["practised"] == ["彩排0"]
    assert "彩排0" not in titles(answer)["practise"]
    assert "练过了" in as_user(seller).get(rehearsals[0].get_absolute_url()).content.decode()


def test_the_first_hand_in_is_the_day_it_was_practised(live):
    first = ago(days=3)
    for at in (first, timezone.now()):
        schedule.mark_practised(live.pk, at)
    live.refresh_from_db()
    assert live.practised_at == first


def test_a_real_live_is_not_closed_by_a_rehearsal(real):
    schedule.mark_practised(real.pk, timezone.now())
    real.refresh_from_db()
    assert real.practised_at is None


@pytest.mark.long
def test_what_nobody_ended_is_over_when_its_time_is(as_user, seller, shop):
    make_live(seller, shop=shop, kind="real", title="忘了下播", started_at=ago(hours=13))
    answer = as_user(seller).get("/live/")
    assert (answer.context["running"], titles(answer)["over"]) == ([], ["忘了下播"])


@pytest.mark.long
def test_every_list_has_its_kind(as_user, seller, shop):
    day = datetime.timedelta(days=1)
    now = timezone.now()
    for kind in ("real", "rehearsal"):
        make_live(seller, shop=shop, kind=kind, title=f"{kind} 要播")
        make_live(seller, shop=shop, kind=kind, title=f"{kind} 晚了", starts_at=now - 2 * day)
        make_live(seller, shop=shop, kind=kind, title=f"{kind} 播完", started_at=now - day, ended_at=now)
        make_live(seller, shop=shop, kind=kind, title=f"{kind} 撤了", removed_at=now)
    assert titles(as_user(seller).get("/live/")) == {
        "coming": ["real 要播"],
        "late": ["real 晚了"],
        "practise": ["rehearsal 要播", "rehearsal 晚了"],
        "over": ["real 播完"],
        "practised": ["rehearsal 播完"],
        "others": [],
    }


@pytest.mark.long
def test_a_trainer_and_an_organiser_find_the_lives_of_their_place(
    as_user, seller, shop, trainer, organiser, stranger, real
):
    make_live(seller, shop=shop, kind="real", title="播完的", started_at=ago(days=1), ended_at=timezone.now())
    for person, seen in ((trainer, ["播完的"]), (organiser, ["播完的"]), (stranger, []), (seller, [])):
        assert titles(as_user(person).get("/live/"))["others"] == seen


@pytest.mark.long
def test_lives_of_others_are_listed_after_the_second_factor(as_user, seller, shop, trainer, settings):
    settings.DEMO = False
    make_live(seller, shop=shop, kind="real", title="播完的", started_at=ago(days=1), ended_at=timezone.now())
    page = as_user(trainer).get("/live/").content.decode()
    assert ("播完的" in page, 'href="?of=others"' in page) == (False, True)
    assert as_user(trainer).get("/live/?of=others").status_code == 302


@pytest.mark.long
def test_the_lists_cost_the_same_for_none_and_for_thirty_of_each(as_user, seller, shop):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            as_user(seller).get("/live/")
        return len(queries)

    now = timezone.now()
    cost()
    none = cost()
    for n in range(30):
        for kind in ("real", "rehearsal"):
            make_live(seller, shop=shop, kind=kind)
            make_live(seller, shop=shop, kind=kind, starts_at=ago(days=n + 2))
            make_live(seller, shop=shop, kind=kind, started_at=ago(hours=1), ended_at=now)
    assert cost() == none


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_list_says_so(as_user, seller, name):
    assert "没有更多了" in as_user(seller).get(f"/live/?of={name}").content.decode()
