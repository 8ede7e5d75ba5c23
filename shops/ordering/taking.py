"""One step of an order: the lock, the table of states, the conditional UPDATE, the event and what hangs on it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from shops import telling
from shops.models import Order, OrderEvent
from shops.ordering import states
from shops.ordering.refusals import KeyTaken, NotPossible, Overtaken, standing

Verb, By, Status = OrderEvent.Verb, OrderEvent.By, Order.Status
Work = Callable[[Order, Status], dict | None]


def take(
    order: Order,
    verb: Verb,
    by: By,
    key: uuid.UUID,
    *,
    actor: User | None = None,
    now: datetime.datetime | None = None,
    put: dict | None = None,
    work: Work | None = None,
    **event,
) -> OrderEvent:
    """Takes the step and returns its row; a second call with the same key returns the first row.

    `put` is written on the order; `work(order, status before)` does in the same transaction what hangs on the step
    and may return more fields of the event. `order` is fresh afterwards. Raises NotPossible, Overtaken or KeyTaken,
    and then nothing has changed.
    """
    now = now or timezone.now()
    step = Step(verb, by, key, actor, now, put or {}, work, event)
    refusal = Overtaken if states.may(verb, by, order, now) else NotPossible
    try:
        with transaction.atomic():
            if row := done_with(key, order, verb):
                pass
            elif (row := step.taken(order)) is None:
                raise refusal(standing(Order.objects.get(pk=order.pk)))
    except (NotPossible, IntegrityError):
        # The same tap on another connection was first.
        if (row := done_with(key, order, verb)) is None:
            raise
    order.refresh_from_db()
    return row


@dataclass(frozen=True)
class Step:
    verb: Verb
    by: By
    key: uuid.UUID
    actor: User | None
    now: datetime.datetime
    put: dict
    work: Work | None
    event: dict

    def taken(self, order: Order) -> OrderEvent | None:
        """None where the table or the guard says no."""
        locked = Order.objects.select_for_update().get(pk=order.pk)
        before = Status(locked.status)
        if self.by == By.SELLER and self.actor and not still_sells(self.actor, locked):
            raise NotPossible(_("您在这家店的卖家身份结束了，这一步没有办。"))
        if not states.may(self.verb, self.by, locked, self.now):
            return None
        change = {"status": states.LEADS[self.verb] or before, "changed_at": self.now} | self.put
        if not ready(Order.objects.filter(pk=order.pk), self.verb, self.by, self.now).update(**change):
            return None
        locked.refresh_from_db()
        more = (self.work and self.work(locked, before)) or {}
        facts = {"verb": self.verb, "by": self.by, "key": self.key, "actor": self.actor, "at": self.now}
        row = OrderEvent.objects.create(order=locked, **facts | self.event | more)
        telling.tell(locked, row)
        return row


def still_sells(actor: User, order: Order) -> bool:
    """Whether the role stands that the page was opened with. Its row is locked: a role ends before the step or after it."""
    place = order.shop.place_id
    held = Membership.objects.granted().filter(user=actor, place=place, role=Membership.Role.SELLER)
    return held.select_for_update().first() is not None


def ready(orders: QuerySet, verb: Verb, by: By, now: datetime.datetime) -> QuerySet:
    """Those that stand where the step begins: the guard of the UPDATE. Only one of acceptance and expiry finds it."""
    orders = orders.filter(status__in=states.ONLY.get((verb, by), states.LEAVES[verb]))
    if verb == Verb.EXPIRED:
        return orders.filter(expires_at__lte=now)
    if verb == Verb.REOPENED:
        return orders.filter(accepted_at__gt=now - states.REOPENS_WITHIN)
    if verb in (Verb.ACCEPTED, Verb.DECLINED):
        return orders.filter(expires_at__gt=now)
    return orders


def done_with(key: uuid.UUID, order: Order, verb: Verb) -> OrderEvent | None:
    """The row this key has made already."""
    row = OrderEvent.objects.filter(key=key).first()
    if row and (row.order_id != order.pk or row.verb != verb):
        raise KeyTaken
    return row
