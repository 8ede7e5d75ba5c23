"""Posters as pictures: the QR code, the layouts, who gets them, and how rarely they are drawn."""

import io

import pytest
import zxingcpp
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from shops.models import Batch, Product
from shops.printables import posters
from tests.factories import make_photo

LAYOUTS = ("large", "tagged", "fresh")


def url_of(product, layout="large") -> str:
    return reverse("shops:poster", args=[product.pk, layout])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_poster_is_a_picture_whose_code_leads_to_the_product(client, product, layout):
    response = client.get(url_of(product, layout))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (750, 1200))
    [code] = zxingcpp.read_barcodes(image)
    assert code.text == f"http://testserver{product.get_absolute_url()}?from=poster"
    page = client.get(code.text)
    assert page.status_code == 200
    assert '<h1 itemprop="name">冰糖橙</h1>' in page.content.decode()


@pytest.mark.long
@pytest.mark.parametrize("layout", LAYOUTS)
def test_code_is_read_from_a_poster_that_a_chat_has_made_small(client, product, layout):
    image = Image.open(io.BytesIO(client.get(url_of(product, layout)).content)).convert("RGB")
    file = io.BytesIO()
    image.resize((540, 864)).save(file, "JPEG", quality=60)
    [code] = zxingcpp.read_barcodes(Image.open(file))
    assert code.text.endswith("?from=poster")


@pytest.mark.long
@pytest.mark.parametrize("layout", LAYOUTS)
def test_poster_holds_the_longest_names_in_either_language(client, product, village, layout, settings):
    settings.SITE_ROLE = "practice"
    Product.objects.update(name="柚" * 30, price_fen=1_000_000_000, net_grams=10)
    product.shop.name, product.shop.legal_name = "园" * 30, "社" * 60
    product.shop.save()
    for language in ("zh-hans", "en"):
        response = client.get(url_of(product, layout), headers={"accept-language": language})
        image = Image.open(io.BytesIO(response.content))
        assert image.size == (750, 1200)
        assert len(zxingcpp.read_barcodes(image)) == 1


@pytest.mark.long
def test_poster_without_a_photo_or_with_a_lost_one_shows_the_mark_of_the_house(client, product):
    whole = client.get(url_of(product)).content
    Product.objects.update(cover=None)
    without = client.get(url_of(product)).content
    lost = make_photo()
    for name in lost.names:
        default_storage.delete(name)
    Product.objects.update(cover=lost)
    assert client.get(url_of(product)).content == without
    assert without != whole


def test_fresh_poster_needs_a_batch_that_buyers_may_look_up(client, product):
    Batch.objects.update(is_public=False)
    assert client.get(url_of(product, "fresh")).status_code == 404
    assert client.get(url_of(product, "large")).status_code == 200


def test_poster_of_an_unknown_layout_or_product_is_not_found(client, product):
    assert client.get(url_of(product, "gold")).status_code == 404
    assert client.get(reverse("shops:poster", args=[987654, "large"])).status_code == 404


@pytest.mark.long
@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "withdrawn"])
def test_poster_of_what_is_not_on_sale_is_not_found_even_for_its_seller(as_user, product, status):
    client = as_user(product.shop.owner)
    assert client.get(url_of(product)).status_code == 200
    Product.objects.update(status=status)
    assert client.get(url_of(product)).status_code == 404


def test_poster_of_a_withdrawn_product_is_not_found_though_it_was_kept(client, product):
    first = client.get(url_of(product))
    product.status = Product.Status.WITHDRAWN
    product.save()
    assert client.get(url_of(product), headers={"if-none-match": first["ETag"]}).status_code == 404


def test_poster_of_a_closed_shop_is_not_found(client, product):
    product.shop.is_open = False
    product.shop.save()
    assert client.get(url_of(product)).status_code == 404


def test_poster_unchanged_is_304_by_one_query(client, product, django_assert_num_queries):
    first = client.get(url_of(product))
    with django_assert_num_queries(1):
        again = client.get(url_of(product), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_poster_unchanged_is_304_for_its_seller_too(as_user, product):
    client = as_user(product.shop.owner)
    first = client.get(url_of(product))
    assert client.get(url_of(product), headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.long
def test_poster_is_drawn_once_and_again_when_what_it_says_has_changed(client, product, monkeypatch):
    drawn = []
    draw = posters.draw_poster
    monkeypatch.setattr(posters, "draw_poster", lambda *args: drawn.append(args) or draw(*args))
    first = client.get(url_of(product)).content
    assert client.get(url_of(product)).content == first
    product.stock = 9
    product.save()
    assert client.get(url_of(product)).content == first
    assert len(drawn) == 1
    product.price_fen = 2890
    product.save()
    assert client.get(url_of(product)).content != first
    assert len(drawn) == 2
