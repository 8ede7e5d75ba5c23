"""Prerequisites: chosen in the same course or among the trainer's own, refused if two would wait for each other."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from courses.authoring.prerequisites import find_circular
from courses.models import Bank, Course, Module, Opening, Quiz
from tests.factories import make_cohort, make_course

UNKNOWN_CHOICE = ["没有这一项，重新选一个"]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(village) -> Course:
    return make_course(village, modules=3, title="直播课")


@pytest.fixture
def modules(course) -> list[Module]:
    return list(course.modules.order_by("position"))


def make_quiz(course: Course, module: Module | None = None, **fields) -> Quiz:
    n = Quiz.objects.count()
    bank, _new = Bank.objects.get_or_create(course=course, code="all", defaults={"title": "题库"})
    return Quiz.objects.create(
        course=course, module=module, bank=bank, code=f"q{n}", title=f"测验{n}", **fields
    )


def errors(answer) -> dict:
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def change(client, module: Module, **more):
    url = reverse("admin:courses_module_change", args=[module.pk])
    return client.post(url, {"course": module.course_id, "number": 1, "title": "单元", "hours": 1} | more)


def test_a_unit_is_put_behind_others_a_quiz_and_a_day(trainer, course, modules, client):
    client.force_login(trainer)
    quiz = make_quiz(course, modules[0])
    more = {"needs": [modules[0].pk, modules[1].pk], "needs_quiz": [quiz.pk], "opens_on": "2026-12-01"}
    assert change(client, modules[2], **more).status_code == 302
    saved = Module.objects.get(pk=modules[2].pk)
    assert set(saved.needs.all()) == {modules[0], modules[1]}
    assert list(saved.needs_quiz.all()) == [quiz]
    assert saved.opens_on == datetime.date(2026, 12, 1)


@pytest.mark.long
def test_a_units_page_offers_its_own_course_only(trainer, village, course, modules, client):
    """A course next door is one's own too, but its units come first in no other."""
    other = make_course(village, title="另一门")
    theirs, quiz = other.modules.get(), make_quiz(other)
    client.force_login(trainer)
    own = make_quiz(course, modules[1])
    page = client.get(reverse("admin:courses_module_change", args=[modules[0].pk])).context["adminform"].form
    assert list(page.fields["needs"].queryset) == modules[1:]
    assert list(page.fields["needs_quiz"].queryset) == [own]
    wrong = {"needs": [theirs.pk], "needs_quiz": [quiz.pk]}
    assert list(errors(change(client, modules[0], **wrong))) == ["needs", "needs_quiz"]
    assert list(errors(change(client, modules[0], needs=[modules[0].pk]))) == ["needs"]
    assert "needs" not in client.get(reverse("admin:courses_module_add")).context["adminform"].form.fields


@pytest.mark.long
def test_units_that_wait_for_each_other_are_refused(trainer, course, modules, client):
    first, second, third = modules
    client.force_login(trainer)
    assert change(client, second, needs=[first.pk]).status_code == 302
    assert change(client, third, needs=[second.pk]).status_code == 302
    told = {"needs": ["“单元”自己要先学完“单元1”，两边互相等，谁都学不了。"]}
    assert errors(change(client, first, needs=[second.pk])) == told
    assert errors(change(client, first, needs=[third.pk])) == told
    assert list(first.needs.all()) == []


@pytest.mark.long
def test_a_quiz_of_what_comes_later_is_refused(trainer, course, modules, client):
    first, second, _third = modules
    inside, behind, whole = make_quiz(course, first), make_quiz(course, second), make_quiz(course)
    client.force_login(trainer)
    second.needs.add(first)
    for quiz in (inside, behind):
        said = f"要学了“单元1”才考得了“{quiz.title}”，不能拿它当门槛。"
        assert errors(change(client, first, needs_quiz=[quiz.pk])) == {"needs_quiz": [said]}
    assert change(client, first, needs_quiz=[whole.pk]).status_code == 302
    first.needs_quiz.clear()
    second.needs.clear()
    second.needs_quiz.add(inside)
    assert list(errors(change(client, first, needs=[second.pk]))) == ["needs"]


@pytest.mark.long
def test_a_unit_on_which_others_hang_stays_in_its_course(trainer, village, course, modules, client):
    other = make_course(village)
    client.force_login(trainer)
    modules[1].needs.add(modules[0])
    assert list(errors(change(client, modules[0], course=other.pk))) == ["course"]
    assert list(errors(change(client, modules[1], course=other.pk, needs=[modules[0].pk]))) == ["needs"]
    assert change(client, modules[1], course=other.pk).status_code == 302
    assert change(client, modules[0], course=other.pk).status_code == 302


def course_facts(course: Course, **more) -> dict:
    blank = {"modules-TOTAL_FORMS": 0, "modules-INITIAL_FORMS": 0}
    facts = {"title": course.title, "language": "zh-hans", "place": course.place_id, "summary": "简介"}
    return facts | {"slug": course.slug, "twin": ""} | blank | more


def change_course(client, course: Course, *needs: Course):
    url = reverse("admin:courses_course_change", args=[course.pk])
    return client.post(url, course_facts(course, needs=[one.pk for one in needs]))


