"""A change of the payment code redirects money, so it requires the password, notifies the owner and is recorded."""

import pytest
from django.test import Client

from accounts.models import AuditEntry, Notice
from shops.models import Order, PayCode
from shops.sellers import payment_codes
from tests.factories import PASSWORD, add_helpers, make_person, make_shop
from tests.media import papers
from tests.media.pictures import jpeg, upload
from tests.pages import list_messages
from tests.shops.orders.order_requests import make_order
from tests.shops.orders.seller_side import make_code, order_at

URL = "/me/shop/paycode/"


@pytest.fixture
def owner(seller):
    seller.set_password(PASSWORD)
    seller.save()
    return seller


@pytest.fixture
def mine(as_user, owner, shop):
    return as_user(owner)


@pytest.fixture
def order(oranges) -> Order:
    return make_order((oranges, 1), phone="+8613700004821")


def buyer_of(order: Order, tail: str = "4821") -> Client:
    browser = Client()
    browser.post(f"/orders/{order.token}/tail/", {"tail": tail})
    return browser


def picture_url(order: Order) -> str:
    return f"/orders/{order.token}/paycode/"


def send(client, **fields):
    facts = {"way": "new", "password": PASSWORD, "picture_new": upload(jpeg())} | fields
    return client.post(URL, facts, follow=True)


def test_a_new_code_is_a_row_an_audit_entry_and_word_to_the_owner(mine, owner, shop):
    response = send(mine)
    assert list_messages(response) == ["收款码改好了，也记下了是你改的。"]
    row = PayCode.objects.get()
    assert (row.shop, row.set_by, row.picture.owner) == (shop, owner, owner)
    entry = AuditEntry.objects.get(verb="paycode_changed")
    assert (entry.actor, entry.detail) == (owner, {"paycode": row.pk, "taken_away": False})
    notice = Notice.objects.get()
    assert (str(notice.phone), notice.template, notice.params) == (
        str(owner.phone),
        "paycode_changed",
        {"shop": shop.name},
    )
    assert "的收款码换过了" in mine.get("/me/shop/").content.decode()


@pytest.mark.long
def test_without_the_password_nothing_changes_and_the_picture_stays(mine):
    response = send(mine, password="wrong")
    form = response.context["form"]
    assert form.errors == {"password": ["密码不对。"]}
    assert PayCode.objects.count() == 0
    [kept] = form.fields["picture"].widget.shown
    send(mine, picture_new="", picture=kept.signed)
    assert PayCode.objects.count() == 1


@pytest.mark.long
def test_guessing_the_password_ends_soon(mine):
    for _n in range(6):
        send(mine, password="wrong")
    response = send(mine)
    assert list_messages(response) == ["试得太多了，过十分钟再试。"]
    assert PayCode.objects.count() == 0


@pytest.mark.long
def test_a_code_can_be_taken_away_and_the_history_stays(mine, shop):
    send(mine)
    send(mine, way="none", picture_new="")
    assert (payment_codes.find_current(shop), PayCode.objects.count()) == (None, 2)
    page = mine.get(URL).content.decode()
    assert ("换了一张" in page, "拿掉了" in page, "现在没有收款码" in page) == (True, True, True)


def test_a_new_code_wants_a_picture(mine):
    assert send(mine, picture_new="").context["form"].errors == {"picture": ["先拍一张或选一个文件"]}
    not_one = upload(b"%PDF-1.4 no", "code.pdf")
    assert list(send(mine, picture_new=not_one).context["form"].errors) == ["picture"]


@pytest.mark.long
def test_who_signs_in_without_a_password_is_led_to_set_one(mine, owner):
    owner.set_unusable_password()
    owner.save()
    mine.force_login(owner)
    assert "/accounts/password/set/" in mine.get(URL).content.decode()
    assert send(mine).context["form"].errors["password"] == ["密码不对。"]


def test_helpers_and_others_cannot_even_see_the_page(as_user, shop, owner, stranger, organiser, trainee):
    helper = make_person("帮手")
    add_helpers(shop, helper)
    for person in (helper, organiser, trainee, stranger):
        client = as_user(person)
        assert client.get(f"{URL}?shop={shop.pk}").status_code == 404
        assert send(client).status_code == 404
    assert PayCode.objects.count() == 0


