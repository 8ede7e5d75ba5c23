"""Record sales made on the platform (keyed in by the seller's helpers), settle oversold units, and record refunds.

A sale is never refused: it is taken from the quota, then from the stock, and the rest is oversold (live.on_air.quota). It is
undone by a row of the opposite sign. Each call is one transaction that locks the live, so that several helpers, the end of
the live and the shop's orders never take the same unit twice. Fen and grams.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from live import locks
from live.exceptions import ActionNotAllowed, LiveNotStarted
from live.labels import count_units
from live.models import LiveRefund, LiveSale, Livestream, RundownItem, Settlement
from live.on_air import host_actions, ledger, lifecycle, quota
from live.on_air.client_events import find_event, write_event
from live.on_air.quota import Split
from shops.exceptions import IdempotencyConflict
from shops.inventory import stock
from shops.models import LedgerEntry, StockMove
from ui import formats

MOST_UNITS, MOST_FEN = 1_000_000, 1_000_000_000
How = Settlement.How


def record_sale(
    item: RundownItem,
    quantity: int,
    by: User | None,
    event_id: uuid.UUID,
    *,
    price_fen: int | None = None,
    happened_at: datetime.datetime | None = None,
) -> LiveSale:
    """Record units sold at one price, by default the current one; the same event id again returns the first row.

    After the end of the live it is booked at once. Raises LiveNotStarted, IdempotencyConflict, or ActionNotAllowed for
    implausible numbers.
    """
    require_plausible(quantity, price_fen)
    item = load_item(item.pk)
    if item.livestream.is_real:
        lifecycle.expire_due_requests([item])
    with transaction.atomic():
        return write_sale(item, quantity, by, event_id, price_fen, happened_at)


def require_plausible(quantity: int, price_fen: int | None) -> None:
    """Raise ActionNotAllowed for a quantity or a price (fen) out of range."""
    if not 1 <= quantity <= MOST_UNITS:
        raise ActionNotAllowed(_("卖了几份？填 1 到一百万之间的整数。"))
    if price_fen is not None and not 1 <= price_fen <= MOST_FEN:
        raise ActionNotAllowed(_("一份多少钱？最少 0.01 元。"))


def load_item(pk: int) -> RundownItem:
    """Return the item as it is now, with all that a sale reads."""
    return RundownItem.objects.select_related("livestream", "product__shop__owner").get(pk=pk)


def write_sale(item, quantity, by, event_id, price_fen, happened_at) -> LiveSale:
    live = locks.lock_live(item.livestream_id)
    if earlier := find_event(LiveSale, event_id, live):
        return earlier
    if live.started_at is None:
        raise LiveNotStarted
    lifecycle.end_if_over(live)
    price = price_fen or host_actions.get_current_price(item)
    if price is None:
        raise ActionNotAllowed(_("“%(name)s”还没有价钱，先填一个。") % {"name": item})
    split = (
        quota.consume(item, quantity, by, event_id) if live.is_real else split_rehearsal_sale(item, quantity)
    )
    facts = split._asdict() | {"item": item, "quantity": quantity, "price_fen": price}
    sale = write_event(LiveSale, live, by, event_id, happened_at, net_grams=get_net_grams(item), **facts)
    finish_row(live, sale, by, has_moved=bool(split.from_stock))
    return sale


def get_net_grams(item: RundownItem) -> int:
    """Return the net grams of one unit; 0 if unknown."""
    return (item.product.net_grams if item.product else item.net_grams) or 0


def split_rehearsal_sale(item: RundownItem, quantity: int) -> Split:
    """Return the split that a real sale would have, without taking anything; overselling can be practised too."""
    gone = item.sales.aggregate(quota=Sum("from_quota"), stock=Sum("from_stock"))
    from_quota = min(quantity, max(0, (item.quota or 0) - (gone["quota"] or 0)))
    rest = quantity - from_quota
    if not item.product and not item.quota:  # typed by hand, without a count
        return Split(0, rest, 0)
    in_stock = item.product.stock - (item.quota or 0) if item.product else 0
    from_stock = min(rest, max(0, in_stock - (gone["stock"] or 0)))
    return Split(from_quota, from_stock, rest - from_stock)


def undo_sale(sale: LiveSale, by: User | None, event_id: uuid.UUID, happened_at=None) -> LiveSale:
    """Undo a sale keyed in by mistake: add a row of the opposite sign and return the units. A second undo returns the first.

    Raises IdempotencyConflict, or ActionNotAllowed for undoing an undo or a sale that was settled or refunded.
    """
    if sale.undoes_id:
        raise ActionNotAllowed(_("这一笔本来就是撤回，撤不了第二次。记错了就再记一笔。"))
    with transaction.atomic():
        live = locks.lock_live(sale.livestream_id)
        earlier = find_event(LiveSale, event_id, live)
        if earlier and earlier.undoes_id != sale.pk:
            raise IdempotencyConflict
        if earlier := earlier or LiveSale.objects.filter(undoes=sale).first():
            return earlier
        lifecycle.end_if_over(live)
        if live.is_over:
            require_unsettled(live, sale)
        return write_undo(live, sale, by, event_id, happened_at)


def require_unsettled(live: Livestream, sale: LiveSale) -> None:
    """Refuse to undo, after the end, a sale on which a settlement or a refund rests."""
    left = ledger.count_remaining(sale.item)
    is_settled = left["owed"] < sale.oversold or left["refundable"] < sale.quantity
    if is_settled or ledger.calculate_income(live) < sale.fen:
        raise ActionNotAllowed(_("这一笔退过款，或者处理过超卖，撤不了。"))


def write_undo(
    live: Livestream, sale: LiveSale, by: User | None, event_id: uuid.UUID, happened_at
) -> LiveSale:
    sale = LiveSale.objects.select_related("item__product__shop__owner").get(pk=sale.pk)
    if live.is_real:
        quota.restore(live, sale, by, event_id)
    names = ("quantity", "from_quota", "from_stock", "oversold")
    facts = {name: -getattr(sale, name) for name in names}
    facts |= {"item": sale.item, "price_fen": sale.price_fen, "net_grams": sale.net_grams, "undoes": sale}
    row = write_event(LiveSale, live, by, event_id, happened_at, **facts)
    finish_row(live, row, by, has_moved=bool(sale.from_stock or sale.from_quota))
    return row


def finish_row(live: Livestream, row: LiveSale, by: User | None, has_moved: bool) -> None:
    """Book a late row, bump the live's version, and last publish the stock."""
    if live.is_real and live.is_over:
        ledger.book_late_sale(live, row, by)
    locks.bump_version(live)
    if live.is_real and has_moved:
        stock.publish_stock()


