"""Publishing a course in the admin: checked first; what is only doubtful is shown and asked about."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import checking, publishing
from courses.models import Course


class PublishPages:
    """Mixed into the course's admin page: the action and step `publish`."""

    @admin.action(description=gettext_lazy("发布"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """At once where nothing is amiss, or after a yes (`sure`); nine queries a course."""
        courses = list(queryset.select_related("place"))
        if "sure" not in request.POST:
            checked = [(one, checking.check(one)) for one in courses if not one.is_published]
            if any(report.errors or report.warnings for _course, report in checked):
                return self.ask(request, checked)
        for course in courses:
            try:
                publishing.publish(course, request.user)
                messages.success(request, _("“%(course)s”发布了。") % {"course": course})
            except publishing.NotReady as problem:
                why = _("；").join(problem.reasons)
                messages.error(request, _("“%(course)s”发布不了：%(why)s。") % {"course": course, "why": why})
        return None

    def ask(self, request: HttpRequest, checked: list[tuple[Course, checking.Report]]) -> HttpResponse:
        ready = [course for course, report in checked if not report.errors]
        one = checked[0][0] if len(checked) == 1 else None
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("发布前看一看"),
            "checked": [(course, report) for course, report in checked if report.errors or report.warnings],
            "button": (_("能发的先发布") if len(ready) < len(checked) else _("知道了，照样发布"))
            if ready
            else "",
            "action": request.POST.get("action", ""),
            "across": "0",
            "selected": [course.pk for course in ready],
            "checkbox": ACTION_CHECKBOX_NAME,
            "back_url": reverse("admin:courses_course_outline", args=[one.pk])
            if one
            else reverse("admin:courses_course_changelist"),
        }
        return TemplateResponse(request, "admin/courses/publish.html", page)
