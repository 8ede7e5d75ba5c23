"""Record what farmers delivered for a batch, and settle it: what each is due and has been paid. Grams and fen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from shops.exceptions import ActionNotAllowed, IdempotencyConflict
from shops.ledger import entries
from shops.models import GRAMS_PER_JIN, Batch, LedgerEntry, Shop, Supply


@dataclass(frozen=True)
class Due:
    """Hold what one farmer delivered (grams), is due and has been paid (fen), over all deliveries not cancelled."""

    name: str
    address: str
    villager_id: int | None
    times: int
    grams: int
    due_fen: int
    paid_fen: int

    @property
    def left_fen(self) -> int:
        return self.due_fen - self.paid_fen


def calculate_due_fen(grams: int, fen_per_jin: int) -> int:
    """Return the fen due for this weight at a price per 斤 of 500 g; half a fen is rounded up."""
    return (2 * grams * fen_per_jin + GRAMS_PER_JIN) // (2 * GRAMS_PER_JIN)


def record_delivery(batch: Batch, actor: User, key: uuid.UUID, **facts) -> Supply:
    """Record a delivery; a second call with the same key returns the first one.

    Raises ActionNotAllowed if more would be delivered than the batch weighs, and IdempotencyConflict.
    """
    if earlier := find_delivery(key, batch, facts):
        return earlier
    try:
        with transaction.atomic():
            # The lock makes the second of two simultaneous calls count the first one's weight.
            Batch.objects.select_for_update().get(pk=batch.pk)
            brought = (
                exclude_cancelled(Supply.objects.filter(batch=batch)).aggregate(Sum("grams"))["grams__sum"]
                or 0
            )
            if brought + facts["grams"] > batch.grams:
                raise ActionNotAllowed(_("比这一批的总重还多，看看斤数，或者先改批次的总重"))
            due = calculate_due_fen(facts["grams"], facts["fen_per_jin"])
            return Supply.objects.create(batch=batch, key=key, made_by=actor, due_fen=due, **facts)
    except IntegrityError:
        if earlier := find_delivery(key, batch, facts):
            return earlier
        raise


def find_delivery(key: uuid.UUID, batch: Batch, facts: dict) -> Supply | None:
    """Return the delivery already recorded under this key; raises IdempotencyConflict if its facts differ."""
    earlier = Supply.objects.filter(key=key).first()
    same = earlier and earlier.batch_id == batch.pk
    if earlier and not (same and all(getattr(earlier, name) == value for name, value in facts.items())):
        raise IdempotencyConflict
    return earlier


def exclude_cancelled(rows):
    return rows.filter(cancelled_at__isnull=True)


@transaction.atomic
def pay_delivery(supply: Supply, actor: User, key: uuid.UUID) -> LedgerEntry:
    """Pay one delivery in full and write it to the ledger; a second call returns the first entry.

    Raises ActionNotAllowed for a cancelled delivery.
    """
    now = Supply.objects.select_for_update().select_related("batch__shop__owner").get(pk=supply.pk)
    if now.cancelled_at:
        raise ActionNotAllowed(_("这一笔已经作废，不用付"))
    if earlier := now.entries.first():
        return earlier
    shop = now.batch.shop
    return entries.write(
        shop, LedgerEntry.Kind.SUPPLY, -now.due_fen, supply=now, note=now.name, actor=actor, key=key
    )


def cancel_delivery(supply: Supply, reason: str) -> None:
    """Cancel a delivery that was recorded by mistake. Raises ActionNotAllowed if it has been paid."""
    with transaction.atomic():
        now = Supply.objects.select_for_update().get(pk=supply.pk)
        if now.entries.exists():
            raise ActionNotAllowed(_("钱已经付了，作废不了"))
        Supply.objects.filter(pk=now.pk, cancelled_at__isnull=True).update(
            cancelled_at=timezone.now(), cancelled_reason=reason
        )


def list_dues(shop: Shop, batch: Batch | None = None) -> list[Due]:
    """List what each farmer is due, the largest unpaid sum first. Two queries."""
    rows = exclude_cancelled(Supply.objects.filter(batch__shop=shop))
    if batch:
        rows = rows.filter(batch=batch)
    who = ("name", "address", "villager")
    paid = {
        tuple(row[name] for name in who): row["fen"]
        for row in rows.filter(entries__isnull=False).order_by().values(*who).annotate(fen=Sum("due_fen"))
    }
    sums = (
        rows.order_by().values(*who).annotate(times=Count("id"), grams_sum=Sum("grams"), due=Sum("due_fen"))
    )
    found = [
        Due(
            row["name"],
            row["address"],
            row["villager"],
            row["times"],
            row["grams_sum"],
            row["due"],
            paid.get(tuple(row[name] for name in who), 0),
        )
        for row in sums
    ]
    return sorted(found, key=lambda one: (-one.left_fen, one.name))
