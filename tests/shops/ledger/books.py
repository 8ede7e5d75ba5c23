"""Rows for the ledger's tests, written as the product writes them."""

import datetime
import uuid

from shops.ledger import entries
from shops.models import Batch, LedgerEntry, Shop

Kind = LedgerEntry.Kind
DAY = datetime.date(2026, 11, 20)


def earn(shop: Shop, fen: int = 29_90, grams: int = 2500, on: datetime.date = DAY, **fields) -> LedgerEntry:
    return entries.write(shop, Kind.ORDER, fen, grams, on=on, **fields)


def spend(
    shop: Shop, fen: int = 260_00, kind: str = Kind.BOXES, on: datetime.date = DAY, **fields
) -> LedgerEntry:
    return entries.write(shop, kind, -fen, on=on, **fields)


def make_batch(shop: Shop, **fields) -> Batch:
    from tests.factories import make_category

    fields = {"name": "冰糖橙", "origin": "石榴冲村", "plot": "屋后坡", "grower_name": "周梅英"} | fields
    fields = {"harvested_on": DAY, "grams": 1_000_000, "category": make_category()} | fields
    return Batch.objects.create(shop=shop, **fields)


def form_of_supply(**fields) -> dict:
    first = {
        "name": "向远明",
        "address": "石榴冲村三组",
        "contact": "13800001234",
        "grams": "120",
        "fen_per_jin": "2.35",
    }
    return first | {"on": "2026-11-20", "key": str(uuid.uuid4())} | fields
