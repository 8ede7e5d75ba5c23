"""When a seller's role ends, the shop is closed, and its orders and its buyers' data are handled."""

import uuid

import pytest

from accounts.models import AuditEntry, Membership, Notice
from accounts.people import memberships
from shops.models import Order, Shop
from shops.orders import transitions
from shops.orders.exceptions import TransitionNotAllowed
from shops.sellers import payment_codes
from tests.factories import add_helpers, make_person
from tests.lives import make_live
from tests.pages import list_messages
from tests.shops.orders.seller_side import keyed, make_code, order_at, page_url, step_url

Role = Membership.Role


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def role(seller, village) -> Membership:
    return Membership.objects.get(user=seller, place=village, role=Role.SELLER)


def end_url(role: Membership) -> str:
    return f"/admin/accounts/membership/{role.pk}/end/"


def end(client, organiser, role: Membership) -> None:
    """End the role as the organiser does: the button, the page in between, the confirmation."""
    client.force_login(organiser)
    client.post(end_url(role))
    client.post(end_url(role), {"confirmed": "1"})
    role.refresh_from_db()
    assert role.status == "ended"


def test_whoever_is_no_seller_any_more_reaches_nothing_of_the_shop(client, organiser, seller, oranges, role):
    order, shop = order_at("paid", oranges), oranges.shop
    end(client, organiser, role)
    client.force_login(seller)
    pages = [
        f"/me/shop/{shop.pk}/",
        f"/me/shop/products/{oranges.pk}/",
        f"/me/shop/products/{oranges.pk}/edit/",
        f"/me/shop/paycode/?shop={shop.pk}",
        f"/me/shop/ledger/?shop={shop.pk}",
    ]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert client.get("/me/shop/new/").status_code in (302, 404)
    answer = client.get(page_url(order), follow=True)
    assert answer.redirect_chain == [("/me/shop/", 302)]
    assert order.buyer not in answer.content.decode()
    assert "<h2>你的卖家身份结束了</h2>" in answer.content.decode()


def test_the_shop_closes_with_the_role(client, organiser, oranges, role):
    shop = oranges.shop
    end(client, organiser, role)
    shop.refresh_from_db()
    assert shop.is_open is False
    entry = AuditEntry.objects.get(subject=f"shop {shop.pk}", verb="shop_closed")
    assert (entry.actor, entry.place) == (organiser, shop.place)
    visitor = type(client)()
    assert visitor.get(shop.get_absolute_url()).status_code == 404
    assert visitor.get(f"/products/{oranges.pk}/").status_code == 404


def test_the_organiser_reads_first_what_is_open(client, organiser, seller, oranges, role):
    order = order_at("paid", oranges, 2)
    live = make_live(seller, shop=oranges.shop, kind="real", title="橙子专场")
    client.force_login(organiser)
    page = client.post(end_url(role)).content.decode()
    assert (
        f'<a href="/admin/shops/order/{order.pk}/change/">订单 {order.number}（已付款，等发货），占着 2 份货</a>'
        in page
    )
    assert f'<a href="/admin/live/livestream/{live.pk}/change/">直播“橙子专场”' in page
    role.refresh_from_db()
    assert (role.status, Shop.objects.get().is_open) == ("granted", True)


@pytest.mark.long
def test_orders_without_a_seller_stand_on_the_organisers_list(client, organiser, oranges, role, stranger):
    order, url = order_at("paid", oranges), "/admin/shops/order/?stranded=1"
    client.force_login(organiser)
    assert order.number not in client.get(url).content.decode()
    end(client, organiser, role)
    assert order.number in client.get(url).content.decode()
    assert "1 单没办完，卖家的身份已经结束" in client.get("/admin/").content.decode()
    assert "1 单没办完，卖家的身份已经结束" in client.get("/me/waiting/").content.decode()
    client.force_login(stranger)
    assert order.number not in client.get(url).content.decode()
    assert "卖家的身份已经结束" not in client.get("/admin/").content.decode()


@pytest.mark.long
def test_an_order_whose_buyer_was_told_waits_no_more(client, organiser, oranges, role, stranger):
    order, url = order_at("paid", oranges), "/admin/shops/order/"
    step = f"{url}{order.pk}/see_to/"
    client.force_login(organiser)
    assert "跟买家说清楚了" not in client.get(f"{url}{order.pk}/change/").content.decode()
    client.post(step)  # nothing to see to while the seller sells
    end(client, organiser, role)
    client.force_login(stranger)
    assert client.post(step).status_code == 404
    client.force_login(organiser)
    assert "跟买家说清楚了" in client.get(f"{url}{order.pk}/change/").content.decode()
    assert list_messages(client.post(step, follow=True)) == ["记下了，这一单不再排在“等你办的”里。"]
    client.post(step)
    entry = AuditEntry.objects.get(subject=f"order {order.pk}", verb="order_seen_to")
    assert (entry.actor, entry.place) == (organiser, order.shop.place)
    assert "卖家的身份已经结束" not in client.get("/admin/").content.decode()
    assert order.number not in client.get(f"{url}?stranded=1").content.decode()


