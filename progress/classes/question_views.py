"""Pages of questions to the class: under a lesson for its members, over all lessons for its trainers."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Cohort, Lesson
from courses.permissions import can_edit, can_read
from outbox.protocol import get_event_id
from progress import permissions
from progress.classes import questions
from progress.classes.board import find_classes
from progress.classes.forms import AskForm, ReplyForm
from progress.classes.views import of_guided_class
from progress.enrolment import prerequisites
from progress.lessons.lesson_page import answer_closed
from progress.models import Ask, Enrolment
from ui.pagination import fetch_page

LESSONS = Lesson.objects.select_related("module__course").defer("body", "html")
NEWEST = ("-asked_at", "-pk")


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what the class asked under this lesson and take a question: a page, or for htmx its part of the lesson."""
    lesson = get_object_or_404(LESSONS, pk=pk)
    if not can_read(request.user, lesson):
        raise Http404
    if is_closed(request.user, lesson):
        return answer_closed(request, lesson)
    seat = questions.find_enrolment(request.user, lesson)
    draft = f"ask-{lesson.pk}"
    context: dict[str, object] = {
        "lesson": lesson,
        "course": lesson.module.course,
        "seat": seat,
        "draft": draft,
    }
    if seat is None or seat.cohort is None:
        return render_no_class(request, context)
    form, sent = AskForm(get_posted_or_kept(request), auto_id="ask_%s"), False
    if request.method == "POST" and form.is_valid():
        sent = take(request, lesson, form)
        if sent and not request.htmx:
            messages.success(request, _("问题交给老师了，回了会告诉你。"), extra_tags=f"done:{draft}")
            return redirect("progress:asks", lesson.pk)
    shown = fetch_page(
        questions.find_for_lesson(seat.cohort, lesson), NEWEST, request.GET.get("after", ""), 20
    )
    context |= {
        "page": shown,
        "form": AskForm(auto_id="ask_%s") if sent else form,
        "sent": sent,
        "event_id": uuid4() if sent else find_fact(request),
    }
    return render(
        request,
        "progress/classes/_ask_list.html" if request.htmx else "progress/classes/ask_list.html",
        context,
    )


def is_closed(user: User, lesson: Lesson) -> bool:
    """Return whether the questions are closed because the lesson is; never for those who teach it."""
    return prerequisites.is_closed(user, lesson.module) and not can_edit(user, lesson.module.course)


def take(request: SignedInRequest, lesson: Lesson, form: AskForm) -> bool:
    """Store the question; return False and put the reason on the form where it is not taken."""
    try:
        questions.ask_question(request.user, lesson, form.cleaned_data["text"], get_event_id(request))
    except questions.TooManyQuestions:
        form.add_error(None, _("一个小时里问得太多了，歇一会儿再问。写的还在。"))
        return False
    return True


def find_fact(request: HttpRequest) -> UUID:
    """Return the id for the next question; a form that is shown again keeps its own."""
    return (get_event_id(request) if request.method == "POST" else None) or uuid4()


def render_no_class(request: SignedInRequest, context: dict) -> HttpResponse:
    """Tell a reader without a class how to join one; link who teaches the course to the classes' questions."""
    if request.user.works_in_the_admin:
        context["taught"] = find_classes(request.user).filter(course=context["course"])[:5]
    context["typed"] = request.POST.get("text", "")[:5000]
    return render(
        request,
        "progress/classes/_ask_list.html" if request.htmx else "progress/classes/ask_list.html",
        context,
    )


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one question with its answers; who guides the class answers it by POST."""
    rows = questions.attach_replies(
        Ask.objects.select_related("cohort__place", "cohort__course", "lesson__module")
    )
    ask = get_object_or_404(rows, pk=pk)
    leads = permissions.can_guide_class(request.user, ask.cohort)
    if not (leads or (request.method != "POST" and permissions.is_in_class(request.user, ask.cohort))):
        raise Http404
    if not leads:
        lesson = LESSONS.get(pk=ask.lesson_id)
        if is_closed(request.user, lesson):
            return answer_closed(request, lesson)
    form, draft = ReplyForm(get_posted_or_kept(request)), f"reply-{ask.pk}"
    if request.method == "POST" and form.is_valid():
        try:
            questions.reply_to(request.user, ask, form.cleaned_data["text"])
        except questions.TakenDown:
            form.add_error(None, _("这个问题刚撤下了，不用回了。"))
        else:
            messages.success(request, _("回好了，问的人和班里都能看到。"), extra_tags=f"done:{draft}")
            return redirect("progress:class_asks", ask.cohort_id)
    context = {"ask": ask, "cohort": ask.cohort, "leads": leads, "form": form, "draft": draft}
    return render(request, "progress/classes/ask_show.html", context)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take down one's own question, or one of a class that one guides, after a confirmation."""
    ask = get_object_or_404(Ask.objects.select_related("cohort__place"), pk=pk)
    if not permissions.can_remove_ask(request.user, ask):
        raise Http404
    back = get_return_page(request, ask)
    if request.method == "POST":
        if questions.remove_question(request.user, ask):
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


def get_return_page(request: SignedInRequest, ask: Ask) -> str:
    """Return the list to go back to: the lesson's, the class's, or home for who has left."""
    if Enrolment.objects.active().filter(user=request.user, cohort=ask.cohort_id).exists():
        return reverse("progress:asks", args=[ask.lesson_id])
    if permissions.can_guide_class(request.user, ask.cohort):
        return reverse("progress:class_asks", args=[ask.cohort_id])
    return reverse("progress:learn")


@of_guided_class
@require_safe
def class_asks(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Show a class's questions to those who guide it, those without an answer first."""
    shown = fetch_page(
        questions.find_for_class(cohort), ("is_settled", *NEWEST), request.GET.get("after", "")
    )
    context = {
        "cohort": cohort,
        "page": shown,
        "waiting": [ask for ask in shown.items if not ask.is_settled],
        "settled": [ask for ask in shown.items if ask.is_settled],
    }
    return render(request, "progress/classes/class_asks.html", context)
