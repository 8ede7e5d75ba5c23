"""Work that was accepted in the other language of a course counts in the course: for its owner, the class and the certificate."""

import pytest

from accounts.worklist import items
from courses.models import Assignment
from programme.certificates.requirements import load_standings
from programme.models import CertificateRule
from progress.enrolment.services import enrol, leave
from rehearsals.tasks.classes import board
from rehearsals.tasks.page import list_states
from rehearsals.tasks.services import accept_task, return_task
from tests.factories import make_cohort, make_course
from tests.pages import squeeze
from tests.rehearsals.tasks.worlds import hand_in, make_task


@pytest.fixture
def tasks(course):
    return [make_task(course, title=f"任务{n}", code=f"task-{n}", position=n) for n in (1, 2)]


@pytest.fixture
def english(learner, trainer, village, county, course, tasks) -> list[Assignment]:
    """Return the tasks of the English course, in whose class the learner was before."""
    twin = make_course(county, title="Selling live", slug="live-en", language="en", twin=course)
    cohort = make_cohort(twin, village, trainer)
    enrol(learner, twin, cohort)
    return [make_task(twin, title=f"Task {n}", code=f"task-{n}", position=n) for n in (1, 2)]


def list_gaps(course, learner) -> list[str]:
    rule = CertificateRule(course=course, title="证", hours=1, needs_lessons=False, needs_quizzes=False)
    rule.rehearsals, rule.tasks = 0, 1
    return load_standings(course, {learner.pk: learner.name}, rule)[learner.pk].missing


def test_it_counts_for_the_class_and_the_certificate(learner, trainer, course, cohort, tasks, english):
    assert list_gaps(course, learner) == ["还差 1 样练习任务没通过"]
    accept_task(trainer, hand_in(learner, english[0]))
    leave(learner, english[0].module.course)
    assert list_gaps(course, learner) == []
    assert board.count_by_person(cohort, [learner.pk]) == {learner.pk: "任务通过 1"}
    assert [(row.accepted, row.missing) for row in board.load_tasks(cohort)] == [(1, 0), (0, 1)]
    [person] = board.load_people(cohort, tasks[0], list(cohort.enrolments.filter(user=learner)))
    assert (person.words, person.tone, person.work) == ("另一种语言的课里通过了", "leaf", None)


def test_its_owner_is_not_asked_for_it_again(as_user, learner, trainer, course, tasks, english):
    return_task(trainer, hand_in(learner, tasks[0]), next_step="重写")
    accept_task(trainer, hand_in(learner, english[0]))
    accept_task(trainer, hand_in(learner, english[1]))
    assert [list_states(learner, course)[task.pk][:3] for task in tasks] == [("通过了", "leaf", "")] * 2
    assert [one.kind for one in items.list_items(learner) if one.kind == "task_again"] == []
    for task, other in zip(tasks, english, strict=True):
        page = squeeze(as_user(learner).get(f"/learn/tasks/{task.pk}/").text)
        assert "你在另一种语言的课里交过同一个任务，老师看过，通过了。" in page
        assert f'href="/learn/tasks/{other.pk}/"' in page
        assert 'id="hand-in"' not in page


@pytest.mark.parametrize("change", [{"code": ""}, {"code": "task-9"}, {"hand_in": "file"}])
def test_another_task_of_the_other_language_does_not_count(learner, trainer, course, cohort, english, change):
    accept_task(trainer, hand_in(learner, english[0]))
    Assignment.objects.filter(pk=english[0].pk).update(**change)
    assert list_gaps(course, learner) == ["还差 1 样练习任务没通过"]
    assert board.count_by_person(cohort, [learner.pk]) == {}


def test_what_was_handed_in_since_still_waits_for_the_trainer(
    learner, trainer, course, cohort, tasks, english
):
    accept_task(trainer, hand_in(learner, english[0]))
    newest = hand_in(learner, tasks[0])
    assert list_states(learner, course)[tasks[0].pk].words == "交了，等老师看"
    return_task(trainer, newest, next_step="重写")
    assert list_states(learner, course)[tasks[0].pk].words == "通过了"
    assert board.count_by_person(cohort, [learner.pk]) == {learner.pk: "任务通过 1"}
