"""The questions under a closed lesson are closed too."""

import pytest

from progress.models import Ask, LessonDone
from tests.class_messages import make_ask, make_reply


@pytest.fixture
def second(lessons):
    """The first lesson of the second module, which waits for the first module."""
    first, other = lessons[0].module, lessons[-1].module
    other.needs.add(first)
    return other.lessons.first()


@pytest.fixture
def ask(learner, trainer, cohort, second) -> Ask:
    found = make_ask(learner, cohort, second, "第二单元里问的")
    make_reply(found, trainer, "竖着。")
    return found


def pages(ask: Ask) -> tuple[str, str]:
    return f"/learn/lessons/{ask.lesson_id}/asks/", f"/learn/asks/{ask.pk}/"


def do_first_module(user, lessons) -> None:
    for lesson in lessons:
        if lesson.module_id == lessons[0].module_id:
            LessonDone.objects.create(user=user, lesson=lesson, happened_at=lesson.updated_at)


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_questions_under_a_closed_lesson_are_closed(as_user, learner, lessons, ask, htmx):
    client = as_user(learner)
    for page in pages(ask):
        answer = client.get(page, headers=htmx)
        assert "progress/lessons/lesson_closed.html" in [template.name for template in answer.templates]
        html = answer.content.decode()
        assert ("第二单元里问的" in html, "竖着。" in html, "先学完第1单元" in html) == (False, False, True)
    do_first_module(learner, lessons)
    for page in pages(ask):
        assert "竖着。" in client.get(page, headers=htmx).content.decode()


def test_nobody_asks_under_a_closed_lesson(as_user, learner, second):
    as_user(learner).post(f"/learn/lessons/{second.pk}/asks/", {"text": "进不去也问"})
    assert Ask.objects.count() == 0


@pytest.mark.long
def test_who_teaches_it_has_its_questions_always(as_user, trainer, ask):
    for page in pages(ask):
        templates = [template.name for template in as_user(trainer).get(page).templates]
        assert "progress/lessons/lesson_closed.html" not in templates
    assert "第二单元里问的" in as_user(trainer).get(pages(ask)[1]).content.decode()
