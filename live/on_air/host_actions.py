"""What the host does during a live besides selling: feature an item, run flash prices, correct what was said wrongly.

The featured item is the one the host is showing; sellers call it 上桌 ("on the table"), and each change is a row of the model
Pin. A flash price, in fen, holds for some minutes by the server's clock.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from live import locks
from live.exceptions import ActionNotAllowed
from live.models import FlashPrice, Livestream, Pin, RundownItem, Slip
from live.on_air import snapshots
from live.on_air.client_events import find_event, write_event
from ui import formats

MINUTES = (5, 10, 30)


def find_running_flash_prices(now: datetime.datetime | None = None) -> QuerySet[FlashPrice]:
    """Return the flash prices that hold now, the newest first: of several for an item the newest counts."""
    now = now or timezone.now()
    rows = FlashPrice.objects.filter(received_at__lte=now, until__gt=now, stopped_at__isnull=True)
    return rows.order_by("-id")


def get_current_price(item: RundownItem, now: datetime.datetime | None = None) -> int | None:
    """Return what a unit costs now. One query, and the product's."""
    flash = find_running_flash_prices(now).filter(item=item).values_list("price_fen", flat=True).first()
    return flash if flash is not None else item.unit_price_fen


@transaction.atomic
def start_flash_price(
    item: RundownItem, price_fen: int, minutes: int, by: User | None, event_id: uuid.UUID
) -> FlashPrice:
    """Start a flash price; the same event id again returns the first row.

    Raises ActionNotAllowed if the live is not on, or if the price is not below the usual one: what is called a special
    price must be one (明码标价和禁止价格欺诈规定 §19).
    """
    live = locks.lock_live(item.livestream_id)
    if earlier := find_event(FlashPrice, event_id, live):
        return earlier
    if not live.is_on:
        raise ActionNotAllowed(_("这场没有在播，限时价开不了。"))
    usual = item.unit_price_fen
    if usual is not None and price_fen >= usual:
        raise ActionNotAllowed(_("限时价要比现在的 ¥%(price)s 低。") % {"price": formats.yuan(usual)})
    until = timezone.now() + datetime.timedelta(minutes=minutes)
    row = write_event(FlashPrice, live, by, event_id, item=item, price_fen=price_fen, until=until)
    snapshots.take_snapshots(live, item.pk)
    locks.bump_version(live)
    return row


@transaction.atomic
def stop_flash_price(item: RundownItem) -> bool:
    """Stop the flash prices of an item; return whether any was running."""
    live = locks.lock_live(item.livestream_id)
    if stopped := find_running_flash_prices().filter(item=item).order_by().update(stopped_at=timezone.now()):
        locks.bump_version(live)
    return bool(stopped)


@transaction.atomic
def feature_item(
    item: RundownItem, by: User | None, event_id: uuid.UUID, happened_at: datetime.datetime | None = None
) -> Pin:
    """Feature an item from `happened_at` on; the same event id again returns the first row.

    A late event takes its place in the log and changes the featured item only if none was featured since.
    Raises LiveNotStarted or IdempotencyConflict.
    """
    live = locks.lock_live(item.livestream_id)
    if earlier := find_event(Pin, event_id, live):
        return earlier
    row = write_event(Pin, live, by, event_id, happened_at, item=item)
    if live.is_on:
        snapshots.take_snapshots(live, item.pk)
    locks.bump_version(live)
    return row


def find_featured_item_id(live: Livestream | int) -> int | None:
    """Return the id of the featured item. One query."""
    newest = Pin.objects.filter(livestream=live).order_by("-happened_at", "-id")
    return newest.values_list("item", flat=True).first()


@transaction.atomic
def record_correction(
    live: Livestream,
    said: str,
    right: str,
    by: User | None,
    event_id: uuid.UUID,
    *,
    item: RundownItem | None = None,
    happened_at: datetime.datetime | None = None,
) -> Slip:
    """Record a correction (直播电商监督管理办法 §31); the same event id again returns the first row.

    Raises LiveNotStarted or IdempotencyConflict.
    """
    held = locks.lock_live(live.pk)
    if earlier := find_event(Slip, event_id, held):
        return earlier
    row = write_event(Slip, held, by, event_id, happened_at, item=item, said=said, right=right)
    locks.bump_version(held)
    return row
