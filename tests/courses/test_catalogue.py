import pytest

from courses.models import Course, State
from tests.factories import make_course, make_lesson


def titles(response) -> tuple[list[str], list[str]]:
    return [course.title for course in response.context["courses"]], [
        course.title for course in response.context["others"]
    ]


@pytest.fixture
def courses(county):
    make_course(county, lessons=3, modules=2, title="直播课", slug="live", state=State.PUBLISHED)
    make_course(county, title="Selling live", slug="live-en", language="en")
    make_course(county, title="没写完的课", slug="draft", state=State.DRAFT)


@pytest.mark.parametrize(
    ("language", "ours", "others"),
    [("zh-hans", ["直播课"], ["Selling live"]), ("en", ["Selling live"], ["直播课"])],
)
def test_catalogue_shows_the_readers_language_first(client, courses, language, ours, others):
    response = client.get("/courses/", headers={"accept-language": language})
    assert titles(response) == (ours, others)


def test_catalogue_counts_what_is_out(client, courses):
    make_lesson(Course.objects.get(slug="live").modules.first(), state=State.DRAFT)
    course = client.get("/courses/").context["courses"][0]
    assert (course.lesson_count, course.hours) == (6, 2)


def test_catalogue_without_courses_says_so(client, db):
    assert "还没有课程" in client.get("/courses/").content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_catalogue_takes_two_queries(client, county, count, django_assert_num_queries):
    for _n in range(count):
        make_course(county)
    with django_assert_num_queries(2):  # the stamp, the courses
        client.get("/courses/")


def test_second_visit_is_answered_without_a_body_until_something_changes(client, courses):
    etag = client.get("/courses/")["ETag"]
    again = client.get("/courses/", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    Course.objects.get(slug="draft").save()
    assert client.get("/courses/", headers={"if-none-match": etag}).status_code == 200


def test_visitors_page_carries_no_token_and_no_cookie(client, courses):
    for path in ("/courses/", "/courses/live/"):
        response = client.get(path)
        assert "csrfmiddlewaretoken" not in response.content.decode().replace("/language/", "")
        assert dict(response.cookies) == {}
