"""Delete the rows of applied events after EVENTS_KEPT_DAYS; rejected or settled ones stay, because their body is the record.

The row of an applied event only recognises a second copy early. Without it the copy goes to its handler again, which finds
the fact under the event's id, or merges it with what is stored: it answers with success and changes nothing.
"""

from __future__ import annotations

import datetime
import time

from django.conf import settings
from django.utils import timezone

from outbox.models import Event

BATCH_ROWS = 2000
# A limit, because the worker writes its heartbeat in the same thread.
SECONDS = 5.0


def delete_expired(now: datetime.datetime | None = None, seconds: float = SECONDS) -> int:
    """Delete due rows in small transactions and return how many.

    Rows are read in the order of their ids: the first one that is too young ends the search, so that the table is not read
    as a whole.
    """
    before = (now or timezone.now()) - datetime.timedelta(days=settings.EVENTS_KEPT_DAYS)
    ends, gone = time.monotonic() + seconds, 0
    young = Event.objects.filter(received_at__gte=before).order_by("pk").values_list("pk", flat=True).first()
    old = Event.objects.filter(state=Event.State.APPLIED, received_at__lt=before)
    if young is not None:
        old = old.filter(pk__lt=young)
    while time.monotonic() < ends:
        # The state is checked again: no event that waits for somebody is deleted.
        batch = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH_ROWS])
        deleted, _kinds = old.filter(pk__in=batch).delete()
        gone += deleted
        if len(batch) < BATCH_ROWS:
            break
    return gone
