"""Batches: what is recorded, which products belong to one, and who may access it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shops.models import Batch, Shop
from tests.factories import make_batch, make_category, make_photo, make_product, make_shop
from tests.shops.traceability.batch_form import typed


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组 18 号")


def new_url(shop: Shop) -> str:
    return f"{reverse('shops:new_batch')}?shop={shop.pk}"


@pytest.fixture
def kind(db):
    return make_category(hints="橙")


@pytest.mark.parametrize(
    ("written", "grams"),
    [("500", 250_000), ("500斤", 250_000), ("30公斤", 30_000), ("３０ 公斤", 30_000), ("2.5kg", 2_500)],
)
def test_weight_is_typed_in_either_unit(written, grams, shop, kind, as_user, seller):
    answer = as_user(seller).post(new_url(shop), typed(grams=written))
    batch = Batch.objects.get()
    assert answer.headers["Location"] == f"/me/shop/batches/{batch.pk}/"
    assert (batch.grams, batch.category, batch.shop, batch.made_by) == (grams, kind, shop, seller)
    assert len(batch.code) == 10


def test_batch_sent_twice_is_one(shop, kind, as_user, seller):
    client = as_user(seller)
    first, second = (client.post(new_url(shop), typed()).headers["Location"] for _tap in range(2))
    assert first == second
    assert Batch.objects.count() == 1


def test_batch_of_a_product_is_filled_in_and_chosen(shop, kind, as_user, seller):
    product = make_product(shop, name="脐橙", category=kind, variety="纽荷尔")
    url = f"{new_url(shop)}&product={product.pk}"
    assert as_user(seller).get(url).context["form"].initial["variety"] == "纽荷尔"
    as_user(seller).post(url, typed(name="脐橙"))
    product.refresh_from_db()
    assert product.batch == Batch.objects.get()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"brix_tenths": "12.5"}, {"brix_on", "brix_tool"}),
        ({"brix_on": "2026-11-20"}, {"brix_tenths", "brix_tool"}),
        ({"brix_tenths": "12.5", "brix_tool": "糖度计"}, {"brix_on"}),
    ],
)
def test_sweetness_is_told_whole_or_not_at_all(given, wrong, shop, kind, as_user, seller):
    form = as_user(seller).post(new_url(shop), typed(**given)).context["form"]
    assert set(form.errors) == wrong
    assert form.errors[min(wrong)] == ["写了糖度，哪天测的、用什么测的都要写；不写就都空着"]
    assert form["plot"].value() == "屋后老井边"


@pytest.mark.parametrize("written", ["12.5", "12.5度", "12.5%", "１２．５"])
def test_sweetness_is_kept_in_tenths(written, shop, kind, as_user, seller):
    day = timezone.localdate().isoformat()
    as_user(seller).post(new_url(shop), typed(brix_tenths=written, brix_on=day, brix_tool="手持糖度计"))
    assert (Batch.objects.get().brix_tenths, Batch.objects.get().brix) == (125, "12.5")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("grams", "0", "要大于 0"),
        ("grams", "-1", "不能是负数"),
        ("grams", "9999999999999", "最多 2,000,000，看看是不是多打了 0"),
        ("harvested_on", "2099-01-01", "还没到这一天，采了再记"),
        ("harvested_on", "2019-01-01", "太早了，最多记两年以内采的"),
        ("harvested_on", "昨天", "写成 2026-11-24 这样"),
        ("brix_tenths", "甜", "用数字写，比如 12.5"),
        ("name", "橙🍊", "这里不能用表情符号"),
        ("plot", "", "这一项要填"),
    ],
)
def test_bad_input_is_told_beside_its_field(field, value, sentence, shop, kind, as_user, seller):
    answer = as_user(seller).post(new_url(shop), typed(**{field: value}))
    assert (answer.status_code, answer.context["form"].errors[field]) == (200, [sentence])
    assert not Batch.objects.exists()


def test_photos_of_a_batch_are_ones_own(shop, kind, as_user, seller, stranger):
    mine, theirs = make_photo(seller), make_photo(stranger)
    answer = as_user(seller).post(new_url(shop), typed(photos=[mine.key, theirs.key]))
    assert answer.context["form"].errors["photos"] == ["有 1 张照片找不到了，重新传一次"]


def test_products_are_chosen_on_the_batch(shop, as_user, seller):
    batch, one, other = make_batch(shop), make_product(shop), make_product(shop)
    client, url = as_user(seller), reverse("shops:my_batch", args=[batch.pk])
    client.post(url, {"products": [one.pk, other.pk]})
    assert set(batch.products.all()) == {one, other}
    client.post(url, {"products": [one.pk]})
    assert list(batch.products.all()) == [one]


def test_another_shops_product_is_not_chosen(shop, as_user, seller, stranger, other_village):
    batch, theirs = make_batch(shop), make_product(make_shop(stranger, other_village))
    answer = as_user(seller).post(reverse("shops:my_batch", args=[batch.pk]), {"products": [theirs.pk]})
    assert answer.status_code == 200
    theirs.refresh_from_db()
    assert theirs.batch is None


@pytest.mark.parametrize("route", ["my_batch", "edit_batch", "new_spray", "new_note", "issue_pledge"])
def test_another_shops_batch_is_not_there(route, shop, as_user, stranger):
    batch = make_batch(shop)
    url = reverse(f"shops:{route}", args=[batch.pk])
    assert as_user(stranger).get(url).status_code == 404
    assert as_user(stranger).post(url, {}).status_code == 404


def test_list_takes_the_same_queries_for_one_and_for_many(shop, as_user, seller, django_assert_num_queries):
    client, url = as_user(seller), f"{reverse('shops:batches')}?shop={shop.pk}"
    make_batch(shop)
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    for number in range(8):
        make_batch(shop, plot=f"第{number}块")
    with django_assert_num_queries(7):
        client.get(url)
