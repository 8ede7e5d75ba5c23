"""Making good what was oversold, and what a platform pays back to buyers days later. Fen and grams."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from live import booking, ending, locks, quota, tally
from live.exceptions import ActionNotAllowed
from live.labels import count_units
from live.models import LiveRefund, Livestream, RundownItem, Settlement
from live.telling import tell, told_before
from shops.models import LedgerEntry, Product, StockMove
from ui import amounts, stamps

How = Settlement.How


@transaction.atomic
def settle(
    item: RundownItem,
    quantity: int,
    how: str,
    by: User | None,
    event_id: uuid.UUID,
    *,
    fen: int = 0,
    note: str = "",
) -> Settlement:
    """So many of the oversold units: sent after all (then they leave the shelf), paid back, or other goods in their place.
    May be sent again. Raises ActionNotAllowed for more than is owed, than is there, or than was paid."""
    live = locks.lock_live(item.livestream_id)
    if earlier := told_before(Settlement, event_id, live):
        return earlier
    real_and_over(live)
    item = RundownItem.objects.select_related("product__shop__owner").get(pk=item.pk)
    most = tally.left_over(item)["owed"]
    if not 1 <= quantity <= most:
        raise ActionNotAllowed(
            _("还没处理的超卖只有 %(count)s。") % {"count": count_units(item, most)}, "quantity"
        )
    entry = paid_back(live, fen, quantity * weight_gone(item, how), by, event_id)
    if how == How.SENT:
        send(item, quantity, by, event_id)
    facts = {"item": item, "quantity": quantity, "how": how, "fen": fen, "note": note, "entry": entry}
    row = tell(Settlement, live, by, event_id, **facts)
    locks.bump_version(live)
    if how == How.SENT:
        stamps.bump(Product.stamp_name)
    return row


def real_and_over(live: Livestream) -> None:
    ending.end_if_over(live)
    if not live.is_real or live.ended_at is None:
        raise ActionNotAllowed(_("下播以后才记得了这个。"))


def weight_gone(item: RundownItem, how: str) -> int:
    """Grams a unit that were booked as sold and did not leave."""
    return weight_sold(item) if how == How.REFUNDED else 0


def weight_sold(item: RundownItem) -> int:
    """Grams a unit as it was sold last: the listing may say something else by now."""
    rows = item.sales.filter(undoes=None, undone_by=None).order_by("-id")
    return rows.values_list("net_grams", flat=True).first() or 0


def send(item: RundownItem, quantity: int, by: User | None, event_id: uuid.UUID) -> None:
    rows = Product.objects.filter(pk=item.product_id)
    if not quota.enough(rows, "stock", quantity).update(stock=F("stock") - quantity):
        left = rows.values_list("stock", flat=True).get()
        facts = {"left": count_units(item, left)}
        raise ActionNotAllowed(_("库存只有 %(left)s，先把新采的记进库存，再记补发。") % facts, "quantity")
    event = uuid.uuid5(event_id, "stock")
    quota.move_stock(item.product, -quantity, StockMove.Reason.LIVE_SOLD, by, event)


def paid_back(
    live: Livestream, fen: int, grams: int, by: User | None, event_id: uuid.UUID
) -> LedgerEntry | None:
    """Out of the books; never more than this live brought in."""
    if not fen:
        return None
    if fen > (most := tally.income(live)):
        raise ActionNotAllowed(_("这场最多还能退 ¥%(fen)s。") % {"fen": amounts.yuan(most)}, "fen")
    return booking.write(live, LedgerEntry.Kind.REFUND, -fen, -grams, by, uuid.uuid5(event_id, "refund"))


@transaction.atomic
def refund(
    live: Livestream,
    fen: int,
    by: User | None,
    event_id: uuid.UUID,
    *,
    item: RundownItem | None = None,
    quantity: int = 0,
    is_back: bool = False,
    note: str = "",
) -> LiveRefund:
    """Money that the platform gave back; `quantity` units of `item` did not stay with their buyers, and with `is_back` they
    are on the shelf again. May be sent again. Raises ActionNotAllowed for more than was paid or sold."""
    held = locks.lock_live(live.pk)
    if earlier := told_before(LiveRefund, event_id, held):
        return earlier
    real_and_over(held)
    if item is not None:
        item = RundownItem.objects.select_related("product").get(pk=item.pk)
        not_more_than_sold(item, quantity)
    grams = quantity * weight_sold(item) if item else 0
    entry = paid_back(held, fen, grams, by, event_id)
    comes_back = bool(is_back and quantity and item and item.product_id)
    if comes_back:
        event = uuid.uuid5(event_id, "stock")
        quota.put_on_shelf(item.product, quantity, StockMove.Reason.BACK, by, event)
    facts = {
        "item": item,
        "fen": fen,
        "quantity": quantity,
        "is_back": comes_back,
        "note": note,
        "entry": entry,
    }
    row = tell(LiveRefund, held, by, event_id, **facts)
    locks.bump_version(held)
    if comes_back:
        stamps.bump(Product.stamp_name)
    return row


def not_more_than_sold(item: RundownItem, quantity: int) -> None:
    if quantity > (most := tally.left_over(item)["refundable"]):
        raise ActionNotAllowed(
            _("这一款最多还有 %(count)s能退。") % {"count": count_units(item, max(0, most))}, "quantity"
        )
