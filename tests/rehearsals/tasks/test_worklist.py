"""Where a trainee meets the tasks: what waits for them, the course's page, and the notice on the phone."""

import re

import pytest

from accounts.models import Notice
from accounts.worklist import items
from rehearsals import notices
from rehearsals.tasks.services import accept_task, return_task
from tests.rehearsals.tasks.worlds import hand_in, make_task


@pytest.fixture
def tasks(course):
    return [
        make_task(course, title=title, position=n) for n, title in enumerate(("名片", "规格单", "复盘表"))
    ]


def list_tasks(user) -> list[tuple[str, str]]:
    return [(one.kind, str(one.sentence)) for one in items.list_items(user) if one.kind.startswith("task_")]


def test_a_returned_task_waits_first_until_it_is_handed_in_again(learner, trainer, tasks):
    accept_task(trainer, hand_in(learner, tasks[0]))
    return_task(trainer, hand_in(learner, tasks[1]), next_step="糖度那一行重写")
    hand_in(learner, tasks[2])
    assert list_tasks(learner) == [
        ("task_again", "“规格单”还差一件：糖度那一行重写"),
        ("task_accepted", "“名片”通过了"),
    ]
    hand_in(learner, tasks[1])
    assert list_tasks(learner) == [("task_accepted", "“名片”通过了")]


def test_the_course_page_says_how_one_stands_with_each_task(as_user, learner, trainer, tasks):
    accept_task(trainer, hand_in(learner, tasks[0]))
    return_task(trainer, hand_in(learner, tasks[1]), next_step="重写")
    html = as_user(learner).get("/learn/live/").content.decode()
    assert '<span class="chip chip--leaf">通过了</span>' in html
    assert '<span class="chip chip--ask">要再交一次</span>' in html
    assert html.count('<span class="chip chip--ask">有任务要再交</span>') == 1
    module = tasks[1].module_id
    assert re.search(
        rf'<details class="card card--flush part" open>(?:(?!<details).)*id="unit-{module}"', html, re.DOTALL
    )


def test_a_task_that_was_handed_in_leads_back_to_the_course(as_user, learner, trainer, tasks):
    hand_in(learner, tasks[0])
    onward = f'href="/learn/live/#unit-{tasks[0].module_id}"'
    assert onward in as_user(learner).get(f"/learn/tasks/{tasks[0].pk}/").content.decode()
    return_task(trainer, hand_in(learner, tasks[1]), next_step="重写")
    html = as_user(learner).get(f"/learn/tasks/{tasks[1].pk}/").content.decode()
    assert onward not in html
    assert "退回了，要再交" in html


def test_a_notice_leads_to_the_task(learner, trainer, tasks):
    return_task(trainer, hand_in(learner, tasks[1]), next_step="重写")
    sentence, url = notices.read_notice(Notice.objects.get())
    assert sentence == "李老师看了你的“规格单”，还差一件，改好再交一次。"
    assert url == f"/learn/tasks/{tasks[1].pk}/"
