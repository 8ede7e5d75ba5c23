"""The good examples of a class: three a task at most, chosen by a trainer, seen only while their owners agree."""

import pytest

from accounts.models import Notice
from progress.enrolment.services import enrol
from rehearsals import notices
from rehearsals.models import TaskWork
from rehearsals.tasks.services import accept_task, share_work
from tests.factories import make_cohort, make_person
from tests.pages import list_messages, squeeze
from tests.rehearsals.tasks.worlds import hand_in, make_task


@pytest.fixture
def task(course):
    return make_task(course)


@pytest.fixture
def work(learner, trainer, task) -> TaskWork:
    version = hand_in(learner, task, text="坏果退 9.97 元")
    accept_task(trainer, version)
    return version.work


def text(answer) -> str:
    return squeeze(answer.content.decode())


def choose(client, work: TaskWork, chosen: str = "1") -> str:
    return list_messages(client.post(f"/review/tasks/{work.pk}/choose/", {"chosen": chosen}))[-1]


def see(client, task) -> list[str]:
    """Return whose works the page of examples shows."""
    return [
        row.version.work.user.name for row in client.get(f"/learn/tasks/{task.pk}/examples/").context["rows"]
    ]


def test_the_class_sees_it_only_while_its_owner_agrees(as_user, trainer, learner, cohort, course, task, work):
    mate = make_person("同班的")
    enrol(mate, course, cohort)
    assert choose(as_user(trainer), work) == f"选上了。{learner.name}同意了，班里才看得到。"
    notice = Notice.objects.get(template="task_chosen")
    assert notice.phone == learner.phone
    assert notices.read_notice(notice) == (
        "老师觉得你的“六条回复”做得好，想给全班看看。同不同意，你来定。",
        f"/learn/tasks/{task.pk}/",
    )
    assert see(as_user(mate), task) == []
    as_user(learner).post(f"/learn/tasks/{task.pk}/share/", {"share": "1"})
    assert see(as_user(mate), task) == [learner.name]
    assert "坏果退 9.97 元" in text(as_user(mate).get(f"/learn/tasks/{task.pk}/examples/"))
    as_user(learner).post(f"/learn/tasks/{task.pk}/share/")  # one tap
    assert see(as_user(mate), task) == []


def test_three_of_a_class_are_chosen_at_most(as_user, trainer, course, cohort, task):
    works = []
    for number in range(4):
        enrol(person := make_person(f"学员{number}"), course, cohort)
        version = hand_in(person, task)
        accept_task(trainer, version)
        works.append(version.work)
    client = as_user(trainer)
    for work in works[:3]:
        choose(client, work)
    assert choose(client, works[3]) == "这个任务已经选了三份，先换下一份。"
    choose(client, works[0])  # again: nothing changes
    assert "选满三份了" in text(client.get(f"/review/tasks/{works[3].pk}/"))
    assert choose(client, works[0], "") == "不选了，班里看不到了。"
    assert not Notice.objects.filter(key=f"task-chosen-{works[0].pk}").exists()
    choose(client, works[3])
    assert list(TaskWork.objects.filter(is_chosen=True).order_by("pk")) == works[1:]


def test_what_is_not_accepted_is_no_example(as_user, trainer, learner, task):
    version = hand_in(learner, task)
    assert choose(as_user(trainer), version.work) == "先通过，再选出来给全班看。"
    assert not TaskWork.objects.filter(is_chosen=True).exists()


def test_who_agreed_before_is_seen_at_once_and_not_asked_again(as_user, trainer, learner, task, work):
    share_work(work)
    assert choose(as_user(trainer), work) == "选上了，班里看得到了。"
    assert not Notice.objects.filter(template="task_chosen").exists()
    assert see(as_user(learner), task) == [learner.name]


def test_examples_are_for_the_class_and_who_guides_it(
    client, as_user, trainer, learner, seller, stranger, organiser, course, cohort, task, work, other_village
):
    share_work(work)
    choose(as_user(trainer), work)
    page = f"/learn/tasks/{task.pk}/examples/"
    assert see(as_user(organiser), task) == [learner.name]
    for person in (seller, stranger):
        assert as_user(person).get(page).status_code == 404
    far = make_person("别的班的")
    enrol(far, course, make_cohort(course, other_village, name="外县班"))
    assert see(as_user(far), task) == []
    assert "老师选了、本人同意了，就排在这里。" in text(as_user(far).get(page))
    assert as_user(learner).get("/learn/tasks/987654/examples/").status_code == 404
