"""The worker enforces the terms: old rows lose their person, sums stay, and everything due is done at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Notice, User
from accounts.notifications import delivery
from accounts.people import closure
from config.personal import retention
from rehearsals.submissions import retention as films
from shops.models import Complaint, LedgerEntry, ListingDraft, Order, Shop
from tests.factories import make_photo, make_product, make_shop
from tests.shops.orders.seller_side import make_claim, order_at, page_url

OVER, NOT_YET = timedelta(days=1097), timedelta(days=1090)


@pytest.fixture
def oranges(seller, village):
    return make_product(make_shop(seller, village), stock=50, freight_included=True)


def ended(order: Order, ago: timedelta) -> Order:
    Order.objects.filter(pk=order.pk).update(changed_at=timezone.now() - ago)
    return order


def test_an_order_loses_its_buyer_three_years_after_the_deal(client, settings, seller, oranges):
    settings.DEMO = True
    order = ended(order_at("received", oranges, note="放门口"), OVER)
    order.lines.get().photos.add(make_photo(seller))
    claim = make_claim(order)
    ended(order, OVER)
    young = ended(order_at("received", oranges), NOT_YET)
    sums = list(LedgerEntry.objects.order_by("pk").values_list("kind", "fen", "grams"))
    before = Order.objects.values().get(pk=order.pk)
    done = retention.run()
    assert {"shops.Order", "shops.OrderLine", "shops.OrderEvent", "shops.Claim"} <= set(done)
    after = Order.objects.values().get(pk=order.pk)
    blank = {"buyer": "", "phone": "", "city": "", "county": "", "address": "", "note": "", "placed_from": ""}
    assert after == before | blank | {"page": {}, "courier": "", "parcel": ""}
    line = order.lines.get()
    assert (line.page, line.photos.count(), line.name) == ({}, 0, "冰糖橙")
    claim.refresh_from_db()
    assert (claim.text, claim.photos.count()) == ("", 0)
    assert {(event.detail == {}, event.photo, event.actor) for event in order.events.all()} == {
        (True, None, None)
    }
    young.refresh_from_db()
    assert (young.buyer, young.page != {}) == ("陈小禾", True)
    assert list(LedgerEntry.objects.order_by("pk").values_list("kind", "fen", "grams")) == sums
    client.force_login(seller)
    page = client.get(page_url(order))
    assert (page.status_code, "姓名、电话、地址按规定去掉了" in page.content.decode()) == (200, True)
    assert client.get(order.get_absolute_url()).status_code == 200
    entry = AuditEntry.objects.get(verb=AuditVerb.TERM_OVER, subject="order")
    assert (entry.actor, entry.detail["count"], "buyer" in entry.detail["fields"]) == (None, 1, True)
    assert retention.run() == {}


@pytest.mark.long
def test_all_that_is_due_is_done_in_one_round(oranges, monkeypatch):
    monkeypatch.setattr(films, "AT_ONCE", 2)
    for _n in range(5):
        ended(order_at("received", oranges), OVER)
    assert retention.run()["shops.Order"] == 5
    assert set(Order.objects.values_list("buyer", flat=True)) == {""}


def test_a_complaint_is_kept_until_it_is_answered(village):
    long_ago = timezone.now() - OVER
    facts = {
        "place": village,
        "name": "陈小禾",
        "phone": "+8613711112222",
        "text": "坏了",
        "due_at": long_ago,
    }
    answered = Complaint.objects.create(
        number="T1", at=long_ago, answered_at=long_ago, answer="退了", **facts
    )
    Complaint.objects.create(number="T2", at=long_ago, **facts)
    assert retention.run() == {"shops.Complaint": 1}
    rows = Complaint.objects.order_by("number").values_list("name", "phone", "text", "answer")
    assert list(rows) == [("", "", "", ""), ("陈小禾", "+8613711112222", "坏了", "")]
    assert answered.number == "T1"


def test_messages_and_unfinished_listings_go_after_half_a_year(trainee, seller):
    half_a_year = timezone.now() - timedelta(days=181)
    delivery.write_notice("a", trainee.phone, "rehearsal_reviewed", title="三分钟")
    delivery.write_notice("b", trainee.phone, "rehearsal_reviewed", title="三分钟")
    Notice.objects.filter(key="a").update(made_at=half_a_year)
    ListingDraft.objects.create(user=seller, typed={"name": "橙"})
    ListingDraft.objects.update(updated_at=half_a_year)
    assert retention.run() == {"accounts.Notice": 1, "shops.ListingDraft": 1}
    assert [notice.key for notice in Notice.objects.all()] == ["b"]


def test_the_trail_keeps_what_was_done_and_forgets_who(trainer, trainee):
    AuditEntry.write(trainer, AuditVerb.PASSWORD_RESET, trainee, note="当面")
    AuditEntry.objects.update(at=timezone.now() - OVER)
    retention.run()
    entry = AuditEntry.objects.get(verb=AuditVerb.PASSWORD_RESET)
    assert (entry.actor, entry.detail, entry.subject) == (None, {}, f"user {trainee.pk}")


@pytest.mark.long
def test_an_erased_sellers_card_goes_three_years_after_the_closing(seller, oranges):
    closure.close_account(seller)
    retention.run()
    assert Shop.objects.get().legal_name == "周梅英"
    User.objects.filter(pk=seller.pk).update(erased_at=timezone.now() - OVER)
    retention.run()
    shop = Shop.objects.get()
    assert (shop.name, shop.legal_name, shop.address) == ("已注销", "", "")
