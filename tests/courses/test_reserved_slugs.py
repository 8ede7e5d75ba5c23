import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern, get_resolver

from courses.import_export.importer import find_free_slug
from courses.reserved_slugs import RESERVED
from tests.factories import make_course


def routes(resolver=None, before: str = ""):
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path
        else:
            yield from routes(pattern, path)


def test_every_word_beside_a_courses_name_is_taken():
    parts = [route.split("/") for route in routes() if route.startswith(("learn/", "courses/"))]
    assert {part[1] for part in parts if part[1] and "<" not in part[1]} == RESERVED


@pytest.mark.parametrize("slug", sorted(RESERVED))
def test_course_is_refused_an_address_of_the_sites_own(county, slug):
    course = make_course(county, slug=slug)
    with pytest.raises(ValidationError) as error:
        course.full_clean()
    assert list(error.value.message_dict) == ["slug"]


def test_course_brought_in_goes_round_them(db):
    assert (find_free_slug("join"), find_free_slug("oranges")) == ("join-2", "oranges")
