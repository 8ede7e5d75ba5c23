"""The pages of cases: the list by kind and module, one case, and the links that lead there."""

import pytest
from django.urls import reverse

from courses.models import State
from tests.factories import make_case, make_course, make_plan
from tests.pages import squeeze


@pytest.fixture
def course(county, settings):
    settings.DEMO = True
    return make_course(county, lessons=1, modules=2, slug="live", title="直播课")


@pytest.fixture
def modules(course):
    return list(course.modules.order_by("position"))


@pytest.fixture
def fine(course, modules):
    return make_case(
        course, *modules, code="fine", kind="fine", title="罚了两千", is_made_up=False, source="县局；晚报 2026-03-01",
        body="## 原话\n\n**这样说不行**：<b>提高</b>", ask=["为什么？", "怎么接？", "谁看见的？"],
    )  # fmt: skip


def test_a_case_shows_where_it_is_known_from_and_what_to_talk_about(as_user, trainee, fine, modules):
    page = squeeze(as_user(trainee).get("/courses/live/cases/fine/").text)
    assert "县局；晚报 2026-03-01" in page
    assert "为教学编的" not in page
    assert "<li>为什么？</li><li>怎么接？</li><li>谁看见的？</li>" in page
    assert "<strong>这样说不行</strong>" in page
    assert "&lt;b&gt;提高" in page
    assert [f"#unit-{module.pk}" in page for module in modules] == [True, True]
    assert "改这个案例" not in page


def test_a_case_that_was_made_up_says_so(as_user, trainee, trainer, course, modules):
    case = make_case(course, modules[0])
    page = as_user(trainee).get(case.get_absolute_url()).text
    assert "为教学编的：人、村、数都不是真的。" in page
    assert "出处" not in page
    assert (
        reverse("admin:courses_case_change", args=[case.pk])
        in as_user(trainer).get(case.get_absolute_url()).text
    )


def test_the_list_is_cut_by_kind_and_by_module(as_user, trainee, course, fine, modules):
    make_case(course, modules[1])
    client = as_user(trainee)

    def shown(query: str) -> list[str]:
        return [case.code for case, _numbers in client.get(f"/courses/live/cases/{query}").context["rows"]]

    assert shown("") == ["fine", "short-weight"]
    assert shown("?kind=fine") == ["fine"]
    assert shown(f"?module={modules[0].number}") == ["fine"]
    assert shown(f"?module={modules[1].number}&kind=aftersale") == ["short-weight"]
    assert shown(f"?module={modules[0].number}&kind=aftersale") == []
    assert shown("?kind=none&module=99&after=x") == ["fine", "short-weight"]
    assert (
        "这样挑，一件也没有。"
        in client.get(f"/courses/live/cases/?module={modules[0].number}&kind=aftersale").text
    )


def test_the_course_in_the_other_language_shows_what_it_lacks_in_the_first(
    as_user, trainee, county, course, fine
):
    english = make_course(county, lessons=1, modules=2, slug="live-en", title="Live", language="en")
    course.twin, english.twin = english, course
    course.save()
    english.save()
    client = as_user(trainee)
    page = client.get("/courses/live-en/cases/fine/").text
    assert "这一篇还没有这种语言的，先看原文。" in page
    assert '<h1 lang="zh-Hans">罚了两千</h1>' in page
    assert [case.code for case, _numbers in client.get("/courses/live-en/cases/").context["rows"]] == ["fine"]
    make_case(english, code="fine", title="Fined 2,000", kind="fine")
    page = client.get("/courses/live-en/cases/fine/").text
    assert '<h1 lang="en">Fined 2,000</h1>' in page
    assert "先看原文" not in page
    assert [case.title for case, _numbers in client.get("/courses/live-en/cases/").context["rows"]] == [
        "Fined 2,000"
    ]


def test_a_lesson_and_its_plan_lead_to_the_cases_of_their_module(
    as_user, trainee, trainer, course, fine, modules
):
    lesson, other = (module.lessons.get() for module in modules)
    make_plan(lesson)
    link = f"/courses/live/cases/?module={modules[0].number}"
    assert link in as_user(trainee).get(lesson.get_absolute_url()).text
    assert (
        "/courses/live/cases/fine/"
        in as_user(trainer).get(reverse("courses:plan", args=["live", lesson.pk])).text
    )
    assert "/courses/live/cases/" in as_user(trainer).get(reverse("courses:plans", args=["live"])).text
    fine.modules.set([modules[0]])
    assert "/cases/" not in as_user(trainee).get(other.get_absolute_url()).text


def test_a_draft_s_cases_are_for_those_who_write_it(as_user, trainee, trainer, course, fine, client):
    urls = ("/courses/live/cases/", "/courses/live/cases/fine/")
    assert [client.get(url).status_code for url in urls] == [302, 302]
    for url in urls:
        assert as_user(trainee).get(url).status_code == 200
    assert as_user(trainee).get("/courses/live/cases/none/").status_code == 404
    course.state = State.DRAFT
    course.save()
    for url in urls:
        assert as_user(trainee).get(url).status_code == 404
        assert as_user(trainer).get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 24])
def test_the_list_costs_the_same_for_any_length(
    as_user, trainee, course, modules, count, django_assert_num_queries
):
    for number in range(count):
        make_case(course, *modules, code=f"case-{number}", position=number)
    client = as_user(trainee)
    client.get("/courses/live/cases/")
    with django_assert_num_queries(
        9
    ):  # session, person, roles; course, kinds, modules, rows and their modules, the twin
        assert len(client.get("/courses/live/cases/").context["rows"]) == count
