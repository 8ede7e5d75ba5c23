"""{"live": pk, "item": pk, "quantity": 2, "price_fen": 2990}: a sale; {"live": pk, "sale": event id}: its undoing."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from accounts.models import User
from live import selling
from live.models import LiveSale
from live.receiving.known import Reasons, in_time, item_of, items_of, lives_of, tried, whole
from live.receiving.reasons import NO_LIVE, NO_SALE
from outbox.incoming import BROKEN, Incoming


def live_sale(user: User, events: list[Incoming]) -> Reasons:
    """Some statements for each; a live is keyed in by few people, a tap at a time. Never refused for want of stock, and after
    the end booked at once."""
    lives = lives_of(user, events)
    items = items_of(lives, events)
    return {event.id: sold(user, event, item_of(event, lives, items)) for event in in_time(events)}


def sold(user: User, event: Incoming, item) -> str:
    if isinstance(item, str):
        return item
    quantity = whole(event.body.get("quantity"), selling.MOST_UNITS)
    price = whole(event.body.get("price_fen"), selling.MOST_FEN)
    if quantity is None or (price is None and event.body.get("price_fen") is not None):
        return BROKEN
    sell = partial(selling.sell, item, quantity, user, event.id)
    return tried(lambda: sell(price_fen=price, happened_at=event.at))


def live_undo(user: User, events: list[Incoming]) -> Reasons:
    lives = lives_of(user, events)
    named = {event.id: sale_id(event) for event in events}
    found = LiveSale.objects.filter(
        event_id__in=[id for id in named.values() if id], livestream__in=list(lives)
    )
    sales = {sale.event_id: sale for sale in found}
    return {event.id: undone(user, event, lives, named, sales) for event in in_time(events)}


def undone(user: User, event: Incoming, lives: dict, named: dict, sales: dict) -> str:
    live = whole(event.body.get("live"))
    if live is None or named[event.id] is None:
        return BROKEN
    if live not in lives:
        return NO_LIVE
    sale = sales.get(named[event.id])
    if sale is None or sale.livestream_id != live:
        return NO_SALE
    return tried(lambda: selling.undo(sale, user, event.id, event.at))


def sale_id(event: Incoming) -> UUID | None:
    said = event.body.get("sale")
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None
