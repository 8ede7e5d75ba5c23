"""The product page: freight, gifts, presale, gross weight and the crossed-out price, in few queries."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shops.inventory import presales
from shops.models import Deal, Gift, PriceChange
from shops.shipping import rates
from tests.factories import make_product, make_rate, make_shop
from tests.pages import squeeze
from tests.shops.catalogue.test_product_page import text

DAY = datetime.timedelta(days=1)


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园")


def cut(product, before: int = 3500, shows: bool = True):
    """Cut the price today; yesterday somebody bought at the old one."""
    now = timezone.now()
    product.price_changes.update(at=now)
    PriceChange.objects.create(
        product=product, price_fen=before, net_grams=2500, unit="box", at=now - 9 * DAY
    )
    Deal.objects.create(
        product=product, price_fen=before, net_grams=2500, unit="box", quantity=1, at=now - DAY
    )
    product.shows_earlier = shows
    product.save()
    return product


def gift(product, **fields):
    whole = {"kind": "湿巾", "spec": "10 抽一包", "number": 2, "limit": "前 50 份", "way": "装在箱里"}
    return Gift.objects.create(product=product, **whole | fields)


def test_freight_is_a_price_for_every_province(client, shop):
    rates.replace_rates(shop, rates.START, None)
    page = text(client.get(make_product(shop, gross_grams=3400).get_absolute_url()))
    assert "一箱最低 ¥9.50，点开看各省" in page
    assert (
        "江西、湖北、湖南、广东、广西、重庆、贵州 首重 6斤（3公斤）¥8.00，每加 2斤（1公斤）¥1.50 ¥9.50"
        in page
    )
    assert "不发货：台湾、香港、澳门" in page
    assert "6.8斤（箱子和垫料 1.8斤）" in page
    assert "按连箱子的毛重算。" in page
    assert "另议" not in page


def test_freight_of_what_nobody_weighed_goes_by_net_weight(client, shop):
    make_rate(shop)
    page = text(client.get(make_product(shop).get_absolute_url()))
    assert "还没称毛重，按净重算。" in page
    assert "一箱最低 ¥9.00" in page


def test_freight_that_is_in_the_price_is_said(client, shop):
    product = make_product(shop, freight_included=True)
    page = text(client.get(product.get_absolute_url()))
    assert "包邮：运费算在价钱里。" in page
    assert "不发货：台湾、香港、澳门" in page
    make_rate(shop)
    page = text(client.get(product.get_absolute_url()))
    assert "全国都发。" not in page
    assert "不发货：北京" in page


def test_shop_without_a_table_says_where_to_fetch(client, shop):
    shop.points.create(name="镇上驿站", address="青溪镇老街 8 号", hours="白天")
    shop.points.create(name="旧点", address="青溪镇", hours="白天", is_open=False)
    page = text(client.get(make_product(shop).get_absolute_url()))
    assert "不发快递，只能来取。" in page
    assert "自提：镇上驿站 青溪镇老街 8 号 · 白天" in page
    assert "旧点" not in page


def test_gifts_say_all_that_the_law_asks(client, shop):
    product = make_product(shop)
    gift(product, value_fen=150)
    assert "湿巾 10 抽一包 × 2 现价 ¥1.50 前 50 份 · 装在箱里" in text(client.get(product.get_absolute_url()))


def test_earlier_price_is_struck_through_with_its_basis(client, shop):
    html = client.get(cut(make_product(shop)).get_absolute_url()).content.decode()
    said = '<span class="sr">以前的成交价</span>¥7.00<span>/斤</span>'
    assert re.findall(r"<s>(.*?)</s>", squeeze(html)) == [said]
    assert "划掉的每斤 ¥7.00，是降价前 7 天里最低的成交价" in html


@pytest.mark.parametrize(
    "spoil",
    [
        lambda product: type(product).objects.filter(pk=product.pk).update(shows_earlier=False),
        lambda product: Deal.objects.all().delete(),
        lambda product: Deal.objects.update(price_fen=2990),
    ],
)
def test_nothing_is_struck_through_without_ground(client, shop, spoil):
    product = cut(make_product(shop))
    spoil(product)
    for path in (product.get_absolute_url(), "/products/", shop.get_absolute_url()):
        assert "<s>" not in client.get(path).content.decode()


def test_lists_never_strike_a_price_through(client, shop, village):
    cut(make_product(shop))
    for path in ("/products/", shop.get_absolute_url(), village.village.get_absolute_url()):
        assert "<s>" not in client.get(path).content.decode()


def test_terms_take_the_same_queries_for_one_row_and_for_many(
    client, shop, seller, django_assert_num_queries
):
    rates.replace_rates(shop, rates.START, None)
    product, today = cut(make_product(shop, gross_grams=2900)), timezone.localdate()
    gift(product)
    presales.open_presale(product, seller, quota=50, closes_on=today, ship_by=today)
    with CaptureQueriesContext(connection) as queries:
        client.get(product.get_absolute_url())
    for n in range(30):
        Deal.objects.create(product=product, price_fen=3600 + n, net_grams=2500, unit="box", quantity=1)
        gift(product)
    with django_assert_num_queries(len(queries)):
        page = client.get(product.get_absolute_url()).content.decode()
    assert all(words in page for words in ("<s>", "预售 · ", "湿巾", "运费"))


@pytest.mark.long
def test_cards_of_presales_take_no_more_queries(client, shop, seller, django_assert_num_queries):
    today = timezone.localdate()
    for n in range(24):
        product = make_product(shop, name=f"橙{n}", stock=0)
        presales.open_presale(product, seller, quota=5, closes_on=today + DAY, ship_by=today + 2 * DAY)
    with django_assert_num_queries(5):
        assert client.get("/products/").content.decode().count("预售 · ") == 24


def test_what_sellers_wrote_is_escaped(client, shop, seller):
    evil, product, today = "<script>alert(1)</script>", make_product(shop), timezone.localdate()
    gift(product, kind=evil[:30], spec=evil[:30], limit=evil, way=evil)
    shop.points.create(name=evil[:30], address=evil, hours=evil)
    presales.open_presale(product, seller, quota=5, closes_on=today, ship_by=today, own_words=evil)
    assert "<script>alert" not in client.get(product.get_absolute_url()).content.decode()


def test_log_shows_every_price_and_deal(as_user, seller, stranger, shop):
    product = cut(make_product(shop))
    client, url = as_user(seller), f"/me/shop/products/{product.pk}/prices/"
    assert [row.price_fen for row in client.get(url).context["page"].items] == [2990, 3500]
    assert [row.price_fen for row in client.get(f"{url}?what=deals").context["page"].items] == [3500]
    assert "一箱 ¥35.00 · 净重 5斤（2.5公斤） × 1" in text(client.get(f"{url}?what=deals"))
    assert as_user(stranger).get(url).status_code == 404


def test_switch_is_on_the_price_page(as_user, seller, shop):
    product = cut(make_product(shop), shows=False)
    client, url = as_user(seller), f"/me/shop/products/{product.pk}/price/"
    assert "划掉的每斤 ¥7.00" in client.get(url).content.decode()
    typed = {"unit": "box", "box_grams": "5", "price_fen": "29.90", "shows_earlier": "on"}
    client.post(url, typed)
    product.refresh_from_db()
    assert (product.shows_earlier, product.price_changes.count()) == (True, 2)
    client.post(url, {name: value for name, value in typed.items() if name != "shows_earlier"})
    product.refresh_from_db()
    assert product.shows_earlier is False


@pytest.mark.parametrize(("way", "number", "left"), [("gift", "3", 7), ("back", "2", 12), ("loss", "10", 0)])
def test_stock_changes_with_a_reason_and_a_note(as_user, seller, shop, way, number, left):
    product = make_product(shop, stock=10)
    event = "5f0c53ae-53b9-4f5e-9d5b-3a0d7a3f5d7a"
    given = {"way": way, "number": number, "event_id": event, "note": "送合作社试吃"}
    client = as_user(seller)
    for _tap in range(2):
        client.post(f"/me/shop/products/{product.pk}/stock/", given)
    product.refresh_from_db()
    row = product.moves.exclude(reason="first").get()
    assert (product.stock, row.reason, row.note) == (left, way, "送合作社试吃")
    assert "·送合作社试吃" in client.get(f"/me/shop/products/{product.pk}/").content.decode()


@pytest.mark.long
def test_low_stock_is_told_where_the_seller_looks(as_user, seller, shop):
    low = make_product(shop, name="快没的橙", stock=5)
    make_product(shop, name="还多的橙", stock=6)
    make_product(shop, name="没卖的橙", stock=1, status="draft")
    html = as_user(seller).get("/me/shop/").content.decode()
    assert f'href="/me/shop/products/{low.pk}/stock/"><b>“快没的橙”快没货了</b>' in html
    assert html.count("快没了") == 1
