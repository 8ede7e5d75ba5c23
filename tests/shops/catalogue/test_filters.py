"""A visitor's query of the list: filters, order, a search word, the next page, and invalid input."""

import datetime
import re

import pytest
from django.utils import timezone

from shops.catalogue import filters, queries
from shops.models import Product, Village
from shops.products import search
from tests.factories import make_category, make_product, make_shop
from tests.pages import squeeze

pytestmark = pytest.mark.both_databases

PAGE = "/products/"


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园")


def names(client, **query) -> list[str]:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return re.findall(r'<h2><a href="/products/\d+/">(.*?)</a></h2>', response.content.decode())


def test_list_shows_only_what_is_on_sale_in_open_shops(client, shop, far_shop):
    make_product(shop, name="在卖的")
    for status in Product.Status:
        if status != Product.Status.PUBLISHED:
            make_product(shop, name=f"没卖的{status}", status=status)
    make_product(far_shop, name="关着的")
    far_shop.is_open = False
    far_shop.save()
    assert names(client) == ["在卖的"]


@pytest.mark.long
def test_list_filters_by_village_kind_season_and_price(client, shop, far_shop):
    today = timezone.localdate()
    over = {
        "harvest_from": today - datetime.timedelta(days=60),
        "harvest_until": today - datetime.timedelta(days=1),
    }
    make_product(shop, name="冰糖橙", price_fen=2990)  # 5.98 a jin
    make_product(shop, name="蜜柚", category=make_category("柚子"), price_fen=1000, **over)  # 2.00 a jin
    make_product(far_shop, name="绿茶", category=make_category("茶叶"), price_fen=64_000)  # 128.00 a jin
    village, far = shop.place.village.slug, far_shop.place.village.slug
    assert names(client, village=village) == ["蜜柚", "冰糖橙"]
    assert names(client, village=far) == ["绿茶"]
    assert names(client, category=make_category("柚子").slug) == ["蜜柚"]
    assert names(client, season=1) == ["绿茶", "冰糖橙"]
    assert names(client, price="0-3") == ["蜜柚"]
    assert names(client, price="5-10") == ["冰糖橙"]
    assert names(client, price="30-") == ["绿茶"]
    assert names(client, village=village, season=1, price="5-10") == ["冰糖橙"]
    assert names(client, village=far, price="5-10") == []


def test_list_filters_by_the_price_that_is_shown(client, shop):
    make_product(shop, name="三元整", price_fen=1500, net_grams=2500)
    make_product(shop, name="显示三元", price_fen=2999, net_grams=5003)  # 2.997…
    make_product(shop, name="显示两块九九", price_fen=2990, net_grams=5000)
    assert names(client, price="3-5") == ["显示三元", "三元整"]
    assert names(client, price="0-3") == ["显示两块九九"]


def test_list_sorts_by_date_and_by_price_of_a_jin(client, shop):
    make_product(shop, name="中", price_fen=2000)
    make_product(shop, name="贵", price_fen=3000)
    make_product(shop, name="大箱便宜", price_fen=5000, net_grams=10_000)
    assert names(client) == ["大箱便宜", "贵", "中"]
    assert names(client, sort="price") == ["大箱便宜", "中", "贵"]
    assert names(client, sort="-price") == ["贵", "中", "大箱便宜"]


def test_list_searches_within_filters(client, shop, far_shop):
    for one in (shop, far_shop):
        make_product(one, name="红心蜜柚")
    search.index_many(Product.objects.all())
    assert names(client, q="hxmy") == ["红心蜜柚", "红心蜜柚"]
    assert names(client, q="hxmy", village=shop.place.village.slug) == ["红心蜜柚"]
    assert names(client, q="心蜜 云头") == ["红心蜜柚"]
    assert names(client, q="没有的") == []


def test_search_form_keeps_the_filters_and_filters_keep_the_word(client, shop):
    make_product(shop, name="红心蜜柚")
    search.index_many(Product.objects.all())
    slug = shop.place.village.slug
    html = client.get(PAGE, {"q": "红心", "village": slug, "sort": "price", "season": "1"}).content.decode()
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
    assert ("village", slug) in hidden
    assert ("sort", "price") in hidden
    assert ("season", "1") in hidden
    assert 'name="q" value="红心"' in html
    assert (
        f'href="/products/?q=%E7%BA%A2%E5%BF%83&amp;village={slug}&amp;sort=price"' in html
    )  # 当季 taken off
    assert (
        f'href="/products/?q=%E7%BA%A2%E5%BF%83&amp;season=1&amp;village={slug}"' in html
    )  # newest first again


