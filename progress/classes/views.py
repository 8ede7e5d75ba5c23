"""Pages of a trainer's classes: the board, one lesson, one trainee, the join code, the export, announcements."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.audit import AuditVerb
from accounts.auth import password_reset
from accounts.backoffice.export import send_csv, send_xlsx
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import AuditEntry, User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from accounts.worklist import items
from courses.models import Cohort, Course
from courses.outline import build_outline, find_published_lessons, list_lessons
from progress import permissions
from progress.classes import register
from progress.classes.announcements import announce, list_visible, withdraw_announcement
from progress.classes.board import (
    CLASS,
    TRAINEES_A_PAGE,
    TRAINERS,
    Trainee,
    find_classes,
    find_members,
    load_board,
    load_done,
)
from progress.classes.forms import AnnounceForm
from progress.classes.learning_gain import calculate_gain
from progress.classes.panels import count_panels, load_row_words
from progress.enrolment import transfers
from progress.models import LessonDone
from progress.names import fetch_by_name, read_search
from progress.quizzes import placement, talks
from ui.pagination import fetch_page
from ui.svg import make_code

NEWEST_ANNOUNCEMENTS = ("-created_at", "-pk")


View = Callable[..., HttpResponseBase]


def give_class(view: View, is_allowed: Callable[[User, Cohort], bool]) -> View:
    """Give the view its class (progress.classes.board.find_class) instead of the number, for who is allowed; else 404."""

    @login_required_keeping_post
    @staff_page
    @wraps(view)
    def answer(request: SignedInRequest, pk: int, **kwargs) -> HttpResponseBase:
        found = CLASS.instances(pk)
        if not found or not is_allowed(request.user, found[0]):
            raise Http404
        return view(request, found[0], **kwargs)

    return answer


def of_class(view: View) -> View:
    """Decorate a page of a class for those who lead it; its mentor gets 404."""
    return give_class(view, permissions.can_lead_class)


def of_guided_class(view: View) -> View:
    """Decorate a page of a class for those who lead it and for its mentor."""
    return give_class(view, permissions.can_guide_class)


@login_required_keeping_post
@staff_page
@require_safe
def classes(request: SignedInRequest) -> HttpResponse:
    shown = fetch_page(find_classes(request.user), ("-starts_on", "-pk"), request.GET.get("after", ""))
    if not shown.items and not request.user.works_in_the_admin:
        raise Http404
    # A trainer without a class yet prepares the first one.
    own = Course.objects.manageable_by(request.user).order_by("pk").values_list("slug", flat=True)
    context = {
        "page": shown,
        "prepared": shown.items[0].course.slug if shown.items else own.first(),
        "today": timezone.localdate(),
        "waits": items.make_block(request, "classes"),
    }
    return render(request, "progress/classes/class_list.html", context)


@of_guided_class
@require_safe
def class_board(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Show the class; what only who leads it may open is not shown to its mentor."""
    leads = permissions.can_lead_class(request.user, cohort)
    after = request.GET.get("after", "")
    lessons_url = reverse("progress:class_lessons", args=[cohort.pk])
    board = load_board(cohort, after, read_search(request))
    context = {
        "cohort": cohort,
        "board": board,
        "row_words": load_row_words(cohort, [trainee.pk for trainee in board.trainees]),
        "lessons_url": f"{lessons_url}?{urlencode({'after': after})}" if after else lessons_url,
        "trainers": [name for (name,) in TRAINERS.rows(cohort.pk)],
        "panels": count_panels(cohort, leads),
        "leads": leads,
        "waiting": talks.list_waiting(cohort) if leads else [],
        "takes_people": cohort.is_open and cohort.ends_on >= timezone.localdate(),
    }
    return render(request, "progress/classes/class_board.html", context)


