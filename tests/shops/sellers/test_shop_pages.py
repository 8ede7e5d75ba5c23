"""The pages of a shop and its helpers, for the owner only."""

import pytest

from accounts import consents
from accounts.models import AuditEntry, Consent, Membership
from shops.models import Shop
from tests.factories import add_helpers, make_person, make_photo, make_product, make_shop
from tests.pages import list_messages


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, name="梅英的店")


def edit_url(shop: Shop) -> str:
    return f"/me/shop/{shop.pk}/"


def whole(**fields) -> dict:
    return {
        "name": "梅姨家的橙园",
        "contact": "13912345678",
        "contact_ok": "on",
        "address": "石榴冲村三组",
        "story": "六亩坡地，八百来棵。",
        "is_open": "on",
    } | fields


def test_the_owner_changes_what_buyers_read(as_user, seller, shop):
    product = make_product(shop)
    response = as_user(seller).post(edit_url(shop), whole())
    shop.refresh_from_db()
    assert response["Location"] == f"/me/shop/?shop={shop.pk}"
    assert (shop.name, str(shop.contact), shop.address) == ("梅姨家的橙园", "+8613912345678", "石榴冲村三组")
    assert (shop.story, shop.is_open) == ("六亩坡地，八百来棵。", True)
    assert consents.is_given(seller, Consent.Kind.PUBLIC_CONTACT)
    product.refresh_from_db()
    assert "meiyijiadechengyuan" in product.search_text
    entry = AuditEntry.objects.get(verb="shop_changed")
    assert entry.detail["fields"] == ["name", "contact", "address", "story"]
    assert entry.detail["changes"]["contact"] == ["", "139****5678"]


def test_saving_again_is_no_change(as_user, seller, shop):
    client = as_user(seller)
    client.post(edit_url(shop), whole())
    client.post(edit_url(shop), whole())
    assert AuditEntry.objects.filter(verb="shop_changed").count() == 1
    assert Consent.objects.filter(kind="public_contact").count() == 1


def test_the_number_is_not_public_without_the_tick(as_user, seller, shop):
    sent = whole()
    del sent["contact_ok"]
    response = as_user(seller).post(edit_url(shop), sent)
    assert response.context["form"].errors == {"contact_ok": ["卖家要公开一个联系电话，同意就勾上。"]}
    shop.refresh_from_db()
    assert (shop.name, shop.contact) == ("梅英的店", "")


def test_the_tick_is_never_set_before_it_was_given(as_user, seller, shop):
    client = as_user(seller)
    form = client.get(edit_url(shop)).context["form"]
    assert form["contact_ok"].value() is False
    assert form.initial["contact"] == str(seller.phone)
    client.post(edit_url(shop), whole())
    assert client.get(edit_url(shop)).context["form"]["contact_ok"].value() is True
    consents.withdraw(seller, Consent.Kind.PUBLIC_CONTACT)
    assert client.get(edit_url(shop)).context["form"]["contact_ok"].value() is False


def test_a_closed_shop_is_out_of_sight(as_user, seller, shop):
    sent = whole()
    del sent["is_open"]
    as_user(seller).post(edit_url(shop), sent)
    assert not Shop.objects.open().exists()


def test_a_shop_that_the_organiser_closed_stays_closed(as_user, seller, organiser, shop, settings):
    settings.DEMO = True  # the second factor has its own tests
    admin_url = f"/admin/shops/shop/{shop.pk}/change/"
    facts = {"name": shop.name, "story": "", "address": ""}
    assert as_user(organiser).post(admin_url, facts).status_code == 302
    client = as_user(seller)
    assert "店是管理员关的。要再开，找管理员。" in client.get(edit_url(shop)).content.decode()
    assert client.post(edit_url(shop), whole()).status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.is_open) == ("梅姨家的橙园", False)
    as_user(organiser).post(admin_url, facts | {"is_open": "on"})
    client = as_user(seller)
    for is_open in ({}, {"is_open": "on"}):  # what the owner closes, the owner opens
        sent = whole() | {"is_open": ""} | is_open
        client.post(edit_url(shop), sent)
        shop.refresh_from_db()
        assert shop.is_open is bool(is_open)
    verbs = AuditEntry.objects.filter(actor=organiser).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["shop_closed", "shop_reopened"]


def test_a_cover_is_one_photo_of_ones_own(as_user, seller, stranger, shop):
    client, photo = as_user(seller), make_photo(seller)
    client.post(edit_url(shop), whole(cover=[photo.key]))
    shop.refresh_from_db()
    assert shop.cover == photo
    response = client.post(edit_url(shop), whole(cover=[make_photo(stranger).key]))
    assert response.context["form"].errors == {"cover": ["有 1 张照片找不到了，重新传一次"]}
    client.post(edit_url(shop), whole())
    shop.refresh_from_db()
    assert shop.cover is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "店" * 200, "最多 30 个字，多了 170 个"),
        ("name", "橙🍊店", "这里不能用表情符号"),
        ("name", "店", "至少写 2 个字"),
        ("address", "村", "至少写 4 个字"),
        ("contact", "12345", "手机号是 11 位，您填了 5 位。"),
        ("contact", "", "填一下手机号。"),
        ("story", "好" * 1001, "最多 1000 个字，多了 1 个"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_user, seller, shop, field, value, sentence):
    response = as_user(seller).post(edit_url(shop), whole(**{field: value}))
    assert response.context["form"].errors == {field: [sentence]}
    shop.refresh_from_db()
    assert shop.name == "梅英的店"


