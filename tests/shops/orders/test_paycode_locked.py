"""After somebody else has set the owner's password, a new payment code needs a second person for three days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.auth import password_reset
from accounts.models import AuditEntry, Membership, Notice, User
from shops.models import PayCode
from shops.orders.buyer.views import find_payment_code
from shops.sellers import payment_codes
from tests.factories import PASSWORD, make_person
from tests.media.pictures import jpeg, upload
from tests.pages import list_messages
from tests.shops.orders.seller_side import make_code, order_at

URL = "/me/shop/paycode/"
LIST = "/admin/shops/paycode/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def second(county) -> User:
    return make_person("彭主任", (Membership.Role.ORGANISER, county))


@pytest.fixture
def old(oranges) -> PayCode:
    """Return a code that has been valid for months."""
    code = make_code(oranges.shop)
    PayCode.objects.filter(pk=code.pk).update(at=timezone.now() - timedelta(days=90))
    return code


@pytest.fixture
def reset(organiser, seller, old) -> User:
    """Let the organiser set the seller's password and sign in with it."""
    password_reset.reset_password(organiser, seller, password_reset.make_nonce())
    seller.refresh_from_db()
    seller.set_password(PASSWORD)
    seller.password_change_due = False
    seller.save()
    return seller


def send(client, person: User):
    client.force_login(person)
    facts = {"way": "new", "password": PASSWORD, "picture_new": upload(jpeg())}
    return client.post(URL, facts, follow=True)


def step(client, person: User, code: PayCode, name: str, **fields):
    client.force_login(person)
    return client.post(f"{LIST}{code.pk}/{name}/", fields)


def test_the_new_code_waits_and_buyers_see_the_old_one(client, reset, old, oranges):
    answer = send(client, reset)
    assert list_messages(answer) == ["交上去了，管理员同意了才换。没同意以前，买家看到的还是原来的。"]
    new = PayCode.objects.get(status="waiting")
    assert (payment_codes.find_current(oranges.shop), find_payment_code(order_at("accepted", oranges))) == (
        old,
        old,
    )
    page = client.get(URL).content.decode()
    assert "向满姑给你换过登录密码。" in page
    assert f"/me/shop/paycode/{new.pk}/" in page
    assert Notice.objects.filter(phone=reset.phone, template="paycode_asked").count() == 1
    assert AuditEntry.objects.filter(verb="paycode_asked").get().detail == {
        "paycode": new.pk,
        "taken_away": False,
    }


@pytest.mark.long
def test_a_second_person_decides_never_who_gave_the_password(
    client, reset, old, organiser, second, stranger, oranges
):
    send(client, reset)
    new = PayCode.objects.get(status="waiting")
    assert step(client, organiser, new, "approve").status_code == 403
    assert step(client, organiser, new, "decline", reason="不像").status_code == 403
    assert step(client, stranger, new, "approve").status_code == 404
    assert step(client, reset, new, "approve").status_code == 302
    new.refresh_from_db()
    assert (new.status, payment_codes.find_current(oranges.shop)) == ("waiting", old)
    client.force_login(second)
    assert "1 张收款码等你同意" in client.get("/admin/").content.decode()
    assert client.get(f"/me/shop/paycode/{new.pk}/").status_code == 200
    step(client, second, new, "approve")
    new.refresh_from_db()
    assert (new.status, new.decided_by, payment_codes.find_current(oranges.shop)) == ("set", second, new)
    assert client.get(f"/me/shop/paycode/{new.pk}/").status_code == 404
    client.force_login(organiser)
    assert "张收款码等你同意" not in client.get("/admin/").content.decode()


@pytest.mark.long
def test_who_gave_the_password_first_never_decides(client, reset, organiser, second, county):
    """The seller finds the account taken and asks a colleague for another password, while the code still waits."""
    send(client, reset)
    new = PayCode.objects.get(status="waiting")
    password_reset.reset_password(second, reset, password_reset.make_nonce())
    third = make_person("田主任", (Membership.Role.ORGANISER, county))
    new = PayCode.objects.get(pk=new.pk)
    may = {person.name: payment_codes.can_decide(person, new) for person in (organiser, second, third)}
    assert may == {organiser.name: False, second.name: False, third.name: True}
    listed = {
        person.name: new in payment_codes.list_to_decide(person) for person in (organiser, second, third)
    }
    assert listed == may
    assert step(client, organiser, new, "approve").status_code == 403


@pytest.mark.long
def test_a_no_keeps_the_old_code_and_tells_why(client, reset, old, second, oranges):
    send(client, reset)
    new = PayCode.objects.get(status="waiting")
    step(client, second, new, "decline", reason="名字对不上")
    new.refresh_from_db()
    assert (new.status, payment_codes.find_current(oranges.shop)) == ("declined", old)
    client.force_login(reset)
    assert "换收款码，管理员没同意：名字对不上" in client.get("/me/shop/").content.decode()
    assert step(client, second, new, "approve").status_code == 302
    assert payment_codes.find_current(oranges.shop) == old


@pytest.mark.long
def test_the_lists_and_the_rule_agree(client, reset, organiser, second, stranger):
    send(client, reset)
    new = PayCode.objects.get(status="waiting")
    for person in (organiser, second, stranger, reset):
        assert (new in payment_codes.list_to_decide(person)) == payment_codes.can_decide(person, new), person
    assert payment_codes.can_decide(second, new)


@pytest.mark.long
def test_after_three_days_the_seller_alone_is_enough(client, reset, oranges):
    User.objects.filter(pk=reset.pk).update(password_reset_at=timezone.now() - timedelta(hours=72, minutes=1))
    assert list_messages(send(client, reset)) == ["收款码改好了，也记下了是你改的。"]
    assert PayCode.objects.filter(status="waiting").count() == 0


def test_to_take_a_code_away_needs_nobody(client, reset, oranges):
    client.force_login(reset)
    client.post(URL, {"way": "none", "password": PASSWORD})
    assert payment_codes.find_current(oranges.shop) is None


@pytest.mark.long
def test_buyers_read_that_a_code_is_new(client, seller, old, oranges):
    order = order_at("accepted", oranges)
    buyer = type(client)()
    buyer.post(f"/orders/{order.token}/tail/", {"tail": str(order.phone)[-4:]})
    sentence = "新换的。先打电话给卖家，问清楚是本人换的再付。"
    assert sentence not in buyer.get(f"/orders/{order.token}/").content.decode()
    code = make_code(oranges.shop)
    assert sentence in buyer.get(f"/orders/{order.token}/").content.decode()
    PayCode.objects.filter(pk=code.pk).update(at=timezone.now() - timedelta(days=8))
    assert sentence not in buyer.get(f"/orders/{order.token}/").content.decode()
