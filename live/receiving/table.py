"""{"live": pk, "item": pk}: this item is on the table; {"live": pk, "item": pk or null, "said": "…", "right": "…"}: a slip
of the tongue, put right."""

from __future__ import annotations

from accounts.models import User
from live import pinning, slips
from live.models import Slip
from live.receiving.known import Reasons, in_time, item_of, items_of, lives_of, tried, whole
from live.receiving.reasons import NO_LIVE
from outbox.incoming import BROKEN, Incoming
from ui.cleaning import tidy

LONGEST = Slip._meta.get_field("said").max_length


def live_pin(user: User, events: list[Incoming]) -> Reasons:
    lives = lives_of(user, events)
    items = items_of(lives, events)
    return {event.id: pinned(user, event, item_of(event, lives, items)) for event in in_time(events)}


def pinned(user: User, event: Incoming, item) -> str:
    return item if isinstance(item, str) else tried(lambda: pinning.pin(item, user, event.id, event.at))


def live_slip(user: User, events: list[Incoming]) -> Reasons:
    lives = lives_of(user, events)
    items = items_of(lives, events)
    return {event.id: noted(user, event, lives, items) for event in in_time(events)}


def noted(user: User, event: Incoming, lives: dict, items: dict) -> str:
    said, right = text(event, "said"), text(event, "right")
    live = whole(event.body.get("live"))
    if live is None or not said or not right:
        return BROKEN
    if live not in lives:
        return NO_LIVE
    item = None if event.body.get("item") is None else item_of(event, lives, items)
    if isinstance(item, str):
        return item
    about = {"item": item, "happened_at": event.at}
    return tried(lambda: slips.note(lives[live], said, right, user, event.id, **about))


def text(event: Incoming, name: str) -> str:
    """Empty where there is none, or too much of it."""
    said = event.body.get(name)
    said = tidy(said) if isinstance(said, str) else ""
    return said if len(said) <= LONGEST else ""
