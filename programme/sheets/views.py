"""Pages of the papers: all of them by group, one with what it can be filled from, and its PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import limits
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Lesson
from programme.exceptions import PdfNotMade
from programme.sheets import prints, sources
from programme.sheets.texts import Sheet, load_texts
from rehearsals import scoring
from ui.pagination import fetch_page
from ui.parameters import read_id

A_PAGE = 12


def get_sheet_or_404(code: str) -> Sheet:
    sheet = load_texts().sheets.get(code)
    if sheet is None:
        raise Http404
    return sheet


@login_required_keeping_post
@require_safe
def course_sheets(request: SignedInRequest) -> HttpResponse:
    """List all sheets by group: each is printed by one tap, filled from the newest row or empty. At most ten queries."""
    texts = load_texts()
    kinds = {sheet.filled_from for sheet in texts.sheets.values() if sheet.filled_from}
    filled = {kind for kind in kinds if sources.find_sources(kind, request.user, request.user).exists()}
    groups = [
        (title, [(one, one.filled_from in filled or one.code in prints.OF_PERSON) for one in sheets])
        for title, sheets in texts.list_groups()
    ]
    return render(request, "programme/sheets/sheet_list.html", {"groups": groups})


@login_required_keeping_post
@require_safe
def course_sheet(request: SignedInRequest, code: str) -> HttpResponse:
    """Show what a sheet is for, which lessons ask for it, and what it can be filled from."""
    sheet = get_sheet_or_404(code)
    page: Any = None
    if sheet.filled_from:
        rows = sources.find_sources(sheet.filled_from, request.user, request.user)
        page = fetch_page(rows, sources.NEWEST[sheet.filled_from], request.GET.get("after", ""), A_PAGE)
    context = {
        "sheet": sheet,
        "page": page,
        "rows": [(row.pk, sources.describe_source(row)) for row in page.items] if page else [],
        "of_person": sheet.code in prints.OF_PERSON,
        "forms": [(scoring.SHORT, _("短表，九条")), (scoring.LONG, _("长表"))] if code == "rubric" else [],
        "lessons": list_lessons(request, sheet),
    }
    return render(request, "programme/sheets/sheet_show.html", context)


def list_lessons(request: SignedInRequest, sheet: Sheet) -> list[Lesson]:
    """Return the lessons of the person's courses that ask for this sheet, in the page's language if they are in both."""
    rows = Lesson.objects.published().filter(
        code__in=sheet.lessons,
        module__course__enrolments__user=request.user,
        module__course__enrolments__left_at__isnull=True,
    )
    found = list(rows.select_related("module__course").in_order()[:12])
    language = get_language() or ""
    return [
        one for one in found if language.startswith(one.module.course.language.partition("-")[0])
    ] or found


@login_required_keeping_post
@require_safe
def course_sheet_pdf(request: SignedInRequest, code: str) -> HttpResponse:
    """Send the sheet: ?of= from this row of one's own, ?blank=1 empty, else from the newest; ?form= the rubric's form."""
    texts, sheet = load_texts(), get_sheet_or_404(code)
    user, asked = request.user, request.GET
    form = asked.get("form", "") if asked.get("form") in scoring_forms() else ""
    source = read_id(asked.get("of"))
    if "of" in asked and not source:
        raise Http404
    if not limits.allows(request, "course_sheet_pdf"):
        messages.error(request, _("印得太多了，过十分钟再来。"))
        return redirect("programme:course_sheet", code)
    if asked.get("blank"):
        filling: Any = prints.fill_nothing(sheet, user, form)
    else:
        filling = prints.fill(sheet, user, user, source, form)
    if filling is None:
        raise Http404
    site = request.build_absolute_uri("/").rstrip("/")
    try:
        made = prints.print_sheets(sheet.title, [prints.describe_sheet(texts, sheet, filling, site, user)])
    except PdfNotMade:
        messages.error(request, _("PDF 没做成，过一会儿再试。还不行就告诉管理员。"))
        return redirect("programme:course_sheet", code)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{sheet.title}.pdf") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def scoring_forms() -> tuple[str, str]:
    return (scoring.SHORT, scoring.LONG)
