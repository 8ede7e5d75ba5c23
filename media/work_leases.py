"""Work that the worker does once for a row, with a state, and a lease (`leased_until`) while one process has it.

A process that dies leaves a lease that runs out; `call_again`, which a round of the worker calls, lets another one do it. The
rows of photos, voices and videos also count how often they were begun (media.models.processed).
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.core.files.storage import storages
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from media import queue

# A call that is stored in the same transaction as its row has begun by then, unless it was lost.
LATE = datetime.timedelta(minutes=1)
Row = TypeVar("Row", bound=models.Model)
Report = Callable[[int], None]
log = logging.getLogger(__name__)


class FileNotMade(Exception):
    """Raised with a sentence for the row's `problem` when a file cannot be made for a reason that is known."""


class WorkLeases:
    """The leases on one table's rows, each for `lasts`; `asked_at` names the field of when the work was asked for."""

    def __init__(
        self, model: type[models.Model], lasts: datetime.timedelta, asked_at: str = "asked_at"
    ) -> None:
        self.rows, self.lasts, self.asked_at = model._default_manager, lasts, asked_at

    def begin(self, task: Any, store: Callable[[], Row], *, is_small: bool) -> Row:
        """Have work done: small work in this request, before this returns, and large work by the worker.

        `store` stores that it is asked for and returns its row, in one transaction with the call; what it raises is raised.
        """
        with transaction.atomic():
            row = store()
            if not is_small:
                task.enqueue(row.pk)
        if is_small:
            task.call(row.pk)
            row.refresh_from_db()
        return row

    def acquire(self, pk: int, state: str, **facts: Any) -> bool:
        """Reserve the row for this process; False if it is in another state or another process has it."""
        now = timezone.now()
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return bool(self.rows.filter(free, pk=pk, state=state).update(leased_until=now + self.lasts, **facts))

    def extend(self, pk: int, **facts: Any) -> None:
        """Keep the row while the work makes progress, and store how far it is."""
        self.rows.filter(pk=pk).update(leased_until=timezone.now() + self.lasts, **facts)

    def make_reporter(self, pk: int) -> Report:
        """Return a function that takes the percentage done, and extends the lease whenever it has grown."""
        last = 0

        def report(percent: int) -> None:
            nonlocal last
            queue.report_progress()
            if percent > last:
                last = percent
                self.extend(pk, percent=percent)

        return report

    def end(self, pk: int, leaves: Collection[str], state: str, **facts: Any) -> bool:
        """Give the row its new state and end the lease; False if it is in none of the states `leaves` any more."""
        rows = self.rows.filter(pk=pk, state__in=leaves)
        return bool(rows.update(state=state, leased_until=None, **facts))

    def make_file(
        self, pk: int, put: Callable[[Any, Report], dict[str, Any]], *related: str, **failed: Any
    ) -> Any | None:
        """Make the file of a waiting row that no other process is making; return the row if this one has finished it.

        `put(row, report)` writes the file into the private storage under the row's `file_name` and returns what the row says
        about it. Of a row that is deleted or ended meanwhile the file is deleted. `failed` is what the row says if the file was
        not made.
        """
        if not self.acquire(pk, "waiting", percent=0):
            return None
        row: Any = self.rows.select_related(*related).get(pk=pk)
        try:
            facts = put(row, self.make_reporter(pk))
        except FileNotMade as known:
            self.end(pk, ("waiting",), "failed", problem=str(known))
            return None
        except Exception:
            log.exception("the file of %s %s could not be made", row._meta.label, pk)
            self.end(pk, ("waiting",), "failed", **failed)
            return None
        if not self.end(pk, ("waiting",), "ready", percent=100, **facts):
            storages["private"].delete(row.file_name)
            return None
        return row

    def call_again(self, task: Any, state: str) -> int:
        """Call the task for the rows in this state that a dead process left, or whose call was lost; return how many."""
        now = timezone.now()
        late = Q(leased_until__lt=now) | Q(leased_until=None, **{f"{self.asked_at}__lt": now - LATE})
        left = self.rows.filter(late, state=state).values_list("pk", flat=True)
        called = queue.list_waiting_ids(task)
        return queue.enqueue_again(task, [pk for pk in left if pk not in called])
