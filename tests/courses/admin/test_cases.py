"""A trainer writes a case in the admin, its questions in boxes."""

import pytest
from django.urls import reverse

from courses.models import Case
from tests.factories import make_case, make_course


@pytest.fixture
def course(county, settings):
    settings.DEMO = True
    return make_course(county, lessons=1)


def form_of(course, **fields) -> dict:
    return {
        "course": course.pk, "kind": "fine", "title": "罚了两千", "code": "fine", "position": 3,
        "modules": [course.modules.get().pk], "source": "县局，2026-03-01，2026-11-29 读", "body": "## 出了什么事\n\n卖橙子。",
        "ask_1": "为什么？", "ask_2": "怎么接？", "ask_3": "谁看见的？",
    } | fields  # fmt: skip


def errors_of(page) -> dict:
    return page.context["adminform"].form.errors


def test_a_trainer_writes_a_case_and_changes_it(as_user, trainer, stranger, course):
    client = as_user(trainer)
    assert client.post(reverse("admin:courses_case_add"), form_of(course)).status_code == 302
    case = Case.objects.get()
    assert (case.ask, list(case.modules.all())) == (
        ["为什么？", "怎么接？", "谁看见的？"],
        [course.modules.get()],
    )
    url = reverse("admin:courses_case_change", args=[case.pk])
    assert client.get(url).context["adminform"].form["ask_3"].value() == "谁看见的？"
    assert client.post(url, form_of(course, ask_2="怎么讲？")).status_code == 302
    case.refresh_from_db()
    assert case.ask[1] == "怎么讲？"
    assert as_user(stranger).get(url).status_code == 404


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (
            {"source": ""},
            {"__all__": ["从哪儿来的没写：写上哪个单位、哪天、哪里读到的；编的就勾“为教学编的”。"]},
        ),
        ({"is_made_up": "on"}, {"__all__": ["写了出处，又勾了“为教学编的”：只能是一样。"]}),
        ({"ask_2": " "}, {"ask_2": ["这一项要填"]}),
        ({"modules": []}, {"modules": ["选一个"]}),
    ],
)
def test_a_case_that_lacks_something_is_refused_and_nothing_typed_is_lost(
    as_user, trainer, course, fields, error
):
    page = as_user(trainer).post(reverse("admin:courses_case_add"), form_of(course, **fields))
    assert errors_of(page) == error
    assert "卖橙子。" in page.text
    assert not Case.objects.exists()


def test_modules_are_the_course_s_own(as_user, trainer, county, course):
    other = make_course(county, lessons=1)
    form = form_of(course, modules=[other.modules.get().pk])
    page = as_user(trainer).post(reverse("admin:courses_case_add"), form)
    assert errors_of(page) == {"modules": ["有的单元不是这门课的。"]}


def test_a_code_stands_once_in_a_course(as_user, trainer, course):
    make_case(course, code="fine")
    page = as_user(trainer).post(reverse("admin:courses_case_add"), form_of(course))
    assert errors_of(page) == {"__all__": ["这门课已经有这个编号的案例，换一个编号。"]}
    assert Case.objects.count() == 1


@pytest.mark.long
def test_what_the_checker_finds_is_said_and_the_case_is_stored(as_user, trainer, course):
    page = as_user(trainer).post(
        reverse("admin:courses_case_add"), form_of(course, body="学完保证月入过万。"), follow=True
    )
    assert Case.objects.get().body == "学完保证月入过万。"
    assert any("月入过万" in str(message) for message in page.context["messages"])
