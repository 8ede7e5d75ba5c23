"""How a class stands with its tasks: on its page by person, on a page of its own by task; the same cost for 1 and for 24."""

import pytest

from progress.enrolment.services import enrol, leave
from rehearsals.tasks.services import accept_task, return_task
from tests.factories import make_person
from tests.pages import squeeze
from tests.rehearsals.tasks.worlds import hand_in, make_task


def text(answer) -> str:
    return squeeze(answer.content.decode())


@pytest.fixture
def busy(learner, trainer, course) -> list:
    """Four tasks of the learner: accepted, waiting, returned and not begun."""
    tasks = [make_task(course, title=f"任务{n}") for n in range(4)]
    accept_task(trainer, hand_in(learner, tasks[0]))
    hand_in(learner, tasks[1])
    return_task(trainer, hand_in(learner, tasks[2]), next_step="补一处")
    return tasks


def test_the_class_page_says_of_each_person_how_the_tasks_stand(as_user, trainer, cohort, course, busy):
    enrol(make_person("没交过的"), course, cohort)
    page = text(as_user(trainer).get(f"/classes/{cohort.pk}/"))
    assert page.count("任务通过 1 · 等老师看 1 · 要再交 1") == 1
    assert "1 份等老师看" in page


def test_the_page_of_tasks_counts_the_class_as_it_is_now(as_user, trainer, cohort, course, busy):
    enrol(make_person("没交过的"), course, cohort)
    gone = make_person("退了的")
    enrol(gone, course, cohort)
    hand_in(gone, busy[0])
    leave(gone, course)
    rows = as_user(trainer).get(f"/classes/{cohort.pk}/tasks/").context["rows"]
    assert [(row.task.title, row.accepted, row.waiting, row.returned, row.missing) for row in rows] == [
        ("任务0", 1, 0, 0, 1),
        ("任务1", 0, 1, 0, 1),
        ("任务2", 0, 0, 1, 1),
        ("任务3", 0, 0, 0, 2),
    ]


def test_one_task_lists_first_for_whom_something_is_to_be_done(
    as_user, trainer, cohort, course, learner, busy
):
    waiting = make_person("等着的")
    for name in ("没交过的", "要再交的"):
        enrol(person := make_person(name), course, cohort)
        if name == "要再交的":
            return_task(trainer, hand_in(person, busy[0]), next_step="补一处")
    enrol(waiting, course, cohort)
    work = hand_in(waiting, busy[0]).work
    answer = as_user(trainer).get(f"/classes/{cohort.pk}/tasks/{busy[0].pk}/")
    assert [(one.name, one.words) for one in answer.context["people"]] == [
        ("等着的", "交了，等老师看"),
        ("要再交的", "要再交一次"),
        ("没交过的", "还没交"),
        (learner.name, "通过了"),
    ]
    assert f'href="/review/tasks/{work.pk}/"' in text(answer)


def test_pages_are_for_who_guides_the_class(as_user, learner, seller, stranger, cohort, busy):
    for person in (learner, seller, stranger):
        for page in ("", f"{busy[0].pk}/", "987654/"):
            assert as_user(person).get(f"/classes/{cohort.pk}/tasks/{page}").status_code == 404


@pytest.mark.parametrize("count", [1, 24])
def test_pages_take_the_same_queries_for_any_number(
    as_user, trainer, cohort, course, count, django_assert_num_queries
):
    task = make_task(course)
    for number in range(count):
        enrol(person := make_person(f"学员{number}"), course, cohort)
        hand_in(person, task)
    client = as_user(trainer)
    for part, queries in (("", 12), ("tasks/", 8), (f"tasks/{task.pk}/", 9)):
        with django_assert_num_queries(queries):
            client.get(f"/classes/{cohort.pk}/{part}")
