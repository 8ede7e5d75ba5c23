"""A trainer's classes: who has done what, and the code by which people come in."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps

import segno
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts import resetting, waiting
from accounts.doings import Doing
from accounts.exporting import csv_answer, xlsx_answer
from accounts.kept import signed_in
from accounts.models import AuditEntry
from accounts.second_factor import staff_page
from courses.models import Cohort
from courses.outline import lessons_of, outline
from progress import register, rules
from progress.board import TRAINEES_A_PAGE, board, classes_of, members, with_ticks
from progress.models import LessonDone
from progress.on_phones import on_phones
from ui.paging import page


def of_class(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, and the class is one's own: the view gets it instead of its number. Another's is 404."""

    @signed_in
    @staff_page
    @wraps(view)
    def answer(request: HttpRequest, pk: int, **kwargs) -> HttpResponse:
        cohort = get_object_or_404(Cohort.objects.select_related("course", "place"), pk=pk)
        if not rules.can_see_class(request.user, cohort):
            raise Http404
        return view(request, cohort, **kwargs)

    return answer


@signed_in
@staff_page
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    shown = page(classes_of(request.user), ("-starts_on", "-pk"), request.GET.get("after", ""))
    if not shown.items and not request.user.works_in_the_admin:
        raise Http404
    context = {
        "page": shown,
        "today": timezone.localdate(),
        "waits": waiting.block(request, "classes"),
    }
    return render(request, "progress/class_list.html", context)


@of_class
@require_safe
def class_board(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    context = {
        "cohort": cohort,
        "board": board(cohort, request.GET.get("after", "")),
        "trainers": cohort.trainers.all(),
        "waiting": cohort.asks.unanswered().count(),
        "phones": on_phones(cohort),
        "takes_people": cohort.is_open and cohort.ends_on >= timezone.localdate(),
    }
    return render(request, "progress/class_board.html", context)


@of_class
@require_safe
def class_lesson(request: HttpRequest, cohort: Cohort, lesson_pk: int) -> HttpResponse:
    """Who has done this lesson and who has not, those who have not first."""
    lesson = get_object_or_404(lessons_of(cohort.course).select_related("module"), pk=lesson_pk)
    ticked = LessonDone.objects.filter(user=OuterRef("user"), lesson=lesson)
    trainees = members(cohort).select_related("user")
    trainees = trainees.annotate(done=Exists(ticked), done_at=Subquery(ticked.values("happened_at")[:1]))
    shown = page(trainees, ("done", "pk"), request.GET.get("after", ""), TRAINEES_A_PAGE)
    context = {
        "cohort": cohort,
        "lesson": lesson,
        "page": shown,
        "missing": [trainee for trainee in shown.items if not trainee.done],
        "through": [trainee for trainee in shown.items if trainee.done],
    }
    return render(request, "progress/class_lesson.html", context)


@of_class
@require_safe
def trainee(request: HttpRequest, cohort: Cohort, user_pk: int) -> HttpResponse:
    """One person's lessons with their dates, and their number for the trainers of their own class."""
    enrolment = get_object_or_404(members(cohort).select_related("user"), user=user_pk)
    units = outline(cohort.course)
    lessons = [lesson for unit in units for lesson in unit.lessons]
    context = {
        "cohort": cohort,
        "units": units,
        "trainee": with_ticks([enrolment], lessons)[0],
        "villages": [held.place for held in enrolment.user.granted],
        "can_reset": resetting.can_reset(request.user, enrolment.user),
    }
    return render(request, "progress/trainee_show.html", context)


@of_class
@require_safe
def class_poster(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """A sheet for the wall: the code, its QR and how to come in."""
    context = {"cohort": cohort, "trainers": cohort.trainers.all(), "address": request.get_host()}
    return render(request, "progress/class_poster.html", context)


@of_class
@require_safe
def class_qr(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The QR that leads straight into the class, as an SVG of one path."""
    page_url = f"{reverse('progress:join')}?{urlencode({'code': cohort.join_code})}"
    drawn = io.BytesIO()
    code = segno.make(request.build_absolute_uri(page_url), error="m")
    code.save(drawn, kind="svg", border=2, omitsize=True, svgclass=None, lineclass=None, xmldecl=False)
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    return response


@of_class
@require_POST
def class_export(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The class as a table, XLSX or CSV. By POST, because who took the names and numbers away is written down."""
    AuditEntry.write(
        request.user,
        Doing.LIST_EXPORTED,
        cohort,
        cohort.place,
        name=cohort.name,
        count=members(cohort).count(),
    )
    table = register.register_of(cohort)
    answer = xlsx_answer if request.POST.get("as") == "xlsx" else csv_answer
    return answer(f"class-{cohort.pk}", table.header(), table.rows())
