import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import consents
from shops.models import Product, ProductPhoto
from tests.factories import make_photo, make_product, make_rate, make_shop
from tests.pages import squeeze


@pytest.fixture
def shop(seller, village):
    shop = make_shop(
        seller, village, name="梅姨家的橙园", contact="+8613800000003", story="树是 2014 年栽的。"
    )
    make_rate(shop)
    return shop


@pytest.fixture
def product(shop):
    return make_product(
        shop,
        name="冰糖橙",
        variety="锦红",
        origin="柚山县青溪镇",
        description="皮薄，汁多。\n当天采。",
        stock=64,
    )


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_product_page_works(client, product):
    page = text(client.get(product.get_absolute_url()))
    for words in (
        "冰糖橙", "锦红", "柚山县青溪镇石榴冲村", "皮薄，汁多。", "¥ 5.98 /斤", "合 ¥11.96/公斤", "5斤装 ¥29.90",
        "还能采 16 天", "自家种的", "梅姨家的橙园", "树是 2014 年栽的。", "5斤（2.5公斤）", "64 箱", "138 0000 0003",
    ):  # fmt: skip
        assert words in page


def dock_of(client, product) -> list[tuple[str, str]]:
    html = squeeze(client.get(product.get_absolute_url()).content.decode())
    dock = html[html.index('<div class="dock"') :]
    dock = dock[: dock.index("</div>")]
    return re.findall(r'<a class="([^"]*)"(?: rel="nofollow")? href="([^"]*)">', dock)


def test_product_page_offers_to_call_and_to_order(client, product):
    assert dock_of(client, product) == [
        ("btn", "tel:+86-138-0000-0003"),
        ("btn btn--main", f"{product.shop.get_absolute_url()}order/?product={product.pk}"),
    ]


def test_product_page_of_what_is_sold_out_offers_to_call_and_to_visit(client, product):
    Product.objects.update(stock=0)
    assert dock_of(client, product) == [
        ("btn btn--main", "tel:+86-138-0000-0003"),
        ("btn", product.shop.get_absolute_url()),
    ]


def test_product_page_without_a_public_contact_shows_no_number(client, product):
    product.shop.contact = ""
    product.shop.save()
    html = client.get(product.get_absolute_url()).content.decode()
    assert "tel:" not in html
    assert str(product.shop.owner.phone) not in html
    assert product.shop.owner.name not in html
    assert f'<a href="{product.shop.get_absolute_url()}">' in html


def test_product_page_shows_no_number_once_its_owner_has_taken_back_the_word(client, product):
    assert "tel:" in client.get(product.get_absolute_url()).content.decode()
    consents.withdraw(product.shop.owner, "public_contact")
    html = client.get(product.get_absolute_url()).content.decode()
    assert "tel:" not in html
    assert "138 0000 0003" not in html


def test_product_page_shows_the_photos_in_order_each_with_its_words(client, product):
    photos = [make_photo() for _n in range(3)]
    for position, photo in enumerate(reversed(photos)):
        ProductPhoto.objects.create(product=product, photo=photo, position=position)
    ProductPhoto.objects.create(product=product, photo=make_photo(status="waiting"), position=9)
    html = client.get(product.get_absolute_url()).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    shown = re.findall(r'<img[^>]*\ssrc="([^"]*)"[^>]*\salt="([^"]*)"', main)
    assert shown == [
        (photos[2].src, "冰糖橙"),
        (photos[1].src, "冰糖橙，第 2 张照片"),
        (photos[0].src, "冰糖橙，第 3 张照片"),
    ]
    assert f'href="{photos[1].url_at(1200)}"' in main
    assert photos[2].srcset in main


