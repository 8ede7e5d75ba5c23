"""What prevents a listing from being published: facts of its shop, its own facts, the freight, photos."""

import pytest

from accounts import consents
from shops.listings import review
from shops.models import Product, ProductPhoto, Shop
from tests.factories import make_photo, make_rate, make_shop, make_waiting_product


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village)


@pytest.fixture
def product(shop) -> Product:
    """Return a complete submitted product."""
    return make_waiting_product(shop)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"shop__is_open": False}, "小店关着，买家下不了单"),
        ({"shop__address": ""}, "小店还没填实际地址"),
        ({"shop__contact": ""}, "小店还没有公开的联系电话"),
        ({"name": " "}, "还没有名称"),
        ({"price_fen": 0}, "还没填价钱和净重"),
        ({"grower": ""}, "还没说是谁家的果子"),
    ],
)
def test_what_is_missing_names_it(product, change, reason):
    for field, value in change.items():
        target = product.shop if field.startswith("shop__") else product
        setattr(target, field.removeprefix("shop__"), value)
    assert review.list_missing(product) == [reason]
    assert review.list_missing(product, for_publishing=False) == [reason]


def test_a_listing_says_what_sending_costs(product, shop):
    """包邮, a table with a province in it, or an open pick-up point: any of them suffices."""
    lacks = ["还没说运费：填运费表，或者勾上包邮，或者写个自提点"]
    Product.objects.filter(pk=product.pk).update(freight_included=False)
    product.refresh_from_db()
    assert review.list_missing(product) == lacks
    rate = make_rate(shop, ships=False)
    point = shop.points.create(name="自家", address="石榴冲村三组", hours="白天", is_open=False)
    assert review.list_missing(product) == lacks
    for row, field in ((rate, "ships"), (point, "is_open")):
        setattr(row, field, True)
        row.save()
        assert review.list_missing(product) == []
        row.delete()


def test_a_contact_is_public_only_while_its_owner_agrees(product, seller):
    consents.withdraw(seller, "public_contact")
    assert review.list_missing(product) == ["小店还没有公开的联系电话"]


@pytest.mark.parametrize(
    ("statuses", "to_publish", "to_submit"),
    [
        ([], ["还没有照片"], ["还没有照片"]),
        (["waiting"], ["照片还在处理，过一会儿再来"], []),
        (["failed"], ["照片坏了，重拍一张"], ["照片坏了，重拍一张"]),
        (["failed", "waiting"], ["照片还在处理，过一会儿再来"], []),
        (["failed", "ready"], [], []),
    ],
)
def test_what_is_missing_in_photos(product, seller, statuses, to_publish, to_submit):
    product.photos.all().delete()
    for status in statuses:
        ProductPhoto.objects.create(product=product, photo=make_photo(seller, status=status))
    assert review.list_missing(product) == to_publish
    assert review.list_missing(product, for_publishing=False) == to_submit
