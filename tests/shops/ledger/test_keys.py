"""A form sent again is one row; another one written on the same page is not lost, and another person's key does no harm."""

import re
import threading
import uuid

import pytest
from django.db import connection

from shops.exceptions import ActionNotAllowed
from shops.ledger import entries
from shops.ledger.forms import ONE_MORE
from shops.models import LedgerEntry, Supply
from tests.factories import make_shop
from tests.shops.ledger.books import form_of_supply, make_batch, spend

pytestmark = pytest.mark.both_databases

NEW = "/me/shop/ledger/new/"


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


@pytest.fixture
def client(client, seller):
    client.force_login(seller)
    return client


def cost(**fields) -> dict:
    first = {"kind": "boxes", "fen": "260", "on": "2026-11-20", "note": "", "key": str(uuid.uuid4())}
    return first | fields


def key_on(response) -> str:
    return re.search('name="key" value="([^"]+)"', response.content.decode())[1]


def test_another_cost_on_a_page_gone_back_to_is_asked_about_and_then_written(client, shop):
    first = cost()
    assert [client.post(NEW, first).status_code for _tap in range(2)] == [302, 302]
    answer = client.post(NEW, first | {"fen": "41"})
    assert str(ONE_MORE) in answer.content.decode()
    assert key_on(answer) != first["key"]
    assert client.post(NEW, first | {"fen": "41", "key": key_on(answer)}).status_code == 302
    assert sorted(LedgerEntry.objects.values_list("fen", flat=True)) == [-260_00, -41_00]


def test_the_key_of_another_shops_row_is_no_key_here(client, shop, seller, other_village):
    theirs = spend(make_shop(seller, other_village))
    answer = client.post(f"{NEW}?shop={shop.pk}", cost(key=str(theirs.key)))
    assert (answer.status_code, shop.entries.count()) == (200, 0)
    assert client.post(f"{NEW}?shop={shop.pk}", cost(key=key_on(answer))).status_code == 302
    mine = shop.entries.get()
    sent = cost(key=str(theirs.key), why="数目错了", fen="26")
    assert client.post(f"/me/shop/ledger/{mine.pk}/", sent).status_code == 200
    assert shop.entries.count() == 1


@pytest.mark.long
def test_another_delivery_on_a_page_gone_back_to_is_not_lost(client, shop):
    batch = make_batch(shop)
    url, first = f"/me/shop/supplies/batches/{batch.pk}/", form_of_supply()
    assert [client.post(url, first).status_code for _tap in range(2)] == [302, 302]
    answer = client.post(url, first | {"name": "田巧云", "grams": "80"})
    assert str(ONE_MORE) in answer.content.decode()
    client.post(url, first | {"name": "田巧云", "grams": "80", "key": key_on(answer)})
    assert sorted(Supply.objects.values_list("name", "grams")) == [("向远明", 60_000), ("田巧云", 40_000)]


def test_the_key_of_another_shops_delivery_is_no_key_here(client, shop, seller, other_village):
    theirs, mine = make_batch(make_shop(seller, other_village)), make_batch(shop)
    first = form_of_supply()
    client.post(f"/me/shop/supplies/batches/{theirs.pk}/", first)
    answer = client.post(f"/me/shop/supplies/batches/{mine.pk}/", first)
    assert (answer.status_code, mine.supplies.count()) == (200, 0)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_told(shop, seller):
    entry, told, start = spend(shop), [], threading.Barrier(2)

    def run() -> None:
        start.wait(20)
        try:
            entries.correct(entry, seller, uuid.uuid4(), "写错了")
            told.append("done")
        except ActionNotAllowed as problem:
            told.append(str(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == sorted(["done", str(entries.CORRECTED)])
    assert LedgerEntry.objects.filter(corrects=entry).count() == 1
