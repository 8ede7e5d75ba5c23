import pytest
from django.urls import reverse

from courses.models import Course, Lesson, State
from progress.enrolment import services
from progress.enrolment.course_progress import list_course_progress
from progress.lessons.completion import mark_done
from tests.factories import make_cohort, make_course, make_lesson

pytestmark = pytest.mark.both_databases


def text(response) -> str:
    return response.content.decode()


def list_progress(user) -> list[tuple]:
    return [
        (s.course.title, s.done, s.total, s.next and s.next.title, s.is_finished)
        for s in list_course_progress(user)
    ]


def test_standing_counts_and_knows_the_next_lesson(learner, course, lessons):
    assert list_progress(learner) == [("直播课", 0, 6, "第1-1课", False)]
    mark_done(learner, lessons[0])
    mark_done(learner, lessons[2])
    assert list_progress(learner) == [("直播课", 2, 6, "第1-2课", False)]
    make_lesson(course.modules.first(), state=State.DRAFT)
    Lesson.objects.filter(pk=lessons[2].pk).update(state=State.DRAFT)
    assert list_progress(learner) == [("直播课", 1, 5, "第1-2课", False)]
    for lesson in (lessons[1], *lessons[3:]):
        mark_done(learner, lesson)
    assert list_progress(learner) == [("直播课", 5, 5, None, True)]


def test_others_ticks_are_not_ones_own(learner, seller, course, lessons):
    services.enrol(seller, course)
    mark_done(seller, lessons[0])
    assert list_progress(learner) == [("直播课", 0, 6, "第1-1课", False)]


def test_course_last_worked_on_comes_first(learner, county, lessons):
    other = make_course(county, title="另一门")
    services.enrol(learner, other)
    assert [row[0] for row in list_progress(learner)] == ["另一门", "直播课"]
    mark_done(learner, lessons[0])
    assert [row[0] for row in list_progress(learner)] == ["直播课", "另一门"]


@pytest.mark.long
def test_home_leads_to_the_next_lesson_by_one_main_button(as_user, learner, lessons):
    mark_done(learner, lessons[0])
    html = text(as_user(learner).get("/learn/"))
    assert html.count("btn--main") == 1
    assert f'<a class="btn btn--main btn--wide" href="/learn/lessons/{lessons[1].pk}/">' in html
    assert "已学 1 节，共 6 节" in html
    assert '<progress value="1" max="6"' in html
    assert ("秋季班" in html, "李老师" in html, "石榴冲村" in html) == (True, True, True)


def test_home_goes_to_the_signed_in(as_user, learner):
    assert as_user(learner).get("/")["Location"] == "/learn/"


def test_newcomer_finds_the_code_box_and_courses(as_user, trainee, course, county):
    make_course(county, title="English one", language="en")
    response = as_user(trainee).get("/learn/")
    html = text(response)
    assert "还没报名" in html
    assert 'action="/learn/join/"' in html
    assert [other.title for other in response.context["others"]] == ["直播课"]
    assert 'action="/learn/live/enrol/"' in html
    assert html.count("btn--main") == 1


@pytest.mark.long
def test_trainer_sees_own_classes(as_user, trainer, learner, cohort, other_village):
    make_cohort(cohort.course, other_village, name="外县班")
    html = text(as_user(trainer).get("/learn/"))
    assert f'href="/classes/{cohort.pk}/"' in html
    assert "外县班" not in html
    assert "1 人" in html


def test_course_being_rewritten_says_so(as_user, learner, course):
    Course.objects.update(state=State.DRAFT)
    html = text(as_user(learner).get("/learn/"))
    assert "老师正在改这门课" in html
    assert as_user(learner).get("/learn/live/").status_code == 404


def test_visitor_signs_in_first(client, db):
    assert client.get("/learn/")["Location"] == "/accounts/login/?next=%2Flearn%2F"


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 24])
def test_home_takes_the_same_queries_for_any_number(
    as_user, trainee, trainer, county, count, django_assert_num_queries
):
    for _n in range(count):
        course = make_course(county)
        services.enrol(trainee, course, make_cohort(course, county, trainer))
    client = as_user(trainee)
    with django_assert_num_queries(22):
        # session, person, roles; courses, their trainers, next lessons; announcements; training sessions; slides shown now;
        # other courses; the first test; what waits (9); the waiting lists
        client.get("/learn/")


def test_course_page_ticks_and_marks_the_next(as_user, learner, lessons, django_assert_num_queries):
    mark_done(learner, lessons[0])
    client = as_user(learner)
    with django_assert_num_queries(12):
        response = client.get("/learn/live/")
    assert response.context["next"].pk == lessons[1].pk
    assert (response.context["count"], response.context["total"]) == (1, 6)
    html = text(response)
    assert html.count("list__mark--leaf") == 1
    assert html.count('aria-current="step"') == 1
    assert "秋季班" in html
    assert 'href="/learn/live/leave/"' in html


def test_course_page_of_who_is_not_enrolled_offers_to(as_user, stranger, course):
    html = text(as_user(stranger).get("/learn/live/"))
    assert 'action="/learn/live/enrol/"' in html
    assert "/leave/" not in html
    assert 'aria-current="step"' not in html


@pytest.mark.long
def test_finished_course_says_so(as_user, learner, lessons):
    for lesson in lessons:
        mark_done(learner, lesson)
    assert "这门课都学完了" in text(as_user(learner).get("/learn/live/"))
    assert "都学完了" in text(as_user(learner).get("/learn/"))


def test_who_teaches_a_course_is_not_offered_to_enrol_in_it(as_user, trainer, trainee, village):
    course = make_course(village, lessons=1)
    make_cohort(course, village, trainer)
    offered = f'action="{reverse("progress:enrol", args=[course.slug])}"'
    lesson = Lesson.objects.get(module__course=course)
    pages = ("/learn/", f"/learn/{course.slug}/", course.get_absolute_url(), lesson.get_absolute_url())
    found = {
        person.name: [offered in as_user(person).get(page).content.decode() for page in pages]
        for person in (trainer, trainee)
    }
    assert found == {trainer.name: [False] * 4, trainee.name: [True] * 4}
