"""The only module that uses the task library; on Django 6 the import becomes `from django.tasks import task`."""

import threading
import time
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

KEEP = timedelta(days=7)
# Set when the worker must stop: a long job releases its work at its next report.
stopping = threading.Event()
_signs: dict[int, float] = {}

__all__ = [
    "delete_old",
    "find_lowered_calls",
    "get_last_report",
    "list_waiting_ids",
    "report_progress",
    "stopping",
    "task",
]


def report_progress() -> None:
    """Report that a long job makes progress; one that reports nothing is taken to hang."""
    _signs[threading.get_ident()] = time.monotonic()


def get_last_report(thread: int) -> float:
    """Return the time of the thread's last report by time.monotonic; 0 if there was none."""
    return _signs.get(thread, 0.0)


def list_waiting_ids(task) -> set:
    """Return the first arguments of this task's calls that nobody has begun yet."""
    calls = DBTaskResult.objects.ready().filter(task_path=task.module_path)
    return {call["args"][0] for call in calls.values_list("args_kwargs", flat=True) if call["args"]}


def find_lowered_calls(task) -> QuerySet[DBTaskResult]:
    """Return the waiting calls of this task whose priority was lowered."""
    return DBTaskResult.objects.ready().filter(task_path=task.module_path, priority__lt=0).order_by()


def delete_old() -> int:
    """Delete calls begun a week ago: finished, or of a worker that died (media.cleanup has queued their work again)."""
    old = DBTaskResult.objects.filter(started_at__lt=timezone.now() - KEEP)
    return old.delete()[0]
