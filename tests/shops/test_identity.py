"""The seller's identity: what it must state, what contradicts itself, and where buyers read it."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from shops import identity
from shops.models import Shop
from tests.factories import make_product, make_shop
from tests.shops.listings.conftest import kinds, photo  # noqa: F401 - fixtures
from tests.shops.listings.kit import NEW, errors_of, first

LICENCE = "93431299000000710H"


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组 18 号")


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("91350100M000100Y43", True),  # the example of GB 32100-2015
        (LICENCE, True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("91350100M000100Y433", False),
        ("91350100I000100Y43", False),
        ("９1350100M000100Y43", False),
        ("", False),
    ],
)
def test_licence_number_is_checked_by_its_last_letter(code, valid):
    assert identity.is_licence_no(code) is valid


WHOLE = {"seller": "person", "legal_name": "周梅英", "licence_no": "", "sources": "own", "exemption": "own"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"seller": ""}, {"seller": "还没说是谁在卖"}),
        ({"legal_name": ""}, {"legal_name": "还没填姓名或单位全称"}),
        ({"sources": ""}, {"sources": "还没说卖谁家的"}),
        ({"exemption": ""}, {"exemption": "没有执照，要说为什么不用登记"}),
        ({"sources": "mixed"}, {"exemption": "也卖收来的，就不能再写“个人卖自产农副产品”"}),
        ({"sources": "mixed", "exemption": "small"}, {}),
        ({"seller": "coop"}, {"licence_no": "个体户、合作社和公司要填统一社会信用代码"}),
        ({"seller": "coop", "licence_no": LICENCE, "exemption": ""}, {}),
        ({"licence_no": "123"}, {"licence_no": "统一社会信用代码不对，照着执照上的 18 位再抄一遍"}),
    ],
)
def test_what_is_wrong_is_told_by_field(change, found):
    assert identity.find_problems(WHOLE | change) == found


def settings_form(**fields) -> dict:
    shop = {
        "name": "梅姨家",
        "contact": "13900000003",
        "contact_ok": "on",
        "address": "石榴冲村三组",
        "is_open": "on",
    }
    return shop | WHOLE | fields


def test_owner_changes_the_card_in_the_shops_settings(shop, as_user, seller):
    url = reverse("shops:shop_edit", args=[shop.pk])
    sent = settings_form(seller="coop", legal_name="石榴冲合作社", licence_no=" 93431299000000710h ")
    assert as_user(seller).post(url, sent).status_code == 302
    shop.refresh_from_db()
    assert (shop.seller, shop.legal_name, shop.licence_no) == ("coop", "石榴冲合作社", LICENCE)
    assert shop.exemption == ""  # who is registered is not exempt
    assert "licence_no" in AuditEntry.objects.get(verb="shop_changed").detail["fields"]


def test_wrong_licence_number_comes_back_with_all_that_was_typed(shop, as_user, seller):
    url = reverse("shops:shop_edit", args=[shop.pk])
    form = (
        as_user(seller)
        .post(url, settings_form(seller="company", licence_no="91350100M000100Y44"))
        .context["form"]
    )
    assert form.errors["licence_no"] == ["统一社会信用代码不对，照着执照上的 18 位再抄一遍"]
    assert form["licence_no"].value() == "91350100M000100Y44"


def test_page_opened_before_the_card_was_asked_for_changes_none_of_it(shop, as_user, seller):
    sent = {name: value for name, value in settings_form().items() if name not in WHOLE}
    assert as_user(seller).post(reverse("shops:shop_edit", args=[shop.pk]), sent).status_code == 302
    shop.refresh_from_db()
    assert (shop.seller, shop.legal_name, shop.exemption) == ("person", "周梅英", "own")


def test_first_listing_fills_the_card_in_without_a_tap(as_user, seller, kinds, photo):  # noqa: F811
    page = as_user(seller).get(NEW)
    assert page.context["form"].card_said == "农户个人·周梅英·只卖自家种的"
    as_user(seller).post(NEW, first(photo))
    shop = Shop.objects.get()
    assert {name: getattr(shop, name) for name in WHOLE} == WHOLE


@pytest.mark.long
def test_first_listing_of_bought_fruit_asks_for_the_card(as_user, seller, kinds, photo):  # noqa: F811
    answer = as_user(seller).post(NEW, first(photo, grower="neighbours"))
    assert errors_of(answer) == {"sources": ["这一款不是自家种的，选“也卖收来的”"]}
    assert answer.context["form"].card_is_open
    small = {"sources": "mixed", "exemption": "small", "seller": "person", "legal_name": "周梅英"}
    as_user(seller).post(NEW, first(photo, grower="neighbours", **small))
    assert (Shop.objects.get().sources, Shop.objects.get().exemption) == ("mixed", "small")


def test_shop_and_product_pages_say_who_sells(shop, client):
    product = make_product(shop)
    for url in (shop.get_absolute_url(), product.get_absolute_url()):
        html = client.get(url).content.decode()
        assert "农户个人·只卖自家种的" in html
        assert "属于不需要办理登记的情形：个人卖自产农副产品" in html
        assert "石榴冲村三组 18 号" in html


def test_shop_of_a_company_shows_its_number_whoever_agreed(shop, client):
    Shop.objects.update(
        seller="company", legal_name="柚山果业有限公司", licence_no=LICENCE, exemption="", contact=""
    )
    html = client.get(shop.get_absolute_url()).content.decode()
    assert "柚山果业有限公司" in html
    assert LICENCE in html
