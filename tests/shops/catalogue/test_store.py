"""The list of all products on sale: its cards, its languages, its cost, and what it never shows."""

import re

import pytest

from shops.models import Product
from shops.products import search
from tests.factories import make_category, make_photo, make_product, make_shop

PAGE = "/products/"


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园")


def test_list_works(client, shop):
    make_product(shop, name="冰糖橙", cover=make_photo())
    html = client.get(PAGE).content.decode()
    card = html[html.index('<article class="good">') : html.index("</article>")]
    assert re.sub(r"<[^>]*>", "|", card).replace("|", " ").split() == [
        "在采", "冰糖橙", "石榴冲村", "¥", "5.98", "/斤", "合", "¥11.96/公斤", "5斤装", "¥29.90",
    ]  # fmt: skip
    assert "1 款，来自 1 个村" in html


@pytest.mark.long
@pytest.mark.parametrize("query", ["", "?q=橙&season=1&sort=price&price=5-10"])
@pytest.mark.parametrize("count", [0, 1, 24, 60])
def test_list_takes_five_queries_for_any_number(client, shop, django_assert_num_queries, count, query):
    for _n in range(count):
        make_product(shop, cover=make_photo(status="waiting"))
    search.index_many(Product.objects.all())
    with django_assert_num_queries(5):
        client.get(PAGE + query)


def test_list_takes_one_query_when_nothing_has_changed(client, shop, django_assert_num_queries):
    make_product(shop)
    etag = client.get(PAGE)["ETag"]
    with django_assert_num_queries(1):
        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 304
    make_product(shop)
    assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200


def test_list_carries_no_token_and_no_cookie(client, shop):
    make_product(shop)
    response = client.get(PAGE)
    assert not response.cookies
    assert b"csrf" not in response.content


def test_list_for_the_signed_in_has_their_tabs(as_user, seller, shop):
    make_product(shop)
    html = as_user(seller).get(PAGE).content.decode()
    assert 'href="/me/shop/"' in html
    assert "冰糖橙" in html


def test_list_in_english_uses_english_names_and_marks_the_chinese(client, shop):
    shop.place.name_en = "Shiliuchong Village"
    shop.place.save()
    make_product(shop, category=make_category("柚子", name_en="Pomelos"))
    html = client.get(PAGE, headers={"Accept-Language": "en"}).content.decode()
    assert '<h2 lang="zh-Hans"><a' in html
    assert "<p>Shiliuchong Village</p>" in html
    assert ">Pomelos</a>" in html


def test_list_escapes_what_sellers_wrote(client, shop):
    make_product(shop, name='<script>"&')
    html = client.get(PAGE).content.decode()
    assert "<script>&quot;" not in html
    assert "&lt;script&gt;&quot;&amp;" in html


def test_pictures_wait_for_the_styles_in_places_of_their_size(client, shop):
    for _n in range(6):
        make_product(shop, cover=make_photo())
    html = client.get(PAGE).content.decode()
    pictures = re.findall(r'<img class="pic"[^>]*>', html)
    assert len(pictures) == 6
    assert all(' loading="lazy"' in picture for picture in pictures)
    assert all('width="320" height="320"' in picture for picture in pictures)


def test_picture_in_the_making_leaves_its_place_empty(client, shop):
    make_product(shop, cover=make_photo(status="waiting"))
    html = client.get(PAGE).content.decode()
    assert '<div class="pic"></div>' in html
    assert "<img class" not in html


@pytest.mark.parametrize(
    ("fields", "pack"),
    [
        ({"unit": "box", "net_grams": 2500, "price_fen": 2990}, "5斤装 ¥29.90"),
        ({"unit": "box", "net_grams": 250, "price_fen": 6400}, "半斤装 ¥64.00"),
        ({"unit": "jin", "net_grams": 500, "price_fen": 598}, "按斤卖"),
        ({"unit": "kg", "net_grams": 1000, "price_fen": 1196}, "按公斤卖"),
        ({"stock": 0}, "卖完了"),
    ],
)
def test_card_says_what_one_pays_for(client, shop, fields, pack):
    make_product(shop, **fields)
    assert f'<span class="num">{pack}</span></p></div></article>' in client.get(PAGE).content.decode()


def test_list_answers_head_and_refuses_post(client, shop):
    assert client.head(PAGE).status_code == 200
    assert client.post(PAGE).status_code == 405
