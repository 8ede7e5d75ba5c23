"""A platform's export: chosen, looked at column by column, then taken in."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.kept import signed_in
from live.exports import reading, shapes, taking
from live.models import FigureImport, Livestream
from live.permissions import can_take_evidence
from live.recap_forms import ColumnsForm, ExportForm
from live.shortcuts import require_second_factor
from live.views.recap import ended_or_404
from media import looked_at, sending
from media.intake import sha256

FOLDER, SALT, A_DAY = "exports", "live.export", 24 * 3600
SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def export_import(request: HttpRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    if "token" in request.POST:
        return decide(request, live)
    form = ExportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        file = form.cleaned_data["file"]
        digest = sha256(file)
        if taking.taken(live, digest):
            messages.warning(request, _("这份表已经导入过了，数没有变。"))
            return redirect("live:recap", live.pk)
        try:
            sheet = read(live, file, file.size)
        except reading.Unreadable as problem:
            form.add_error("file", str(problem))
        else:
            file.seek(0)
            name = looked_at.keep(file, request.user, FOLDER)
            facts = [request.user.pk, live.pk, name, file.name or "", digest]
            return look(request, live, sheet, signing.dumps(facts, salt=SALT))
    context = {"live": live, "form": form, "back_url": reverse("live:recap", args=[live.pk])}
    return render(request, "live/recap_import.html", context, status=422 if form.is_bound else 200)


def read(live: Livestream, file, size: int, chosen: dict | None = None) -> shapes.Sheet:
    """With the columns as they were chosen now, or by this shop the last time. Raises Unreadable."""
    table = reading.read(file, size)
    sheet = shapes.sheet(table, chosen)
    if chosen is None and (known := taking.remembered(live, sheet.fingerprint)):
        sheet = shapes.sheet(table, known)
    return sheet


def look(
    request: HttpRequest, live: Livestream, sheet: shapes.Sheet, token: str, form: ColumnsForm | None = None
):
    """The dry run: what is in the file and what it would say; nothing is written."""
    outcome = taking.look(sheet, live)
    context = {
        "live": live,
        "form": form or ColumnsForm(sheet=sheet),
        "token": token,
        "outcome": outcome,
        "problems": outcome.problems[:20],
        "more": max(0, len(outcome.problems) - 20),
        "shape": FigureImport.Shape(sheet.shape).label,
        "head": [column.label for column in sheet.columns],
        "sample": [[row[column.place] for column in sheet.columns] for row in sheet.rows[:SHOWN]],
        "back_url": reverse("live:recap", args=[live.pk]),
    }
    return render(
        request, "live/recap_import_look.html", context, status=422 if form and form.errors else 200
    )


def decide(request: HttpRequest, live: Livestream) -> HttpResponse:
    """With other columns it is looked at again; with yes it is taken in."""
    try:
        user, of, name, called, digest = signing.loads(request.POST["token"], salt=SALT, max_age=A_DAY)
        if (user, of) != (request.user.pk, live.pk):
            raise signing.BadSignature
        with storages["intake"].open(name) as file:
            sheet = read(live, file, file.size)
            form = ColumnsForm(request.POST, sheet=sheet)
            if not form.is_valid():
                return look(request, live, sheet, request.POST["token"], form)
            sheet = read(live, file, file.size, form.chosen())
            outcome = taking.look(sheet, live)
            if request.POST.get("do") != "take" or not outcome.figures:
                if not outcome.figures:
                    messages.warning(request, _("照这样一个数也没有：先选好每一列是什么。"))
                return look(request, live, sheet, request.POST["token"])
            taking.take(live, sheet, file, called, digest, request.user)
    except (signing.BadSignature, FileNotFoundError, reading.Unreadable):
        messages.warning(request, _("这个文件放得太久，或者已经导入过了。重新选一次。"))
        return redirect("live:export_import", live.pk)
    storages["intake"].delete(name)
    n = len(outcome.figures)
    messages.success(request, ngettext("导入好了，%(n)d 个数。", "导入好了，%(n)d 个数。", n) % {"n": n})
    return redirect("live:recap", live.pk)


@require_safe
@signed_in
def export_file(request: HttpRequest, pk: int, import_pk: int) -> HttpResponse:
    """The file as it came: the evidence of its figures, and it may name buyers. Only ever a download."""
    live = ended_or_404(request, pk)
    if not can_take_evidence(request.user, live):
        raise Http404
    if demanded := require_second_factor(request, live):
        return demanded
    row = get_object_or_404(FigureImport, livestream=live, pk=import_pk)
    answer = sending.send(request, row.stored, "application/octet-stream", row.name, as_attachment=True)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
