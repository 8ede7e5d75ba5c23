"""Events about a live that were recorded offline and come through the outbox: sales, undos, featured items, corrections.

A handler gets one person's events as a set and returns {event id: why it was rejected, "" if it was applied}. It runs inside
the outbox's transaction, one batch of a person at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from accounts.models import User
from live import locks
from live.event_descriptions import NO_ITEM, NO_LIVE, NO_SALE, NOT_BEGUN, REFUSED
from live.exceptions import ActionNotAllowed, LiveNotStarted
from live.models import LiveSale, Livestream, RundownItem
from live.on_air.forms import MAX_CORRECTION_LENGTH
from live.on_air.host_actions import feature_item, record_correction
from live.on_air.sales import MOST_FEN, MOST_UNITS, record_sale, undo_sale
from outbox.protocol import BROKEN, SAME_ID, Incoming
from shops.exceptions import IdempotencyConflict
from shops.models import Product
from ui.text import tidy

BIGGEST = 2**63

Rejections = dict[UUID, str]


def parse_positive(value: object, most: int = BIGGEST - 1) -> int | None:
    """Return an integer from 1 to `most`, else None; True is no number."""
    return value if type(value) is int and 1 <= value <= most else None


def lock_lives(user: User, events: Iterable[Incoming]) -> dict[int, Livestream]:
    """Lock the lives that the events name and this person runs, and return them by id.

    In the order of their ids, so that two phones never deadlock. One query, and one a live.
    """
    named = {pk for event in events if (pk := parse_positive(event.body.get("live")))}
    mine = Livestream.objects.of(user).filter(pk__in=named).order_by().values_list("pk", flat=True)
    return {pk: locks.lock_live(pk) for pk in sorted(set(mine))}


def lock_items(lives: Iterable[int], events: Iterable[Incoming]) -> dict[int, RundownItem]:
    """Return the items that the events name by id, with their products locked in the order of their ids."""
    named = {pk for event in events if (pk := parse_positive(event.body.get("item")))}
    found = RundownItem.objects.filter(pk__in=named, livestream__in=list(lives)).select_related("product")
    items = {item.pk: item for item in found}
    products = {item.product_id for item in items.values() if item.product_id}
    list(Product.objects.select_for_update().filter(pk__in=products).order_by("pk").values_list("pk"))
    return items


def find_item(
    event: Incoming, lives: dict[int, Livestream], items: dict[int, RundownItem]
) -> RundownItem | str:
    """Return the item that an event names, or the reason for its rejection."""
    live, item = parse_positive(event.body.get("live")), parse_positive(event.body.get("item"))
    if live is None or item is None:
        return BROKEN
    if live not in lives:
        return NO_LIVE
    found = items.get(item)
    return found if found and found.livestream_id == live else NO_ITEM


def apply_event(work: Callable[[], object]) -> str:
    """Return "" if the work was done, else the reason for the rejection."""
    try:
        work()
    except LiveNotStarted:
        return NOT_BEGUN
    except IdempotencyConflict:
        return SAME_ID
    except ActionNotAllowed:
        return REFUSED
    return ""


def sort_by_time(events: list[Incoming]) -> list[Incoming]:
    return sorted(events, key=lambda event: (event.at, str(event.id)))


def apply_pins(user: User, events: list[Incoming]) -> Rejections:
    """Apply {"live": pk, "item": pk}: this item is featured from the event's time on."""
    lives = lock_lives(user, events)
    items = lock_items(lives, events)
    return {
        event.id: apply_pin(user, event, find_item(event, lives, items)) for event in sort_by_time(events)
    }


def apply_pin(user: User, event: Incoming, item) -> str:
    if isinstance(item, str):
        return item
    return apply_event(lambda: feature_item(item, user, event.id, event.at))


def apply_slips(user: User, events: list[Incoming]) -> Rejections:
    """Apply {"live": pk, "item": pk or null, "said": "…", "right": "…"}: a spoken mistake and its correction."""
    lives = lock_lives(user, events)
    items = lock_items(lives, events)
    return {event.id: apply_slip(user, event, lives, items) for event in sort_by_time(events)}


def apply_slip(user: User, event: Incoming, lives: dict, items: dict) -> str:
    said, right = parse_text(event, "said"), parse_text(event, "right")
    live = parse_positive(event.body.get("live"))
    if live is None or not said or not right:
        return BROKEN
    if live not in lives:
        return NO_LIVE
    item = None if event.body.get("item") is None else find_item(event, lives, items)
    if isinstance(item, str):
        return item
    record = partial(record_correction, lives[live], said, right, user, event.id)
    return apply_event(lambda: record(item=item, happened_at=event.at))


def parse_text(event: Incoming, name: str) -> str:
    """Return a text of the event, tidied; "" if there is none or it is too long."""
    value = event.body.get(name)
    text = tidy(value) if isinstance(value, str) else ""
    return text if len(text) <= MAX_CORRECTION_LENGTH else ""


def apply_sales(user: User, events: list[Incoming]) -> Rejections:
    """Apply {"live": pk, "item": pk, "quantity": 2, "price_fen": 2990}: a sale, never rejected for a shortage.

    A few queries for each: few people enter the sales of a live, one at a time.
    """
    lives = lock_lives(user, events)
    items = lock_items(lives, events)
    return {
        event.id: apply_sale(user, event, find_item(event, lives, items)) for event in sort_by_time(events)
    }


def apply_sale(user: User, event: Incoming, item) -> str:
    if isinstance(item, str):
        return item
    quantity = parse_positive(event.body.get("quantity"), MOST_UNITS)
    price = parse_positive(event.body.get("price_fen"), MOST_FEN)
    if quantity is None or (price is None and event.body.get("price_fen") is not None):
        return BROKEN
    record = partial(record_sale, item, quantity, user, event.id)
    return apply_event(lambda: record(price_fen=price, happened_at=event.at))


def apply_undos(user: User, events: list[Incoming]) -> Rejections:
    """Apply {"live": pk, "sale": event id of the sale}: the sale is undone."""
    lives = lock_lives(user, events)
    named = {event.id: parse_sale_id(event) for event in events}
    found = LiveSale.objects.filter(
        event_id__in=[id for id in named.values() if id], livestream__in=list(lives)
    )
    sales = {sale.event_id: sale for sale in found}
    return {event.id: apply_undo(user, event, lives, named, sales) for event in sort_by_time(events)}


def apply_undo(user: User, event: Incoming, lives: dict, named: dict, sales: dict) -> str:
    live = parse_positive(event.body.get("live"))
    if live is None or named[event.id] is None:
        return BROKEN
    if live not in lives:
        return NO_LIVE
    sale = sales.get(named[event.id])
    if sale is None or sale.livestream_id != live:
        return NO_SALE
    return apply_event(lambda: undo_sale(sale, user, event.id, event.at))


def parse_sale_id(event: Incoming) -> UUID | None:
    value = event.body.get("sale")
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
