import datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from shops.models import Product
from tests.factories import make_photo, make_product, make_shop


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


@pytest.fixture
def read(client):
    def read(**headers):
        response = client.get(reverse("shops:feed"), headers=headers)
        return ElementTree.fromstring(response.content).find("channel")

    return read


def test_feed_names_what_is_in_season_with_picture_and_price(read, shop):
    product = make_product(shop, name="冰糖橙 <大>", cover=make_photo())
    [item] = read().findall("item")
    assert item.findtext("title") == "冰糖橙 <大>"
    assert item.findtext("link") == f"http://testserver{product.get_absolute_url()}"
    told = item.findtext("description")
    assert f'<img src="http://testserver{product.cover.url_at(1200)}" alt="冰糖橙 &lt;大&gt;">' in told
    assert "<p>每斤 ¥5.98（5斤装 ¥29.90）<br>石榴冲村</p>" in told
    assert item.find("pubDate") is not None


def test_feed_leaves_out_what_is_hidden_or_out_of_season(read, shop, other_village, stranger):
    past = timezone.localdate() - datetime.timedelta(days=1)
    make_product(shop, name="采完的", harvest_until=past)
    make_product(shop, name="草稿", status=Product.Status.DRAFT)
    make_product(make_shop(stranger, other_village, is_open=False), name="关门的")
    make_product(shop, name="在采的")
    assert [item.findtext("title") for item in read().findall("item")] == ["在采的"]


@pytest.mark.long
def test_feed_holds_the_newest_fifty(read, shop):
    start = timezone.now() - datetime.timedelta(days=2)
    for number in range(52):
        make_product(shop, name=f"果{number}", listed_at=start + datetime.timedelta(minutes=number))
    titles = [item.findtext("title") for item in read().findall("item")]
    assert titles == [f"果{number}" for number in range(51, 1, -1)]


@pytest.mark.parametrize("count", [1, 12])
def test_feed_costs_three_queries_and_then_one(client, shop, count, django_assert_num_queries):
    for number in range(count):
        make_product(shop, name=f"果{number}")
    with django_assert_num_queries(3):
        first = client.get(reverse("shops:feed"))
    assert first["Content-Type"] == "application/rss+xml; charset=utf-8"
    with django_assert_num_queries(1):
        again = client.get(reverse("shops:feed"), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_feed_is_found_from_the_list(client, shop):
    html = client.get("/products/").content.decode()
    assert '<link rel="alternate" type="application/rss+xml"' in html
