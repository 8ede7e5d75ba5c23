import pytest

from courses.models import Course, Lesson, State
from tests.factories import make_course, make_lesson
from tests.pages import squeeze


@pytest.fixture
def course(county) -> Course:
    course = make_course(county, lessons=2, modules=2, title="直播课", slug="live", audience="种果子的人")
    course.modules.filter(number=1).update(hours=4, proof="五段视频")
    make_lesson(course.modules.first(), position=9, title="草稿课", state=State.DRAFT)
    return course


def text(response) -> str:
    return squeeze(response.content.decode())


def test_visitor_sees_what_there_is_to_learn(client, course):
    response = client.get("/courses/live/")
    context = response.context
    assert [[lesson.title for lesson in unit.lessons] for unit in context["units"]] == [
        ["第1-1课", "第1-2课"],
        ["第2-1课", "第2-2课"],
    ]
    assert (context["hours"], context["lesson_count"], context["proofs"]) == (5, 4, ["五段视频"])
    assert "种果子的人" in text(response)
    assert "草稿课" not in text(response)


def test_visitor_is_led_to_sign_up_and_back(client, course):
    page = text(client.get("/courses/live/"))
    assert 'href="/accounts/signup/?next=%2Flearn%2Flive%2F"' in page
    assert 'href="/accounts/login/?next=%2Flearn%2Flive%2F"' in page
    assert "第一课谁都能看" in page
    assert page.count(">试读<") == 1


def test_signed_in_person_enrols_by_one_button(as_user, course, trainee):
    page = text(as_user(trainee).get("/courses/live/"))
    assert 'action="/learn/live/enrol/"' in page
    assert "第一课谁都能看" not in page
    as_user(trainee).post("/learn/live/enrol/")
    page = text(as_user(trainee).get("/courses/live/"))
    assert 'action="/learn/live/enrol/"' not in page
    assert 'class="btn btn--main btn--wide" href="/learn/live/"' in page


@pytest.mark.parametrize("slug", ["nothing", "draft"])
def test_course_that_is_not_out_is_not_there(client, county, slug):
    make_course(county, slug="draft", state=State.DRAFT)
    assert client.get(f"/courses/{slug}/").status_code == 404


@pytest.mark.parametrize("named_by", ["both", "one", "other"])
def test_twin_is_linked_from_both_sides(client, county, course, named_by):
    english = make_course(county, title="Selling live", slug="live-en", language="en")
    if named_by in ("both", "one"):
        Course.objects.filter(pk=course.pk).update(twin=english)
    if named_by in ("both", "other"):
        Course.objects.filter(pk=english.pk).update(twin=course)
    assert client.get("/courses/live/").context["twin"] == english
    assert client.get("/courses/live-en/").context["twin"] == course
    assert 'lang="en" hreflang="en">Selling live</a>' in text(client.get("/courses/live/"))


def test_draft_twin_is_not_linked(client, county, course):
    english = make_course(county, language="en", twin=course, state=State.DRAFT)
    assert client.get("/courses/live/").context["twin"] is None
    assert english.title not in text(client.get("/courses/live/"))


@pytest.mark.parametrize("lessons", [1, 40])
def test_course_page_takes_five_queries(client, county, lessons, django_assert_num_queries):
    make_course(county, lessons=lessons, modules=3, slug="long")
    with django_assert_num_queries(4):  # the stamp, the course, its lessons, its twin
        client.get("/courses/long/")


def test_first_lesson_is_open_to_visitors(client, course):
    lesson = Lesson.objects.in_order().first()
    response = client.get(f"/courses/live/lessons/{lesson.pk}/")
    assert squeeze(lesson.shown_html) in text(response)
    assert 'href="/accounts/signup/?next=%2Flearn%2Flive%2F"' in text(response)
    assert "ETag" in response


def test_other_lessons_ask_the_visitor_to_sign_up(client, course):
    first, second = Lesson.objects.in_order()[:2]
    response = client.get(f"/courses/live/lessons/{second.pk}/")
    assert response.status_code == 200
    assert "正文。" not in text(response)
    assert "这一课要登录才能看" in text(response)
    assert f'href="/accounts/signup/?next=%2Flearn%2Flessons%2F{second.pk}%2F"' in text(response)
    assert f'href="/courses/live/lessons/{first.pk}/"' in text(response)


def test_lesson_that_is_not_out_is_not_there(client, county, course):
    draft = Lesson.objects.get(title="草稿课")
    hidden = make_course(county, slug="hidden", state=State.DRAFT).modules.get().lessons.first()
    for path in (
        f"live/lessons/{draft.pk}",
        f"hidden/lessons/{hidden.pk}",
        f"live/lessons/{hidden.pk}",
        "live/lessons/0",
    ):
        assert client.get(f"/courses/{path}/").status_code == 404


def test_signed_in_reader_goes_to_the_lesson_that_keeps_ticks(as_user, course, trainee):
    lesson = Lesson.objects.in_order().first()
    response = as_user(trainee).get(f"/courses/live/lessons/{lesson.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/learn/lessons/{lesson.pk}/")
