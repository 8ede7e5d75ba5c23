"""Writing the ledger: one row and the month's sum in the caller's transaction."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from shops.models import Claim, LedgerEntry, LedgerMonth, Order, Shop, Supply


@transaction.atomic
def write(
    shop: Shop,
    kind: str,
    fen: int,
    grams: int = 0,
    on: datetime.date | None = None,
    villager: User | None = None,
    order: Order | None = None,
    claim: Claim | None = None,
    supply: Supply | None = None,
    note: str = "",
    actor: User | None = None,
    key: uuid.UUID | None = None,
) -> LedgerEntry:
    """Fen and grams, signed. The same key twice is the first row."""
    if key and (earlier := LedgerEntry.objects.filter(key=key).first()):
        return earlier
    on = on or timezone.localdate()
    entry = LedgerEntry.objects.create(
        key=key or uuid.uuid4(),
        shop=shop,
        villager=villager or shop.owner,
        kind=kind,
        on=on,
        fen=fen,
        grams=grams,
        order=order,
        claim=claim,
        supply=supply,
        note=note,
        made_by=actor,
    )
    month = {"shop": shop, "villager": entry.villager, "month": on.replace(day=1), "kind": kind}
    LedgerMonth.objects.bulk_create([LedgerMonth(**month)], ignore_conflicts=True)
    LedgerMonth.objects.filter(**month).update(
        fen=F("fen") + fen, grams=F("grams") + grams, entries=F("entries") + 1
    )
    return entry
