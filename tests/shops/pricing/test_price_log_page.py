"""The page of a price: obstacles to a change are shown next to it, and typed values are kept."""

import datetime

import pytest
from django.utils import timezone

from shops.inventory import presales
from shops.models import PriceChange
from tests.factories import make_photo, make_product, make_shop

TODAY = timezone.localdate


@pytest.fixture
def product(seller, village):
    """5斤 a box, as its words say."""
    return make_product(make_shop(seller, village), description="一箱5斤装，现摘现发。")


def send(client, product, **fields):
    facts = {"unit": "box", "box_grams": "5", "price_fen": "29.90"} | fields
    return client.post(f"/me/shop/products/{product.pk}/price/", facts)


def test_another_weight_than_the_words_say_is_refused(as_user, seller, product):
    page = send(as_user(seller), product, box_grams="4", price_fen="26")
    told = "商品页上写着“一箱5斤”，和新的数对不上：资料里一份是2 kg (4 斤)，这里写的是一箱5斤。先改文字。"
    assert page.context["form"].non_field_errors() == [told]
    assert "先改文字" in page.content.decode()
    assert page.context["form"]["price_fen"].value() == "26"
    product.refresh_from_db()
    assert (product.net_grams, product.price_fen, PriceChange.objects.count()) == (2500, 2990, 1)
    assert send(as_user(seller), product, price_fen="26").status_code == 302


def test_a_draft_may_be_weighed_first_and_written_later(as_user, seller, product):
    type(product).objects.update(status="draft")
    assert send(as_user(seller), product, box_grams="4").status_code == 302


@pytest.mark.long
@pytest.mark.parametrize("where", ["price", "edit"])
def test_the_unit_stays_while_something_is_presold_in_it(as_user, seller, product, where):
    type(product).objects.update(description="")
    tomorrow = TODAY() + datetime.timedelta(days=1)
    presale = presales.open_presale(product, seller, quota=30, closes_on=tomorrow, ship_by=tomorrow)
    facts = {"unit": "jin", "price_fen": "6", "stock": "50"}
    if where == "edit":
        facts |= {
            "photos": [make_photo(seller).key],
            "name": "冰糖橙",
            "harvest_until": "12.10",
            "grower": "own",
        }
        facts |= {"category": str(product.category_id), "sending": "included"}
    client, url = as_user(seller), f"/me/shop/products/{product.pk}/{where}/"
    answer = client.post(url, facts)
    assert answer.context["form"].errors == {
        "unit": ["预售还没停，数量是照现在的单位订的。先停预售，再换单位"]
    }
    assert answer.context["form"]["stock"].value() == "50"
    product.refresh_from_db()
    assert (product.unit, product.stock) == ("box", 10)
    presales.end(presale, seller)
    assert client.post(url, facts).status_code == 302
    product.refresh_from_db()
    assert (product.unit, product.stock) == ("jin", 50)