@of_guided_class
@require_safe
@vary_on_headers("HX-Request")
def class_lessons(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Show who has done which lesson, and how many: a page, or for htmx the part that the board of a wide screen loads."""
    board = load_board(cohort, request.GET.get("after", ""))
    template, level = ("_lessons.html", 3) if request.htmx else ("class_lessons.html", 2)
    context = {"cohort": cohort, "board": board, "level": level}
    return render(request, f"progress/classes/{template}", context)


@of_guided_class
@require_safe
def class_lesson(request: HttpRequest, cohort: Cohort, lesson_pk: int) -> HttpResponse:
    """Show who has not done this lesson, then who has, both by pinyin."""
    lesson = get_object_or_404(find_published_lessons(cohort.course).select_related("module"), pk=lesson_pk)
    ticked = LessonDone.objects.filter(user=OuterRef("user"), lesson=lesson)
    trainees = find_members(cohort).select_related("user")
    trainees = trainees.annotate(done=Exists(ticked), done_at=Subquery(ticked.values("happened_at")[:1]))
    after = request.GET.get("after", "")
    shown = fetch_by_name(trainees, "user__name", after, TRAINEES_A_PAGE, before=("done",))
    context = {
        "cohort": cohort,
        "lesson": lesson,
        "page": shown,
        "missing": [trainee for trainee in shown.items if not trainee.done],
        "through": [trainee for trainee in shown.items if trainee.done],
    }
    return render(request, "progress/classes/class_lesson.html", context)


@of_guided_class
@require_safe
def trainee(request: SignedInRequest, cohort: Cohort, user_pk: int) -> HttpResponse:
    """Show what one person does next, the phone number, and the lessons with their dates.

    Talks before an examination are shown only to who leads the class.
    """
    leads = permissions.can_lead_class(request.user, cohort)
    enrolment = get_object_or_404(find_members(cohort).select_related("user"), user=user_pk)
    units = build_outline(cohort.course_id)
    lessons, user = list_lessons(units), enrolment.user
    done = load_done([user.pk], lessons)[user.pk]
    context = {
        "cohort": cohort,
        "units": units,
        "counts": {unit.module.pk: sum(one.pk in done for one in unit.lessons) for unit in units},
        "enrolment": enrolment,
        "trainee": Trainee(
            user.pk, user.name, enrolment.enrolled_at, max(done.values(), default=None), lessons, done
        ),
        "villages": list(dict.fromkeys(held.place for held in user.granted)),
        "leads": leads,
        "transfer": transfers.find_undoable(cohort, user) if leads else None,
        "can_reset": password_reset.can_reset(request.user, user),
        "waiting": talks.list_waiting(cohort, user) if leads else [],
        "talks": talks.list_held(cohort, user) if leads else [],
        "known": tested.known if (tested := placement.load_placement(user, cohort.course_id)) else set(),
    }
    return render(request, "progress/classes/trainee_show.html", context)


@of_guided_class
@require_safe
def class_poster(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Show a sheet to print for the wall: the code, its QR and how to join."""
    context = {"cohort": cohort, "trainers": cohort.list_teachers(), "host": request.get_host()}
    return render(request, "progress/classes/class_poster.html", context)


@of_guided_class
@require_safe
def class_qr(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Return the QR of the class's join page as an SVG of one path."""
    page_url = f"{reverse('progress:join')}?{urlencode({'code': cohort.join_code})}"
    drawn = io.BytesIO()
    code = make_code(request.build_absolute_uri(page_url))
    code.save(drawn, kind="svg", border=2, omitsize=True, svgclass=None, lineclass=None, xmldecl=False)
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    return response


@of_class
@require_POST
def class_export(request: SignedInRequest, cohort: Cohort) -> HttpResponseBase:
    """Export the class as XLSX or CSV. By POST, because who took the names and numbers is audited."""
    AuditEntry.write(
        request.user,
        AuditVerb.LIST_EXPORTED,
        cohort,
        cohort.place,
        name=cohort.name,
        count=find_members(cohort).count(),
    )
    table = register.build_register(cohort)
    answer = send_xlsx if request.POST.get("as") == "xlsx" else send_csv
    return answer(f"class-{cohort.pk}", table.header(), table.rows())


@of_class
@require_safe
def class_gain(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort, "course": cohort.course, "gain": calculate_gain(cohort)}
    return render(request, "progress/classes/class_gain.html", context)


# --- announcements ---


@login_required_keeping_post
@require_safe
def announcements(request: SignedInRequest) -> HttpResponse:
    """List the announcements of the classes one is in, the newest first."""
    rows = list_visible(request.user).select_related("cohort", "author")
    shown = fetch_page(rows, NEWEST_ANNOUNCEMENTS, request.GET.get("after", ""))
    return render(request, "progress/classes/announcement_list.html", {"page": shown})


@of_guided_class
@require_http_methods(["GET", "HEAD", "POST"])
def class_announcements(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    form, draft = AnnounceForm(get_posted_or_kept(request)), f"announcement-{cohort.pk}"
    if request.method == "POST" and form.is_valid():
        announce(request.user, cohort, form.cleaned_data["text"])
        sentence = _("发出去了，班里的人打开“学习”就能看到。")
        messages.success(request, sentence, extra_tags=f"done:{draft}")
        return redirect("progress:class_announcements", cohort.pk)
    rows = cohort.announcements.filter(removed_at__isnull=True).select_related("author")
    shown = fetch_page(rows, NEWEST_ANNOUNCEMENTS, request.GET.get("after", ""))
    context = {"cohort": cohort, "form": form, "page": shown, "draft": draft}
    return render(request, "progress/classes/class_announcements.html", context)


@of_guided_class
@require_http_methods(["GET", "HEAD", "POST"])
def announcement_remove(request: SignedInRequest, cohort: Cohort, announcement_pk: int) -> HttpResponse:
    """Withdraw an announcement after a confirmation; a second tap says that it is done."""
    row = get_object_or_404(cohort.announcements.select_related("cohort__place"), pk=announcement_pk)
    back = reverse("progress:class_announcements", args=[cohort.pk])
    if request.method == "POST":
        if withdraw_announcement(request.user, row):
            messages.success(request, _("撤下了，班里的人看不到了。"))
        else:
            messages.info(request, _("已经撤下了。"))
        return redirect(back)
    context = {
        "title": _("撤下这条通知？"),
        "text": row.text,
        "lines": [_("看过的同学还记得，没看的就看不到了。")],
        "where": pgettext("ask", "撤下"),
        "confirm": pgettext("ask", "撤下"),
        "danger": True,
        "cancel_url": back,
    }
    return render(request, "ui/confirm.html", context)
