"""Pages of signed-in people stay in their own browser."""

import pytest

from progress.enrolment.services import enrol
from tests.factories import make_course

PAGES = ["/me/", "/me/shop/", "/classes/", "/learn/", "/live/", "/products/", "/me/notices/"]


@pytest.fixture
def mine(as_user, seller, village):
    enrol(seller, make_course(village, lessons=1))
    return as_user(seller)


@pytest.mark.parametrize("path", PAGES)
def test_page_of_a_person_is_theirs_alone(mine, path):
    answer = mine.get(path, headers={"host": "localhost"})
    assert answer.status_code in (200, 404)
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.long
@pytest.mark.parametrize("path", PAGES)
def test_where_the_browser_does_not_trust_the_line_nothing_is_stored(mine, settings, path):
    settings.ALLOWED_HOSTS = ["192.168.1.20"]
    assert mine.get(path, headers={"host": "192.168.1.20:8000"})["Cache-Control"] == "private, no-store"


def test_over_tls_back_works_without_a_line(mine, settings):
    settings.ALLOWED_HOSTS = ["nonghuo.example.cn"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = mine.get("/me/", headers={"host": "nonghuo.example.cn", "x-forwarded-proto": "https"})
    assert answer["Cache-Control"] == "private, no-cache"


def test_pages_of_visitors_are_kept_as_before(client, db):
    assert client.get("/products/")["Cache-Control"] == "public, max-age=0, must-revalidate"