@pytest.mark.long
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("requested", "这家店关了，这一单没人接了。您没有付钱，换一家买就行。"),
        ("accepted", "先别付钱。已经付了的，打电话找卖家退；退不了就投诉，管理员来管。"),
        ("paid", "管理员知道这一单，会跟您联系；也可以先打电话问卖家。"),
    ],
)
def test_the_buyer_is_told_and_sees_no_payment_code(client, organiser, oranges, role, state, sentence):
    """A person who is no longer a seller may not receive money here."""
    code, order = make_code(oranges.shop), order_at(state, oranges)
    buyer = type(client)()
    buyer.post(f"/orders/{order.token}/tail/", {"tail": str(order.phone)[-4:]})
    picture = f"/orders/{order.token}/paycode/"
    before = buyer.get(f"/orders/{order.token}/").content.decode()
    assert (sentence in before, picture in before) == (False, state == "accepted")
    end(client, organiser, role)
    after = buyer.get(f"/orders/{order.token}/").content.decode()
    assert (sentence in after, picture in after, "可以付" in after) == (True, False, False)
    assert buyer.get(picture).status_code == 404
    assert payment_codes.find_current(oranges.shop) == code


@pytest.mark.long
def test_who_loses_a_role_is_told(client, organiser, seller, role):
    end(client, organiser, role)
    notice = Notice.objects.get(phone=seller.phone, template="membership_ended")
    told = "你不再是石榴冲村的卖家了。弄错了，找管理员问一声。"
    assert memberships.read_notice(notice) == (told, "/me/roles/")
    page = client.get("/me/").content.decode()
    client.force_login(seller)
    assert "你的身份都结束了" not in page
    assert "你的身份都结束了" in client.get("/me/").content.decode()


def test_who_ends_the_own_role_knows_it(client, seller, role):
    client.force_login(seller)
    client.post(f"/me/roles/{role.pk}/end/")
    assert Notice.objects.filter(template="membership_ended").count() == 0


def test_a_helper_without_a_role_is_told_what_is_missing(client, organiser, oranges, village):
    helper = make_person("帮手")
    add_helpers(oranges.shop, helper)
    memberships.end_role(organiser, helper.memberships.get())
    client.force_login(helper)
    page = client.get("/me/shop/").content.decode()
    assert f"你是“{oranges.shop.name}”的帮手。帮手也要是石榴冲村的卖家，你现在不是" in page


def test_a_step_sent_after_the_role_has_ended_says_so(client, organiser, seller, oranges, role):
    order = order_at("requested", oranges)
    client.force_login(seller)
    client.get(step_url(order, "accept"))
    memberships.end_role(organiser, role)
    answer = client.post(step_url(order, "accept"), keyed(), follow=True)
    assert list_messages(answer) == ["你在这家店的卖家身份结束了，这一步没有办。"]
    order.refresh_from_db()
    assert (order.status, order.events.count()) == ("requested", 1)


def test_a_step_that_the_end_of_the_role_overtakes_does_nothing(organiser, seller, oranges, role):
    """The page was loaded while the role existed; the step checks it again, inside its transaction."""
    order = order_at("requested", oranges)
    fetched = Order.objects.of(seller).get()
    memberships.end_role(organiser, role)
    with pytest.raises(TransitionNotAllowed) as refused:
        transitions.accept(fetched, seller, uuid.uuid4())
    assert refused.value.sentence == "你在这家店的卖家身份结束了，这一步没有办。"
    order.refresh_from_db()
    assert (order.status, order.events.count()) == ("requested", 1)


def test_a_helper_needs_a_role_of_their_own(oranges, village):
    shop, helper = oranges.shop, make_person("帮手", (Role.TRAINEE, village))
    shop.helpers.add(helper)
    assert list(Shop.objects.of(helper)) == []
    add_helpers(shop, helper)
    assert list(Shop.objects.of(helper)) == [shop]


@pytest.mark.long
def test_a_seller_ends_the_own_role_only_when_nobody_waits(client, seller, oranges, role):
    order, url = order_at("paid", oranges), f"/me/roles/{role.pk}/end/"
    client.force_login(seller)
    answer = client.post(url)
    assert (answer.status_code, f'href="{page_url(order)}"' in answer.content.decode()) == (409, True)
    role.refresh_from_db()
    assert role.status == "granted"
    transitions.ship(order, seller, uuid.uuid4(), "中通快递", "78123456789012")
    client.post(url)
    role.refresh_from_db()
    assert (role.status, Shop.objects.get().is_open) == ("ended", False)


@pytest.mark.long
def test_granted_again_the_shop_waits_for_the_organiser(client, organiser, seller, oranges, role):
    end(client, organiser, role)
    memberships.grant_role(organiser, memberships.ask_for_role(seller, Role.SELLER, role.place))
    client.force_login(seller)
    page = client.get(f"/me/shop/{oranges.shop.pk}/").content.decode()
    assert "管理员" in page
    assert 'name="is_open"' not in page or "disabled" in page
