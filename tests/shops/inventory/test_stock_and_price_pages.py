"""A seller changes stock and price: by form, by plus and minus, sent once or twice."""

import uuid

import pytest

from shops.models import Product, StockMove
from tests.factories import make_product, make_shop
from tests.pages import list_messages, squeeze


@pytest.fixture
def product(seller, village) -> Product:
    return make_product(make_shop(seller, village), stock=40)


def stock_url(product: Product) -> str:
    return f"/me/shop/products/{product.pk}/stock/"


def price_url(product: Product) -> str:
    return f"/me/shop/products/{product.pk}/price/"


def moves(product: Product) -> list[tuple]:
    return list(product.moves.order_by("id").values_list("delta", "reason"))


def change(way: str, number: str, event: uuid.UUID | None = None) -> dict:
    return {"way": way, "number": number, "event_id": str(event or uuid.uuid4())}


@pytest.mark.parametrize(
    ("way", "number", "row", "left"),
    [
        ("harvest", "25", (25, "harvest"), 65),
        ("loss", "4", (-4, "loss"), 36),
        ("count", "38", (-2, "count"), 38),
        ("count", "0", (-40, "count"), 0),
        ("harvest", "１０箱", (10, "harvest"), 50),
    ],
)
def test_each_way_writes_its_row(as_user, seller, product, way, number, row, left):
    response = as_user(seller).post(stock_url(product), change(way, number), follow=True)
    product.refresh_from_db()
    assert (product.stock, moves(product)[1:]) == (left, [row])
    assert product.moves.first().actor == seller
    assert list_messages(response) == [f"记下了，现在有 {left} 箱。"]


@pytest.mark.parametrize(
    ("way", "number", "sentence"),
    [
        ("loss", "41", "只有 40 箱，减不了这么多"),
        ("harvest", "999961", "太多了，加上现有的 40 箱超过了一百万"),
        ("harvest", "0", "要大于 0"),
        ("harvest", "-3", "不能是负数"),
        ("count", "1000001", "最多 1,000,000，看看是不是多打了 0"),
        ("harvest", "二十", "用数字写，比如 40"),
        ("harvest", "", "这一项要填"),
    ],
)
def test_what_cannot_be_is_said_beside_the_number(as_user, seller, product, way, number, sentence):
    response = as_user(seller).post(stock_url(product), change(way, number))
    assert response.context["form"].errors == {"number": [sentence]}
    assert response.context["form"]["number"].value() == number
    assert moves(product) == [(40, "first")]


def test_the_form_sent_twice_counts_once(as_user, seller, product):
    client, sent = as_user(seller), change("harvest", "5")
    client.post(stock_url(product), sent)
    assert list_messages(client.post(stock_url(product), sent, follow=True)) == ["记下了，现在有 45 箱。"] * 2
    assert moves(product) == [(40, "first"), (5, "harvest")]


def test_the_form_sent_again_with_another_number_says_that_it_did_not_count(as_user, seller, product):
    client, event = as_user(seller), uuid.uuid4()
    client.post(stock_url(product), change("harvest", "5", event))
    response = client.post(stock_url(product), change("harvest", "7", event), follow=True)
    assert list_messages(response)[1:] == ["刚才那一笔已经记过，这次没有再记。现在有 45 箱。"]


def test_an_event_of_another_product_is_no_error_page(as_user, seller, product):
    other = make_product(product.shop)
    event = product.moves.get().event_id
    response = as_user(seller).post(stock_url(other), change("harvest", "5", event))
    assert response.status_code == 200
    assert response.context["form"].errors == {"number": ["没看懂，再记一次"]}
    assert other.moves.count() == 1


def test_a_stock_form_without_its_event_is_no_error_page(as_user, seller, product):
    response = as_user(seller).post(stock_url(product), {"way": "harvest", "number": "5", "event_id": "x"})
    assert response.context["form"].errors == {"event_id": ["没看懂，再记一次"]}
    assert moves(product) == [(40, "first")]


def test_plus_and_minus_move_by_one(as_user, seller, product):
    client = as_user(seller)
    for step in ("1", "1", "-1"):
        client.post(stock_url(product), {"step": step, "event_id": str(uuid.uuid4())})
    assert moves(product)[1:] == [(1, "count"), (1, "count"), (-1, "count")]


def test_a_tap_sent_twice_counts_once(as_user, seller, product):
    client, sent = as_user(seller), {"step": "1", "event_id": str(uuid.uuid4())}
    client.post(stock_url(product), sent)
    response = client.post(stock_url(product), sent)
    assert response["Location"] == f"/me/shop/?shop={product.shop_id}#product-{product.pk}"
    assert moves(product)[1:] == [(1, "count")]


def test_htmx_gets_the_row_back_with_a_new_event(as_user, seller, product):
    event = str(uuid.uuid4())
    response = as_user(seller).post(
        stock_url(product), {"step": "1", "event_id": event}, headers={"HX-Request": "true"}
    )
    html = squeeze(response.content.decode())
    assert html.startswith(f'<li id="product-{product.pk}" data-say="冰糖橙：现在有 41 箱">')
    assert "<output>41 箱</output>" in html
    assert event not in html
    assert html.count("data-focus") == 1


