"""Actions on the admin's rows (grant, return, publish …): an action on many rows, a button on one.

An action is one method, `step(request, queryset)`; if it needs a reason, a page in between asks for it. Why this is not a
library: docs/decisions/object-actions.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.backoffice.scoped import ScopedAdmin
from accounts.requests import get_person
from ui.fields import CleanCharField
from ui.forms import FarmForm

SHOWN = 20


class ReasonForm(FarmForm):
    reason = CleanCharField(
        label=_("为什么"),
        lines=True,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": _("写一句为什么，对方才知道怎么改。")},
    )


class ObjectActionsMixin(ScopedAdmin):
    """Mixin of an admin page: each name in `steps` is a method with a POST URL of its own.

    `steps_for(request, obj)` returns the buttons that a row has now: (step, label, style).
    """

    steps: tuple[str, ...] = ()
    # Actions that ask for a text first: their URL shows the form to a GET (after a reload or a change of language).
    asking_steps: tuple[str, ...] = ()
    change_form_template: ClassVar[str] = "admin/step_by_step.html"

    def steps_for(self, request: HttpRequest, obj) -> list[tuple[str, str, str]]:
        return []

    def step_fields(self, obj) -> dict[str, str]:
        """Return the hidden fields that each of the row's buttons posts."""
        return {}

    def step_name(self, step: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{step}"

    def get_urls(self) -> list:
        own = []
        for step in self.steps:
            view = self.admin_site.admin_view(partial(self.take_step, step=step))
            own.append(path(f"<path:object_id>/{step}/", view, name=self.step_name(step)))
        return own + super().get_urls()

    def take_step(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Run one row's action, then return to that row."""
        row = self.found(request, object_id, to_change=True)
        if request.method != "POST" and step not in self.asking_steps:
            return HttpResponseNotAllowed(["POST"])
        answer = getattr(self, step)(request, self.rows(get_person(request)).filter(pk=row.pk))
        return answer or redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.found(request, object_id)
        buttons = []
        if self.has_change_permission(request, row):
            for step, words, look in self.steps_for(request, row):
                url = reverse(f"admin:{self.step_name(step)}", args=[row.pk])
                buttons.append({"url": url, "words": words, "look": look})
        context = {"steps": buttons, "step_fields": self.step_fields(row)} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)


def ask_reason(
    page: ScopedAdmin,
    request: HttpRequest,
    rows: QuerySet,
    *,
    title: str,
    button: str,
    then: Callable[[str], HttpResponse | None],
    label: str = "",
    missing: str = "",
) -> HttpResponse | None:
    """Show the form until it is filled in, then call `then(reason)`. Works from an action and from a page.

    `label` and `missing`: the field's label and the error if it is empty, if the text is not a reason.
    """
    asked = "reason" in request.POST
    form = ReasonForm(request.POST if asked else None)
    if label:
        form.fields["reason"].label = label
    if missing:
        form.fields["reason"].error_messages["required"] = missing
    if asked and form.is_valid():
        return then(form.cleaned_data["reason"])
    return TemplateResponse(
        request,
        "admin/ask_reason.html",
        list_page(page, request, rows) | {"form": form, "title": title, "button": button},
    )


def list_page(page: ScopedAdmin, request: HttpRequest, rows: QuerySet) -> dict:
    """Return the context of a page between an action and its execution (admin/between.html), with the fields to post."""
    count, names = rows.count(), f"admin:{page.opts.app_label}_{page.opts.model_name}"
    back = reverse(f"{names}_changelist")
    is_step = count == 1 and "action" not in request.POST
    return {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "rows": [page.name_of(row) for row in page.ready_to_name(rows)[:SHOWN]],
        "more": max(count - SHOWN, 0),
        "action": request.POST.get("action", ""),
        "across": request.POST.get("select_across", "0"),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "back_url": reverse(f"{names}_change", args=[rows.get().pk]) if is_step else back,
        # An action's own URL accepts only POST: switching the language leads to the list.
        "page_to_open": back,
    }
