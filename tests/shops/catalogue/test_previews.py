"""What programs read from a page: previews of links, and schema.org offers."""

import re

import pytest

from shops.models import Product, ProductPhoto
from tests.factories import make_photo, make_product, make_rate, make_shop


@pytest.fixture
def product(seller, village):
    shop = make_shop(seller, village, name="梅姨家的橙园")
    make_rate(shop)
    product = make_product(shop, description="皮薄，汁多。")
    ProductPhoto.objects.create(product=product, photo=make_photo(width=3000, height=2000))
    return product


def og(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="([^"]*)" content="([^"]*)">', html))


def props(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'<(?:meta|link) itemprop="(\w+)" (?:content|href)="([^"]*)">', html)
    return [(name, value) for name, value in found]


def test_preview_of_a_product_is_whole(client, product):
    found = og(client.get(product.get_absolute_url()).content.decode())
    photo = product.photos.get().photo
    assert found == {
        "og:type": "product",
        "og:site_name": "新农活",
        "og:locale": "zh_CN",
        "og:title": "冰糖橙·梅姨家的橙园",
        "og:description": "冰糖橙，柚山县青溪镇石榴冲村产，每斤 ¥5.98。",
        "og:url": f"http://testserver{product.get_absolute_url()}",
        "og:image": f"http://testserver{photo.url_at(1200)}",
        "og:image:width": "1200",
        "og:image:height": "800",
        "og:image:alt": "冰糖橙·梅姨家的橙园",
        "product:price:amount": "29.90",
        "product:price:currency": "CNY",
    }


def test_previews_name_the_language_of_their_page(client, product):
    for url in (product.get_absolute_url(), product.shop.get_absolute_url()):
        found = og(client.get(url, headers={"accept-language": "en"}).content.decode())
        assert (found["og:locale"], "og:site_name" in found) == ("en_US", True)


def test_offer_says_in_microdata_what_the_page_says(client, product):
    html = client.get(product.get_absolute_url()).content.decode()
    assert 'itemscope itemtype="https://schema.org/Product"' in html
    assert props(html) == [
        ("priceCurrency", "CNY"),
        ("price", "29.90"),
        ("availability", "https://schema.org/InStock"),
        ("url", f"http://testserver{product.get_absolute_url()}"),
        ("priceCurrency", "CNY"),
        ("price", "5.98"),
        ("value", "0.5"),
        ("unitCode", "KGM"),
        ("name", "梅姨家的橙园"),
        ("url", product.shop.get_absolute_url()),
        ("value", "2500"),
        ("unitCode", "GRM"),
    ]
    assert "priceValidUntil" not in html


def test_offer_of_what_is_sold_out_says_so(client, product):
    Product.objects.update(stock=0)
    html = client.get(product.get_absolute_url()).content.decode()
    assert ("availability", "https://schema.org/OutOfStock") in props(html)


def test_training_ground_offers_nothing(client, product, settings):
    settings.SITE_ROLE = "practice"
    html = client.get(product.get_absolute_url()).content.decode()
    assert "schema.org/Offer" not in html
    assert "product:price:amount" not in og(html)
