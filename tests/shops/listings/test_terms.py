"""A listing's terms: gross weight, freight, gifts, the stock at which the seller is notified."""

import pytest

from shops.models import Product
from tests.factories import make_product, make_shop
from tests.shops.listings.kit import NEW, errors_of, first, typed

GIFT = {
    "gift_0_kind": "湿巾",
    "gift_0_spec": "10 抽一包",
    "gift_0_number": "1",
    "gift_0_limit": "前 50 份，送到 12月31日",
    "gift_0_way": "装在箱里一起寄",
    "gift_0_value_fen": "1.50",
}


def edit(product, photo, **fields) -> dict:
    """Return the form of a product of `make_product` as it is sent back."""
    whole = typed(photo, name="冰糖橙", category=str(product.category_id), do="save", **fields)
    return {name: value for name, value in whole.items() if name not in ("key", "stock")}


def test_new_fields_are_not_needed(as_user, seller, shop, photo):
    as_user(seller).post(NEW, typed(photo))
    product = Product.objects.get()
    assert (product.status, product.gross_grams, product.freight_included, product.low_stock) == (
        "submitted",
        None,
        False,
        5,
    )
    assert not product.gifts.exists()


def test_all_of_them_are_kept(as_user, seller, shop, photo):
    given = {"gross_grams": "５.８斤", "freight_included": "on", "low_stock": "8"}
    as_user(seller).post(NEW, typed(photo, **given, **GIFT))
    product = Product.objects.get()
    assert (product.gross_grams, product.freight_included, product.low_stock) == (2900, True, 8)
    gift = product.gifts.get()
    assert (gift.kind, gift.spec, gift.number, gift.limit, gift.way, gift.value_fen) == (
        "湿巾",
        "10 抽一包",
        1,
        "前 50 份，送到 12月31日",
        "装在箱里一起寄",
        150,
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"gross_grams": "4.9"}, {"gross_grams": ["连箱子不会比净重 5斤还轻"]}),
        ({"gross_grams": "-1"}, {"gross_grams": ["不能是负数"]}),
        ({"gross_grams": "0"}, {"gross_grams": ["要大于 0"]}),
        ({"gross_grams": "1000000000"}, {"gross_grams": ["最多 2,400，看看是不是多打了 0"]}),
        ({"low_stock": "0.5"}, {"low_stock": ["要整数，比如 40"]}),
        ({"low_stock": "-1"}, {"low_stock": ["不能是负数"]}),
        (GIFT | {"gift_0_number": "0"}, {"gift_0_number": ["要大于 0"]}),
        (GIFT | {"gift_0_number": "0.5"}, {"gift_0_number": ["要整数，比如 40"]}),
        (GIFT | {"gift_0_value_fen": "-1"}, {"gift_0_value_fen": ["不能是负数"]}),
        (
            GIFT | {"gift_0_limit": "", "gift_0_way": ""},
            {"gift_0_limit": ["这一项要填"], "gift_0_way": ["这一项要填"]},
        ),
        (
            {"gift_2_kind": "湿巾"},
            {f"gift_2_{part}": ["这一项要填"] for part in ("spec", "number", "limit", "way")},
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(as_user, seller, shop, photo, fields, told):
    response = as_user(seller).post(NEW, typed(photo, **fields))
    assert (response.status_code, errors_of(response)) == (200, told)
    for name, value in fields.items():
        assert response.context["form"][name].value() == value
    assert '<details class="stack--l" open>' in response.content.decode()
    assert not Product.objects.exists()


def test_box_may_weigh_exactly_what_is_in_it(as_user, seller, shop, photo):
    as_user(seller).post(NEW, typed(photo, gross_grams="5"))
    assert Product.objects.get().gross_grams == 2500


def test_what_is_sold_by_weight_has_no_box(as_user, seller, shop, photo):
    as_user(seller).post(NEW, typed(photo, unit="jin", box_grams="", gross_grams="0.2"))
    assert Product.objects.get().gross_grams is None


def test_gift_is_dropped_and_its_mistakes_with_it(as_user, seller, shop, photo):
    as_user(seller).post(NEW, typed(photo, **GIFT, gift_0_drop="on", gift_1_drop="on", gift_1_number="-1"))
    assert not Product.objects.get().gifts.exists()


@pytest.mark.long
def test_another_gift_is_looked_at_again_and_freight_is_not(as_user, seller, shop, photo):
    client = as_user(seller)
    client.post(NEW, typed(photo, **GIFT))
    Product.objects.update(status="published")
    product = Product.objects.get()
    url = f"/me/shop/products/{product.pk}/edit/"
    client.post(
        url, edit(product, photo, gross_grams="5.6", freight_included="on", **GIFT) | {"name": product.name}
    )
    product.refresh_from_db()
    assert (product.status, product.gross_grams, product.freight_included) == ("published", 2800, True)
    client.post(url, edit(product, photo, **GIFT | {"gift_0_number": "2"}) | {"name": product.name})
    product.refresh_from_db()
    assert (product.status, product.gifts.get().number) == ("submitted", 2)


def test_net_and_gross_weight_fall_together(as_user, seller, shop, photo):
    product = make_product(shop, net_grams=5000, gross_grams=5500, status="draft")
    answer = as_user(seller).post(
        f"/me/shop/products/{product.pk}/edit/", edit(product, photo, box_grams="5", gross_grams="5.6")
    )
    assert answer.status_code == 302
    product.refresh_from_db()
    assert (product.net_grams, product.gross_grams) == (2500, 2800)


def test_another_net_weight_on_the_price_page_is_to_be_weighed_anew(as_user, seller, shop):
    product = make_product(shop, net_grams=2500, gross_grams=2900)
    as_user(seller).post(
        f"/me/shop/products/{product.pk}/price/", {"unit": "box", "box_grams": "8", "price_fen": "45"}
    )
    product.refresh_from_db()
    assert (product.net_grams, product.gross_grams) == (4000, None)


def test_like_last_time_carries_them_over(as_user, seller, shop, photo):
    client = as_user(seller)
    client.post(NEW, typed(photo, gross_grams="5.8", freight_included="on", low_stock="8", **GIFT))
    form = client.get(f"{NEW}?again=1").context["form"]
    values = [form[name].value() for name in ("gross_grams", "freight_included", "low_stock", "gift_0_kind")]
    assert values == ["5.8", True, "8", "湿巾"]


@pytest.mark.long
def test_draft_keeps_them(as_user, seller, shop, photo):
    client = as_user(seller)
    client.post(NEW, typed(photo, do="draft", gross_grams="5.8", freight_included="on", **GIFT))
    [draft] = client.get("/me/shop/").context["drafts"]
    form = client.get(f"{NEW}?draft={draft.pk}").context["form"]
    assert (form["gross_grams"].value(), form["freight_included"].value()) == ("5.8", "on")
    assert form["gift_0_limit"].value() == GIFT["gift_0_limit"]


@pytest.mark.parametrize(
    ("answer", "included", "provinces", "fetched"),
    [("included", True, 0, 0), ("table", False, 31, 0), ("fetched", False, 0, 1)],
)
def test_first_listing_says_who_pays_the_freight(
    as_user, seller, village, photo, kinds, answer, included, provinces, fetched
):
    as_user(seller).post(f"{NEW}?place={village.pk}", first(photo, sending=answer))
    product = Product.objects.get()
    shop = product.shop
    assert (product.status, product.freight_included) == ("submitted", included)
    assert (shop.freight.count(), shop.points.count()) == (provinces, fetched)


@pytest.mark.parametrize("answer", ["", "later"])
def test_who_pays_the_freight_is_never_taken_for_granted(as_user, seller, village, photo, kinds, answer):
    response = as_user(seller).post(f"{NEW}?place={village.pk}", first(photo, sending=answer))
    assert list(errors_of(response)) == ["sending"]
    assert not Product.objects.exists()


def test_shop_that_has_said_so_is_not_asked_again(as_user, seller, village, shop):
    client = as_user(seller)
    assert "sending" not in client.get(NEW).context["form"].fields
    bare = make_shop(seller, village)
    assert "sending" in client.get(f"{NEW}?shop={bare.pk}").context["form"].fields


def test_forbidden_words_in_a_gift_are_refused(as_user, seller, shop, photo):
    wrong = GIFT | {
        "gift_0_kind": "最甜橙干",
        "gift_0_spec": "国家级",
        "gift_0_limit": "全网最低价",
        "gift_0_way": "包治百病",
    }
    response = as_user(seller).post(NEW, typed(photo, **wrong))
    told = {name: [one.split("：")[0] for one in said] for name, said in errors_of(response).items()}
    assert told == {
        "gift_0_kind": ["“最甜”不能用"],
        "gift_0_spec": ["“国家级”不能用"],
        "gift_0_limit": ["“全网最低价”不能用"],
        "gift_0_way": ["“包治百病”不能用"],
    }
    assert response.context["form"]["gift_0_kind"].value() == "最甜橙干"
    assert not Product.objects.exists()
