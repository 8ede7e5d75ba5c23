"""What the form of each step requires and refuses: a key, an amount, a reason, a weight, a parcel number."""

import pytest

from shops.models import Order, PickUpPoint
from tests.media.pictures import jpeg, upload
from tests.pages import list_messages
from tests.shops.orders.order_requests import in_hand, ledger, make_order
from tests.shops.orders.seller_side import keyed, order_at, page_url, send, step_url


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def test_another_sum_is_not_marked_as_paid(mine, oranges):
    order = order_at("accepted", oranges)
    response = send(mine, order, "paid", fen="1")
    assert list_messages(response) == ["这一单要收 ¥35.90，数目对不上。"]
    assert (order.status, ledger(order)) == ("accepted", [])


@pytest.mark.parametrize("key", ["", "x", "' or 1=1"])
def test_a_tap_without_a_key_is_asked_again(mine, oranges, key):
    order = make_order((oranges, 1))
    response = mine.post(step_url(order, "accept"), {"key": key})
    assert response.status_code == 200
    assert response.context["form"].errors["key"] == ["没看懂，再记一次"]
    order.refresh_from_db()
    assert order.status == "requested"


def test_the_key_of_another_order_changes_nothing(mine, oranges):
    first, second = make_order((oranges, 1)), make_order((oranges, 1))
    body = keyed()
    mine.post(step_url(first, "accept"), body)
    response = mine.post(step_url(second, "accept"), body, follow=True)
    assert list_messages(response)[-1] == "没看懂，再点一次"
    second.refresh_from_db()
    assert second.status == "requested"


def test_decline_tells_the_reason_and_frees_the_stock(mine, oranges):
    order = make_order((oranges, 4))
    send(mine, order, "decline", reason="今天没货了，采完了", more="下周三再采")
    assert (order.status, in_hand(oranges)) == ("declined", 10)
    assert order.events.last().detail == {"reason": "今天没货了，采完了。下周三再采"}


def test_another_reason_wants_words_and_keeps_what_was_typed(mine, oranges):
    order = make_order((oranges, 1))
    response = mine.post(step_url(order, "decline"), keyed(reason="other", more=" "))
    assert response.context["form"].errors == {"more": ["写一句为什么，买家好明白"]}
    response = mine.post(step_url(order, "decline"), keyed(reason="别人", more="说好的"))
    assert "说好的" in response.content.decode()
    assert list(response.context["form"].errors) == ["reason"]


@pytest.mark.long
def test_pack_reads_both_units_exactly(mine, oranges):
    for unit, typed, grams in (("jin", "６。３", 3150), ("kg", "3.055", 3055), ("jin", "3.2公斤", 3200)):
        order = order_at("paid", oranges)
        send(mine, order, "pack", unit=unit, grams=typed)
        assert order.packed_grams == grams


@pytest.mark.parametrize("typed", ["", "0", "-1", "abc", "1e9", "999999999999"])
def test_pack_refuses_what_is_no_weight(mine, oranges, typed):
    order = order_at("paid", oranges)
    response = mine.post(step_url(order, "pack"), keyed(unit="jin", grams=typed))
    assert list(response.context["form"].errors) == ["grams"]
    order.refresh_from_db()
    assert order.status == "paid"


def test_less_than_was_promised_is_weighed_twice(mine, oranges):
    order = order_at("paid", oranges)
    response = mine.post(step_url(order, "pack"), keyed(unit="jin", grams="4.9"))
    assert response.context["form"].errors == {"grams": ["连箱子还没有答应买家的净重多，再称一遍"]}
    assert "less_ok" in response.context["form"].fields
    send(mine, order, "pack", unit="jin", grams="4.9", less_ok="on")
    assert order.packed_grams == 2450


@pytest.mark.long
def test_the_photo_of_the_packing_is_kept_when_the_form_comes_back(mine, oranges, seller):
    order = order_at("paid", oranges)
    body = keyed(unit="jin", grams="x") | {"photo_new": upload(jpeg())}
    response = mine.post(step_url(order, "pack"), body)
    [kept] = response.context["form"].fields["photo"].widget.shown
    send(mine, order, "pack", unit="jin", grams="6", photo=kept.signed)
    photo = order.events.last().photo
    assert (photo.owner, photo.content_type) == (seller, "image/webp")
    response = mine.get(f"{page_url(order)}photos/{photo.key}/")
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize(
    ("courier", "parcel", "field", "why"),
    [
        ("中通快递", "", "parcel", "这一项要填"),
        ("中通快递", "13912345678", "parcel", "这像手机号，要填快递单号"),
        ("中通快递", "123", "parcel", "不像快递单号，照面单上的号码填，8 位以上的数字和字母"),
        ("中通快递", "<script>1", "parcel", "不像快递单号，照面单上的号码填，8 位以上的数字和字母"),
        ("中通快递", "SF1234567890123", "courier", "这个单号是顺丰速运的，快递公司选对没有"),
        ("别处", "78123456789012", "courier", "没有这一项，重新选一个"),
        ("other", "78123456789012", "other", "写上快递公司的名字"),
    ],
)
def test_ship_looks_at_the_parcels_number(mine, oranges, courier, parcel, field, why):
    order = order_at("packed", oranges)
    response = mine.post(step_url(order, "ship"), keyed(courier=courier, parcel=parcel))
    assert response.context["form"].errors[field] == [why]
    order.refresh_from_db()
    assert order.status == "packed"


def test_ship_by_a_courier_of_ones_own_naming(mine, oranges):
    order = order_at("packed", oranges)
    send(mine, order, "ship", courier="other", other="村里的班车", parcel="sf-1234 5678")
    assert (order.courier, order.parcel) == ("村里的班车", "SF12345678")


@pytest.mark.long
def test_the_courier_of_last_time_is_chosen_already(mine, oranges):
    order_at("shipped", oranges)
    order = order_at("packed", oranges)
    Order.objects.filter(status="shipped").update(courier="极兔速递")
    assert mine.get(step_url(order, "ship")).context["form"]["courier"].value() == "极兔速递"


def test_a_pick_up_order_is_fetched_or_put_at_the_point(mine, shop, oranges):
    point = PickUpPoint.objects.create(shop=shop, name="村口", address="石榴冲村口", hours="8:00–18:00")
    order = order_at("packed", oranges, point=point)
    steps = mine.get(page_url(order)).context["next"]
    assert (str(steps.big.label), [str(one.label) for one in steps.small]) == (
        "买家取走了",
        ["放到自提点了", "全部退款"],
    )
    send(mine, order, "ship")
    assert (order.status, order.courier) == ("shipped", "")


@pytest.mark.long
def test_refund_says_how_much_is_left(mine, oranges):
    order = order_at("shipped", oranges)
    assert "35.90" in mine.get(step_url(order, "refund")).content.decode()
    send(mine, order, "refund", reason="路上坏得太多，全退")
    assert (order.status, order.refunded_fen) == ("refunded", 3590)
    assert ledger(order) == [("order", 3590, 2500), ("refund", -3590, -2500)]