def test_product_page_tells_those_who_preview_its_link(client, product):
    photo = make_photo()
    ProductPhoto.objects.create(product=product, photo=photo)
    html = client.get(product.get_absolute_url()).content.decode()
    url = f"http://testserver{product.get_absolute_url()}"
    for line in (
        f'<link rel="canonical" href="{url}">',
        f'<meta property="og:url" content="{url}">',
        '<meta property="og:title" content="冰糖橙·梅姨家的橙园">',
        '<meta property="og:description" content="冰糖橙，柚山县青溪镇石榴冲村产，每斤 ¥5.98。">',
        f'<meta property="og:image" content="http://testserver{photo.url_at(1200)}">',
        '<meta name="description" content="冰糖橙，柚山县青溪镇石榴冲村产，每斤 ¥5.98。皮薄',
    ):
        assert line in html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stock": 0}, "卖完了"),
        ({"unit": "jin", "net_grams": 500, "price_fen": 598, "stock": 3}, "3 斤"),
        ({"unit": "kg", "net_grams": 1000, "price_fen": 1196, "stock": 3}, "按公斤卖"),
        ({"harvest_until": timezone.localdate() - datetime.timedelta(days=1)}, "这一季采完了"),
        ({"grower": "coop"}, "合作社"),
    ],
)
def test_product_page_says_how_it_stands(client, shop, fields, words):
    assert words in text(client.get(make_product(shop, **fields).get_absolute_url()))


def test_months_of_the_harvest_are_marked(client, shop):
    today = timezone.localdate()
    product = make_product(
        shop, harvest_from=today.replace(month=1, day=5), harvest_until=today.replace(month=12, day=5)
    )
    html = client.get(product.get_absolute_url()).content.decode()
    months = re.findall(r'<li(?: class="(\w+)")?(?: aria-current="(\w+)")?>(\d+)</li>', html)
    assert [int(number) for _on, _now, number in months] == list(range(1, 13))
    assert {on for on, _now, _number in months} == {"on"}
    assert [int(number) for _on, now, number in months if now == "date"] == [today.month]


@pytest.mark.long
@pytest.mark.parametrize(
    "status", [status for status in Product.Status if status != Product.Status.PUBLISHED]
)
def test_product_not_on_sale_is_there_for_its_own_people_only(
    client, as_user, product, seller, organiser, trainee, trainer, stranger, status
):
    Product.objects.filter(pk=product.pk).update(status=status)
    url = product.get_absolute_url()
    assert client.get(url).status_code == 404
    for person in (trainee, trainer, stranger):
        assert as_user(person).get(url).status_code == 404, person
    for person in (seller, organiser):
        response = as_user(person).get(url)
        assert response.status_code == 200, person
        assert "还没上架，这一页只有你们自己人看得到。" in text(response)
        assert ("去改" in text(response)) == (person == seller)


def test_product_of_a_closed_shop_is_not_on_sale(client, as_user, product, seller):
    product.shop.is_open = False
    product.shop.save()
    assert client.get(product.get_absolute_url()).status_code == 404
    assert "小店关着" in text(as_user(seller).get(product.get_absolute_url()))


def test_product_seen_by_its_seller_is_not_kept_for_visitors(client, as_user, product, seller):
    Product.objects.filter(pk=product.pk).update(status="draft")
    as_user(seller).get(product.get_absolute_url())
    client.logout()
    client.cookies.clear()
    assert client.get(product.get_absolute_url()).status_code == 404


def test_product_page_takes_as_many_queries_for_twelve_photos_as_for_none(
    client, product, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as queries:
        client.get(product.get_absolute_url())
    for position in range(12):
        ProductPhoto.objects.create(product=product, photo=make_photo(status="waiting"), position=position)
    product.save()
    with django_assert_num_queries(len(queries)):
        client.get(product.get_absolute_url())


def test_product_page_in_english_marks_what_the_seller_wrote(client, product):
    html = client.get(product.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
    assert '<span lang="zh-Hans">冰糖橙</span>' in html
    assert '<p itemprop="description" lang="zh-Hans">皮薄，汁多。<br>当天采。</p>' in html


def test_product_page_escapes_what_sellers_wrote(client, shop):
    evil = '"><script>alert(1)</script>'
    shop.name, shop.story = "<b>店</b>", evil
    shop.save()
    product = make_product(shop, name=evil[:30], variety=evil[:30], origin=evil, description=evil)
    assert "<script>alert" not in client.get(product.get_absolute_url()).content.decode()


@pytest.mark.parametrize("pk", [0, 999_999, 2**63, 10**30])
def test_unknown_product_is_404(client, db, pk):
    assert client.get(f"/products/{pk}/").status_code == 404
