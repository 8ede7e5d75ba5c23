"""The courier's charge: booked when it is entered, never by the hint alone, and linked to its order."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from shops.ledger import entries, reports
from shops.models import LedgerEntry, Order
from shops.orders.seller import parcel_costs
from tests.factories import make_product
from tests.shops.orders.order_requests import GUANGDONG, ledger
from tests.shops.orders.seller_side import keyed, order_at, page_url, send, step_url

PARCEL = {"courier": "中通快递", "parcel": "78123456789012"}


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


def cost_url(order: Order) -> str:
    return reverse("shops:order_cost", args=[order.number])


def text(response) -> str:
    return response.content.decode()


def month(order: Order) -> reports.Month:
    return reports.list_months(order.shop, timezone.localdate().replace(day=1))[-1]


def shipped(mine, product, cost: str = "8.5", **fields) -> Order:
    order = order_at("packed", product, **fields)
    send(mine, order, "ship", **PARCEL, cost_fen=cost)
    return order


def test_what_the_courier_took_is_in_the_books_with_its_order(mine, shop):
    product = make_product(shop, price_fen=3990, freight_included=True, gross_grams=3000)
    order = shipped(mine, product)
    assert ledger(order) == [("order", 3990, 2500), ("freight", -850, 0)]
    assert (month(order).part("sold"), month(order).part("parcels"), month(order).net) == (3990, -850, 3140)
    rows = text(mine.get(f"/me/shop/ledger/rows/?shop={shop.pk}&part=parcels"))
    entry = LedgerEntry.objects.get(kind="freight")
    assert reverse("shops:ledger_entry", args=[entry.pk]) in rows
    assert f'<a href="{page_url(order)}">{order.number}</a>' in text(
        mine.get(reverse("shops:ledger_entry", args=[entry.pk]))
    )


def test_the_goal_of_the_month_counts_what_sending_cost(mine, shop):
    product = make_product(shop, price_fen=500_500, freight_included=True, gross_grams=3000)
    order = shipped(mine, product, cost="6")
    assert (month(order).net, month(order).is_reached, month(order).missing) == (499_900, False, 100)


@pytest.mark.long
def test_nothing_typed_is_nothing_booked_however_well_it_is_remembered(mine, oranges):
    shipped(mine, oranges)
    order = order_at("packed", oranges)
    page = text(mine.get(step_url(order, "ship")))
    assert 'placeholder="8.50"' in page
    assert "上回中通快递寄到湖南省，差不多重，花了 8.50 元。不填就不记。" in page
    send(mine, order, "ship", **PARCEL, cost_fen="")
    assert ledger(order) == [("order", order.total_fen, 2500)]
    assert "还没记。不记上，账上的净收入就多算了这一笔。" in text(mine.get(page_url(order)))


@pytest.mark.long
def test_it_is_remembered_for_the_courier_the_province_and_the_weight(mine, oranges):
    order = shipped(mine, oranges)
    assert parcel_costs.find_last_cost(order, "中通快递").fen == 850
    assert parcel_costs.find_last_cost(order, "顺丰速运") is None
    assert parcel_costs.find_last_cost(order_at("packed", oranges, province=GUANGDONG), "中通快递") is None
    assert parcel_costs.find_last_cost(order_at("packed", oranges, 3), "中通快递") is None
    entries.correct(LedgerEntry.objects.get(kind="freight"), order.shop.owner, uuid.uuid4(), "记错了")
    assert parcel_costs.find_last_cost(order, "中通快递") is None


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("-8", "不能是负数"),
        ("0", "要大于 0"),
        ("2000.01", "最多 2,000"),
        ("99999999999999999999", "最多 2,000"),
        ("八块五", "用数字写"),
        ("8.555", "小数点后最多 2 位"),
        ("1,000", "数字里不用逗号"),
        ("\x00", "用数字写"),
    ],
)
def test_a_cost_that_cannot_be_is_told_and_the_number_typed_stays(mine, oranges, typed, told):
    order = order_at("packed", oranges)
    page = text(send(mine, order, "ship", **PARCEL, cost_fen=typed))
    assert told in page
    assert 'value="78123456789012"' in page
    assert (order.status, LedgerEntry.objects.filter(kind="freight").count()) == ("packed", 0)
    late = order_at("shipped", oranges)
    assert told in text(mine.post(cost_url(late), keyed(cost_fen=typed, on="2026-01-01")))
    assert LedgerEntry.objects.filter(kind="freight").count() == 0


@pytest.mark.long
def test_it_is_added_later_once_however_often_it_is_sent(mine, oranges):
    order = order_at("shipped", oranges)
    body = keyed(cost_fen="12.34", on=str(timezone.localdate()), note="两件")
    for _tap in range(3):
        assert mine.post(cost_url(order), body)["Location"] == page_url(order)
    assert ledger(order)[1:] == [("freight", -1234, 0)]
    changed = mine.post(cost_url(order), body | {"cost_fen": "5"})
    assert "这一页上的已经记过一笔" in text(changed)
    assert ledger(order)[1:] == [("freight", -1234, 0)]
    assert "一共" not in text(mine.get(page_url(order)))
    mine.post(cost_url(order), keyed(cost_fen="5", on=str(timezone.localdate()), note="补发"))
    assert "−17.34" in text(mine.get(page_url(order)))


@pytest.mark.long
def test_five_taps_on_ship_book_one_cost(mine, oranges):
    order, body = order_at("packed", oranges), keyed(**PARCEL, cost_fen="8")
    for _tap in range(5):
        mine.post(step_url(order, "ship"), body)
    assert ledger(order)[1:] == [("freight", -800, 0)]


@pytest.mark.long
def test_a_slip_is_mended_by_a_counter_row_and_both_stay_with_the_order(mine, oranges):
    order = shipped(mine, oranges, cost="85")
    wrong = LedgerEntry.objects.get(kind="freight")
    right = {"kind": "freight", "fen": "8.5", "on": str(wrong.on), "note": ""}
    mine.post(reverse("shops:ledger_entry", args=[wrong.pk]), keyed(**right, why="多打了一个数", do="right"))
    assert ledger(order)[1:] == [("freight", -8500, 0), ("freight", 8500, 0), ("freight", -850, 0)]
    assert month(order).part("parcels") == -850


@pytest.mark.long
def test_before_it_is_sent_or_at_the_pick_up_point_there_is_no_cost(mine, as_user, stranger, oranges):
    assert mine.get(cost_url(order_at("packed", oranges))).status_code == 404
    assert as_user(stranger).get(cost_url(order_at("shipped", oranges))).status_code == 404
