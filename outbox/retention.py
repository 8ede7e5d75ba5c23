"""Rows of applied events go after EVENTS_KEPT_DAYS. What is kept aside or settled stays: its body is the record.

A row of an applied event only recognises a second copy early. Without it the copy is handed to its handler again, and every
handler finds the fact under the event's id, or united with what it says: it is answered with success and changes nothing.
"""

from __future__ import annotations

import datetime
import time

from django.conf import settings
from django.utils import timezone

from outbox.models import Event

AT_ONCE = 2000
# The worker's heart beats in the same thread.
SECONDS = 5.0


def retire(now: datetime.datetime | None = None, seconds: float = SECONDS) -> int:
    """Deletes in small transactions what is due and says how many.

    Rows come in the order of their ids: the first that is too young ends the search, so that the table is not read through.
    """
    before = (now or timezone.now()) - datetime.timedelta(days=settings.EVENTS_KEPT_DAYS)
    ends, gone = time.monotonic() + seconds, 0
    young = Event.objects.filter(received_at__gte=before).order_by("pk").values_list("pk", flat=True).first()
    old = Event.objects.filter(state=Event.State.APPLIED, received_at__lt=before)
    if young is not None:
        old = old.filter(pk__lt=young)
    while time.monotonic() < ends:
        # Asked again with its state: nothing that waits for somebody goes.
        batch = list(old.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        deleted, _kinds = old.filter(pk__in=batch).delete()
        gone += deleted
        if len(batch) < AT_ONCE:
            break
    return gone
