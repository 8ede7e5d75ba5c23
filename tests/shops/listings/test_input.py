"""Invalid input in the listing form, and valid input as people write it."""

import re

import pytest

from shops.models import ListingDraft, Product, Shop
from tests.factories import make_product
from tests.pages import list_messages
from tests.shops.listings.kit import NEW, errors_of, typed


def test_a_get_writes_nothing(as_user, seller, shop, photo):
    client = as_user(seller)
    make_product(shop)
    client.get(NEW)
    client.get(f"{NEW}?again=1")
    assert (ListingDraft.objects.count(), Product.objects.count()) == (0, 1)


# --- bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("price_fen", "-1", "不能是负数"),
        ("price_fen", "0", "要大于 0"),
        ("price_fen", "1e9", "用数字写，比如 29.90"),
        ("price_fen", "1000000000", "最多 100,000，看看是不是多打了 0"),
        ("price_fen", "12,5", "数字里不用逗号，写成 29.90 这样"),
        ("price_fen", "十二", "用数字写，比如 29.90"),
        ("price_fen", "0.04", "这样一斤不到 1 分钱，看看价钱和净重写对没有"),
        ("price_fen", "29.999", "小数点后最多 2 位，比如 29.90"),
        ("price_fen", "", "这一项要填"),
        ("stock", "9" * 30, "用数字写，比如 40"),
        ("stock", "2147483648", "最多 1,000,000，看看是不是多打了 0"),
        ("stock", "0", "要大于 0"),
        ("stock", "3.5", "要整数，比如 40"),
        ("box_grams", "", "称一称，一箱净重几斤"),
        ("box_grams", "0", "要大于 0"),
        ("box_grams", "五", "用数字写，比如 2.5"),
        ("box_grams", "9999", "最多 2,000，看看是不是多打了 0"),
        ("name", "橙" * 200, "最多 30 个字，多了 170 个"),
        ("name", "冰糖橙🍊", "这里不能用表情符号"),
        ("name", "  ", "这一项要填"),
        ("harvest_until", "快过年", "写成 12月10日 或 12.10 这样"),
        ("harvest_until", "2月30日", "没有这一天，看看月份和日子"),
        ("harvest_until", "2020-01-01", "这一天已经过了，写采完的那天"),
        ("harvest_until", "", "这一项要填"),
        ("harvest_from", "12月31日", "开始采的那天，不能在采完以后"),
        ("grower", "", "选一个"),
        ("grower", "aliens", "没有这一项，重新选一个"),
        ("unit", "ton", "没有这一项，重新选一个"),
        ("category", "999999", "没有这一项，重新选一个"),
        ("description", "好" * 1001, "最多 1000 个字，多了 1 个"),
        ("origin", "村" * 61, "最多 60 个字，多了 1 个"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_user, seller, shop, photo, field, value, sentence):
    response = as_user(seller).post(NEW, typed(photo, **{field: value}))
    assert response.status_code == 200
    assert errors_of(response) == {field: [sentence]}
    assert sentence in response.content.decode()
    assert not Product.objects.exists()


def test_without_a_photo_it_says_so(as_user, seller, shop):
    assert errors_of(as_user(seller).post(NEW, typed())) == {"photos": ["先拍一张照片"]}


def test_a_name_that_fits_no_kind_asks_for_one(as_user, seller, shop, photo, kinds):
    client, sent = as_user(seller), typed(photo, name="手编竹篮")
    assert errors_of(client.post(NEW, sent)) == {"category": ["看名称猜不出来，选一个种类"]}
    client.post(NEW, sent | {"category": kinds["茶叶"].pk})
    assert Product.objects.get().category == kinds["茶叶"]


@pytest.mark.parametrize(
    ("name", "kind"), [("冰糖橙", "橙子"), ("红心蜜柚", "柚子"), ("茶叶蛋", "禽蛋"), ("橙皮茶", "茶叶")]
)
def test_the_kind_is_guessed_from_the_name(as_user, seller, shop, photo, kinds, name, kind):
    as_user(seller).post(NEW, typed(photo, name=name))
    assert Product.objects.get().category == kinds[kind]


def test_what_cannot_be_seen_is_taken_out_of_a_name(as_user, seller, shop, photo):
    as_user(seller).post(NEW, typed(photo, name="冰糖\u202e橙\u200b　大果"))
    assert Product.objects.get().name == "冰糖橙 大果"


def test_script_is_words_and_nothing_more(as_user, seller, shop, photo):
    client = as_user(seller)
    words = "<script>alert(1)</script>橙"
    response = client.post(NEW, typed(photo, name=words, description=words, variety=words[:30]), follow=True)
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;橙" in html
    assert "<script>alert" not in client.get("/me/shop/").content.decode()


@pytest.mark.parametrize(
    ("fields", "unit", "grams"),
    [
        ({"unit": "jin", "box_grams": ""}, "jin", 500),
        ({"unit": "kg", "box_grams": "abc"}, "kg", 1000),
        ({"box_grams": "２．５公斤"}, "box", 2500),
        ({"box_grams": "10 斤"}, "box", 5000),
    ],
)
def test_a_unit_weighs_what_it_says(as_user, seller, shop, photo, fields, unit, grams):
    as_user(seller).post(NEW, typed(photo, **fields))
    assert Product.objects.values_list("unit", "net_grams").get() == (unit, grams)


@pytest.mark.parametrize(
    ("price", "fen"), [("￥29.9", 2990), ("２９．９０", 2990), ("30元", 3000), (" 7 ", 700)]
)
def test_prices_are_read_as_people_write_them(as_user, seller, shop, photo, price, fen):
    as_user(seller).post(NEW, typed(photo, price_fen=price))
    assert Product.objects.get().price_fen == fen


def test_the_price_tag_stands_on_a_form_that_came_back(as_user, seller, shop, photo):
    html = as_user(seller).post(NEW, typed(photo, stock="")).content.decode()
    assert re.search(r"<b data-per-jin>5\.98</b>", html)
    assert re.search(r"合 ¥<span data-per-kg>11\.96</span>/公斤", html)
    empty = as_user(seller).get(NEW).content.decode()
    assert '<div class="tag" data-price-tag hidden>' in empty


def test_no_field_is_so_wrong_that_the_page_breaks(as_user, seller, shop, photo):
    client = as_user(seller)
    rubbish = ("\x00", "☃" * 5000, "' OR 1=1", "${7*7}", "-0", "NaN", "٣", "[]", "\u202e")
    fields = sorted(typed().keys() - {"photos", "do"})
    for n, field in enumerate(fields):
        for value in rubbish[n % 3 :: 3]:
            assert client.post(NEW, typed(photo) | {field: value}).status_code in (200, 302)


# --- the shop that is not ready, several shops, like last time ----------------------------------------------


def test_a_product_of_a_closed_shop_stays_a_draft_and_says_why(as_user, seller, shop, photo):
    Shop.objects.update(is_open=False)
    response = as_user(seller).post(NEW, typed(photo), follow=True)
    assert Product.objects.get().status == "draft"
    assert response.context["missing"] == ["小店关着，买家下不了单"]
    assert list_messages(response) == ["小店关着，买家下不了单"]
