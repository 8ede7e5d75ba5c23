"""The public page of a shop: its story, its products, its number while that is public, and who sees it closed."""

import re

import pytest

from accounts import consents
from tests.factories import make_photo, make_product, make_shop
from tests.pages import squeeze


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园")


def test_shop_page_works(client, shop, far_shop):
    shop.story, shop.address, shop.contact = "树是 2014 年栽的。", "三组 18 号", "+8613800000003"
    shop.cover = make_photo()
    shop.save()
    consents.give(shop.owner, "public_contact")
    make_product(shop, name="冰糖橙")
    make_product(shop, name="草稿", status="draft")
    make_product(far_shop, name="绿茶")
    html = client.get(shop.get_absolute_url()).content.decode()
    assert re.findall(r"<h3><a[^>]*>(.*?)</a></h3>", html) == ["冰糖橙"]
    for words in (
        "梅姨家的橙园",
        "树是 2014 年栽的。",
        "三组 18 号",
        'href="tel:+86-138-0000-0003"',
        "138 0000 0003",
    ):
        assert words in html
    assert f'<link rel="canonical" href="http://testserver{shop.get_absolute_url()}">' in html
    assert f'<meta property="og:image" content="http://testserver{shop.cover.url_at(1200)}">' in html


def test_shop_page_without_a_public_contact_shows_no_number(client, shop):
    html = client.get(shop.get_absolute_url()).content.decode()
    assert "tel:" not in html
    assert str(shop.owner.phone) not in html
    assert shop.owner.name not in html


def test_shop_page_shows_no_number_once_its_owner_has_taken_back_the_word(client, shop):
    shop.contact = "+8613800000003"
    shop.save()
    consents.give(shop.owner, "public_contact")
    assert "tel:" in client.get(shop.get_absolute_url()).content.decode()
    consents.withdraw(shop.owner, "public_contact")
    html = client.get(shop.get_absolute_url()).content.decode()
    assert "tel:" not in html
    assert "138 0000 0003" not in html


def test_closed_shop_is_there_for_its_own_people_only(
    client, as_user, shop, seller, organiser, trainee, stranger
):
    shop.is_open = False
    shop.save()
    url = shop.get_absolute_url()
    assert client.get(url).status_code == 404
    for person, status in ((trainee, 404), (stranger, 404), (seller, 200), (organiser, 200)):
        response = as_user(person).get(url)
        assert response.status_code == status, person
    assert "小店关着" in response.content.decode()


@pytest.mark.parametrize("count", [1, 24, 30])
def test_shop_page_takes_four_queries(client, shop, django_assert_num_queries, count):
    for _n in range(count):
        make_product(shop)
    with django_assert_num_queries(4):
        client.get(shop.get_absolute_url())


@pytest.mark.long
def test_shop_page_goes_on(client, shop):
    for n in range(26):
        make_product(shop, name=f"橙{n}")
    html = squeeze(client.get(shop.get_absolute_url()).content.decode())
    path = re.search(r'rel="next" href="([^"]*)">再看 2 款<', html)[1]
    assert re.findall(r"<h3><a[^>]*>(.*?)</a>", client.get(path).content.decode()) == ["橙1", "橙0"]


def test_unknown_shop_is_404(client, db):
    assert client.get("/shops/nowhere/").status_code == 404
