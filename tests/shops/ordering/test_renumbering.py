"""A parcel's number that was copied wrongly is put right after it has gone; nothing of before is lost."""

import pytest

from accounts.models import Notice
from shops.orders import transitions
from shops.orders.exceptions import TransitionNotAllowed
from tests.shops.ordering.selling import key, keyed, order_at, page_url, send, step_url

pytestmark = pytest.mark.both_databases


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def test_the_buyer_sees_the_new_number_and_the_seller_both(mine, client, oranges):
    order = order_at("shipped", oranges)
    page = mine.get(step_url(order, "renumber")).content.decode()
    assert 'value="78123456789012"' in page
    assert "快递花了多少" not in page
    send(mine, order, "renumber", courier="顺丰速运", parcel="sf 1234 5678 9012")
    assert (order.status, order.courier, order.parcel) == ("shipped", "顺丰速运", "SF123456789012")
    seen = client.get(order.get_absolute_url()).content.decode()
    assert "SF123456789012" in seen
    assert "78123456789012" not in seen
    trail = mine.get(page_url(order)).content.decode()
    assert "中通快递 78123456789012" in trail
    assert "顺丰速运 SF123456789012" in trail
    assert Notice.objects.filter(phone=order.phone, template="order_renumbered").count() == 1


def test_five_taps_are_one_change(mine, oranges):
    order, body = order_at("shipped", oranges), keyed(courier="中通快递", parcel="78123456789013")
    for _tap in range(5):
        mine.post(step_url(order, "renumber"), body)
    assert order.events.filter(verb="renumbered").count() == 1


@pytest.mark.parametrize("parcel", ["13800001234", "x", "", "https://u.wechat.com/abc", "1" * 5000])
def test_what_is_no_number_changes_nothing_and_stays_typed(mine, oranges, parcel):
    order = order_at("shipped", oranges)
    page = mine.post(step_url(order, "renumber"), keyed(courier="中通快递", parcel=parcel))
    assert (page.status_code, parcel in page.content.decode()) == (200, True)
    order.refresh_from_db()
    assert order.parcel == "78123456789012"


@pytest.mark.parametrize("state", ["packed", "received"])
def test_only_while_it_is_on_its_way(oranges, seller, state):
    order = order_at(state, oranges)
    assert "renumbered" not in transitions.list_possible(order, "seller")
    with pytest.raises(TransitionNotAllowed):
        transitions.renumber(order, seller, key(), "中通快递", "78123456789013")