# --- afterwards: oversold units and refunds ---


@transaction.atomic
def settle_oversold(
    item: RundownItem,
    quantity: int,
    how: str,
    by: User | None,
    event_id: uuid.UUID,
    *,
    fen: int = 0,
    note: str = "",
) -> Settlement:
    """Record what was done about oversold units: sent later (taken from the stock), refunded, or replaced by other goods.

    The same event id again returns the first row. Raises ActionNotAllowed for more than is owed, in stock, or was paid.
    """
    live = locks.lock_live(item.livestream_id)
    if earlier := find_event(Settlement, event_id, live):
        return earlier
    require_real_and_over(live)
    item = RundownItem.objects.select_related("product__shop__owner").get(pk=item.pk)
    most = ledger.count_remaining(item)["owed"]
    if not 1 <= quantity <= most:
        raise ActionNotAllowed(
            _("还没处理的超卖只有 %(count)s。") % {"count": count_units(item, most)}, "quantity"
        )
    entry = pay_back(live, fen, quantity * count_grams_not_sent(item, how), by, event_id)
    if how == How.SENT:
        send_later(item, quantity, by, event_id)
    row = write_event(
        Settlement,
        live,
        by,
        event_id,
        item=item,
        quantity=quantity,
        how=how,
        fen=fen,
        note=note,
        entry=entry,
    )
    locks.bump_version(live)
    if how == How.SENT:
        stock.publish_stock()
    return row


