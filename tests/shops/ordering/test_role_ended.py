"""A seller's role that has ended takes the shop, its orders and its buyers' data with it."""

import uuid

import pytest

from accounts import joining
from accounts.models import AuditEntry, Membership
from shops.models import Order, Shop
from shops.ordering import stepping
from shops.ordering.refusals import NotPossible
from tests.factories import add_helpers, make_person
from tests.lives import make_live
from tests.shops.ordering.selling import keyed, order_at, page_url, step_url, told

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
    """As the organiser does it: the button, the page in between, its yes."""
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
    assert "<h2>您的卖家身份结束了</h2>" in answer.content.decode()


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


def test_orders_without_a_seller_stand_on_the_organisers_list(client, organiser, oranges, role, stranger):
    order, url = order_at("paid", oranges), "/admin/shops/order/?stranded=1"
    client.force_login(organiser)
    assert order.number not in client.get(url).content.decode()
    end(client, organiser, role)
    assert order.number in client.get(url).content.decode()
    assert "1 单没办完，卖家的身份已经结束" in client.get("/admin/").content.decode()
    client.force_login(stranger)
    assert order.number not in client.get(url).content.decode()
    assert "卖家的身份已经结束" not in client.get("/admin/").content.decode()


def test_a_step_sent_after_the_role_has_ended_says_so(client, organiser, seller, oranges, role):
    order = order_at("requested", oranges)
    client.force_login(seller)
    client.get(step_url(order, "accept"))
    joining.end(organiser, role)
    answer = client.post(step_url(order, "accept"), keyed(), follow=True)
    assert told(answer) == ["您在这家店的卖家身份结束了，这一步没有办。"]
    order.refresh_from_db()
    assert (order.status, order.events.count()) == ("requested", 1)


def test_a_step_that_the_end_of_the_role_overtakes_does_nothing(organiser, seller, oranges, role):
    """The page was fetched while the role stood; the step itself asks again, inside its transaction."""
    order = order_at("requested", oranges)
    fetched = Order.objects.of(seller).get()
    joining.end(organiser, role)
    with pytest.raises(NotPossible) as refused:
        stepping.accept(fetched, seller, uuid.uuid4())
    assert refused.value.sentence == "您在这家店的卖家身份结束了，这一步没有办。"
    order.refresh_from_db()
    assert (order.status, order.events.count()) == ("requested", 1)


def test_a_helper_needs_a_role_of_their_own(oranges, village):
    shop, helper = oranges.shop, make_person("帮手", (Role.TRAINEE, village))
    shop.helpers.add(helper)
    assert list(Shop.objects.of(helper)) == []
    add_helpers(shop, helper)
    assert list(Shop.objects.of(helper)) == [shop]


def test_a_seller_ends_the_own_role_only_when_nobody_waits(client, seller, oranges, role):
    order, url = order_at("paid", oranges), f"/me/roles/{role.pk}/end/"
    client.force_login(seller)
    answer = client.post(url)
    assert (answer.status_code, f'href="{page_url(order)}"' in answer.content.decode()) == (409, True)
    role.refresh_from_db()
    assert role.status == "granted"
    stepping.ship(order, seller, uuid.uuid4(), "中通快递", "78123456789012")
    client.post(url)
    role.refresh_from_db()
    assert (role.status, Shop.objects.get().is_open) == ("ended", False)


def test_granted_again_the_shop_waits_for_the_organiser(client, organiser, seller, oranges, role):
    end(client, organiser, role)
    joining.grant(organiser, joining.ask(seller, Role.SELLER, role.place))
    client.force_login(seller)
    page = client.get(f"/me/shop/{oranges.shop.pk}/").content.decode()
    assert "管理员" in page
    assert 'name="is_open"' not in page or "disabled" in page
