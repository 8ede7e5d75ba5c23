"""What must come first, and how the page says so."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Bank, Cohort, Course, Lesson, Opening, Quiz
from progress.enrolment import prerequisites
from progress.enrolment.services import enrol
from progress.models import Attempt, LessonDone
from tests.factories import make_cohort, make_course

TODAY = timezone.localdate()


@pytest.fixture
def course(county) -> Course:
    return make_course(county, modules=2, lessons=2)


@pytest.fixture
def modules(course) -> tuple:
    return tuple(course.modules.order_by("position", "id"))


def do(user, *lessons: Lesson) -> None:
    for lesson in lessons:
        LessonDone.objects.create(user=user, lesson=lesson, happened_at=timezone.now())


def words(user, module) -> list[str]:
    return [one.words for one in prerequisites.list_missing(user, module)]


def make_quiz(course, **fields) -> Quiz:
    bank = Bank.objects.create(course=course, code="bank", title="题库")
    return Quiz.objects.create(
        course=course, bank=bank, code="quiz", title="小测", state="published", **fields
    )


def test_nothing_stands_before_a_plain_module(trainee, modules, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert prerequisites.is_closed(trainee, modules[1]) is False
    assert prerequisites.list_missing(trainee, modules[1]) == []


def test_module_waits_for_the_one_before_it(trainee, course, modules):
    first, second = modules
    second.needs.add(first)
    assert prerequisites.is_closed(trainee, second)
    [missing] = prerequisites.list_missing(trainee, second)
    assert (missing.words, missing.url) == (
        f"先学完第{first.number}单元“{first.title}”",
        f"{reverse('progress:course', args=[course.slug])}#unit-{first.pk}",
    )
    do(trainee, *first.lessons.all()[:1])
    assert prerequisites.is_closed(trainee, second)
    do(trainee, *first.lessons.all()[1:])
    assert (prerequisites.is_closed(trainee, second), prerequisites.list_missing(trainee, second)) == (
        False,
        [],
    )


def test_draft_lesson_of_the_module_before_is_not_asked_for(trainee, modules):
    first, second = modules
    second.needs.add(first)
    one, two = first.lessons.all()
    Lesson.objects.filter(pk=two.pk).update(state="draft")
    do(trainee, one)
    assert not prerequisites.is_closed(trainee, second)


def test_course_waits_for_another_course(trainee, county, course, modules):
    before = make_course(county, lessons=1, title="入门")
    course.needs.add(before)
    assert prerequisites.is_closed(trainee, modules[0])
    assert words(trainee, modules[0]) == ["先学完“入门”这门课"]
    do(trainee, Lesson.objects.get(module__course=before))
    assert not prerequisites.is_closed(trainee, modules[0])


def test_module_waits_for_a_passed_quiz(trainee, course, modules):
    quiz = make_quiz(course)
    modules[1].needs_quiz.add(quiz)
    Attempt.objects.create(user=trainee, quiz=quiz, number=1, passed=False, finished_at=timezone.now())
    assert prerequisites.is_closed(trainee, modules[1])
    Attempt.objects.create(user=trainee, quiz=quiz, number=2, passed=True, finished_at=timezone.now())
    assert not prerequisites.is_closed(trainee, modules[1])


def test_quiz_that_nobody_can_take_is_not_asked_for(trainee, course, modules):
    quiz = make_quiz(course)
    modules[1].needs_quiz.add(quiz)
    assert words(trainee, modules[1]) == ["先通过“小测”"]
    Quiz.objects.update(state="draft")
    assert not prerequisites.is_closed(trainee, modules[1])
    assert words(trainee, modules[1]) == []


def test_anothers_work_opens_nothing(trainee, stranger, modules):
    first, second = modules
    second.needs.add(first)
    do(stranger, *first.lessons.all())
    assert prerequisites.is_closed(trainee, second)


def test_module_opens_on_its_day(trainee, modules):
    second = modules[1]
    second.opens_on = TODAY + datetime.timedelta(days=1)
    second.save()
    assert prerequisites.is_closed(trainee, second)
    assert len(words(trainee, second)) == 1
    second.opens_on = TODAY
    second.save()
    assert not prerequisites.is_closed(trainee, second)


@pytest.mark.parametrize(
    ("general", "own", "closed"), [(5, 0, False), (0, 5, True), (None, 5, True), (5, None, True)]
)
def test_a_class_has_its_own_day(trainee, course, county, modules, general, own, closed):
    def day(n):
        return None if n is None else TODAY + datetime.timedelta(days=n)

    cohort: Cohort = make_cohort(course, county)
    enrol(trainee, course, cohort)
    modules[1].opens_on = day(general)
    modules[1].save()
    if own is not None:
        Opening.objects.create(cohort=cohort, module=modules[1], opens_on=day(own))
    assert prerequisites.is_closed(trainee, modules[1]) is closed


def test_day_of_another_class_is_not_ones_own(trainee, course, county, modules):
    enrol(trainee, course)
    other = make_cohort(course, county)
    Opening.objects.create(cohort=other, module=modules[1], opens_on=TODAY + datetime.timedelta(days=9))
    assert not prerequisites.is_closed(trainee, modules[1])


def test_closed_lesson_says_what_is_missing_and_keeps_its_text(as_user, trainee, course, modules):
    enrol(trainee, course)
    first, second = modules
    second.needs.add(first)
    lesson = second.lessons.first()
    Lesson.objects.filter(pk=lesson.pk).update(html="<p>秘密</p>")
    answer = as_user(trainee).get(reverse("progress:lesson", args=[lesson.pk]))
    assert [one.words for one in answer.context["missing"]] == [f"先学完第{first.number}单元“{first.title}”"]
    assert (answer.status_code, "秘密" in answer.content.decode()) == (200, False)
    page = as_user(trainee).get(reverse("progress:course", args=[course.slug]))
    assert page.context["closed"] == {second.pk}


def test_lesson_done_before_the_gate_still_counts(as_user, trainee, course, modules):
    """Kept on the phone while it was open, sent when it was not."""
    enrol(trainee, course)
    modules[1].needs.add(modules[0])
    lesson = modules[1].lessons.first()
    as_user(trainee).post(reverse("progress:done", args=[lesson.pk]))
    assert LessonDone.objects.filter(user=trainee, lesson=lesson).count() == 1


def test_trainer_may_look_into_what_is_closed(as_user, trainer, course, modules):
    modules[1].needs.add(modules[0])
    answer = as_user(trainer).get(reverse("progress:lesson", args=[modules[1].lessons.first().pk]))
    assert answer.context["can_preview"] is True


@pytest.mark.long
def test_quiz_of_a_closed_module_says_what_is_missing(as_user, trainee, course, modules):
    enrol(trainee, course)
    modules[1].needs.add(modules[0])
    quiz = make_quiz(course, module=modules[1])
    words = f"先学完第{modules[0].number}单元“{modules[0].title}”"
    page = as_user(trainee).get(reverse("progress:quiz", args=[quiz.pk]))
    assert [one.words for one in page.context["missing"]] == [words]
    answer = as_user(trainee).post(reverse("progress:quiz_paper", args=[quiz.pk]))
    assert (answer.status_code, answer.json()) == (409, {"problem": words})
    assert Attempt.objects.count() == 0
