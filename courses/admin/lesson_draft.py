"""The lesson's editor in the admin: a preview beside the text while it is written, and what the lesson costs."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.db.models import Model
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backoffice.choices import list_rows
from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import User
from accounts.requests import get_person
from courses.authoring import drafts, lesson_cost
from courses.models import Course, Lesson, Module
from media.models import Photo
from ui.parameters import read_id

# Text that was sent and not stored is sent again long before a person has written so many more lessons.
ADDITIONS_READ = 50


class DraftPages(ScopedAdmin):
    """Mixin of the lesson's admin page that adds the preview."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.draft_view)
        return [path("draft/", view, name="courses_lesson_draft"), *super().get_urls()]

    def draft_view(self, request: HttpRequest) -> HttpResponse:
        """Return JSON for the preview; stores nothing.

        `page`: a document for the frame beside the text; `status`: the HTML above it; `waits`: whether a picture is still
        being processed.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        pk, of = request.POST.get("lesson", ""), request.POST.get("module", "")
        lessons = self.rows(get_person(request)).select_related("module__course", "video")
        lesson = get_object_or_404(lessons, pk=pk if read_id(pk) else 0) if pk else None
        modules = list_rows(self.admin_site, Module, get_person(request)).select_related("course")
        module = modules.filter(pk=of).first() if read_id(of) else None
        draft = drafts.build_posted_draft(request.POST, lesson, module, request.user)
        draft.render()
        course = module.course if module else Course()
        page = {"lesson": draft.lesson, "course": course, "has_head": module is not None}
        waits = any(one.photo.pk and one.photo.status == Photo.Status.WAITING for one in draft.pictures)
        return JsonResponse(
            {
                "waits": waits,
                "page": render_to_string("admin/courses/draft_page.html", page, request),
                "status": render_to_string("admin/courses/_draft_status.html", {"draft": draft}, request),
            }
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Use a plain text field, because Markdown keeps its spaces, with an own message when it is too long."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "body":
            for validator in formfield.validators:
                if isinstance(validator, MaxLengthValidator):
                    validator.message = _("最多 %(limit_value)d 个字，现在有 %(show_value)d 个")
        return formfield

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and change:
            context["draft"] = drafts.build_stored_draft(obj)
            context["is_live"] = obj.is_out
        stores = {} if obj else count_additions(request.user)
        context |= {"kept": make_storage_key(request, obj), "stores": json.dumps(stores)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_queryset(self, request):
        """Load the lengths of the texts instead of the texts for lists. Two queries more than the rows."""
        rows = super().get_queryset(request)
        if not is_list(request):
            return rows
        rows = rows.defer("body", "html", "captions").annotate(signs=Length("body"))
        return rows.prefetch_related("pictures__photo")

    @admin.display(description=gettext_lazy("时间和流量"), ordering="minutes")
    def cost(self, obj: Any) -> str:
        """Show the data volume of the page, with the smallest version of its video if there is one."""
        size = lesson_cost.format_megabytes(lesson_cost.weigh_lesson(obj, obj.signs).least)
        return _("%(n)d 分钟，约 %(size)s MB") % {"n": obj.minutes, "size": size}


def make_storage_key(request: HttpRequest, lesson: Lesson | None) -> str:
    """Return the key under which the browser stores this form, so that a text is restored into the same form."""
    module = request.GET.get("module", "")
    return str(lesson.pk) if lesson else f"new-{module if read_id(module) else ''}"


def count_additions(user: User) -> dict[int, int]:
    """Return {module: a number that grows after every new lesson this person has stored in it}. Two queries.

    Only for the modules in which the person has written last.
    """
    kind = ContentType.objects.get_for_model(Lesson)
    added = LogEntry.objects.filter(user=user, content_type=kind, action_flag=ADDITION).order_by("-pk")
    newest = added.values_list("pk", "object_id")[:ADDITIONS_READ]
    entries = {int(pk): entry for entry, pk in newest if pk}
    found: dict[int, int] = {}
    for pk, module in Lesson.objects.filter(pk__in=entries).values_list("pk", "module"):
        found[module] = max(found.get(module, 0), entries[pk])
    return found


def find_last_stored(user: User, model: type[Model]) -> LogEntry | None:
    """Return the admin's log entry of the last row of this model that the person stored."""
    kind = ContentType.objects.get_for_model(model)
    return LogEntry.objects.filter(user=user, content_type=kind).order_by("-action_time", "-pk").first()


def is_list(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("_changelist")
