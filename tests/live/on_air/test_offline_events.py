"""Events that phones send about a live: every fact once, and what cannot be applied is stored with its reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live.models import LiveSale, Pin, Slip
from live.on_air import lifecycle, sales
from outbox.models import Event
from tests.live.on_air.airs import add_item, began_before, books, left, make_air, new, stock
from tests.outbox.phone import Phone, event

pytestmark = pytest.mark.both_databases


@pytest.fixture
def phone(client, helper) -> Phone:
    client.force_login(helper)
    return Phone(client, helper)


def said(kind: str, live, at=None, **body) -> dict:
    return event(kind, at, live=live.pk, **body)


def test_sale_comes_with_its_price_and_time(phone, air, item, helper):
    began_before(air, hours=1)
    at = timezone.now() - timedelta(minutes=20)
    one = said("live_sale", air, at, item=item.pk, quantity=2, price_fen=1990)
    assert phone.send(one) == [("applied", "")]
    assert phone.send(one) == [("already", "")]
    sale = LiveSale.objects.get()
    assert (str(sale.event_id), sale.by, sale.quantity, sale.price_fen) == (one["id"], helper, 2, 1990)
    assert (sale.happened_at, left(item)) == (at, 8)


def test_sale_and_its_undoing_in_one_batch_cancel_out(phone, air, item):
    one = said("live_sale", air, item=item.pk, quantity=2)
    undo = said("live_undo", air, sale=one["id"])
    assert phone.send(undo, one) == [("applied", ""), ("applied", "")]
    assert (left(item), LiveSale.objects.count()) == (10, 2)


def test_sale_from_a_phone_an_hour_wrong_is_within_the_live(phone, air, item):
    now = timezone.now()
    sent = [
        said("live_sale", air, now + timedelta(hours=hours), item=item.pk, quantity=1) for hours in (1, -1)
    ]
    assert phone.send(*sent) == [("applied", "")] * 2
    for sale in LiveSale.objects.all():
        assert air.started_at <= sale.happened_at <= sale.received_at


def test_sale_that_comes_after_the_end_is_booked_at_once(phone, air, item, oranges, shop, helper):
    lifecycle.end_live(air, helper)
    at = air.started_at
    assert phone.send(said("live_sale", air, at, item=item.pk, quantity=3)) == [("applied", "")]
    assert (books(shop), stock(oranges)) == ([("live", 8970, 7500)], 27)


def test_sale_beyond_everything_is_oversold_and_never_refused(phone, air, item):
    assert phone.send(said("live_sale", air, item=item.pk, quantity=31)) == [("applied", "")]
    assert LiveSale.objects.get().oversold == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"quantity": 0},
        {"quantity": -2},
        {"quantity": True},
        {"quantity": "2"},
        {"quantity": 1.5},
        {"quantity": 1_000_001},
        {"quantity": 1, "price_fen": 0},
        {"quantity": 1, "price_fen": 10**10},
        {"quantity": 1, "price_fen": "29.9"},
    ],
)
def test_sale_of_no_number_is_rejected(phone, air, item, body):
    assert phone.send(said("live_sale", air, item=item.pk, **body)) == [("aside", "broken")]
    assert (LiveSale.objects.count(), Event.objects.get().body) == (
        0,
        {"live": air.pk, "item": item.pk} | body,
    )


def test_what_names_nothing_of_ones_own_is_rejected(phone, air, item, shop, oranges, stranger, client):
    other = add_item(make_air(shop), oranges)
    sent = [
        event("live_sale", live=10**20, item=item.pk, quantity=1),
        event("live_sale", live=9999, item=item.pk, quantity=1),
        said("live_sale", air, item=other.pk, quantity=1),
        said("live_sale", other.livestream, item=other.pk, quantity=1),
        said("live_undo", air, sale=str(new())),
        said("live_undo", air, sale="?"),
        said("live_pin", air, item=9999),
        said("live_slip", air, item=None, said="全网最低", right=" "),
        said("live_slip", air, item=None, said="x" * 201, right="y"),
    ]
    found = [reason for _state, reason in phone.send(*sent)]
    begun = ["not_begun", "no_sale", "broken", "no_item", "broken", "broken"]
    assert found == ["broken", "no_live", "no_item", *begun]
    client.force_login(stranger)
    mine = said("live_sale", air, item=item.pk, quantity=1)
    assert Phone(client, stranger).send(mine) == [("aside", "no_live")]
    assert not LiveSale.objects.exists()


def test_undoing_of_an_undoing_is_rejected(phone, air, item, helper):
    undone = sales.undo_sale(sales.record_sale(item, 1, helper, new()), helper, new())
    assert phone.send(said("live_undo", air, sale=str(undone.event_id))) == [("aside", "live_refused")]


def test_id_of_a_sale_in_another_live_is_rejected(phone, air, item, shop, oranges, seller):
    other = make_air(shop)
    elsewhere = add_item(other, oranges)
    other.started_at = timezone.now()
    other.save()
    taken = sales.record_sale(elsewhere, 1, seller, new())
    one = said("live_sale", air, item=item.pk, quantity=1) | {"id": str(taken.event_id)}
    assert phone.send(one) == [("aside", "same_id")]


def test_pin_that_comes_late_does_not_overtake(phone, air, item, shop, client):
    began_before(air, hours=1)
    second = add_item(air, name="脐橙", price_fen=100)
    now = timezone.now()
    first_said = said("live_pin", air, now - timedelta(minutes=5), item=second.pk)
    assert phone.send(said("live_pin", air, now, item=item.pk)) == [("applied", "")]
    assert phone.send(first_said) == [("applied", "")]
    assert list(Pin.objects.values_list("item", flat=True)) == [second.pk, item.pk]
    assert client.get(f"/live/{air.pk}/now.json").json()["item"] == item.pk


def test_slip_keeps_both_sentences(phone, air, item, helper):
    about = {"said": " 全网最低 ", "right": "今天 5.98 元一斤"}
    one = said("live_slip", air, item=item.pk, **about)
    two = said("live_slip", air, item=None, **about)
    assert phone.send(one, two, one) == [("applied", ""), ("applied", ""), ("already", "")]
    rows = Slip.objects.order_by("id").values_list("said", "right", "item", "by")
    assert sorted(rows, key=lambda row: row[2] or 0) == [
        ("全网最低", "今天 5.98 元一斤", None, helper.pk),
        ("全网最低", "今天 5.98 元一斤", item.pk, helper.pk),
    ]


def test_page_of_rejected_events_names_kind_and_reason(client, phone, air):
    phone.send(said("live_pin", air, item=9999))
    page = client.get("/me/outbox/").content.decode()
    assert "换一款上桌" in page
    assert "排品表里已经没有这一款。" in page


@pytest.mark.long
def test_batch_of_fifty_sales_is_one_transaction_with_steady_statements(
    phone, air, item, django_assert_max_num_queries
):
    sent = [said("live_sale", air, item=item.pk, quantity=1) for _n in range(50)]
    with django_assert_max_num_queries(50 * 22 + 20):
        phone.send(*sent)
    assert (LiveSale.objects.count(), LiveSale.objects.filter(oversold=1).count()) == (50, 20)
