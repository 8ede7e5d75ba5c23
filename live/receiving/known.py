"""What the events of a batch name: the lives that their sender runs, and the items in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from accounts.models import User
from live import locks
from live.exceptions import ActionNotAllowed, IdempotencyConflict, LiveNotStarted
from live.models import Livestream, RundownItem
from live.receiving.reasons import NO_ITEM, NO_LIVE, NOT_BEGUN, REFUSED
from outbox.incoming import BROKEN, SAME_ID, Incoming
from shops.models import Product

BIGGEST = 2**63


def whole(value: object, most: int = BIGGEST - 1) -> int | None:
    """A whole number from 1 up; True is none."""
    return value if type(value) is int and 1 <= value <= most else None


def lives_of(user: User, events: Iterable[Incoming]) -> dict[int, Livestream]:
    """Those named that this person runs, by id, and held from here on: in the order of their ids, so that two phones
    never wait for each other. One query, and one a live."""
    named = {pk for event in events if (pk := whole(event.body.get("live")))}
    mine = Livestream.objects.of(user).filter(pk__in=named).order_by().values_list("pk", flat=True)
    return {pk: locks.lock_live(pk) for pk in sorted(set(mine))}


def items_of(lives: Iterable[int], events: Iterable[Incoming]) -> dict[int, RundownItem]:
    """Those named, by id. Their products are held, in the order of theirs: a batch sells many and an order some of them."""
    named = {pk for event in events if (pk := whole(event.body.get("item")))}
    found = RundownItem.objects.filter(pk__in=named, livestream__in=list(lives)).select_related("product")
    items = {item.pk: item for item in found}
    products = {item.product_id for item in items.values() if item.product_id}
    list(Product.objects.select_for_update().filter(pk__in=products).order_by("pk").values_list("pk"))
    return items


def item_of(
    event: Incoming, lives: dict[int, Livestream], items: dict[int, RundownItem]
) -> RundownItem | str:
    """The item that the event names, or why there is none."""
    live, item = whole(event.body.get("live")), whole(event.body.get("item"))
    if live is None or item is None:
        return BROKEN
    if live not in lives:
        return NO_LIVE
    found = items.get(item)
    return found if found and found.livestream_id == live else NO_ITEM


def tried(work: Callable[[], object]) -> str:
    """ "" when it was taken, else why not."""
    try:
        work()
    except LiveNotStarted:
        return NOT_BEGUN
    except IdempotencyConflict:
        return SAME_ID
    except ActionNotAllowed:
        return REFUSED
    return ""


def in_time(events: list[Incoming]) -> list[Incoming]:
    return sorted(events, key=lambda event: (event.at, str(event.id)))


Reasons = dict[UUID, str]
