"""Pages after a live (复盘): its figures and notes, the import of a platform's export, and the evidence as a zip."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from live.models import Figure, FigureImport, Livestream, Recap, RecapComment
from live.permissions import can_comment, can_run, can_take_evidence
from live.recap import comparison, evidence, figures, formulas, notes, timeline
from live.recap.forms import ColumnsForm, CommentForm, ExportForm, FiguresForm, NotesForm, ReplayForm
from live.recap.platform_exports import formats, importer, reader
from live.shortcuts import require_second_factor
from media import private_files, received_files
from media.received_files import hash_file
from ui.responses.downloads import send_download

# An uploaded export between preview and import: its folder, and the salt of its signed token.
FOLDER, SALT, A_DAY = "exports", "live.export", 24 * 3600
# Number of rows of the file in the preview.
SHOWN = 5


@dataclass(frozen=True)
class FormulaRow:
    """One formula with its values for this live, for the one before, and the village's median."""

    formula: formulas.Formula
    value: int | None
    before: int | None
    usual: int | None
    missing: list[str]


def ended_or_404(request: SignedInRequest, pk: int, mine: bool = False) -> Livestream:
    """Return a live that is over and that this person may see, or with `mine` runs."""
    rows = Livestream.objects.of(request.user) if mine else Livestream.objects.visible_to(request.user)
    live = get_object_or_404(rows.select_related("shop", "place", "host"), pk=pk)
    if not live.is_over:
        raise Http404
    return live


@require_http_methods(["GET", "HEAD"])
@login_required_keeping_post
def recap(request: SignedInRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk)
    if demanded := require_second_factor(request, live):
        return demanded
    return render(request, "live/recap/recap_show.html", build_recap_context(request, live))


def build_recap_context(request: SignedInRequest, live: Livestream, **forms) -> dict:
    """Return the page's context. About fifteen queries, however long the live was."""
    known, last = figures.find_known_figures(live), comparison.find_previous_live(live)
    values = known.values
    then = figures.find_known_figures(last).values if last else {}
    usual = comparison.calculate_village_medians(live) if live.is_real else {}
    lines = [
        FormulaRow(one, one.of(values), one.of(then), usual.get(one.code), one.missing(values))
        for one in formulas.FORMULAS
    ]
    runs = can_run(request.user, live)
    typed = decorators.get_kept_post(request) or QueryDict()
    written = Recap.objects.filter(livestream=live).first()
    return {
        "live": live,
        "back_url": reverse("live:lives"),
        "runs": runs,
        "can_pack": can_take_evidence(request.user, live),
        "net": lines[0],
        "lines": lines[1:],
        "known": known,
        "sales_difference": calculate_sales_difference(known),
        "funnel": [stage for stage in formulas.build_funnel(values) if stage.value is not None],
        "before": last,
        "is_provisional": comparison.is_provisional(live),
        "settles_at": comparison.get_settling_time(live),
        "timeline": timeline.build_timeline(live),
        "notes": written,
        "notes_form": forms.get("notes_form") or NotesForm(initial=typed or vars(written or Recap())),
        "replay_form": forms.get("replay_form") or ReplayForm(initial={"replay_url": live.replay_url}),
        "comments": live.comments.filter(removed_at__isnull=True).select_related("author"),
        "comment_form": (forms.get("comment_form") or CommentForm(initial={"text": typed.get("text", "")}))
        if can_comment(request.user, live)
        else None,
        "imports": live.imports.select_related("by"),
    }


def calculate_sales_difference(known: figures.KnownFigures) -> tuple[int, int] | None:
    """Return the sales in fen as the platform and as our own rows have them, where they differ."""
    name = Figure.Name.SALES_FEN
    row, own = known.rows.get(name), known.own.get(name)
    return (row.value, own) if row and own is not None and row.value != own else None


@require_POST
@login_required_keeping_post
def save_notes(request: SignedInRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    form = NotesForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "live/recap/recap_show.html",
            build_recap_context(request, live, notes_form=form),
            status=422,
        )
    notes.write_notes(live, **form.cleaned_data, by=request.user)
    messages.success(request, _("记下了，下一场开播前会再给你看一眼。"), extra_tags=f"done:recap-{live.pk}")
    return redirect("live:recap", live.pk)


@require_POST
@login_required_keeping_post
def comment(request: SignedInRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk)
    if not can_comment(request.user, live):
        raise Http404
    if demanded := require_second_factor(request, live):
        return demanded
    form = CommentForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "live/recap/recap_show.html",
            build_recap_context(request, live, comment_form=form),
            status=422,
        )
    facts = form.cleaned_data
    if notes.add_comment(live, facts["text"], request.user, facts["key"]) is None:
        raise Http404
    messages.success(request, _("说好了，主播看得到。"), extra_tags=f"done:recap-say-{live.pk}")
    return redirect("live:recap", live.pk)


@require_POST
@login_required_keeping_post
def comment_remove(request: SignedInRequest, pk: int, comment_pk: int) -> HttpResponse:
    live = ended_or_404(request, pk)
    remark = get_object_or_404(RecapComment, pk=comment_pk, livestream=live, author=request.user)
    notes.remove_comment(remark, request.user)
    messages.success(request, _("撤下了。"))
    return redirect("live:recap", live.pk)


