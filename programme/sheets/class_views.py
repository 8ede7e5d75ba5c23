"""Pages of a class on which a sheet is printed for all of it, and the file that the worker has made."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts import limits
from accounts.decorators import get_posted_or_kept
from accounts.requests import SignedInRequest
from courses.models import Cohort
from media import private_files
from programme.exceptions import PdfNotMade
from programme.models import SheetPrint
from programme.sheets import class_prints
from programme.sheets.class_prints import MOST_COPIES
from programme.sheets.texts import Sheet, load_texts
from progress.classes.board import find_members
from progress.classes.views import of_guided_class
from ui.fields import CountField
from ui.forms import FarmForm

SHOWN = 5


class ClassPrintForm(FarmForm):
    """Choose a sheet, and how many empty ones."""

    sheet = forms.ChoiceField(label=gettext_lazy("印哪一张"))
    copies = CountField(
        label=gettext_lazy("空白的印几份"), least=1, most=MOST_COPIES, unit=gettext_lazy("份"), required=False
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (title, [(one.code, one.title) for one in sheets]) for title, sheets in load_texts().list_groups()
        ]
        self.fields["sheet"].choices = groups


@of_guided_class
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def class_sheets(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Print a sheet for the class: do=people one for each person, do=blank empty ones; a long one is made by the worker."""
    people = find_members(cohort).count()
    form = ClassPrintForm(get_posted_or_kept(request), initial={"copies": max(people, 1)})
    if request.method == "POST" and form.is_valid():
        if not limits.allows(request, "class_sheets_pdf"):
            messages.error(request, _("印得太多了，过十分钟再来。"))
            return redirect("programme:class_sheets", cohort.pk)
        try:
            return print_sheet(request, cohort, load_texts().sheets[form.cleaned_data["sheet"]], form)
        except PdfNotMade:
            messages.error(request, _("PDF 没做成，过一会儿再试。还不行就告诉管理员。"))
    context = {
        "cohort": cohort,
        "form": form,
        "people": people,
        "prints": describe_prints(SheetPrint.objects.visible_to(request.user).filter(cohort=cohort)[:SHOWN]),
    }
    return render(request, "programme/sheets/class_sheets.html", context, status=422 if form.errors else 200)


def describe_prints(rows) -> list[tuple[SheetPrint, str]]:
    sheets = load_texts().sheets
    return [(row, sheets[row.sheet].title if row.sheet in sheets else row.sheet) for row in rows]


def print_sheet(request: SignedInRequest, cohort: Cohort, sheet: Sheet, form: ClassPrintForm) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    if request.POST.get("do") != "people":
        copies = form.cleaned_data["copies"] or 1
        return send(sheet, class_prints.print_copies(sheet, request.user, site, copies))
    people = class_prints.list_people(cohort)
    if not people:
        messages.info(request, _("班里还没人，先印空白的。"))
        return redirect("programme:class_sheets", cohort.pk)
    if len(people) > class_prints.MOST_AT_ONCE:
        return redirect(class_prints.ask_for_print(request.user, cohort, sheet, site))
    return send(sheet, class_prints.print_for_people(sheet, request.user, site, people))


def send(sheet: Sheet, made: bytes) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{sheet.title}.pdf") or "attachment"
    return response


def get_print_or_404(request: SignedInRequest, cohort: Cohort, print_key: UUID) -> SheetPrint:
    rows = SheetPrint.objects.visible_to(request.user)
    found = get_object_or_404(rows, cohort=cohort, key=print_key)
    if found.sheet not in load_texts().sheets:
        raise Http404
    found.cohort = cohort
    return found


@of_guided_class
@never_cache
@require_safe
def class_sheet_print(request: SignedInRequest, cohort: Cohort, print_key: UUID) -> HttpResponse:
    """Show how far the worker has come, then the file; htmx asks for the progress alone every two seconds."""
    found = get_print_or_404(request, cohort, print_key)
    context = {"cohort": cohort, "print": found, "sheet": load_texts().sheets[found.sheet]}
    if getattr(request, "htmx", False):
        if found.state != SheetPrint.State.WAITING:
            return HttpResponseClientRefresh()
        return render(request, "programme/sheets/_print_progress.html", context)
    return render(request, "programme/sheets/class_sheet_print.html", context)


@of_guided_class
@require_safe
def class_sheet_print_file(request: SignedInRequest, cohort: Cohort, print_key: UUID) -> HttpResponseBase:
    """Send the file to who asked for it, while they still guide the class."""
    found = get_print_or_404(request, cohort, print_key)
    if not found.is_ready:
        raise Http404
    name = f"{load_texts().sheets[found.sheet].title}-{cohort.name}.pdf"
    return private_files.send_private(request, found.file_name, "application/pdf", name, as_attachment=True)
