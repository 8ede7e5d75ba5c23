import re

import pytest

from courses.models import Course, Lesson, Module, State
from progress.enrolment.services import enrol
from progress.lessons.completion import mark_done
from tests.factories import make_course, make_lesson


def text(response) -> str:
    return response.content.decode()


def page(client, lesson: Lesson):
    return client.get(f"/learn/lessons/{lesson.pk}/")


def test_learner_reads_and_may_tick(as_user, learner, lessons):
    Lesson.objects.filter(pk=lessons[1].pk).update(do_now="今天拍一条", minutes=50)
    response = page(as_user(learner), lessons[1])
    html = text(response)
    assert lessons[1].html in html
    assert "今天拍一条" in html
    assert "大约 50 分钟" in html
    assert "第2课，共3课" in html
    assert f'action="/learn/lessons/{lessons[1].pk}/done/"' in html
    assert f'name="event_id" value="{response.context["event_id"]}"' in html
    seen = re.sub(r"<template>.*?</template>", "", html, flags=re.DOTALL)  # what comes once it is done
    assert (seen.count("btn--leaf"), seen.count("btn--main")) == (1, 0)


def test_neighbours_are_linked_by_name(as_user, learner, lessons):
    spot = page(as_user(learner), lessons[2]).context["spot"]
    assert (spot.previous.title, spot.next.title) == ("第1-2课", "第2-1课")
    assert page(as_user(learner), lessons[0]).context["spot"].previous is None
    assert page(as_user(learner), lessons[5]).context["spot"].next is None


def test_done_lesson_leads_on(as_user, learner, lessons):
    mark_done(learner, lessons[0])
    html = text(page(as_user(learner), lessons[0]))
    assert "/done/" not in html
    assert f'<a class="btn btn--main" href="/learn/lessons/{lessons[1].pk}/" data-focus>' in html


def test_last_lesson_done_leads_to_the_course(as_user, learner, lessons):
    mark_done(learner, lessons[5])
    assert '<a class="btn btn--main" href="/learn/live/" data-focus>' in text(
        page(as_user(learner), lessons[5])
    )


def test_anyone_signed_in_may_read_and_is_offered_to_enrol(as_user, stranger, lessons):
    html = text(page(as_user(stranger), lessons[3]))
    assert lessons[3].html in html
    assert "/done/" not in html
    assert 'action="/learn/live/enrol/"' in html
    assert f'name="next" value="/learn/lessons/{lessons[3].pk}/"' in html


def test_visitor_signs_in_first(client, lessons):
    login = f"/accounts/login/?next=%2Flearn%2Flessons%2F{lessons[0].pk}%2F"
    assert page(client, lessons[0])["Location"] == login


def test_draft_is_there_for_its_authors_only(as_user, learner, trainer, stranger, course):
    draft = make_lesson(course.modules.first(), state=State.DRAFT)
    assert page(as_user(learner), draft).status_code == 404
    assert page(as_user(stranger), draft).status_code == 404
    assert page(as_user(trainer), draft)["Location"] == f"/courses/lessons/{draft.pk}/preview/"
    assert as_user(learner).get("/learn/lessons/987654/").status_code == 404


def test_lesson_of_a_course_taken_back_is_not_there(as_user, learner, lessons):
    Course.objects.update(state=State.DRAFT)
    assert page(as_user(learner), lessons[0]).status_code == 404


@pytest.mark.parametrize("count", [10, 200])
def test_lesson_page_takes_the_same_queries_whatever_the_length(
    as_user, trainee, county, count, django_assert_num_queries
):
    course = make_course(county, lessons=0, modules=10)
    modules = list(Module.objects.filter(course=course))
    Lesson.objects.bulk_create(
        Lesson(
            module=modules[n % 10],
            position=n,
            title=f"课{n}",
            body="x",
            html="<p>x</p>",
            state=State.PUBLISHED,
        )
        for n in range(count)
    )
    enrol(trainee, course)
    lesson = Lesson.objects.in_order()[count // 2]
    client = as_user(trainee)
    with django_assert_num_queries(7):
        # session, person, their roles; the lesson with one's part in it; its gates; its course's order; its quizzes
        assert page(client, lesson).status_code == 200


def test_english_lesson_is_marked_on_a_chinese_page(as_user, trainee, county):
    course = make_course(county, lessons=1, title="Selling", language="en")
    lesson = course.modules.get().lessons.get()
    Lesson.objects.filter(pk=lesson.pk).update(title="Hold it steady")
    html = text(page(as_user(trainee), lesson))
    assert '<h1 lang="en">Hold it steady</h1>' in html
    assert '<section class="prose" lang="en">' in html


def test_chinese_title_is_cut_in_phrases(as_user, learner, lessons):
    Lesson.objects.filter(pk=lessons[0].pk).update(title="拿稳：手、肘、脚", phrases="拿稳：|手、<肘>、脚")
    html = text(page(as_user(learner), lessons[0]))
    assert '<span class="nb">拿稳：</span><span class="nb">手、&lt;肘&gt;、脚</span></h1>' in html
