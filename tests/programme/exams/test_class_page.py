"""The page of a class's examinations: what it says of each person, and opening the theory earlier."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Lesson, Objective, Quiz
from programme.exams import overview
from progress.models import Attempt, EarlyOpening, Enrolment, LessonDone
from progress.quizzes import attempts as doing
from tests.factories import make_person
from tests.pages import list_messages, squeeze
from tests.programme.exams.worlds import book, make_exam_class, score
from tests.quizzes import RIGHT, make_bank, make_question, make_quiz
from ui.formats import day

TODAY = day(timezone.localdate())


@pytest.fixture
def cohort(trainer, village, trainee):
    return make_exam_class(trainer, village, trainee)


@pytest.fixture
def theory(cohort) -> Quiz:
    facts = {"code": "final", "title": "结业理论", "state": "published", "draw": 4, "minutes": 60}
    return Quiz.objects.create(course=cohort.course, kind=Quiz.Kind.FINAL, pass_percent=80, **facts)


def lines(cohort) -> list[str]:
    [person] = overview.load_people(cohort)[0]
    return person.lines


def sit(person, quiz, right: int, passed: bool = False, *, is_over: bool = True) -> None:
    number = Attempt.objects.filter(user=person, quiz=quiz).count() + 1
    facts = {"right": right, "total": 10} if is_over else {}
    facts["finished_at"] = timezone.now() if is_over else None
    Attempt.objects.create(user=person, quiz=quiz, number=number, passed=passed, **facts)


def test_without_a_theory_examination_nothing_is_said_of_it(cohort):
    assert lines(cohort) == ["没测摸底", "没排实操"]


@pytest.mark.long
def test_the_theory_is_told_from_what_is_left_until_it_is_passed(cohort, theory, trainee):
    def say() -> str:
        return lines(cohort)[1]

    assert say() == "理论：还差 2 课"
    EarlyOpening.objects.create(user=trainee, quiz=theory)
    assert say() == "理论：提前开了，还没考"
    for lesson in Lesson.objects.filter(module__course=cohort.course_id):
        LessonDone.objects.create(user=trainee, lesson=lesson, happened_at=timezone.now())
    assert say() == "理论：可以考了"
    sit(trainee, theory, 0, is_over=False)
    assert say() == "理论：可以考了"
    sit(trainee, theory, 5)
    assert say() == "理论：考了 2 次，最好 50%"
    sit(trainee, theory, 3)
    assert say() == "理论：考了 3 次，最好 50%"
    sit(trainee, theory, 9, passed=True)
    assert say() == "理论：90%，过了"


@pytest.mark.long
def test_each_practical_stands_with_its_day_and_what_came_of_it(cohort, trainer, organiser, trainee):
    pair = (trainer, organiser)
    first = book(trainer, cohort, pair, trainee).seats.get()
    held = day(timezone.localdate() - timedelta(days=2))
    assert lines(cohort)[1:] == [f"实操（{held}）：还没出分"]
    for examiner in pair:
        score(first, examiner, "half")
    second = book(trainer, cohort, pair, trainee).seats.get()
    for examiner in pair:
        score(second, examiner)
    assert lines(cohort)[1:] == [f"实操（{held}）：50 分，没过", f"实操（{held}）：100 分，过了"]


@pytest.fixture
def placement(cohort) -> Quiz:
    """Return the placement test of a course whose one module has four questions for two objectives."""
    module = cohort.course.modules.get()
    bank = make_bank(cohort.course)
    make_quiz(cohort.course, bank=bank, module=module)
    for code, is_key in (("1.1", True), ("1.2", False)):
        facts = {"course": cohort.course, "module": module, "text": "会", "is_key": is_key}
        aim = Objective.objects.create(code=code, **facts)
        for _n in range(2):
            make_question(bank, "number", objective=aim)
    facts = {"code": "placement", "title": "摸底", "state": "published", "draw": 24, "minutes": 12}
    return Quiz.objects.create(course=cohort.course, kind=Quiz.Kind.PLACEMENT, **facts)


@pytest.mark.parametrize(
    ("answer", "said"), [(RIGHT["number"]["answer"], "会了第 1 单元"), ("7", "没有能跳过的单元")]
)
def test_the_placement_test_names_the_units_that_are_known(cohort, placement, trainee, answer, said):
    attempt = doing.start_attempt(trainee, placement)
    for position in (1, 2):
        if not Attempt.objects.get().finished_at:
            doing.record_answer(trainee, attempt.key, position, answer)
    assert lines(cohort)[0] == f"摸底（{TODAY}）：{said}"


# --- opening the theory ---


def open_theory(client, cohort, *people) -> list[str]:
    answer = client.post(f"/classes/{cohort.pk}/exams/theory/", {"user": [person.pk for person in people]})
    assert (answer.status_code, answer.url) == (302, f"/classes/{cohort.pk}/exams/")
    return list_messages(answer)


def test_who_is_ticked_may_sit_it_now_and_nobody_of_elsewhere_or_oneself(
    as_user, cohort, theory, trainer, trainee, stranger
):
    Enrolment.objects.create(user=trainer, course=cohort.course, cohort=cohort)
    client = as_user(trainer)
    page = squeeze(client.get(f"/classes/{cohort.pk}/exams/").text)
    assert f'value="{trainee.pk}"' in page
    assert f'value="{trainer.pk}"' not in page
    assert open_theory(client, cohort, trainee, trainer, stranger) == ["1 个人现在就能考了。"]
    assert list(EarlyOpening.objects.values_list("user", "trainer")) == [(trainee.pk, trainer.pk)]
    assert f'value="{trainee.pk}"' not in squeeze(client.get(f"/classes/{cohort.pk}/exams/").text)


def test_nobody_ticked_is_said(as_user, cohort, theory, trainer):
    assert open_theory(as_user(trainer), cohort) == ["先勾上让谁提前考。"]


def test_a_course_without_a_theory_examination_opens_none(as_user, cohort, trainer, trainee):
    client = as_user(trainer)
    assert client.post(f"/classes/{cohort.pk}/exams/theory/", {"user": trainee.pk}).status_code == 404


def test_a_class_of_more_than_a_page_goes_on_after_its_last_name(cohort):
    for n in range(50):
        Enrolment.objects.create(user=make_person(f"学员{n:02}"), course=cohort.course, cohort=cohort)
    first, after = overview.load_people(cohort)
    rest, end = overview.load_people(cohort, after)
    assert (len(first), len(rest), end) == (50, 1, "")
    assert not {person.pk for person in first} & {person.pk for person in rest}