def test_script_is_words_only(as_user, seller, shop):
    response = as_user(seller).post(edit_url(shop), whole(name="<script>x</script>"), follow=True)
    assert "<script>x" not in response.content.decode()


def test_forbidden_words_in_a_new_address_are_refused(as_user, seller, shop):
    form = as_user(seller).post(edit_url(shop), whole(address="石榴冲村包治百病果园")).context["form"]
    assert [one.split("：")[0] for one in form.errors["address"]] == ["“包治百病”不能用"]
    assert form["address"].value() == "石榴冲村包治百病果园"


def test_nobody_else_reaches_it(as_user, shop, stranger, organiser, trainee):
    add_helpers(shop, trainee)
    for person in (stranger, organiser, trainee):
        client = as_user(person)
        for url in (edit_url(shop), f"{edit_url(shop)}helpers/"):
            assert client.get(url).status_code == 404
            assert client.post(url, whole()).status_code == 404
    shop.refresh_from_db()
    assert shop.name == "梅英的店"


# --- helpers ------------------------------------------------------------------------------------------------


def test_the_owner_adds_a_helper_by_phone(as_user, seller, shop, village):
    helper = make_person("田巧云", ("seller", village), phone="+8613800138000")
    response = as_user(seller).post(f"{edit_url(shop)}helpers/", {"phone": "138 0013 8000"}, follow=True)
    assert list(shop.helpers.all()) == [helper]
    assert list_messages(response) == ["田巧云可以帮你上架、改价、点库存了。"]
    html = response.content.decode()
    assert "138****8000" in html
    assert "13800138000" not in html
    assert AuditEntry.objects.get(verb="helper_added").detail == {"helper": helper.pk}


def test_adding_twice_is_one_helper(as_user, seller, shop, village):
    helper = make_person("田巧云", ("seller", village))
    client = as_user(seller)
    for _time in range(2):
        client.post(f"{edit_url(shop)}helpers/", {"phone": str(helper.phone)})
    assert shop.helpers.count() == 1
    assert AuditEntry.objects.filter(verb="helper_added").count() == 1


def test_it_tells_nobody_who_has_an_account_elsewhere(as_user, seller, shop, stranger):
    client = as_user(seller)
    answers = [
        client.post(f"{edit_url(shop)}helpers/", {"phone": phone}).context["form"].errors["phone"]
        for phone in (str(stranger.phone), "13700000000")
    ]
    assert answers == [["本乡镇没有用这个号码的人，请他先注册、选好村。"]] * 2
    assert shop.helpers.count() == 0


def test_a_helper_is_a_seller_of_the_village_first(as_user, seller, shop, village):
    client, url = as_user(seller), f"{edit_url(shop)}helpers/"
    assert "他得先是这个村的卖家" in client.get(url).content.decode()
    asked = make_person("田巧云", ("trainee", village), phone="+8613800138000")
    asked.memberships.create(role="seller", place=village, status="asked")
    page = client.post(url, {"phone": "138 0013 8000"})
    sentence = f"田巧云还不是{village.name}的卖家，等管理员同意了他的卖家身份再加。"
    assert page.context["form"].errors == {"phone": [sentence]}
    assert 'value="138 0013 8000"' in page.content.decode()
    assert (shop.helpers.count(), AuditEntry.objects.filter(verb="helper_added").count()) == (0, 0)
    asked.memberships.update(status="granted")
    assert client.post(url, {"phone": "138 0013 8000"}).status_code == 302
    assert list(shop.helpers.all()) == [asked]


def test_the_owner_is_no_helper(as_user, seller, shop):
    response = as_user(seller).post(f"{edit_url(shop)}helpers/", {"phone": str(seller.phone)})
    assert response.context["form"].errors == {"phone": ["这是店主自己的号码。"]}


def test_the_owner_takes_a_helper_out_after_asking(as_user, seller, shop, trainee):
    add_helpers(shop, trainee)
    url = f"{edit_url(shop)}helpers/{trainee.pk}/"
    client = as_user(seller)
    assert "不让田巧云再帮“梅英的店”？" in client.get(url).content.decode()
    assert shop.helpers.count() == 1
    assert client.post(url)["Location"] == f"{edit_url(shop)}helpers/"
    assert shop.helpers.count() == 0
    assert client.post(url).status_code == 404


def test_a_helper_may_leave(as_user, shop, trainee):
    add_helpers(shop, trainee)
    response = as_user(trainee).post(f"{edit_url(shop)}helpers/{trainee.pk}/")
    assert response["Location"] == "/me/shop/"
    assert shop.helpers.count() == 0
    assert as_user(trainee).get(f"/me/shop/?shop={shop.pk}").status_code == 404


def test_a_helper_cannot_take_out_another(as_user, shop, trainee, village):
    other = make_person("龙二妹", ("trainee", village))
    add_helpers(shop, trainee, other)
    assert as_user(trainee).post(f"{edit_url(shop)}helpers/{other.pk}/").status_code == 404
    assert shop.helpers.count() == 2


def test_a_person_of_two_memberships_is_found_once(as_user, seller, shop, village):
    helper = make_person("田巧云", ("trainee", village), ("seller", village))
    Membership.objects.create(user=helper, place=village.parent, role="trainer", status="granted")
    as_user(seller).post(f"{edit_url(shop)}helpers/", {"phone": str(helper.phone)})
    assert list(shop.helpers.all()) == [helper]
