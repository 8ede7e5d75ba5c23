"""Questions to the class: under a lesson for its members, over all lessons for its trainers."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.kept import signed_in
from accounts.models import User
from accounts.second_factor import staff_page
from courses.models import Cohort, Lesson
from courses.rules import can_edit, can_read
from progress import asking, gates, rules
from progress.board import classes_of
from progress.forms import AskForm, ReplyForm
from progress.models import Ask, Enrolment
from progress.views.classes import of_class
from progress.views.learning import closed, event_id
from ui.paging import page

NEWEST = ("-asked_at", "-pk")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request: HttpRequest, pk: int) -> HttpResponse:
    """What one's class asked under this lesson, and one's own question: a page, or for htmx its part of the lesson."""
    lessons = gates.with_gates(Lesson.objects.defer("body", "html"))
    lesson = get_object_or_404(lessons, pk=pk)
    if not can_read(request.user, lesson):
        raise Http404
    if is_closed(request.user, lesson):
        return closed(request, lesson)
    seat = asking.seat(request.user, lesson)
    draft = f"ask-{lesson.pk}"
    context = {"lesson": lesson, "course": lesson.module.course, "seat": seat, "draft": draft}
    if seat is None or seat.cohort is None:
        return no_class(request, context)
    form, sent = AskForm(kept.typed(request), auto_id="ask_%s"), False
    if request.method == "POST" and form.is_valid():
        sent = take(request, lesson, form)
        if sent and not request.htmx:
            messages.success(request, _("问题交给老师了，回了会告诉您。"), extra_tags=f"done:{draft}")
            return redirect("progress:asks", lesson.pk)
    shown = page(asking.of_lesson(seat.cohort, lesson), NEWEST, request.GET.get("after", ""), 20)
    context |= {
        "page": shown,
        "form": AskForm(auto_id="ask_%s") if sent else form,
        "sent": sent,
        "event_id": uuid4() if sent else fact_of(request),
    }
    return render(request, "progress/_ask_list.html" if request.htmx else "progress/ask_list.html", context)


def is_closed(user: User, lesson: Lesson) -> bool:
    """Like the lesson itself; who teaches it has its questions always. `lesson` comes from gates.with_gates."""
    return (
        lesson.has_gates and gates.is_closed(user, lesson.module) and not can_edit(user, lesson.module.course)
    )


def take(request: HttpRequest, lesson: Lesson, form: AskForm) -> bool:
    """Whether the question is in; if not, the form says why."""
    try:
        asking.ask(request.user, lesson, form.cleaned_data["text"], event_id(request))
    except asking.TooMany:
        form.add_error(None, _("一个小时里问得太多了，歇一会儿再问。写的还在。"))
        return False
    return True


def fact_of(request: HttpRequest) -> UUID:
    """A form that comes back carries the id it had."""
    return (event_id(request) if request.method == "POST" else None) or uuid4()


def no_class(request: HttpRequest, context: dict) -> HttpResponse:
    """How to come to ask; who teaches the course is led to the questions of the classes."""
    if request.user.works_in_the_admin:
        context["taught"] = classes_of(request.user).filter(course=context["course"])[:5]
    context["typed"] = request.POST.get("text", "")[:5000]
    return render(request, "progress/_ask_list.html" if request.htmx else "progress/ask_list.html", context)


@signed_in
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its answers; by POST a trainer of the class answers it."""
    rows = asking.with_replies(
        Ask.objects.select_related("cohort__place", "cohort__course", "lesson__module")
    )
    ask = get_object_or_404(rows, pk=pk)
    leads = rules.can_see_class(request.user, ask.cohort)
    if not (leads or (request.method != "POST" and rules.is_in_class(request.user, ask.cohort))):
        raise Http404
    if not leads:
        lesson = gates.with_gates(Lesson.objects.defer("body", "html")).get(pk=ask.lesson_id)
        if is_closed(request.user, lesson):
            return closed(request, lesson)
    form, draft = ReplyForm(kept.typed(request)), f"reply-{ask.pk}"
    if request.method == "POST" and form.is_valid():
        try:
            asking.reply(request.user, ask, form.cleaned_data["text"])
        except asking.TakenDown:
            form.add_error(None, _("这个问题刚撤下了，不用回了。"))
        else:
            messages.success(request, _("回好了，问的人和班里都能看到。"), extra_tags=f"done:{draft}")
            return redirect("progress:class_asks", ask.cohort_id)
    context = {"ask": ask, "cohort": ask.cohort, "leads": leads, "form": form, "draft": draft}
    return render(request, "progress/ask_show.html", context)


@signed_in
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own question, or one of a class that one leads; asked for once more first."""
    ask = get_object_or_404(Ask.objects.select_related("cohort__place"), pk=pk)
    if not rules.can_remove_ask(request.user, ask):
        raise Http404
    back = way_back(request, ask)
    if request.method == "POST":
        if asking.remove(request.user, ask):
            messages.success(request, _("撤下了。"))
        else:
            messages.info(request, _("已经撤下了。"))
        return redirect(back)
    context = {
        "title": _("撤下这个问题？"),
        "text": ask.text,
        "lines": [_("下面的回答也一起不显示了。")],
        "where": pgettext("ask", "撤下"),
        "confirm": pgettext("ask", "撤下"),
        "danger": True,
        "cancel_url": back,
    }
    return render(request, "ui/confirm.html", context)


def way_back(request: HttpRequest, ask: Ask) -> str:
    """To the list that this person has: the lesson's, the class's, or home for who has left."""
    if Enrolment.objects.active().filter(user=request.user, cohort=ask.cohort_id).exists():
        return reverse("progress:asks", args=[ask.lesson_id])
    if rules.can_see_class(request.user, ask.cohort):
        return reverse("progress:class_asks", args=[ask.cohort_id])
    return reverse("progress:learn")


@of_class
@require_safe
def class_asks(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """For its trainers: those that wait for an answer first."""
    shown = page(asking.of_class(cohort), ("is_settled", *NEWEST), request.GET.get("after", ""))
    context = {
        "cohort": cohort,
        "page": shown,
        "waiting": [ask for ask in shown.items if not ask.is_settled],
        "settled": [ask for ask in shown.items if ask.is_settled],
    }
    return render(request, "progress/class_asks.html", context)
