"""The one place that knows the task library; on Django 6 the import becomes `from django.tasks import task`."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

KEEP = timedelta(days=7)

__all__ = ["forget_old", "task", "waiting"]


def waiting(task) -> set:
    """The first arguments of this task's calls that nobody has begun yet."""
    calls = DBTaskResult.objects.ready().filter(task_path=task.module_path)
    return {call["args"][0] for call in calls.values_list("args_kwargs", flat=True) if call["args"]}


def forget_old() -> int:
    """Calls begun a week ago: finished, or of a worker that died (its work was swept up long since)."""
    old = DBTaskResult.objects.filter(started_at__lt=timezone.now() - KEEP)
    return old.delete()[0]
