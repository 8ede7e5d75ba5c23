"""One at a time in one live: whoever keys something in holds its row, so that an end and a sale never miss each other."""

from __future__ import annotations

from django.db.models import F

from live.models import Livestream


def locked(pk: int) -> Livestream:
    """Inside a transaction. What else it needs is taken afterwards and always in this order: products by their ids, the
    ledger, and last the stamp that every shop waits for."""
    return Livestream.objects.select_for_update(of=("self",)).select_related("shop__owner").get(pk=pk)


def moved(live: Livestream) -> None:
    """What the screens of this live show has changed."""
    Livestream.objects.filter(pk=live.pk).update(version=F("version") + 1)
    live.refresh_from_db(fields=["version"])
