"""What trainers tell their class, and all that a trainee was told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.kept import signed_in
from courses.models import Cohort
from progress import announcing
from progress.forms import AnnounceForm
from progress.views.classes import of_class
from ui.paging import page

NEWEST = ("-created_at", "-pk")


@signed_in
@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    """All that stands in the classes one is in, the newest first."""
    told = announcing.heard_by(request.user).select_related("cohort", "author")
    shown = page(told, NEWEST, request.GET.get("after", ""))
    return render(request, "progress/announcement_list.html", {"page": shown})


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def class_announcements(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form, draft = AnnounceForm(kept.typed(request)), f"announcement-{cohort.pk}"
    if request.method == "POST" and form.is_valid():
        announcing.announce(request.user, cohort, form.cleaned_data["text"])
        said = _("发出去了，班里的人打开“学习”就能看到。")
        messages.success(request, said, extra_tags=f"done:{draft}")
        return redirect("progress:class_announcements", cohort.pk)
    told = cohort.announcements.filter(removed_at__isnull=True).select_related("author")
    shown = page(told, NEWEST, request.GET.get("after", ""))
    context = {"cohort": cohort, "form": form, "page": shown, "draft": draft}
    return render(request, "progress/class_announcements.html", context)


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def announcement_remove(request: HttpRequest, cohort: Cohort, announcement_pk: int) -> HttpResponse:
    """Asked for once more first; a second tap says that it is done."""
    row = get_object_or_404(cohort.announcements.select_related("cohort__place"), pk=announcement_pk)
    back = reverse("progress:class_announcements", args=[cohort.pk])
    if request.method == "POST":
        if announcing.take_back(request.user, row):
            messages.success(request, _("撤下了，班里的人看不到了。"))
        else:
            messages.info(request, _("已经撤下了。"))
        return redirect(back)
    context = {
        "title": _("撤下这条通知？"),
        "text": row.text,
        "lines": [_("看过的人还记得，没看的人就看不到了。")],
        "where": pgettext("ask", "撤下"),
        "confirm": pgettext("ask", "撤下"),
        "danger": True,
        "cancel_url": back,
    }
    return render(request, "ui/confirm.html", context)
