import pytest

from accounts.backoffice.slugs import find_free_slug
from courses.models import Course
from tests.factories import make_course


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("直播带货入门", "zhi-bo-dai-huo-ru-men"),
        ("Filming with a phone", "filming-with-a-phone"),
        ("第 1 课：拿稳手机", "di-1-ke-na-wen-shou-ji"),
        ("？！", "course"),
        ("🍊", "course"),
    ],
)
def test_a_name_in_an_address_is_pinyin(words, slug, db):
    assert find_free_slug(Course, words, "course") == slug


def test_a_taken_name_gets_a_number(county):
    make_course(county, slug="ju-zi")
    make_course(county, slug="ju-zi-2")
    assert find_free_slug(Course, "橘子", "course") == "ju-zi-3"


def test_a_long_name_leaves_room_for_its_number(db):
    assert len(find_free_slug(Course, "柚" * 60, "course")) <= 55