@require_POST
@login_required_keeping_post
def replay(request: SignedInRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "live/recap/recap_show.html",
            build_recap_context(request, live, replay_form=form),
            status=422,
        )
    form.save(live)
    messages.success(request, _("记下了。"))
    return redirect("live:recap", live.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def figures_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    rows = figures.find_known_figures(live).rows
    initial = {name: row.value for name, row in rows.items()}
    if request.method == "POST":
        form = FiguresForm(request.POST)
        if form.is_valid():
            figures.write_figures(live, form.cleaned_data, request.user)
            messages.success(request, _("记下了。"), extra_tags=f"done:figures-{live.pk}")
            return redirect("live:recap", live.pk)
    else:
        typed = decorators.get_kept_post(request)
        form = FiguresForm(initial=initial | (typed.dict() if typed else {}))
    context = {"live": live, "form": form, "rows": rows, "back_url": reverse("live:recap", args=[live.pk])}
    return render(request, "live/recap/recap_figures.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def export_import(request: SignedInRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    if "token" in request.POST:
        return confirm_import(request, live)
    form = ExportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        file = form.cleaned_data["file"]
        digest = hash_file(file)
        if importer.find_import(live, digest):
            messages.warning(request, _("这份表已经导入过了，数没有变。"))
            return redirect("live:recap", live.pk)
        try:
            sheet = read_sheet(live, file, file.size)
            file.seek(0)
            name = received_files.store_pending(file, request.user, FOLDER)
        except reader.UnreadableExport as problem:
            form.add_error("file", str(problem))
        except received_files.NotStored as away:
            form.add_error("file", away)
        else:
            facts = [request.user.pk, live.pk, name, file.name or "", digest]
            return show_preview(request, live, sheet, signing.dumps(facts, salt=SALT))
    context = {"live": live, "form": form, "back_url": reverse("live:recap", args=[live.pk])}
    return render(request, "live/recap/recap_import.html", context, status=422 if form.is_bound else 200)


def read_sheet(live: Livestream, file, size: int, chosen: dict | None = None) -> formats.Sheet:
    """Read an export with the columns as chosen now, or by this shop the last time. Raises UnreadableExport."""
    table = reader.read_export(file, size)
    sheet = formats.recognise_table(table, chosen)
    if chosen is None and (known := importer.find_remembered_columns(live, sheet.fingerprint)):
        sheet = formats.recognise_table(table, known)
    return sheet


def show_preview(
    request: HttpRequest, live: Livestream, sheet: formats.Sheet, token: str, form: ColumnsForm | None = None
):
    """Show what the file holds and what an import would write; nothing is written."""
    outcome = importer.preview_import(sheet, live)
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
        request, "live/recap/recap_import_preview.html", context, status=422 if form and form.errors else 200
    )


def confirm_import(request: SignedInRequest, live: Livestream) -> HttpResponse:
    """Show the preview with other columns, or import the file."""
    try:
        user, of, name, called, digest = signing.loads(request.POST["token"], salt=SALT, max_age=A_DAY)
        if (user, of) != (request.user.pk, live.pk):
            raise signing.BadSignature
        with storages["intake"].open(name) as file:
            sheet = read_sheet(live, file, file.size)
            form = ColumnsForm(request.POST, sheet=sheet)
            if not form.is_valid():
                return show_preview(request, live, sheet, request.POST["token"], form)
            sheet = read_sheet(live, file, file.size, form.chosen())
            outcome = importer.preview_import(sheet, live)
            if request.POST.get("do") != "take" or not outcome.figures:
                if not outcome.figures:
                    messages.warning(request, _("照这样一个数也没有：先选好每一列是什么。"))
                return show_preview(request, live, sheet, request.POST["token"])
            importer.import_export(live, sheet, file, called, digest, request.user)
    except (signing.BadSignature, FileNotFoundError, reader.UnreadableExport):
        messages.warning(request, _("这个文件放得太久，或者已经导入过了。重新选一次。"))
        return redirect("live:export_import", live.pk)
    storages["intake"].delete(name)
    n = len(outcome.figures)
    messages.success(request, ngettext("导入好了，%(n)d 个数。", "导入好了，%(n)d 个数。", n) % {"n": n})
    return redirect("live:recap", live.pk)


@require_safe
@login_required_keeping_post
def export_file(request: SignedInRequest, pk: int, import_pk: int) -> HttpResponseBase:
    """Download the imported file unchanged: it is the evidence of its figures and may name buyers."""
    live = ended_or_404(request, pk)
    if not can_take_evidence(request.user, live):
        raise Http404
    if demanded := require_second_factor(request, live):
        return demanded
    row = get_object_or_404(FigureImport, livestream=live, pk=import_pk)
    answer = private_files.send_private(
        request, row.stored, "application/octet-stream", row.name, as_attachment=True
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@login_required_keeping_post
def evidence_zip(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send the evidence to those who run the live, and with a second factor to the organiser of its place."""
    live = ended_or_404(request, pk)
    if not live.is_real or not can_take_evidence(request.user, live):
        raise Http404
    if demanded := require_second_factor(request, live):
        return demanded
    name = f"live-{live.pk}-{timezone.localtime(live.started_at):%Y%m%d}.zip"
    answer = send_download(lambda file: evidence.write_evidence(live, file), name, "application/zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
