"""Write the ledger: entries are only added, each together with its month's sum in the same transaction."""

from __future__ import annotations

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from shops.exceptions import ActionNotAllowed, IdempotencyConflict
from shops.models import Claim, LedgerEntry, LedgerMonth, Order, Shop, Supply

Kind = LedgerEntry.Kind
# Kinds that a seller writes by hand; the other kinds are written by orders, lives and deliveries.
BY_HAND_IN = (Kind.OTHER_IN,)
BY_HAND_OUT = (Kind.BOXES, Kind.FREIGHT, Kind.INPUTS, Kind.HELPERS, Kind.OTHER_OUT)
BY_HAND = BY_HAND_IN + BY_HAND_OUT
CORRECTED = gettext_lazy("这一笔已经更正过，或者是订单自己记的，改不了")


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
    corrects: LedgerEntry | None = None,
    page: str = "",
) -> LedgerEntry:
    """Write an entry; a second call with the same key returns the first one.

    `fen` and `grams` are signed: expenses and sold goods that were returned are negative. Raises IdempotencyConflict for
    another shop's key.
    """
    key = key or uuid.uuid4()
    if earlier := find_entry(key, shop):
        return earlier
    entry = LedgerEntry(
        key=key,
        shop=shop,
        villager=villager or shop.owner,
        kind=kind,
        on=on or timezone.localdate(),
        fen=fen,
        grams=grams,
        order=order,
        claim=claim,
        supply=supply,
        corrects=corrects,
        page=page,
        note=note,
        made_by=actor,
    )
    try:
        with transaction.atomic():
            entry.save()
            add_to_month(entry)
    except IntegrityError:
        # The same submit on another connection came first; anything else is a real error.
        if earlier := find_entry(key, shop):
            return earlier
        raise
    return entry


def write_freight(order: Order, fen: int, actor: User, key: uuid.UUID) -> LedgerEntry:
    """Write what the courier charged for an order's parcel, in unsigned fen. Raises IdempotencyConflict."""
    return write(order.shop, Kind.FREIGHT, -fen, order=order, actor=actor, key=key)


def find_freight(order: Order) -> QuerySet[LedgerEntry]:
    """Return the freight entries of this order and their corrections, the oldest first."""
    return LedgerEntry.objects.filter(order=order, kind=Kind.FREIGHT).order_by("id")


def find_entry(key: uuid.UUID, shop: Shop) -> LedgerEntry | None:
    """Return the entry already written under this key; raises IdempotencyConflict if it is another shop's."""
    earlier = LedgerEntry.objects.filter(key=key).first()
    if earlier and earlier.shop_id != shop.pk:
        raise IdempotencyConflict
    return earlier


def has_facts(entry: LedgerEntry, facts: dict) -> bool:
    """Return whether the entry has these facts (arguments of `write`): the same form was sent again, not another one."""
    facts = facts | {"villager": facts["villager"] or entry.shop.owner}
    return all(getattr(entry, name) == value for name, value in facts.items())


def add_to_month(entry: LedgerEntry) -> None:
    """Add the entry to the sum of its month, villager and kind."""
    month = {
        "shop_id": entry.shop_id,
        "villager_id": entry.villager_id,
        "month": entry.on.replace(day=1),
        "kind": entry.kind,
    }
    more = {"fen": F("fen") + entry.fen, "grams": F("grams") + entry.grams, "entries": F("entries") + 1}
    if LedgerMonth.objects.filter(**month).update(**more):
        return
    LedgerMonth.objects.bulk_create([LedgerMonth(**month)], ignore_conflicts=True)
    LedgerMonth.objects.filter(**month).update(**more)


def can_be_corrected(entry: LedgerEntry) -> bool:
    """Return whether the entry was written by hand, is no counter-entry and has none. At most one query."""
    if entry.kind not in BY_HAND or entry.corrects_id:
        return False
    return not LedgerEntry.objects.filter(corrects=entry.pk).exists()


@transaction.atomic
def correct(
    entry: LedgerEntry, actor: User, key: uuid.UUID, note: str, right: dict | None = None
) -> LedgerEntry:
    """Cancel an entry by a counter-entry of the same day; `right` (arguments of `write`) is then written in its place.

    A second call with the same key changes nothing and returns the counter-entry. Raises ActionNotAllowed.
    """
    if earlier := find_entry(key, entry.shop):
        return earlier
    if not can_be_corrected(entry):
        raise ActionNotAllowed(str(CORRECTED))
    try:
        counter = write(
            entry.shop,
            kind=entry.kind,
            fen=-entry.fen,
            grams=-entry.grams,
            on=entry.on,
            villager=entry.villager,
            order=entry.order,
            note=note,
            actor=actor,
            key=key,
            corrects=entry,
        )
    except IntegrityError:  # a simultaneous correction came first
        raise ActionNotAllowed(str(CORRECTED)) from None
    if right:
        # An entry of the same kind stays with its order; one of another kind was no cost of sending it.
        order = entry.order if right["kind"] == entry.kind else None
        write(entry.shop, actor=actor, key=uuid.uuid5(key, "right"), order=order, **right)
    return counter


@transaction.atomic
def rebuild_months(shop: Shop) -> None:
    """Compute a shop's monthly sums again from its entries; the result is the same."""
    LedgerMonth.objects.filter(shop=shop).delete()
    groups = (
        LedgerEntry.objects.filter(shop=shop)
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values("villager", "month", "kind")
        .annotate(fen_sum=Sum("fen"), grams_sum=Sum("grams"), count=Count("id"))
    )
    LedgerMonth.objects.bulk_create(
        LedgerMonth(
            shop=shop,
            villager_id=row["villager"],
            month=row["month"],
            kind=row["kind"],
            fen=row["fen_sum"],
            grams=row["grams_sum"],
            entries=row["count"],
        )
        for row in groups
    )
