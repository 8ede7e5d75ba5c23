import re

import pytest
from django.urls import reverse

from shops.models import Product
from tests.factories import make_photo, make_product, make_shop
from tests.shops.codes import read_code
from tests.shops.printables.picked import make_batch


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园", contact="+8613800000003")


@pytest.fixture
def product(shop):
    return make_product(shop, name="冰糖橙", origin="柚山县青溪镇", cover=make_photo())


def page_of(product) -> str:
    return reverse("shops:my_poster", args=[product.pk])


def test_poster_page_shows_the_picture_and_the_words_to_send(as_user, product):
    html = as_user(product.shop.owner).get(page_of(product)).content.decode()
    assert f'src="/products/{product.pk}/poster/large.png" width="750" height="1200"' in html
    assert (
        f"冰糖橙，每斤 ¥5.98（5斤装 ¥29.90），柚山县青溪镇石榴冲村\nhttp://testserver/products/{product.pk}/</textarea>"
        in html
    )
    assert re.findall(r'href="\?layout=(\w+)"', html) == ["large", "tagged"]


def test_poster_page_offers_the_fresh_one_once_there_is_a_batch(as_user, product):
    product.batch = make_batch(product.shop)
    product.save()
    html = as_user(product.shop.owner).get(page_of(product) + "?layout=fresh").content.decode()
    assert f'src="/products/{product.pk}/poster/fresh.png"' in html
    assert re.findall(r'href="\?layout=(\w+)"( aria-current)?', html) == [
        ("large", ""), ("tagged", ""), ("fresh", " aria-current"),
    ]  # fmt: skip


@pytest.mark.parametrize("asked", ["gold", "fresh", ""])
def test_poster_page_shows_the_first_for_a_layout_it_does_not_have(as_user, product, asked):
    html = as_user(product.shop.owner).get(f"{page_of(product)}?layout={asked}").content.decode()
    assert "/poster/large.png" in html


def test_poster_page_of_what_is_not_on_sale_says_so_and_shows_none(as_user, product):
    Product.objects.update(status=Product.Status.WITHDRAWN)
    html = as_user(product.shop.owner).get(page_of(product)).content.decode()
    assert "上架以后才有海报，不然扫码的人看不到。" in html
    assert "/poster/large.png" not in html


def test_poster_page_is_for_those_who_sell_it(client, as_user, product, stranger, trainee, organiser):
    assert client.get(page_of(product)).status_code == 302
    for person in (stranger, trainee, organiser):
        assert as_user(person).get(page_of(product)).status_code == 404


def cards_of(client, query: str = "") -> str:
    return client.get(reverse("shops:shelf_cards") + query).content.decode()


def test_shelf_cards_say_price_origin_and_who_grows_it(as_user, product):
    html = cards_of(as_user(product.shop.owner))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html[html.index('<article class="shelf__card') :]))
    for words in (
        "冰糖橙",
        "¥ 5.98 /斤",
        "合 ¥11.96/公斤",
        "5斤装 ¥29.90",
        "产地：柚山县青溪镇",
        "柚山县青溪镇石榴冲村",
        "自家种的·梅姨家的橙园",
    ):
        assert words in text


def test_shelf_card_carries_a_code_that_leads_to_the_product(as_user, product):
    client = as_user(product.shop.owner)
    html = cards_of(client)
    url = read_code(html)
    assert url == f"http://testserver{product.get_absolute_url()}?from=card"
    page = client.get(url)
    assert (page.status_code, "冰糖橙" in page.content.decode()) == (200, True)


def test_shelf_cards_are_of_the_products_asked_for_and_on_sale(as_user, product):
    other = make_product(product.shop, name="碰柑")
    hidden = make_product(product.shop, name="藏着的果", status=Product.Status.DRAFT)
    client = as_user(product.shop.owner)
    assert cards_of(client).count('<article class="shelf__card') == 2
    html = cards_of(client, f"?product={other.pk}&product={hidden.pk}&product=x")
    assert html.count('<article class="shelf__card') == 1
    assert "藏着的果" not in html


def test_shelf_cards_of_anothers_shop_are_not_found(as_user, product, stranger):
    assert as_user(stranger).get(f"{reverse('shops:shelf_cards')}?shop={product.shop_id}").status_code == 404


@pytest.mark.parametrize("count", [1, 5])
def test_shelf_cards_cost_the_same_for_one_and_for_many(as_user, product, count, django_assert_num_queries):
    for number in range(count - 1):
        make_product(product.shop, name=f"果{number}")
    client = as_user(product.shop.owner)
    cards_of(client)
    with django_assert_num_queries(6):
        cards_of(client)
