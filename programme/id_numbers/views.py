"""Pages of ID numbers: a class's setting and its people, one person's number for who leads the class, and one's own."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import consents
from accounts.backoffice.export import XLSX, make_text_cell
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import Consent, User
from accounts.requests import SignedInRequest
from courses.models import Cohort
from programme.exceptions import NoRule
from programme.id_numbers import services
from programme.id_numbers.forms import IdNumberForm, LookForm, RuleForm
from programme.id_numbers.masks import mask
from programme.models import IdNumber
from progress.classes.board import find_members
from progress.classes.views import of_class
from progress.permissions import is_in_class
from ui.pagination import fetch_page

A_PAGE = 50


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def id_numbers(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Show whether the class must report ID numbers, and who has given one; an organiser sets it here."""
    rule, can_set = services.find_rule(cohort), services.can_set_rule(request.user, cohort)
    form = RuleForm(get_posted_or_kept(request), initial={"reason": rule.reason if rule else ""})
    if request.method == "POST":
        if not can_set:
            raise Http404
        if "end" in request.POST:
            services.end_rule(request.user, cohort)
            messages.success(request, _("不收了，收过的都删了。"))
            return redirect("programme:id_numbers", cohort.pk)
        if form.is_valid():
            services.require_id_numbers(request.user, cohort, form.cleaned_data["reason"])
            messages.success(request, _("定好了，学员在自己的班里能填。"))
            return redirect("programme:id_numbers", cohort.pk)
    page = fetch_page(
        find_members(cohort).select_related("user"), ("pk",), request.GET.get("after", ""), A_PAGE
    )
    users = [enrolment.user for enrolment in page.items] if rule else []
    numbers = {row.user_id: row for row in IdNumber.objects.filter(cohort=cohort, user__in=users)}
    context = {
        "cohort": cohort,
        "rule": rule,
        "can_set": can_set,
        "form": form,
        "look": LookForm(auto_id="look_%s"),
        "page": page,
        "people": [(user, describe(numbers.get(user.pk))) for user in users],
        "total": find_members(cohort).count(),
        "given": IdNumber.objects.filter(
            cohort=cohort, user__in=find_members(cohort).order_by().values("user")
        ).count(),
    }
    return render(request, "programme/id_numbers/id_number_list.html", context)


def describe(row: IdNumber | None) -> str:
    """Return the masked number, "" where there is none; a number whose key is gone has to be entered again."""
    if row is None:
        return ""
    return mask(row.read() or "") or _("读不出来，要重新填")


@of_class
@require_POST
def id_numbers_export(request: SignedInRequest, cohort: Cohort) -> HttpResponseBase:
    """Send names and numbers in full as a spreadsheet; the reason is stored. Nothing of it is written to the disk."""
    if services.find_rule(cohort) is None:
        raise Http404
    form = LookForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("写一句为什么要导出。"))
        return redirect("programme:id_numbers", cohort.pk)
    rows = services.export_in_full(request.user, cohort, form.cleaned_data["reason"])
    answer = HttpResponse(write_numbers(rows), content_type=XLSX)
    name = f"id-numbers-{cohort.pk}-{timezone.localdate():%Y%m%d}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def write_numbers(rows: list[tuple[str, str]]) -> bytes:
    """Return a spreadsheet whose cells are text: a number of eighteen digits would lose its last ones."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    page: Any = book.create_sheet(_("身份证号"))
    page.freeze_panes = "A2"
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 18, 24
    page.append([make_text_cell(page, title, Font(bold=True)) for title in (_("姓名"), _("身份证号"))])
    for row in rows:
        cells = [make_text_cell(page, value) for value in row]
        for cell in cells:
            if cell is not None:
                cell.number_format = "@"
        page.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def enter(request: SignedInRequest, cohort: Cohort, person: User, form: IdNumberForm) -> None:
    """Store the number; 404, as the page is from now on, where an organiser has just said that the class needs none."""
    try:
        services.enter_id_number(request.user, cohort, person, form.cleaned_data["id_number"])
    except NoRule:
        raise Http404 from None


@sensitive_post_parameters("id_number")
@never_cache
@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def id_number(request: SignedInRequest, cohort: Cohort, user_pk: int) -> HttpResponse:
    """Enter a person's number with them and their card present, or look at it in full with a reason."""
    if services.find_rule(cohort) is None:
        raise Http404
    person = get_object_or_404(find_members(cohort).select_related("user"), user=user_pk).user
    row = IdNumber.objects.filter(cohort=cohort, user=person).select_related("user", "cohort__place").first()
    looks = request.method == "POST" and "look" in request.POST
    enters = request.method == "POST" and not looks
    form = IdNumberForm(request.POST if enters else None, in_person=True)
    look, full = LookForm(request.POST if looks else None), None
    if enters and form.is_valid():
        enter(request, cohort, person, form)
        messages.success(request, _("填好了，加了密存着。"))
        return redirect("programme:id_numbers", cohort.pk)
    if looks and row and look.is_valid():
        full = services.read_in_full(request.user, row, look.cleaned_data["reason"])
    context = {
        "cohort": cohort,
        "person": person,
        "shown": describe(row),
        "full": full,
        "form": form,
        "look": look,
    }
    return render(request, "programme/id_numbers/id_number_show.html", context)


@sensitive_post_parameters("id_number")
@never_cache
@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def my_id_number(request: SignedInRequest, pk: int) -> HttpResponse:
    """Enter one's own number for a class that must report it, see it masked, or take it back."""
    cohort = get_object_or_404(Cohort.objects.select_related("place", "course"), pk=pk)
    rule = services.find_rule(cohort)
    row = IdNumber.objects.filter(cohort=cohort, user=request.user).first()
    if not (rule and is_in_class(request.user, cohort)) and row is None:
        raise Http404
    form = IdNumberForm(request.POST if request.method == "POST" and "withdraw" not in request.POST else None)
    if request.method == "POST" and "withdraw" in request.POST:
        consents.withdraw(request.user, Consent.Kind.ID_NUMBER)
        messages.success(request, _("撤回了，身份证号删了。"))
        return redirect("programme:my_class", cohort.pk)
    if rule and form.is_bound and form.is_valid():
        enter(request, cohort, request.user, form)
        messages.success(request, _("填好了，加了密存着。"))
        return redirect("programme:my_id_number", cohort.pk)
    context = {
        "cohort": cohort,
        "rule": rule,
        "row": row,
        "shown": describe(row),
        "form": form,
        "days": settings.ID_NUMBER_DAYS,
    }
    return render(request, "programme/id_numbers/my_id_number.html", context)
