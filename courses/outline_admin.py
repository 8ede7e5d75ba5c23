"""A course's outline in the admin: lessons put in order by buttons, by dragging or from the keyboard."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from courses import checking, ordering
from courses.models import Course, Lesson, Quiz


class OutlinePages:
    """Mixed into the course's admin page."""

    change_form_template = "admin/courses/course_form.html"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.outline_view)
        return [path("<path:object_id>/outline/", view, name="courses_course_outline"), *super().get_urls()]

    def outline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows the tree; POST moves one row (`move=l10:up`) or sets the whole order (`order=m1 l10 …`)."""
        course = self.found(request, object_id, to_change=request.method == "POST")
        if request.method == "POST":
            return self.reorder(request, course)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("目录"),
            "original": course,
            "units": units(course),
            "may_change": self.has_change_permission(request, course),
            "report": checking.check(course),
        }
        return TemplateResponse(request, "admin/courses/outline.html", context)

    def reorder(self, request: HttpRequest, course: Course) -> HttpResponse:
        """A script gets 204 or 409, a form the page again."""
        by_script = "order" in request.POST
        try:
            if by_script:
                tree = ordering.read(request.POST["order"])
            else:
                mark, _colon, way = request.POST.get("move", "").partition(":")
                tree = ordering.moved(ordering.tree_of(course), mark, up=way == "up")
            ordering.save(course, tree)
        except ValueError:
            return HttpResponseBadRequest()
        except ordering.Changed:
            if by_script:
                return HttpResponse(status=409)
            messages.warning(request, _("刚才有人改过目录，这是现在的样子。"))
        return HttpResponse(status=204) if by_script else redirect("admin:courses_course_outline", course.pk)


def units(course: Course) -> list[tuple]:
    """[(module, lessons, number of questions in its quizzes)] in order, three queries."""
    lessons: dict[int, list[Lesson]] = {}
    for lesson in Lesson.objects.filter(module__course=course).in_order().defer("body", "html"):
        lessons.setdefault(lesson.module_id, []).append(lesson)
    asked = Count("bank__questions", Q(bank__questions__is_retired=False))
    quizzes = course.quizzes.filter(kind=Quiz.Kind.MODULE).order_by("module")
    questions = dict(quizzes.values("module").annotate(n=asked).values_list("module", "n"))
    modules = course.modules.order_by("position", "id")
    return [(module, lessons.get(module.pk, []), questions.get(module.pk, 0)) for module in modules]