def test_chosen_filters_stand_first_and_can_be_taken_off(client, shop):
    make_product(shop)
    kind = make_category()
    html = squeeze(client.get(PAGE, {"category": kind.slug}).content.decode())
    summaries = re.findall(r"<summary class=\"(pill[^\"]*)\">(.*?)</summary>", html)
    assert [classes for classes, _text in summaries] == ["pill pill--on", "pill", "pill"]
    assert kind.name in summaries[0][1]
    assert '<a href="/products/">不限' in html
    assert ">清掉条件</a>" in html


def test_empty_list_says_what_to_do(client, shop):
    html = client.get(PAGE, {"q": "没有的"}).content.decode()
    assert "没找到合适的" in html
    assert "看全部商品" in html


@pytest.mark.long
def test_more_link_leads_through_all_rows(client, shop):
    for n in range(50):
        make_product(shop, name=f"橙{n}")
    seen, path = [], f"{PAGE}?sort=price"
    labels = []
    while path:
        html = client.get(path).content.decode()
        seen += re.findall(r"<h2><a[^>]*>(橙\d+)</a>", html)
        found = re.search(r'rel="next" href="([^"]*)">([^<]*)<', squeeze(html))
        path = found and found[1].replace("&amp;", "&")
        labels += [found[2]] if found else []
    assert sorted(seen) == sorted(f"橙{n}" for n in range(50))
    assert labels == ["再看 24 款", "再看 2 款"]
    assert "48 款以上" in client.get(PAGE).content.decode()


def test_window_that_ends_early_says_so_and_goes_on(client, shop, monkeypatch):
    monkeypatch.setattr(queries, "WINDOW", 3)
    today = timezone.localdate()
    make_product(shop, name="在采的", harvest_until=today)
    for n in range(3):
        make_product(shop, name=f"采完的{n}", harvest_until=today - datetime.timedelta(days=1))
    html = client.get(PAGE, {"season": 1}).content.decode()
    assert "一次最多翻" in html
    assert "没找到合适的" not in html
    path = re.search(r'href="([^"]*)">再往后找<', html)[1].replace("&amp;", "&")
    assert re.findall(r"<h2><a[^>]*>(.*?)</a>", client.get(path).content.decode()) == ["在采的"]


@pytest.mark.parametrize(
    "query",
    [
        "after=x", "after=1-", "after=99999999999999999999-1", "after=4611686018427387903-4611686018427387903",
        "after=WzkyMjMzNzIwMzY4NTQ3NzU4MDgsIDFd&sort=price",
        "after=WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjAwIiwgMV0", "sort=zz", "price=1", "price=%00", "season=2",
        "village=nowhere", "village=%00", "village=%F0%9F%8D%8A", "category=nothing", "category=%00", "q=%00", "q=%FF",
        "q=%25", "q=_", "q='%22%5C", "q=" + "柚" * 500, "q=" + "%20".join("abcdefgh"), "q=NEAR(a)", "q=*", "q=a*",
        "q=%22", "q=AND", "q=OR%20NOT", "x=1", "after=&q=", "q=a&q=b", "season=1&season=0", "q=%F0%9F%8D%8A", "q=%E2%80%AE",
        "q=%ED%A0%80",
    ],
)  # fmt: skip
def test_list_takes_any_garbage_calmly(client, shop, query):
    make_product(shop)
    assert client.get(f"{PAGE}?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["sort=zz", "price=1", "season=2", "village=nowhere", "category=nothing", "after=x", "q=%20"]
)
def test_list_leaves_out_what_it_does_not_know(client, shop, query):
    make_product(shop, name="冰糖橙")
    html = client.get(f"{PAGE}?{query}").content.decode()
    assert "冰糖橙" in html
    assert "清掉条件" not in html


def test_filter_offers_some_villages_and_always_the_chosen_one(client, shop, monkeypatch):
    monkeypatch.setattr(filters, "MOST_VILLAGES", 1)
    Village.objects.filter(place=shop.place).update(slug="zz")
    html = client.get(PAGE, {"village": "zz"}).content.decode()
    assert '<span class="sr">哪个村</span>石榴冲村' in squeeze(html)
    assert "全部的村" in html
