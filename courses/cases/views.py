"""The pages of cases: those of a course by kind and module, and one case with what a class talks about."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Case, Course, Module
from courses.other_language import find_twin, make_switch
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


def find_cases(course: Course) -> QuerySet[Case]:
    """Return the course's own cases without their texts."""
    return Case.objects.filter(course=course).select_related("course").defer("body", "ask", "source")


def list_numbers(case: Case) -> list[int]:
    """Return the numbers of the modules that the case serves; `modules` has been read."""
    return sorted({module.number for module in case.modules.all()})


@login_required_keeping_post
@require_safe
def cases(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the cases of a course, by kind (?kind=fine) and module (?module=8), with ?in= by the titles of its twin; the same
    queries for any length.
    """
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
    twin = find_twin(course)
    switch = make_switch(request, course.language, [twin.language] if twin else [])
    is_other = twin is not None and switch is not None and switch.is_on
    told = {case.code: case for case in find_cases(twin)} if twin and is_other else {}
    context = {
        "course": course,
        "written": twin if is_other else course,
        "switch": switch,
        "query": switch.query if switch else "",
        "page": page,
        "rows": [(told.get(case.code, case), list_numbers(case)) for case in page.items],
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
    """Show a case, also one that only the course's twin has, in that one's language; with ?in= in the words of the twin."""
    course = find_course(request, slug)
    rows = Case.objects.in_course(course)
    found = get_object_or_404(rows.select_related("course__place").prefetch_related("modules"), code=code)
    codes = list(rows.values_list("code", "title", "course__language"))
    here = next(number for number, row in enumerate(codes) if row[0] == code)
    around = [codes[here - 1] if here else None, codes[here + 1] if here + 1 < len(codes) else None]
    modules = Module.objects.filter(course=course, number__in=list_numbers(found)).order_by("number")
    written = course
    twin = find_twin(course) if found.course_id == course.pk else None
    told = {case.code: case for case in find_cases(twin)} if twin else {}
    switch = make_switch(request, course.language, [twin.language] if twin and code in told else [])
    if twin and switch and switch.is_on:
        written, found = twin, Case.objects.select_related("course__place").get(pk=told[code].pk)
        around = [row and translate_row(row, told) for row in around]
        titles = dict(twin.modules.values_list("number", "title"))
        for module in modules:
            module.title = titles.get(module.number, module.title)
    previous, following = around
    context = {
        "course": course,
        "case": found,
        "written": written,
        "switch": switch,
        "query": switch.query if switch else "",
        "html": render_markdown(found.body, {}),
        "modules": modules,
        "previous": previous,
        "next": following,
        "edit_url": reverse("admin:courses_case_change", args=[found.pk])
        if can_edit(request.user, found.course)
        else "",
    }
    return render(request, "courses/cases/case_show.html", context)


def translate_row(row: tuple[str, str, str], told: dict[str, Case]) -> tuple[str, str, str]:
    """Return (code, title, language) of a case as told in the other language, if it is."""
    other = told.get(row[0])
    return (row[0], other.title, other.course.language) if other else row
