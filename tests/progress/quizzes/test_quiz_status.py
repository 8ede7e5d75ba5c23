"""Quizzes and tasks next to the lessons; many cost no more queries than one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Assignment, State
from progress.quizzes import attempts as doing
from tests.factories import make_course
from tests.quizzes import make_bank, make_question, make_quiz


def text(response) -> str:
    return response.content.decode()


def shown(client, lesson) -> list[str]:
    return [quiz.title for quiz in client.get(f"/learn/lessons/{lesson.pk}/").context["quizzes"]]


@pytest.fixture
def module(lessons):
    return lessons[0].module


def test_lesson_shows_its_own_and_the_last_of_a_module_the_modules(as_user, learner, course, lessons, module):
    make_quiz(course, "single", lesson=lessons[0], module=module, kind="lesson", title="课后")
    make_quiz(course, "single", module=module, title="单元")
    make_quiz(course, "single", module=module, title="草稿", state=State.DRAFT)
    make_quiz(course, "single", kind="pre", title="学前")
    client = as_user(learner)
    assert [shown(client, lesson) for lesson in lessons] == [["课后"], [], ["单元"], [], [], []]


def test_state_of_each_quiz_is_told(as_user, learner, course, lessons, module):
    quizzes = [make_quiz(course, "single", "single", module=module, title=f"测{n}") for n in range(4)]
    for quiz, given in zip(quizzes[1:], ("a", "ba", "bb"), strict=True):
        attempt = doing.start_attempt(learner, quiz)
        for position, choice in enumerate(given, 1):
            doing.record_answer(learner, attempt.key, position, choice)
    html = text(as_user(learner).get(f"/learn/lessons/{lessons[2].pk}/"))
    for words in ("还没考", "答了一半，接着答", "最好 50%，再考一次", "通过了，最好 100%"):
        assert html.count(words) == 1


def test_a_pre_test_without_a_try_left_offers_none_and_counts_one_form(as_user, learner, course):
    bank = make_bank(course)
    quiz = make_quiz(course, bank=bank, kind="pre", tries=1)
    for form in "AABBB":
        make_question(bank, "single", form=form)
    client = as_user(learner)
    assert (doing.count_asked(quiz), "3 道" in text(client.get(f"/learn/quizzes/{quiz.pk}/"))) == (3, True)
    attempt = doing.start_attempt(learner, quiz)
    assert "答了一半" not in text(client.get("/learn/live/"))
    doing.finish_attempt(learner, attempt.key)
    row, page = text(client.get("/learn/live/")), text(client.get(f"/learn/quizzes/{quiz.pk}/"))
    assert ("考完了，最好 0%" in row, "再考一次" in row) == (True, False)
    assert ("再考一次" in page, "学完再测一次，就知道长进了多少。" in page) == (False, True)


@pytest.mark.parametrize("count", [1, 12])
def test_lesson_page_takes_the_same_queries_for_one_quiz_and_for_many(
    as_user, learner, course, lessons, module, count, django_assert_num_queries
):
    for _n in range(count):
        make_quiz(course, "single", module=module)
    client = as_user(learner)
    with django_assert_num_queries(8):
        # session, person, their roles; the lesson; its gates; its course's order; whether it has quizzes, quizzes
        client.get(f"/learn/lessons/{lessons[2].pk}/")


def test_course_page_has_pretest_first_quizzes_and_tasks_by_module_and_posttest_last(
    as_user, learner, course, module
):
    make_quiz(course, "single", kind="post", title="学后测验")
    make_quiz(course, "single", kind="pre", title="学前测验")
    make_quiz(course, "single", module=module, title="单元测验")
    task = Assignment.objects.create(module=module, title="拍一段视频", text="拍三十秒", hand_in="video")
    html = text(as_user(learner).get("/learn/live/"))
    units = html[html.index("学前测验") :]  # above, the page names the task as the next one
    places = [
        units.index(words)
        for words in ("学前测验", "第1-3课", "单元测验", "拍一段视频", "第2-1课", "学后测验")
    ]
    assert places == sorted(places)
    assert f'href="/learn/tasks/{task.pk}/"' in html


@pytest.mark.parametrize("count", [1, 10])
def test_course_page_costs_five_more(as_user, learner, course, module, count, django_assert_num_queries):
    for _n in range(count):
        make_quiz(course, "single", module=module)
        Assignment.objects.create(module=module, title="任务", text="做")
    client = as_user(learner)
    with django_assert_num_queries(13):
        client.get("/learn/live/")


def test_task_says_what_to_make_and_what_to_hand_in(as_user, learner, module):
    task = Assignment.objects.create(
        module=module, title="拍一段视频", text="拍三十秒\n\n<b>要</b>", hand_in="video", minutes=25
    )
    html = text(as_user(learner).get(f"/learn/tasks/{task.pk}/"))
    for words in (
        "拍一段视频",
        "拍三十秒",
        "&lt;b&gt;要&lt;/b&gt;",
        "交视频，最多 6 段",
        "大约 25 分钟",
    ):
        assert words in html


def test_task_of_a_closed_module_says_what_is_missing(as_user, learner, trainer, module):
    task = Assignment.objects.create(module=module, title="任务", text="拍三十秒")
    module.opens_on = timezone.localdate() + timedelta(days=3)
    module.save()
    html = text(as_user(learner).get(f"/learn/tasks/{task.pk}/"))
    assert ("还没开放" in html, "拍三十秒" in html) == (True, False)
    assert "拍三十秒" in text(as_user(trainer).get(f"/learn/tasks/{task.pk}/"))


def test_task_of_a_draft_course_is_its_authors_alone(as_user, learner, trainer, village):
    draft = make_course(village, state=State.DRAFT)
    task = Assignment.objects.create(module=draft.modules.get(), title="任务", text="做")
    assert as_user(learner).get(f"/learn/tasks/{task.pk}/").status_code == 404
    assert as_user(trainer).get(f"/learn/tasks/{task.pk}/").status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_quiz_pages_cost_the_same_whatever_the_length(
    as_user, learner, course, count, django_assert_num_queries
):
    quiz = make_quiz(course, *["single"] * count)
    client = as_user(learner)
    with django_assert_num_queries(7):
        # session, person, roles; the quiz with its state; questions; tries; enrolment
        client.get(f"/learn/quizzes/{quiz.pk}/")
    attempt = doing.start_attempt(learner, quiz)
    with django_assert_num_queries(5):
        # session, person, roles; the try; its answers
        client.get(f"/learn/attempts/{attempt.key}/1/")
    doing.record_answer(learner, attempt.key, 1, "b")
    doing.finish_attempt(learner, attempt.key)
    with django_assert_num_queries(6):
        # the same, and how often it was tried
        client.get(f"/learn/attempts/{attempt.key}/")
