"""Open, change and end presales: products sold before the harvest, with a quota and a day by which they are sent.

消费者权益保护法实施条例 §22: a seller who takes money in advance and does not deliver refunds it with interest; a refund not
made within fifteen days counts as refused. 侵害消费者权益行为处罚办法 §10: number, price, day and remedy are agreed before.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, User
from shops.audit import Verb
from shops.exceptions import IdempotencyConflict
from shops.inventory import stock as stocks
from shops.models import Presale, Product, StockMove
from ui.database.orm import PreparedQuery
from ui.responses import page_cache

# Shown on every presale and stored with it; the days are those of §22. In Chinese, which buyers read.
TERMS = "到这天没发出，您可以退：15 天内退回全部已付的钱，并付利息。愿意等，也可以和卖家商量改期。"
LONGEST = datetime.timedelta(days=366)


class AlreadyOpen(Exception):
    """Raised when the product has a presale that was not ended; only one at a time is allowed."""


class AlreadyEnded(Exception):
    """Raised when the presale has ended and can no longer be changed."""


NOT_ENDED = PreparedQuery(lambda product: Presale.objects.filter(product=product, ended_at__isnull=True), 1)


def find_current(product: Product, day: datetime.date | None = None) -> Presale | None:
    """Return the presale that is running today, even if its quota is used up. One query."""
    for presale in NOT_ENDED.instances(product.pk):  # at most one
        if presale.closes_on >= (day or timezone.localdate()):
            presale.product = product
            return presale
    return None


def find_not_ended(product: Product) -> Presale | None:
    """Return the presale that prevents another: still running, or past its day and not ended by the seller."""
    return product.presales.filter(ended_at__isnull=True).first()


def open_presale(
    product: Product,
    actor: User | None,
    *,
    quota: int,
    closes_on: datetime.date,
    ship_by: datetime.date,
    own_words: str = "",
    key: uuid.UUID | None = None,
) -> Presale:
    """Open a presale with its first StockMove, ending one whose day has passed.

    A second call with the same key returns the first presale. Raises AlreadyOpen, stock.StockLimitExceeded, or
    IdempotencyConflict.
    """
    key = key or uuid.uuid4()
    if made := find_opened(key, product):
        return made
    now = timezone.now()
    try:
        with transaction.atomic():
            over = product.presales.filter(ended_at__isnull=True, closes_on__lt=timezone.localdate())
            over.update(ended_at=now)
            presale = Presale.objects.create(
                product=product,
                quota=quota,
                closes_on=closes_on,
                ship_by=ship_by,
                terms=f"{TERMS}{own_words}",
                made_by=actor,
            )
            stocks.change_presale_quota(presale, quota, actor, key)
            AuditEntry.write(actor, Verb.PRESALE_OPENED, product, product.place, quota=quota)
    except IntegrityError as problem:
        if made := find_opened(key, product):
            return made
        if StockMove.objects.filter(event_id=key).exists():
            raise IdempotencyConflict from problem
        if find_not_ended(product):
            raise AlreadyOpen from problem
        raise
    return presale


def find_opened(key: uuid.UUID, product: Product) -> Presale | None:
    return Presale.objects.filter(moves__event_id=key, product=product).first()


def change_quota(presale: Presale, quota: int, actor: User | None, key: uuid.UUID) -> StockMove:
    """Set the presale's total quota in units.

    Raises AlreadyEnded, stock.NotEnough if more are ordered, or IdempotencyConflict.
    """
    with transaction.atomic():
        # The lock makes the second of two simultaneous changes start from the first one's result.
        now = Presale.objects.select_for_update().get(pk=presale.pk)
        if done := StockMove.objects.filter(event_id=key, presale=presale).first():
            presale.refresh_from_db()
            return done
        if StockMove.objects.filter(event_id=key).exists():
            raise IdempotencyConflict
        if now.ended_at:
            raise AlreadyEnded
        move = stocks.change_presale_quota(now, quota - now.quota, actor, key)
        Presale.objects.filter(pk=now.pk).update(quota=quota)
        AuditEntry.write(actor, Verb.PRESALE_CHANGED, now.product, now.product.place, quota=quota)
    presale.refresh_from_db()
    return move


def end(presale: Presale, actor: User | None) -> bool:
    """End the presale; its orders stay valid. Return whether this call ended it."""
    with transaction.atomic():
        rows = Presale.objects.filter(pk=presale.pk, ended_at__isnull=True)
        ended = bool(rows.update(ended_at=timezone.now()))
        if ended:
            page_cache.invalidate(Presale.stamp_name)
            AuditEntry.write(actor, Verb.PRESALE_ENDED, presale.product, presale.product.place)
    presale.refresh_from_db()
    return ended
