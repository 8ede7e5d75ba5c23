from pathlib import Path

import pytest
from django.core.cache import caches

from tests.factories import make_product, make_shop
from ui.responses import page_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, seller, village):
    make_product(make_shop(seller, village))
    return lambda **headers: client.get("/products/", headers=headers)


def test_stamped_answers_304_while_nothing_has_changed(visit):
    first = visit()
    again = visit(if_none_match=first["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_stamped_costs_one_query_when_kept(visit, django_assert_num_queries):
    visit()
    with django_assert_num_queries(1):
        assert visit().status_code == 200


def test_stamped_page_changes_when_a_product_is_saved(visit, seller, village):
    first = visit()
    make_product(make_shop(seller, village), name="新上的果")
    again = visit(if_none_match=first["ETag"])
    assert again.status_code == 200
    assert "新上的果" in again.content.decode()


def test_stamped_page_changes_when_pictures_are_served_elsewhere(visit, settings):
    """A phone that has the page asks with its ETag, and must not keep the pictures' former addresses."""
    first = visit()
    settings.MEDIA_URL = "https://farm.example.cn/media/"
    again = visit(if_none_match=first["ETag"])
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_stamped_keeps_languages_apart(visit):
    chinese, english = visit(accept_language="zh-hans"), visit(accept_language="en")
    assert chinese["ETag"] != english["ETag"]
    assert chinese.content != english.content


def test_stamped_keeps_the_names_of_the_site_apart(client, seller, village):
    """A page says its own whole address, to those who preview or share it."""
    url = make_product(make_shop(seller, village)).get_absolute_url()
    for host in ("localhost", "127.0.0.1"):
        html = client.get(url, headers={"host": host}).content.decode()
        assert f'<link rel="canonical" href="http://{host}{url}">' in html
    assert (
        'href="https://localhost'
        in client.get(url, headers={"host": "localhost"}, secure=True).content.decode()
    )


def test_stamped_never_keeps_what_somebody_signed_in_sees(visit, client, seller):
    client.force_login(seller)
    response = visit()
    assert "ETag" not in response
    assert not caches["pages"]._cache


def test_bump_counts_up():
    before = page_cache.get_version("shops")
    page_cache.invalidate("shops")
    assert int(page_cache.get_version("shops")) == int(before) + 1


def test_release_is_made_of_every_app_of_the_project(monkeypatch, settings):
    read = set()
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.add(path) or b"")
    page_cache.release.__wrapped__()
    apps = {path.relative_to(settings.BASE_DIR).parts[0] for path in read}
    assert apps == {path.parent.name for path in settings.BASE_DIR.glob("*/apps.py")} | {"demo"}
    assert {path.suffix for path in read} == {".py", ".html", ".css", ".js", ".svg", ".mo"}