def require_real_and_over(live: Livestream) -> None:
    """Raise ActionNotAllowed unless the live is real and has ended."""
    lifecycle.end_if_over(live)
    if not live.is_real or live.ended_at is None:
        raise ActionNotAllowed(_("下播以后才记得了这个。"))


def count_grams_not_sent(item: RundownItem, how: str) -> int:
    """Return the grams a unit that were booked as sold but not sent."""
    return count_grams_as_sold(item) if how == How.REFUNDED else 0


def count_grams_as_sold(item: RundownItem) -> int:
    """Return the grams a unit of the last sale; the listing may have changed since."""
    rows = item.sales.filter(undoes=None, undone_by=None).order_by("-id")
    return rows.values_list("net_grams", flat=True).first() or 0


def send_later(item: RundownItem, quantity: int, by: User | None, event_id: uuid.UUID) -> None:
    """Take oversold units that are sent later from the stock. Raises ActionNotAllowed if it does not suffice."""
    try:
        stock.take_units(
            product=item.sold_product,
            quantity=quantity,
            reason=StockMove.Reason.LIVE_SOLD,
            actor=by,
            event_id=uuid.uuid5(event_id, "stock"),
        )
    except stock.NotEnough as short:
        facts = {"left": count_units(item, short.stock)}
        sentence = _("库存只有 %(left)s，先把新采的记进库存，再记补发。") % facts
        raise ActionNotAllowed(sentence, "quantity") from short


def pay_back(
    live: Livestream, fen: int, grams: int, by: User | None, event_id: uuid.UUID
) -> LedgerEntry | None:
    """Write a refund to the ledger, of at most what the live has earned."""
    if not fen:
        return None
    if fen > (most := ledger.calculate_income(live)):
        raise ActionNotAllowed(_("这场最多还能退 ¥%(fen)s。") % {"fen": formats.yuan(most)}, "fen")
    return ledger.write_entry(live, LedgerEntry.Kind.REFUND, -fen, -grams, by, uuid.uuid5(event_id, "refund"))


@transaction.atomic
def record_refund(
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
    """Record money that the platform paid back to buyers, known days later.

    `quantity` units of `item` did not stay with their buyers; with `is_back` they return to the stock. The same event id
    again returns the first row. Raises ActionNotAllowed for more than was paid or sold.
    """
    held = locks.lock_live(live.pk)
    if earlier := find_event(LiveRefund, event_id, held):
        return earlier
    require_real_and_over(held)
    if item is not None:
        item = RundownItem.objects.select_related("product").get(pk=item.pk)
        require_refundable(item, quantity)
    grams = quantity * count_grams_as_sold(item) if item else 0
    entry = pay_back(held, fen, grams, by, event_id)
    comes_back = item.product if is_back and quantity and item else None
    if comes_back:
        stock.return_units(
            product=comes_back,
            quantity=quantity,
            reason=StockMove.Reason.BACK,
            actor=by,
            event_id=uuid.uuid5(event_id, "stock"),
        )
    row = write_event(
        LiveRefund,
        held,
        by,
        event_id,
        item=item,
        fen=fen,
        quantity=quantity,
        is_back=comes_back is not None,
        note=note,
        entry=entry,
    )
    locks.bump_version(held)
    if comes_back:
        stock.publish_stock()
    return row


def require_refundable(item: RundownItem, quantity: int) -> None:
    """Raise ActionNotAllowed if more units would be refunded than were sold and kept."""
    if quantity > (most := ledger.count_remaining(item)["refundable"]):
        raise ActionNotAllowed(
            _("这一款最多还有 %(count)s能退。") % {"count": count_units(item, max(0, most))}, "quantity"
        )
