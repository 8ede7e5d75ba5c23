"""The pages of cases: those of a course by kind and module, and one case with what a class talks about."""

from __future__ import annotations

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Case, Course, Module
from courses.permissions import can_edit
from courses.rendering import render_markdown
from ui.pagination import fetch_page
from ui.parameters import read_number

MOST_NUMBER = 32767  # of a module
ORDER = ("position", "code", "pk")
PAGE = 60


def find_course(request: SignedInRequest, slug: str) -> Course:
    """Return the course of this address if the person may see it, else raise 404."""
    courses = Course.objects.visible_to(request.user).select_related("place")
    return get_object_or_404(courses, slug=slug)


def list_numbers(case: Case) -> list[int]:
    """Return the numbers of the modules that the case serves; `modules` has been read."""
    return sorted({module.number for module in case.modules.all()})


@login_required_keeping_post
@require_safe
def cases(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the cases of a course, by kind (?kind=fine) and module (?module=8); the same queries for any length."""
    course = find_course(request, slug)
    rows = Case.objects.in_course(course)
    kinds = Counter(rows.order_by().values_list("kind", flat=True))
    modules = list(Module.objects.filter(cases__in=rows.order_by()).order_by("number").distinct())
    numbers = {module.number: module.title for module in reversed(modules) if module.course_id != course.pk}
    numbers |= {module.number: module.title for module in modules if module.course_id == course.pk}
    kind = request.GET.get("kind", "")
    number = read_number(request.GET.get("module"), MOST_NUMBER)
    shown = rows.filter(kind=kind) if kind in kinds else rows
    if number in numbers:
        shown = shown.filter(pk__in=Case.modules.through.objects.filter(module__number=number).values("case"))
    shown = shown.select_related("course").prefetch_related("modules").defer("body", "ask")
    page = fetch_page(shown, ORDER, request.GET.get("after", ""), PAGE)
    context = {
        "course": course,
        "page": page,
        "rows": [(case, list_numbers(case)) for case in page.items],
        "kinds": [(choice, kinds[choice]) for choice in Case.Kind if kinds[choice]],
        "kind": kind if kind in kinds else "",
        "count": sum(kinds.values()),
        "modules": sorted(numbers.items()),
        "number": number if number in numbers else None,
    }
    return render(request, "courses/cases/case_list.html", context)


@login_required_keeping_post
@require_safe
def case(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Show a case, also one that only the course's twin has, in that one's language."""
    course = find_course(request, slug)
    rows = Case.objects.in_course(course)
    found = get_object_or_404(rows.select_related("course__place").prefetch_related("modules"), code=code)
    codes = list(rows.values_list("code", "title", "course__language"))
    here = next(number for number, row in enumerate(codes) if row[0] == code)
    context = {
        "course": course,
        "case": found,
        "html": render_markdown(found.body, {}),
        "modules": Module.objects.filter(course=course, number__in=list_numbers(found)).order_by("number"),
        "previous": codes[here - 1] if here else None,
        "next": codes[here + 1] if here + 1 < len(codes) else None,
        "edit_url": reverse("admin:courses_case_change", args=[found.pk])
        if can_edit(request.user, found.course)
        else "",
    }
    return render(request, "courses/cases/case_show.html", context)
