"""Deliveries (收果结算): the weights of a batch, and what is due to each farmer."""

import uuid

import pytest

from shops.ledger import deliveries
from shops.models import LedgerEntry, Supply
from tests.factories import make_shop
from tests.shops.ledger.books import form_of_supply, make_batch


@pytest.fixture
def batch(seller, village):
    return make_batch(make_shop(seller, village), grams=100_000)


def url(batch) -> str:
    return f"/me/shop/supplies/batches/{batch.pk}/"


@pytest.mark.parametrize(
    ("grams", "per_jin", "due"), [(60_000, 235, 28_200), (500, 235, 235), (250, 235, 118), (1, 1, 0)]
)
def test_due_is_exact_to_the_fen(grams, per_jin, due):
    assert deliveries.calculate_due_fen(grams, per_jin) == due


def test_delivery_and_what_is_due(client, seller, batch, trainee):
    client.force_login(seller)
    form = form_of_supply(name=trainee.name, contact=str(trainee.phone))
    for _tap in range(2):
        assert client.post(url(batch), form).status_code == 302
    supply = Supply.objects.get()
    assert (supply.grams, supply.fen_per_jin, supply.due_fen, supply.villager) == (
        60_000,
        235,
        28_200,
        trainee,
    )
    [due] = client.get("/me/shop/supplies/").context["dues"]
    assert (due.name, due.grams, due.due_fen, due.left_fen, due.times) == (
        trainee.name,
        60_000,
        28_200,
        28_200,
        1,
    )


def test_more_than_the_batch_weighs_is_told(client, seller, batch):
    client.force_login(seller)
    client.post(url(batch), form_of_supply(grams="120"))
    response = client.post(url(batch), form_of_supply(grams="81"))
    assert list(response.context["form"].errors) == ["grams"]
    assert client.post(url(batch), form_of_supply(grams="80")).status_code == 302


def test_paid_once_and_in_the_ledger(client, seller, batch):
    client.force_login(seller)
    client.post(url(batch), form_of_supply())
    supply = Supply.objects.get()
    for _tap in range(2):
        client.post(f"/me/shop/supplies/{supply.pk}/pay/")
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.fen, entry.supply, entry.note) == ("supply", -28_200, supply, "向远明")
    [due] = deliveries.list_dues(batch.shop)
    assert (due.paid_fen, due.left_fen) == (28_200, 0)
    client.post(f"/me/shop/supplies/{supply.pk}/cancel/", {"reason": "记错了"})
    supply.refresh_from_db()
    assert supply.cancelled_at is None


def test_cancelled_counts_no_more(client, seller, batch):
    client.force_login(seller)
    client.post(url(batch), form_of_supply())
    supply = Supply.objects.get()
    client.post(f"/me/shop/supplies/{supply.pk}/cancel/", {"reason": "记错了"})
    assert deliveries.list_dues(batch.shop) == []
    client.post(f"/me/shop/supplies/{supply.pk}/pay/")
    assert LedgerEntry.objects.count() == 0
    assert client.post(url(batch), form_of_supply(grams="200")).status_code == 302


def test_others_find_nothing(client, stranger, seller, batch):
    deliveries.record_delivery(
        batch,
        seller,
        uuid.uuid4(),
        name="a",
        address="b",
        contact="1",
        grams=1,
        fen_per_jin=1,
        on="2026-11-20",
    )
    client.force_login(stranger)
    pk = Supply.objects.get().pk
    for address in (
        url(batch),
        f"/me/shop/supplies/{pk}/pay/",
        f"/me/shop/supplies/{pk}/cancel/",
        "/me/shop/supplies/",
    ):
        assert client.get(address).status_code == 404
