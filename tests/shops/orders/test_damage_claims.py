"""Damage claims: one at a time, refunded or refused, and never more than was paid."""

import datetime

import pytest
from django.utils import timezone

from shops.exceptions import IdempotencyConflict
from shops.models import Claim, Order
from shops.orders import damage_claims, transitions
from shops.orders.exceptions import TransitionNotAllowed
from tests.shops.orders.order_requests import ledger
from tests.shops.orders.seller_side import key, order_at


@pytest.fixture
def paid(oranges) -> Order:
    """Return an order of 2 boxes: ¥59.80 and ¥9.00 freight, 5 kg."""
    return order_at("paid", oranges, 2)


@pytest.fixture
def shipped(oranges) -> Order:
    return order_at("shipped", oranges, 2)


def test_claim_and_part_refund(shipped, seller):
    claim = damage_claims.claim_damage(shipped, key(), "坏了三个")
    assert (claim.status, shipped.status) == ("open", "shipped")
    event = damage_claims.settle(claim, seller, key(), 1200, False, "退您三个的钱")
    assert (claim.status, claim.refund_fen, claim.answered_by) == ("settled", 1200, seller)
    assert (event.fen, event.claim) == (-1200, claim)
    assert ledger(shipped) == [("order", 6880, 5000), ("refund", -1200, 0)]
    shipped.refresh_from_db()
    assert shipped.refunded_fen == 1200


def test_settle_sent_again_refunds_once(shipped, seller):
    claim, tap = damage_claims.claim_damage(shipped, key(), "坏了三个"), key()
    first = damage_claims.settle(claim, seller, tap, 1200, False, "好")
    assert damage_claims.settle(claim, seller, tap, 1200, False, "好") == first
    shipped.refresh_from_db()
    assert shipped.refunded_fen == 1200


def test_refund_above_what_was_paid_is_not_possible(shipped, seller):
    claim = damage_claims.claim_damage(shipped, key(), "全坏了")
    with pytest.raises(TransitionNotAllowed) as refused:
        damage_claims.settle(claim, seller, key(), 6881, False, "")
    assert refused.value.sentence == "最多还能退 ¥68.80。"
    claim.refresh_from_db()
    assert (claim.status, ledger(shipped)) == ("open", [("order", 6880, 5000)])


@pytest.mark.long
def test_the_kilograms_go_with_the_last_fen(shipped, seller):
    damage_claims.settle(damage_claims.claim_damage(shipped, key(), "坏了"), seller, key(), 6000, False, "")
    transitions.refund_all(shipped, seller, key(), "都退")
    assert ledger(shipped)[1:] == [("refund", -6000, 0), ("refund", -880, -5000)]


@pytest.mark.long
def test_one_claim_at_a_time(shipped, seller):
    first = damage_claims.claim_damage(shipped, key(), "坏了")
    with pytest.raises(TransitionNotAllowed):
        damage_claims.claim_damage(shipped, key(), "又坏了")
    damage_claims.refuse(first, seller, key(), "照片里是好的")
    assert damage_claims.claim_damage(shipped, key(), "又坏了").status == "open"
    assert Claim.objects.filter(status="refused").get().answer == "照片里是好的"


def test_claim_before_sending_is_not_possible(paid):
    with pytest.raises(TransitionNotAllowed):
        damage_claims.claim_damage(paid, key(), "坏了")


def test_a_claim_can_be_made_long_after_the_sellers_promise(shipped):
    Order.objects.update(received_at=timezone.now() - datetime.timedelta(days=30))
    assert damage_claims.claim_damage(shipped, key(), "里面发霉").status == "open"


def test_a_closed_claim_is_not_settled_again(shipped, seller):
    claim = damage_claims.claim_damage(shipped, key(), "坏了")
    damage_claims.refuse(claim, seller, key(), "没坏")
    with pytest.raises(TransitionNotAllowed):
        damage_claims.settle(claim, seller, key(), 100, False, "")


@pytest.mark.long
def test_settling_with_a_key_of_another_claim_is_refused(shipped, seller):
    first, tap = damage_claims.claim_damage(shipped, key(), "坏了"), key()
    damage_claims.settle(first, seller, tap, 100, False, "")
    second = damage_claims.claim_damage(shipped, key(), "又坏了")
    with pytest.raises(IdempotencyConflict):
        damage_claims.settle(second, seller, tap, 100, False, "")