def test_minus_at_zero_is_told_in_the_row(as_user, seller, village):
    empty = make_product(make_shop(seller, village), stock=0)
    sent = {"step": "-1", "event_id": str(uuid.uuid4())}
    client = as_user(seller)
    response = client.post(stock_url(empty), sent, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "只有 0 箱，减不了这么多" in response.content.decode()
    assert list_messages(client.post(stock_url(empty), sent, follow=True)) == ["只有 0 箱，减不了这么多"]


@pytest.mark.parametrize("sent", [{"step": "5"}, {"step": "1"}, {"step": "1", "event_id": "x"}, {"step": ""}])
def test_a_tap_that_makes_no_sense_changes_nothing(as_user, seller, product, sent):
    response = as_user(seller).post(stock_url(product), sent, follow=True)
    assert list_messages(response) == ["没看懂，再点一次"]
    assert moves(product) == [(40, "first")]


def test_a_new_price_holds_at_once_and_is_logged(as_user, seller, product):
    sent = {"unit": "box", "box_grams": "5", "price_fen": "32"}
    response = as_user(seller).post(price_url(product), sent, follow=True)
    product.refresh_from_db()
    assert (product.price_fen, product.millifen_per_jin, product.status) == (3200, 640_000, "published")
    assert list(product.price_changes.values_list("price_fen", "actor")) == [(3200, seller.pk), (2990, None)]
    assert list_messages(response) == ["价钱改好了，买家马上看到。"]


def test_the_same_price_is_no_change(as_user, seller, product):
    sent = {"unit": "box", "box_grams": "5", "price_fen": "29.90"}
    response = as_user(seller).post(price_url(product), sent, follow=True)
    assert list_messages(response) == ["价钱没有变。"]
    assert product.price_changes.count() == 1


def test_a_price_can_turn_from_box_to_weight(as_user, seller, product):
    """The stock must be counted in the new unit: 40 boxes are not 40 斤."""
    client, sent = as_user(seller), {"unit": "jin", "price_fen": "5.98"}
    form = client.post(price_url(product), sent).context["form"]
    assert form.errors == {"stock": ["换了单位，数一数现在有多少"]}
    assert (form["price_fen"].value(), form.fields["stock"].unit) == ("5.98", "斤")
    product.refresh_from_db()
    assert (product.unit, product.stock) == ("box", 40)
    for _time in range(2):
        assert client.post(price_url(product), sent | {"stock": "200"}).status_code == 302
    product.refresh_from_db()
    assert (product.unit, product.net_grams, product.price_fen) == ("jin", 500, 598)
    assert (product.stock, moves(product)[-1]) == (200, (160, "count"))


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        ("0", "要大于 0"),
        ("-1", "不能是负数"),
        ("12,5", "数字里不用逗号，写成 29.90 这样"),
        ("", "这一项要填"),
    ],
)
def test_a_price_that_is_none_is_said(as_user, seller, product, price, sentence):
    sent = {"unit": "box", "box_grams": "5", "price_fen": price}
    response = as_user(seller).post(price_url(product), sent)
    assert response.context["form"].errors == {"price_fen": [sentence]}
    assert product.price_changes.count() == 1


@pytest.mark.parametrize(
    ("box", "price", "errors"),
    [
        ("2000", "19.99", {"price_fen": ["这样一斤不到 1 分钱，看看价钱和净重写对没有"]}),
        ("2000", "20", {}),
    ],
)
def test_a_price_of_less_than_a_fen_a_jin_is_a_slip(as_user, seller, product, box, price, errors):
    """Buyers would see ¥0.00 a 斤."""
    sent = {"unit": "box", "box_grams": box, "price_fen": price}
    response = as_user(seller).post(price_url(product), sent)
    assert (response.context["form"].errors if response.context else {}) == errors
    assert product.price_changes.count() == (1 if errors else 2)


def test_the_forms_stand_filled_in(as_user, seller, product):
    client = as_user(seller)
    price = client.get(price_url(product)).context["form"]
    assert [price[name].value() for name in ("unit", "box_grams", "price_fen")] == ["box", "5", "29.90"]
    stock = client.get(stock_url(product)).context["form"]
    assert (stock["way"].value(), stock["number"].value()) == ("harvest", None)
    assert StockMove.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        (stock_url, {"way": "loss", "number": "7"}),
        (price_url, {"unit": "box", "box_grams": "6", "price_fen": "31.50"}),
    ],
)
def test_a_session_lost_on_the_way_brings_the_figures_back(client, seller, product, url, sent):
    assert client.post(url(product), sent)["Location"].startswith("/accounts/login/")
    typed = client.session["kept_form"]
    client.force_login(seller)
    session = client.session
    session["kept_form"] = typed
    session.save()
    form = client.get(url(product)).context["form"]
    assert {name: form[name].value() for name in sent} == sent
    assert (product.moves.count(), product.price_changes.count()) == (1, 1)
