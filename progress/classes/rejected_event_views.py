"""Pages of events that phones sent and that could not be applied: a person's own, and those of a class."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Cohort, Lesson
from outbox import descriptions, retries
from outbox.models import Event
from progress.classes import rejected_events
from progress.classes.forms import DismissForm
from progress.classes.views import of_class
from progress.permissions import can_vouch_for_examinations
from ui.pagination import fetch_page

NEWEST = ("-received_at", "-pk")


@login_required_keeping_post
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    shown = fetch_page(retries.find_rejected(request.user), NEWEST, request.GET.get("after", ""))
    described = rejected_events.describe_events(shown.items, Lesson.objects.published())
    return render(
        request, "progress/classes/rejected_mine.html", {"page": shown, "rejected_events": described}
    )


@login_required_keeping_post
@require_POST
def mine_again(request: SignedInRequest) -> HttpResponse:
    done, left = rejected_events.try_again(request.user)
    if done:
        messages.success(request, ngettext("%(n)s 件记上了。", "%(n)s 件记上了。", done) % {"n": done})
    if left:
        messages.info(request, ngettext("%(n)s 件还是记不上。", "%(n)s 件还是记不上。", left) % {"n": left})
    return redirect("progress:aside")


@of_class
@require_safe
def rejected_in_class(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """List the rejected events of the class. Four queries besides those of the class, and one more if there are examinations."""
    rows = rejected_events.find_in_class(cohort).select_related("user")
    shown = fetch_page(rows, NEWEST, request.GET.get("after", ""))
    described = rejected_events.describe_events(
        rejected_events.filter_by_course(cohort, shown.items), find_lessons(cohort)
    )
    examined = any(one.is_examination for one in described)
    is_barred = examined and not can_vouch_for_examinations(request.user, cohort)
    for one in described:
        one.obstacle = rejected_events.describe_obstacle(
            request.user, one.event, is_barred and one.is_examination
        )
    return render(
        request,
        "progress/classes/rejected_class.html",
        {"cohort": cohort, "page": shown, "rejected_events": described},
    )


@of_class
@require_POST
def rejected_apply(request: SignedInRequest, cohort: Cohort, event_pk: int) -> HttpResponse:
    event = get_event_or_404(cohort, event_pk)
    try:
        with transaction.atomic():
            reason = rejected_events.apply_vouched(request.user, cohort, event)
    except rejected_events.VouchNotAllowed:
        messages.error(request, rejected_events.describe_obstacle(request.user, event, True))
        return redirect("progress:class_aside", cohort.pk)
    if reason is None:
        messages.info(request, _("这件已经有人处理过了。"))
    elif reason:
        messages.warning(request, _("还是记不上：%(why)s") % {"why": descriptions.describe_reason(reason)})
    else:
        messages.success(request, _("给%(name)s记上了。") % {"name": event.user.name})
    return redirect("progress:class_aside", cohort.pk)


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def rejected_dismiss(request: SignedInRequest, cohort: Cohort, event_pk: int) -> HttpResponse:
    event = get_event_or_404(cohort, event_pk)
    form = DismissForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            settled = rejected_events.dismiss_event(request.user, cohort, event, form.cleaned_data["reason"])
        sentence = _("收起来了，原来的内容都留着。") if settled else _("这件已经有人处理过了。")
        messages.info(request, sentence)
        return redirect("progress:class_aside", cohort.pk)
    [rejected] = rejected_events.describe_events([event], find_lessons(cohort))
    return render(
        request,
        "progress/classes/rejected_dismiss.html",
        {"cohort": cohort, "rejected": rejected, "form": form},
    )


def find_lessons(cohort: Cohort):
    return Lesson.objects.filter(module__course=cohort.course_id)


def get_event_or_404(cohort: Cohort, pk: int) -> Event:
    """Return the event if it is still rejected, of a member of the class and not about another course; else 404."""
    event = get_object_or_404(rejected_events.find_in_class(cohort).select_related("user"), pk=pk)
    if not rejected_events.filter_by_course(cohort, [event]):
        raise Http404
    return event