@pytest.mark.long
def test_courses_that_wait_for_each_other_are_refused(trainer, village, other_village, client):
    first, second, third = (make_course(village, title=name) for name in ("甲", "乙", "丙"))
    theirs = make_course(other_village)
    client.force_login(trainer)
    assert change_course(client, second, first).status_code == 302
    assert change_course(client, third, second).status_code == 302
    assert errors(change_course(client, first, third)) == {
        "needs": ["“丙”自己要先学完“甲”，两边互相等，谁都学不了。"]
    }
    assert errors(change_course(client, first, first)) == {"needs": UNKNOWN_CHOICE}
    assert errors(change_course(client, first, theirs)) == {"needs": UNKNOWN_CHOICE}
    assert [list(course.needs.all()) for course in (first, second, third)] == [[], [first], [second]]


def test_a_long_chain_is_walked_step_by_step():
    asked = []

    def edges(rows: set[int]):
        asked.append(sorted(rows))
        return [(row, row + 1) for row in rows if row < 5] + [(row, 1) for row in rows if row == 9]

    assert find_circular(5, [1, 9, 7], edges) == {1, 9}
    assert asked == [[1, 7, 9], [2], [3], [4]]


# --- a class's own days ---


def openings(*rows: tuple, first: list[Opening] = ()) -> dict:
    facts = {"openings-TOTAL_FORMS": len(rows), "openings-INITIAL_FORMS": len(first)}
    for i, (module, day) in enumerate(rows):
        facts |= {f"openings-{i}-module": module.pk, f"openings-{i}-opens_on": day}
    for i, row in enumerate(first):
        facts |= {f"openings-{i}-id": row.pk, f"openings-{i}-cohort": row.cohort_id}
    return facts


def class_facts(cohort, *rows: tuple, first: list[Opening] = (), **more) -> dict:
    return {
        "course": cohort.course_id, "place": cohort.place_id, "name": cohort.name, "is_open": "on",
        "trainers": [person.pk for person in cohort.trainers.all()],
        "starts_on": f"{cohort.starts_on}", "ends_on": f"{cohort.ends_on}",
    } | openings(*rows, first=first) | more  # fmt: skip


@pytest.mark.long
def test_a_class_gets_days_of_its_own_and_it_is_written_down(trainer, village, course, modules, client):
    cohort = make_cohort(course, village, trainer, name="一班")
    client.force_login(trainer)
    url = reverse("admin:courses_cohort_change", args=[cohort.pk])
    rows = [(modules[1], "2026-12-08"), (modules[0], "2026-12-01")]
    assert client.post(url, class_facts(cohort, *rows)).status_code == 302
    assert list(cohort.openings.order_by("opens_on").values_list("module", "opens_on")) == [
        (modules[0].pk, datetime.date(2026, 12, 1)),
        (modules[1].pk, datetime.date(2026, 12, 8)),
    ]
    written = [row.detail["fields"] for row in AuditEntry.objects.filter(verb="class_changed").order_by("pk")]
    assert written == [[], ["openings"]]
    twice = class_facts(cohort, (modules[2], "2026-12-01"), (modules[2], "2026-12-09"))
    assert client.post(url, twice).status_code == 200
    assert cohort.openings.count() == 2


@pytest.mark.long
def test_a_class_opens_units_of_its_own_course_only(trainer, village, course, modules, client):
    theirs = make_course(village).modules.get()
    cohort = make_cohort(course, village, trainer)
    client.force_login(trainer)
    url = reverse("admin:courses_cohort_change", args=[cohort.pk])
    answer = client.post(url, class_facts(cohort, (theirs, "2026-12-01")))
    formset = answer.context["inline_admin_formsets"][0].formset
    assert formset.errors == [{"module": UNKNOWN_CHOICE}]
    offered = client.get(url).context["inline_admin_formsets"][0].formset.empty_form.fields["module"]
    assert [name for _pk, name in offered.choices][1:] == ["1 单元1", "2 单元2", "3 单元3"]
    assert client.get(reverse("admin:courses_cohort_add")).context["inline_admin_formsets"] == []


@pytest.mark.long
def test_a_class_given_another_course_keeps_no_days_of_the_old(trainer, village, course, modules, client):
    cohort = make_cohort(course, village, trainer)
    row = Opening.objects.create(cohort=cohort, module=modules[0], opens_on=timezone.localdate())
    client.force_login(trainer)
    url = reverse("admin:courses_cohort_change", args=[cohort.pk])
    facts = class_facts(cohort, (modules[0], "2026-12-01"), first=[row], course=make_course(village).pk)
    formset = client.post(url, facts).context["inline_admin_formsets"][0].formset
    assert formset.errors == [{"module": ["这个单元不是这门课的，去掉这一行。"]}]
    assert client.post(url, facts | {"openings-0-DELETE": "on"}).status_code == 302
    assert not Opening.objects.exists()


def test_an_invited_teacher_sets_days_for_a_course_elsewhere(trainer, other_village, client):
    course = make_course(other_village)
    cohort, module = make_cohort(course, other_village, trainer), course.modules.get()
    client.force_login(trainer)
    url = reverse("admin:courses_cohort_change", args=[cohort.pk])
    assert client.post(url, class_facts(cohort, (module, "2026-12-01"))).status_code == 302
    assert Opening.objects.get().module == module


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 24])
def test_the_page_of_a_class_takes_the_same_queries_for_any_number(
    trainer, village, client, count, django_assert_num_queries
):
    course = make_course(village, modules=25, lessons=0)
    cohort = make_cohort(course, village, trainer)
    for module in course.modules.all()[:count]:
        Opening.objects.create(cohort=cohort, module=module, opens_on=timezone.localdate())
    client.force_login(trainer)
    with django_assert_num_queries(25):
        client.get(reverse("admin:courses_cohort_change", args=[cohort.pk]))
