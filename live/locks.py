"""Lock a live's row, as every writer must, and change the version that its screens poll."""

from __future__ import annotations

from django.db.models import F

from live.exceptions import LiveStarted
from live.models import Livestream


def lock_live(pk: int) -> Livestream:
    """Return the live, locked, inside a transaction.

    Take every other lock afterwards and in this order: products by their ids, the ledger, and last the page version of
    the shops, for which every shop waits.
    """
    return Livestream.objects.select_for_update(of=("self",)).select_related("shop__owner").get(pk=pk)


def lock_plan(live: Livestream) -> Livestream:
    """Return the live as it is now, locked, inside a transaction. Raises LiveStarted when its plan is final."""
    row = Livestream.objects.select_for_update().get(pk=live.pk)
    if row.started_at or row.removed_at:
        raise LiveStarted
    return row


def bump_version(live: Livestream) -> None:
    """Count one change of what the live's screens show."""
    Livestream.objects.filter(pk=live.pk).update(version=F("version") + 1)
