"""Ledger rows are append-only, and a month's sum is the sum of its rows."""

import datetime
import random
import threading
import uuid

import pytest
from django.db import connection
from django.db.models import Sum

from shops.exceptions import ActionNotAllowed, IdempotencyConflict
from shops.ledger import entries, reports
from shops.models import LedgerEntry, LedgerMonth
from tests.factories import make_person, make_shop
from tests.shops.ledger.books import DAY, earn, spend

pytestmark = pytest.mark.both_databases

Kind = LedgerEntry.Kind


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


def test_entry_and_its_month(shop, seller):
    entry = earn(shop, 29_90, 2500)
    assert (entry.villager, entry.fen, entry.grams) == (seller, 2990, 2500)
    month = LedgerMonth.objects.get()
    assert (month.month, month.kind, month.fen, month.grams, month.entries) == (
        datetime.date(2026, 11, 1),
        "order",
        2990,
        2500,
        1,
    )


def test_same_key_is_one_row(shop):
    key = uuid.uuid4()
    first, second = earn(shop, key=key), earn(shop, key=key)
    assert first == second
    assert LedgerMonth.objects.get().fen == 2990


def test_key_of_another_shop_is_refused(shop, other_village):
    other = make_shop(make_person("别人"), other_village)
    key = uuid.uuid4()
    earn(other, key=key)
    with pytest.raises(IdempotencyConflict):
        earn(shop, key=key)


def test_correction_takes_back_and_writes_anew(shop, seller):
    wrong = spend(shop, 260_00)
    right = {"kind": Kind.BOXES, "fen": -26_00, "on": DAY}
    counter = entries.correct(wrong, seller, uuid.uuid4(), "多写了一个零", right)
    assert (counter.fen, counter.corrects, counter.on) == (260_00, wrong, DAY)
    assert list(LedgerEntry.objects.order_by("id").values_list("fen", flat=True)) == [-26000, 26000, -2600]
    assert reports.list_months(shop, datetime.date(2026, 11, 1))[-1].net == -2600


def test_correction_sent_twice_is_one(shop, seller):
    wrong, key = spend(shop), uuid.uuid4()
    right = {"kind": Kind.BOXES, "fen": -1, "on": DAY}
    assert entries.correct(wrong, seller, key, "错", right) == entries.correct(
        wrong, seller, key, "错", right
    )
    assert LedgerEntry.objects.count() == 3


def test_second_correction_and_that_of_an_order_are_refused(shop, seller):
    wrong, order = spend(shop), earn(shop)
    entries.correct(wrong, seller, uuid.uuid4(), "错")
    for entry in (wrong, order, LedgerEntry.objects.get(corrects=wrong)):
        with pytest.raises(ActionNotAllowed):
            entries.correct(entry, seller, uuid.uuid4(), "再错")


@pytest.mark.long
def test_months_are_the_sums_of_random_rows(shop, seller, trainee):
    dice = random.Random(20261124)
    for _row in range(200):
        on = datetime.date(2026, dice.randint(1, 12), dice.randint(1, 28))
        kind = dice.choice(list(Kind.values))
        entries.write(
            shop,
            kind,
            dice.randint(-99999, 99999),
            dice.randint(0, 5000),
            on=on,
            villager=dice.choice([seller, trainee]),
        )
    before = set(LedgerMonth.objects.values_list("villager", "month", "kind", "fen", "grams", "entries"))
    assert sum(row[3] for row in before) == LedgerEntry.objects.aggregate(Sum("fen"))["fen__sum"]
    entries.rebuild_months(shop)
    assert (
        set(LedgerMonth.objects.values_list("villager", "month", "kind", "fen", "grams", "entries")) == before
    )


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_many_writers_lose_no_sum(village):
    shop = make_shop(make_person("周梅英"), village)

    def work() -> None:
        try:
            for _row in range(10):
                earn(shop, 100, 500)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    month = LedgerMonth.objects.get()
    assert (month.fen, month.grams, month.entries) == (6000, 30000, 60)
