"""Pages of a class's tasks for who guides it: all tasks with how many are where, and one task with its people."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from courses.models import Cohort
from progress.classes.board import TRAINEES_A_PAGE, find_members
from progress.classes.views import of_guided_class
from progress.names import fetch_by_name
from rehearsals.tasks.classes import board


@of_guided_class
@require_safe
def class_tasks(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort, "rows": board.load_tasks(cohort)}
    return render(request, "rehearsals/tasks/classes/class_tasks.html", context)


@of_guided_class
@require_safe
def class_task(request: SignedInRequest, cohort: Cohort, task_pk: int) -> HttpResponse:
    """Show who of the class is where with one task, by pinyin, those first for whom something is to be done."""
    task = get_object_or_404(board.find_tasks(cohort), pk=task_pk)
    members = find_members(cohort).select_related("user")
    page = fetch_by_name(members, "user__name", request.GET.get("after", ""), TRAINEES_A_PAGE)
    context = {
        "cohort": cohort,
        "task": task,
        "page": page,
        "people": board.load_people(cohort, task, page.items),
    }
    return render(request, "rehearsals/tasks/classes/class_task.html", context)
