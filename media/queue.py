"""The only module that uses the task library; on Django 6 the import becomes `from django.tasks import task`.

A call stores which request made it necessary (`request_id`) and how many times it was made (`attempts`), beside its
arguments: a worker of an older release ignores both.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from ui.request_ids import get_request_id, use_request_id

log = logging.getLogger("farm.jobs")

KEEP = timedelta(days=7)
# Set when the worker must stop: a long job releases its work at its next report.
stopping = threading.Event()
_signs: dict[int, float] = {}
_attempts: ContextVar[int] = ContextVar("attempts", default=1)

__all__ = [
    "Backend",
    "delete_old",
    "enqueue_again",
    "find_lowered_calls",
    "get_last_report",
    "list_waiting_ids",
    "log_run",
    "report_progress",
    "stopping",
    "task",
]


class Backend(DatabaseBackend):
    """The library's queue in the database, which also stores where a call comes from."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        with transaction.atomic(savepoint=False):
            result: Any = super().enqueue(task, args, kwargs)
            origin = {"request_id": get_request_id(), "attempts": _attempts.get()}
            row: DBTaskResult = result.db_result
            row.args_kwargs |= origin
            row.save(update_fields=["args_kwargs"])
        return result


@contextmanager
def log_run(call: DBTaskResult) -> Iterator[None]:
    """Log when a call begins and how it ends, and give every line in between the id of the request that caused it."""
    stored = call.args_kwargs
    facts = {
        "job": call.task_path,
        "job_id": str(call.pk),
        "args": stored["args"],
        "attempts": stored.get("attempts", 1),
    }
    begun = time.monotonic()
    with use_request_id(stored.get("request_id", "")):
        log.info("job started", extra={"fields": facts})
        try:
            yield
        finally:
            end = {"seconds": round(time.monotonic() - begun, 3)} | describe_end(call)
            level = logging.ERROR if "trace" in end else logging.INFO
            log.log(level, "job ended", extra={"fields": facts | end})


def describe_end(call: DBTaskResult) -> dict[str, str]:
    """Return the outcome: done, failed (with the trace), or not done, for which the job has logged the reason."""
    if call.traceback:
        return {"outcome": "failed", "trace": call.traceback}
    return {"outcome": "not done" if call.return_value is False else "done"}


def report_progress() -> None:
    """Report that a long job makes progress; one that reports nothing is taken to hang."""
    _signs[threading.get_ident()] = time.monotonic()


def get_last_report(thread: int) -> float:
    """Return the time of the thread's last report by time.monotonic; minus infinity if there was none."""
    return _signs.get(thread, -math.inf)


def list_waiting_ids(task: Any) -> set:
    """Return the first arguments of this task's calls that nobody has begun yet."""
    calls = DBTaskResult.objects.ready().filter(task_path=task.module_path)
    return {call["args"][0] for call in calls.values_list("args_kwargs", flat=True) if call["args"]}


def enqueue_again(task: Any, ids: Iterable[int], enqueue: Callable[[int], object] | None = None) -> int:
    """Call the task once more for each id, for the same request as its last call, and return how many; one query more.

    `enqueue` makes the call, if it is not plain.
    """
    wanted = set(ids)
    if not wanted:
        return 0
    calls = DBTaskResult.objects.filter(task_path=task.module_path).order_by("enqueued_at")
    stored = calls.values_list("args_kwargs", flat=True).iterator()
    last = {call["args"][0]: call for call in stored if call["args"] and call["args"][0] in wanted}
    for pk in sorted(wanted):
        earlier = last.get(pk, {})
        counted = _attempts.set(earlier.get("attempts", 1) + 1 if earlier else 1)
        try:
            with use_request_id(earlier.get("request_id", "")):
                (enqueue or task.enqueue)(pk)
        finally:
            _attempts.reset(counted)
    return len(wanted)


def find_lowered_calls(task: Any) -> QuerySet[DBTaskResult]:
    """Return the waiting calls of this task whose priority was lowered."""
    return DBTaskResult.objects.ready().filter(task_path=task.module_path, priority__lt=0).order_by()


def delete_old() -> int:
    """Delete calls begun a week ago: finished, or of a worker that died (media.cleanup has queued their work again)."""
    old = DBTaskResult.objects.filter(started_at__lt=timezone.now() - KEEP)
    return old.delete()[0]