@pytest.mark.long
def test_the_picture_is_for_the_shops_sellers(
    as_user, shop, owner, stranger, organiser, trainee, other_village
):
    helper = make_person("帮手")
    add_helpers(shop, helper)
    make_shop(stranger, other_village)
    old, new = make_code(shop), make_code(shop)
    url = f"{URL}{new.pk}/"
    assert as_user(owner).get(f"{URL}{old.pk}/").status_code == 200
    assert as_user(helper).get(url).status_code == 200
    assert as_user(helper).get(f"{URL}{old.pk}/").status_code == 404
    for person in (trainee, organiser, stranger):
        assert as_user(person).get(url).status_code == 404


@pytest.mark.long
def test_the_buyer_sees_it_only_while_an_accepted_order_waits_for_money(shop, order, owner, oranges):
    make_code(shop)
    buyer = buyer_of(order)
    assert buyer.get(picture_url(order)).status_code == 404
    for state, status in (("accepted", 200), ("paid", 404), ("shipped", 404)):
        other = order_at(state, oranges, phone="+8613700004821")
        buyer = buyer_of(other)
        response = buyer.get(picture_url(other))
        assert response.status_code == status
        page = buyer.get(other.get_absolute_url()).content.decode()
        assert (picture_url(other) in page) == (status == 200)
    assert Client().get(picture_url(order)).status_code == 404


def test_the_page_of_an_accepted_order_warns_and_names_what_to_compare(shop, oranges):
    make_code(shop)
    order = order_at("accepted", oranges, phone="+8613700004821")
    page = buyer_of(order).get(order.get_absolute_url()).content.decode()
    for seen in (shop.name, order.number, "¥35.90", "对不上就别付", "不会叫您到别处付钱"):
        assert seen in page
    response = buyer_of(order).get(picture_url(order))
    assert "no-store" in response["Cache-Control"]  # one that was changed comes out of no cache


def test_without_the_tail_or_with_a_wrong_one_there_is_no_picture(shop, oranges):
    make_code(shop)
    order = order_at("accepted", oranges, phone="+8613700004821")
    assert Client().get(picture_url(order)).status_code == 404
    assert buyer_of(order, "0000").get(picture_url(order)).status_code == 404
    assert picture_url(order) not in Client().get(order.get_absolute_url()).content.decode()
    assert Client().get("/orders/guessed/paycode/").status_code == 404


def test_the_owner_is_told_at_the_next_sign_in(owner, shop):
    make_code(shop)
    client = Client()
    response = client.post("/accounts/login/", {"login": str(owner.phone), "password": PASSWORD}, follow=True)
    assert any("的收款码换过了" in text for text in list_messages(response)), list_messages(response)


@pytest.mark.long
def test_the_code_is_put_in_from_the_order_that_waits_for_it_and_leads_back(mine, order):
    page = mine.get(f"/me/shop/orders/{order.number}/").content.decode()
    url = f"{URL}?shop={order.shop_id}&order={order.number}"
    assert url.replace("&", "&amp;") in page
    facts = {"way": "new", "password": PASSWORD, "picture_new": upload(jpeg())}
    assert mine.post(url, facts)["Location"] == f"/me/shop/orders/{order.number}/"


@pytest.mark.parametrize("number", ["000000000000", "//elsewhere.example", "%00", "9" * 500, "订单"])
def test_any_other_way_back_is_the_shop(mine, shop, number):
    facts = {"way": "none", "password": PASSWORD}
    answer = mine.post(f"{URL}?shop={shop.pk}&order={number}", facts)
    assert answer["Location"] == f"/me/shop/?shop={shop.pk}"


@pytest.mark.long
def test_a_pdf_is_no_payment_code(mine, shop):
    page = send(mine, picture_new=upload(papers.pdf(), "code.pdf")).content.decode()
    assert "“code.pdf”不是照片，这里要照片" in page
    assert PayCode.objects.count() == 0
