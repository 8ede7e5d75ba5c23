"""Closing an account does what its page promises."""

import uuid

import pytest

from accounts.models import AuditEntry, Membership, Notice, User
from accounts.notifications import delivery
from accounts.people import closure
from progress.enrolment.services import enrol
from shops.models import Order, Shop
from shops.orders import transitions
from tests.accounts.conftest import is_signed_in, sign_in, with_password
from tests.factories import PASSWORD, make_product, make_shop
from tests.lives import make_live
from tests.shops.orders.seller_side import order_at, page_url

URL = "/me/close/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def oranges(seller, village):
    return make_product(
        make_shop(with_password(seller), village, contact=seller.phone), freight_included=True
    )


def close(client, person: User):
    client.force_login(person)
    return client.post(URL, {"password": PASSWORD})


@pytest.mark.parametrize("state", ["requested", "accepted", "paid", "packed"])
def test_open_orders_stand_in_the_way_each_with_its_link(state, client, seller, oranges):
    order = order_at(state, oranges)
    answer = close(client, seller)
    page = answer.content.decode()
    assert (answer.status_code, "<h1>现在还不能注销</h1>" in page) == (409, True)
    assert f'href="{page_url(order)}"' in page
    assert f'href="{page_url(order)}"' in client.get(URL).content.decode()
    seller.refresh_from_db()
    assert (seller.is_active, seller.name) == (True, "周梅英")
    assert seller.memberships.get().status == "granted"
    assert Shop.objects.get().is_open


def test_a_live_ahead_stands_in_the_way(client, seller, oranges):
    live = make_live(seller, shop=oranges.shop, kind="real", title="橙子专场")
    answer = close(client, seller)
    assert (answer.status_code, f'href="/live/{live.pk}/"' in answer.content.decode()) == (409, True)


@pytest.mark.long
def test_nobody_orders_at_the_shop_of_a_closed_account(client, seller, oranges):
    shop = oranges.shop
    assert close(client, seller)["Location"] == "/"
    visitor = type(client)()
    pages = (shop.get_absolute_url(), f"/products/{oranges.pk}/", f"/products/{oranges.pk}/order/")
    assert [visitor.get(page).status_code for page in pages] == [404, 404, 404]
    shop.refresh_from_db()
    assert (shop.is_open, str(shop.contact), shop.story) == (False, "", "")
    assert Order.objects.count() == 0


@pytest.mark.long
def test_the_person_is_erased(client, trainee):
    with_password(trainee, birth_month="1985-06-01")
    close(client, trainee)
    assert not is_signed_in(client, trainee)
    gone = User.objects.get(pk=trainee.pk)
    assert (gone.name, gone.phone, gone.birth_month, gone.is_active) == ("已注销", None, None, False)
    assert not gone.has_usable_password()
    assert list(gone.memberships.values_list("status", flat=True)) == ["ended"]


@pytest.mark.long
def test_the_class_shows_it_no_more(client, trainee, trainer, cohort):
    cohort.trainers.add(trainer)
    enrol(trainee, cohort.course, cohort)
    number = str(trainee.phone)[3:]
    shown = f"{number[:3]} {number[3:7]} {number[7:]}"
    client.force_login(trainer)

    def read() -> str:
        client.force_login(trainer)
        answers = [
            client.get(f"/classes/{cohort.pk}/"),
            client.post(f"/classes/{cohort.pk}/export/", {"as": "csv"}),
            client.get("/admin/progress/enrolment/"),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        return "".join(answer.getvalue().decode() for answer in answers)

    assert (shown in read(), "田巧云" in read()) == (True, True)
    close(client, with_password(trainee))
    after = read()
    assert (shown in after, number in after, "田巧云" in after) == (False, False, False)
    assert not trainee.enrolments.active().exists()


@pytest.mark.long
def test_the_number_is_free_for_its_next_owner(client, trainee, village, settings):
    number = str(trainee.phone)
    delivery.write_notice("review-1", trainee.phone, "rehearsal_reviewed", title="三分钟")
    close(client, with_password(trainee))
    assert not Notice.objects.filter(phone=number).exists()
    next_owner = type(client)()
    typed = {
        "name": "王小草",
        "phone": number,
        "password1": "juzi-8-hong",
        "birth_month": "199001",
        "village": village.pk,
        "agrees": "on",
    }
    next_owner.post("/accounts/signup/", typed)
    new = User.objects.get(phone=number)
    assert (new.name, new.pk != trainee.pk) == ("王小草", True)


@pytest.mark.long
def test_orders_keep_what_was_bought_and_sold(client, seller, oranges):
    order = order_at("received", oranges)
    close(client, seller)
    order.refresh_from_db()
    assert (order.status, order.buyer != "", order.total_fen > 0, order.lines.count()) == (
        "received",
        True,
        True,
        1,
    )
    shop = Shop.objects.get()
    assert (shop.legal_name, shop.owner_id) == ("周梅英", seller.pk)


@pytest.mark.long
def test_closed_twice_is_closed_once(seller, oranges):
    closure.close_account(seller)
    before = User.objects.values().get(pk=seller.pk)
    closure.close_account(User.objects.get(pk=seller.pk))
    closure.erase_account(User.objects.get(pk=seller.pk))
    after = User.objects.values().get(pk=seller.pk)
    assert {**after, "password": ""} == {**before, "password": ""}
    assert AuditEntry.objects.filter(verb="account_closed").count() == 1


@pytest.mark.long
def test_what_the_page_says(client, seller, oranges):
    client.force_login(seller)
    page = client.get(URL).content.decode()
    assert "<h1>真的要注销？</h1>" in page
    assert "姓名、手机号、出生年月马上删掉，别人的页面上只剩“已注销”。这个号码以后可以重新注册。" in page


@pytest.mark.long
def test_after_the_last_parcel_it_closes(client, seller, oranges):
    order = order_at("paid", oranges)
    assert close(client, seller).status_code == 409
    transitions.ship(order, seller, uuid.uuid4(), "中通快递", "78123456789012")
    assert close(client, seller).status_code == 302
    assert Membership.objects.filter(user=seller, status="granted").count() == 0
    assert sign_in(client, seller).status_code == 200


@pytest.mark.long
def test_what_a_buyer_of_the_same_number_was_told_stays(client, trainee, seller, oranges):
    """The number of the account was never proven: the order may be somebody else's."""
    order = order_at("accepted", oranges, phone=trainee.phone)
    delivery.write_notice("review-1", trainee.phone, "rehearsal_reviewed", title="三分钟")
    Notice.objects.filter(template__startswith="order_").update(sent_at=order.placed_at)
    number = trainee.phone
    with_password(trainee)
    close(client, trainee)
    kept = set(Notice.objects.filter(phone=number).values_list("template", flat=True))
    assert kept == {"order_placed", "order_accepted"}
