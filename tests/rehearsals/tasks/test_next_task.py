"""The course's page names the one task to hand in next."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Opening
from rehearsals.tasks.services import accept_task, return_task
from tests.pages import squeeze
from tests.programme.attendance.rows import make_session
from tests.rehearsals.tasks.worlds import hand_in, make_task

NEXT = re.compile(r"<h2>下一个要交的任务</h2>(.*?)</section>", re.DOTALL)


@pytest.fixture
def modules(course):
    return list(course.modules.order_by("position"))


@pytest.fixture
def tasks(course, modules):
    """Two tasks of the first module, one of the second."""
    named = [("名片", modules[0]), ("规格单", modules[0]), ("复盘表", modules[1])]
    return [
        make_task(course, title=title, module=module, position=n) for n, (title, module) in enumerate(named)
    ]


@pytest.fixture
def named(as_user, learner):
    """Return a function: what the course's page says of the next task, the link and the words."""

    def read() -> tuple[str, str]:
        html = as_user(learner).get("/learn/live/").content.decode()
        if not (found := NEXT.search(html)):
            note = re.search(r'<p class="note(?: note--leaf)?">.*?<span>(.*?)</span>', html, re.DOTALL)
            return "", squeeze(note[1]).strip() if note else ""
        words = squeeze(re.sub(r"<[^>]+>", " ", found[1])).strip()
        return re.search(r'href="([^"]+)"', found[1])[1], words

    return read


def page_of(task) -> str:
    return f"/learn/tasks/{task.pk}/"


def test_it_goes_by_the_courses_order_and_a_returned_one_comes_first(named, learner, trainer, tasks):
    assert named() == (page_of(tasks[0]), "名片 单元1 · 一段文字 · 大约 60 分钟")
    hand_in(learner, tasks[0])
    assert named()[0] == page_of(tasks[1])
    return_task(trainer, hand_in(learner, tasks[2]), next_step="糖度那一行重写")
    assert named() == (page_of(tasks[2]), "复盘表 要再交一次 先做这一件 糖度那一行重写")
    hand_in(learner, tasks[2])
    assert named()[0] == page_of(tasks[1])


def test_modules_that_the_class_was_taught_come_first(named, cohort, tasks, modules):
    make_session(cohort, module=modules[1], starts_at=timezone.now() + timedelta(days=1))
    assert named()[0] == page_of(tasks[0])
    make_session(cohort, module=modules[1], starts_at=timezone.now() - timedelta(days=1))
    assert named()[0] == page_of(tasks[2])


def test_it_says_when_nothing_is_to_be_handed_in(named, learner, trainer, cohort, tasks, modules):
    opening = Opening.objects.create(
        cohort=cohort, module=modules[1], opens_on=timezone.localdate() + timedelta(days=9)
    )
    accept_task(trainer, hand_in(learner, tasks[0]))
    last = hand_in(learner, tasks[1])
    assert named() == ("", "开放了的单元，练习任务都交了。 1 份等老师看，看过了会告诉你。")
    opening.delete()
    assert named()[0] == page_of(tasks[2])
    accept_task(trainer, hand_in(learner, tasks[2]))
    assert named() == ("", "练习任务都交了。 1 份等老师看，看过了会告诉你。")
    accept_task(trainer, last)
    assert named() == ("", "练习任务都通过了。")


def test_a_course_without_tasks_says_nothing(named, learner):
    assert named() == ("", "")
