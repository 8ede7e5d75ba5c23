"""The seller's page of one product: its two logs, submitting it and withdrawing it."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Consent
from shops.inventory import stock
from shops.models import Product, ProductPhoto, Shop, StockMove
from tests.factories import add_helpers, make_photo, make_product, make_shop, make_waiting_product
from tests.pages import list_messages

MINE = "/me/shop/"
NO_FREIGHT = "还没说运费：填运费表，或者勾上包邮，或者写个自提点"


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village)


def page_of(product: Product) -> str:
    return f"/me/shop/products/{product.pk}/"


def test_the_page_shows_price_and_both_logs(as_user, seller, shop):
    product = make_product(shop, stock=40)
    StockMove.objects.create(product=product, delta=-3, reason="loss", actor=seller)
    response = as_user(seller).get(page_of(product))
    assert [(row.reason, delta, unit) for row, delta, unit in response.context["moves"]] == [
        ("loss", "−3", "箱"),
        ("first", "+40", "箱"),
    ]
    assert [row.price_fen for row in response.context["prices"]] == [2990]
    html = response.content.decode()
    assert "<b data-per-jin>5.98</b>" in html
    assert "−3 箱" in html


@pytest.mark.long
def test_the_page_costs_the_same_for_1_and_24_rows(as_user, seller, shop):
    product, client, counts = make_product(shop), as_user(seller), []
    for wanted in (1, 24):
        while product.photos.count() < wanted:
            StockMove.objects.create(product=product, delta=1, reason="harvest", actor=seller)
            product.price_changes.create(price_fen=1, net_grams=500, unit="jin", actor=seller)
            ProductPhoto.objects.create(product=product, photo=make_photo(seller))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(product)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.long
def test_another_s_product_is_404_in_every_way(as_user, stranger, organiser, shop):
    product = make_waiting_product(shop)
    for person in (stranger, organiser):
        client = as_user(person)
        for path in ("", "edit/", "stock/", "price/", "submit/", "withdraw/"):
            assert client.get(page_of(product) + path).status_code == 404
            assert client.post(page_of(product) + path).status_code in (404, 405)
    product.refresh_from_db()
    assert (product.status, product.stock) == ("submitted", 10)


@pytest.mark.long
def test_a_helper_may_all_of_it(as_user, trainee, shop):
    add_helpers(shop, trainee)
    product = make_waiting_product(shop)
    client = as_user(trainee)
    for path in ("", "edit/", "stock/", "price/", "withdraw/"):
        assert client.get(page_of(product) + path).status_code == 200
    client.post(page_of(product) + "withdraw/")
    product.refresh_from_db()
    assert product.status == "withdrawn"


def test_submit_asks_for_approval(as_user, seller, shop):
    product = make_waiting_product(shop, status="draft")
    response = as_user(seller).post(page_of(product) + "submit/", follow=True)
    product.refresh_from_db()
    assert product.status == "submitted"
    assert list_messages(response) == ["收到了，管理员看过就上架。"]


def test_submit_says_all_that_is_missing(as_user, seller, shop):
    product = make_product(shop, status="draft")
    client = as_user(seller)
    lacks = ["小店还没填实际地址", "小店还没有公开的联系电话", "还没有照片", NO_FREIGHT]
    assert client.get(page_of(product)).context["missing"] == lacks
    assert list_messages(client.post(page_of(product) + "submit/", follow=True)) == lacks
    product.refresh_from_db()
    assert product.status == "draft"


def test_a_get_of_submit_changes_nothing(as_user, seller, shop):
    product = make_waiting_product(shop, status="draft")
    assert as_user(seller).get(page_of(product) + "submit/")["Location"] == page_of(product)
    product.refresh_from_db()
    assert product.status == "draft"


def test_withdraw_asks_first(as_user, seller, shop):
    product = make_waiting_product(shop, status="published")
    client = as_user(seller)
    assert "把“冰糖橙”下架？" in client.get(page_of(product) + "withdraw/").content.decode()
    product.refresh_from_db()
    assert product.status == "published"
    assert list_messages(client.post(page_of(product) + "withdraw/", follow=True)) == [
        "已下架，买家看不到了。"
    ]
    product.refresh_from_db()
    assert product.status == "withdrawn"


def test_withdrawing_twice_is_told(as_user, seller, shop):
    product = make_waiting_product(shop, status="withdrawn")
    response = as_user(seller).post(page_of(product) + "withdraw/", follow=True)
    assert list_messages(response) == ["这款现在是“已下架”，这一步做不了"]


def test_a_returned_product_shows_why(as_user, seller, shop):
    product = make_waiting_product(shop, status="returned", return_reason="照片太暗")
    assert "照片太暗" in as_user(seller).get(page_of(product)).content.decode()


@pytest.mark.long
def test_what_people_wrote_is_words_only(as_user, seller, shop):
    bad = "<img src=x onerror=alert(1)>"
    Shop.objects.update(name=bad)
    product = make_product(shop, name=bad, status="returned", return_reason=bad)
    client = as_user(seller)
    for url in (MINE, page_of(product), f"{page_of(product)}withdraw/", f"{page_of(product)}edit/"):
        assert bad not in client.get(url).content.decode()


def test_the_consent_taken_back_is_named_on_the_product(as_user, seller, shop):
    product = make_waiting_product(shop, status="draft")
    Consent.objects.filter(user=seller, kind="public_contact").update(withdrawn_at=product.created_at)
    assert as_user(seller).get(page_of(product)).context["missing"] == ["小店还没有公开的联系电话"]


@pytest.mark.long
def test_older_changes_of_the_stock_are_a_page_away(as_user, seller, shop):
    product = make_product(shop, stock=1)
    for _n in range(60):
        stock.change_stock(product, 1, StockMove.Reason.HARVEST, seller, uuid.uuid4())
    client = as_user(seller)
    first = client.get(f"/me/shop/products/{product.pk}/")
    assert len(first.context["moves"]) == 50
    rest = client.get(f"/me/shop/products/{product.pk}/", {"after": first.context["page"].after})
    assert len(rest.context["moves"]) == 11
    assert "再往后看" in first.content.decode()
