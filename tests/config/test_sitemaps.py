from xml.etree import ElementTree

import pytest
from django.urls import reverse

from config import views
from courses.models import State
from shops.models import Product, Shop
from tests.factories import make_course, make_product, make_shop

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def read(client):
    def read(url: str) -> list[str]:
        response = client.get(url)
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        return [loc.text for loc in ElementTree.fromstring(response.content).iter(f"{NS}loc")]

    return read


@pytest.fixture
def world(seller, stranger, village, other_village, county) -> dict:
    """Open and hidden things of each kind."""
    shop, closed = make_shop(seller, village), make_shop(stranger, other_village, is_open=False)
    return {
        "shop": shop,
        "product": make_product(shop, name="在卖"),
        "hidden": [
            make_product(shop, name="草稿", status=Product.Status.DRAFT),
            make_product(shop, name="下架", status=Product.Status.WITHDRAWN),
            make_product(closed, name="关门"),
        ],
        "course": make_course(county),
        "draft": make_course(county, state=State.DRAFT),
    }


def test_sitemap_holds_only_what_is_public_and_every_page_of_it_answers(client, read, world):
    found = {name: read(url) for url in read("/sitemap.xml") for name in [url.rsplit("/", 1)[1]]}
    site = "http://testserver"
    assert found["products-1.xml"] == [site + world["product"].get_absolute_url()]
    assert found["shops-1.xml"] == [site + world["shop"].get_absolute_url()]
    assert found["courses-1.xml"] == [site + world["course"].get_absolute_url()]
    assert len(found["villages-1.xml"]) == 3
    assert found["pages-1.xml"] == [
        f"{site}{path}" for path in ("/", "/products/", "/villages/", "/courses/")
    ]
    for urls in found.values():
        for url in urls:
            assert client.get(url).status_code == 200


def test_sitemap_begins_a_new_file_by_ids(read, world, monkeypatch):
    monkeypatch.setattr(views, "IDS_A_FILE", 1)
    last = Product.objects.order_by("pk").last().pk
    files = [url for url in read("/sitemap.xml") if "/products-" in url]
    assert len(files) == last
    assert [url for file in files for url in read(file)] == [
        "http://testserver" + world["product"].get_absolute_url()
    ]


@pytest.mark.parametrize("path", ["people-1.xml", "pages-2.xml", "products-0.xml", "products-1000001.xml"])
def test_sitemap_file_that_is_none_is_not_found(client, db, path):
    assert client.get(f"/sitemap/{path}").status_code == 404


def test_sitemap_costs_the_same_for_one_and_for_many(client, world, django_assert_num_queries):
    for _round in range(2):
        with django_assert_num_queries(5):
            client.get("/sitemap.xml")
        with django_assert_num_queries(2):
            client.get("/sitemap/products-1.xml")
        for number in range(10):
            make_product(world["shop"], name=f"果{number}")


def test_sitemap_unchanged_is_304(client, world):
    for url in ("/sitemap.xml", "/sitemap/products-1.xml"):
        first = client.get(url)
        again = client.get(url, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_robots_keep_out_of_what_is_nobodys_business(client):
    text = client.get("/robots.txt").content.decode()
    for path in ("/orders/", "/me/", "/learn/", "/admin/", "/complaints/", "/live/on/"):
        assert f"Disallow: {path}\n" in text
    assert text.endswith("Sitemap: http://testserver/sitemap.xml\n")


def test_nothing_in_the_sitemap_is_kept_out_by_robots(client, read, world):
    kept_out = [path.rstrip("*") for path in views.KEPT_OUT if "*" not in path]
    for url in read("/sitemap.xml"):
        for page in read(url):
            assert not any(page.startswith(f"http://testserver{path}") for path in kept_out)
    assert Shop.objects.count() == 2
    assert reverse("sitemap") == "/sitemap.xml"
