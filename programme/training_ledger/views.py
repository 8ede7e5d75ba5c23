"""Pages of a class's training ledger: writing one, one with its decisions, what changed since, and checking files."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import storages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.backoffice.export import XLSX
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import AuditEntry
from accounts.requests import SignedInRequest
from courses.models import Cohort
from media.storages import StorageUnavailable
from programme.audit import Verb
from programme.exceptions import NotNow
from programme.id_numbers.services import find_rule
from programme.models import LedgerApproval, TrainingLedger
from programme.training_ledger import approvals, changes, manifest, production
from programme.training_ledger.forms import CheckForm, DecisionForm
from progress.classes.board import find_members
from progress.classes.views import of_class
from ui.pagination import fetch_page
from ui.responses.downloads import send_download

log = logging.getLogger(__name__)

NEWEST = ("-asked_at", "-pk")
A_PAGE = 20
# The class is compared at each look with a ledger that was approved; in larger ones on a page of its own.
COMPARED_AT_ONCE = 200
PARTS = {"zip": "application/zip", "xlsx": XLSX, "pdf": "application/pdf", "json": "application/json"}


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def ledgers(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """List the class's ledgers; POST writes a new one."""
    if request.method == "POST":
        if not limits.allows(request, "training_ledger"):
            messages.error(request, _("试得太多了，过十分钟再试。"))
            return redirect("programme:ledgers", cohort.pk)
        site = request.build_absolute_uri("/").rstrip("/")
        return redirect(production.ask_for_ledger(request.user, cohort, site))
    rows = (
        TrainingLedger.objects.filter(cohort=cohort)
        .select_related("made_by")
        .prefetch_related("approvals__by")
    )
    page = fetch_page(rows, NEWEST, request.GET.get("after", ""), A_PAGE)
    context = {
        "cohort": cohort,
        "page": page,
        "rows": [(row, get_latest(list(row.approvals.all()))) for row in page.items],
        "people": find_members(cohort).count(),
        "rule": find_rule(cohort),
    }
    return render(request, "programme/training_ledger/ledger_list.html", context)


def get_latest(decisions: list[LedgerApproval]) -> LedgerApproval | None:
    return decisions[-1] if decisions else None


def get_ledger_or_404(cohort: Cohort, key: UUID) -> TrainingLedger:
    rows = TrainingLedger.objects.select_related("cohort__place", "cohort__course", "made_by")
    return get_object_or_404(rows, cohort=cohort, key=key)


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: SignedInRequest, cohort: Cohort, ledger_key: UUID) -> HttpResponse:
    """Show one with its files and decisions; POST adds a decision."""
    found = get_ledger_or_404(cohort, ledger_key)
    decisions = approvals.list_approvals(found)
    form = DecisionForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = approvals.decide(request.user, found, **form.cleaned_data)
            messages.success(request, _("记下了：%(act)s。") % {"act": made.get_act_display()})
        except NotNow:
            messages.error(
                request, _("现在不能这样做：要么别人先办了，要么不该你办。交的人不能自己核对、批准。")
            )
        return redirect(found)
    is_approved = any(one.act == LedgerApproval.Act.APPROVED for one in decisions)
    compares = is_approved and found.is_ready and find_members(cohort).count() <= COMPARED_AT_ONCE
    context = {
        "cohort": cohort,
        "ledger": found,
        "decisions": decisions,
        "acts": approvals.list_acts(request.user, found, decisions),
        "has_submitted": approvals.has_submitted(request.user, decisions),
        "is_approved": is_approved,
        "changed": changes.list_changed_sheets(found) if compares else None,
        "form": form,
    }
    return render(request, "programme/training_ledger/ledger_show.html", context)


@of_class
@require_POST
def ledger_file(request: SignedInRequest, cohort: Cohort, ledger_key: UUID) -> HttpResponseBase:
    """Send the zip or one of its files. By POST, because who took the names and numbers is audited."""
    found = get_ledger_or_404(cohort, ledger_key)
    kind = request.POST.get("as", "zip")
    if kind not in PARTS or not found.is_ready:
        raise Http404
    try:
        if kind == "zip":
            stem = found.manifest["files"][0]["name"].rpartition(".")[0]
            with storages["private"].open(found.file_name) as file:
                part: tuple[str, bytes] | None = (f"{stem}.zip", file.read())
        else:
            part = production.read_part(found, f".{kind}")
    except FileNotFoundError:
        part = None
    if part is None:
        raise Http404
    name, content = part
    facts = {"name": cohort.name, "file": name}
    AuditEntry.write(request.user, Verb.LEDGER_DOWNLOADED, cohort, cohort.place, **facts)
    return send_download(lambda file: file.write(content), name, PARTS[kind])


@of_class
@require_safe
def ledger_changes(request: SignedInRequest, cohort: Cohort, ledger_key: UUID) -> HttpResponse:
    """Show what of the class is other than this ledger says."""
    found = get_ledger_or_404(cohort, ledger_key)
    if not found.is_ready:
        raise Http404
    try:
        compared = changes.compare_ledger(found)
    except (FileNotFoundError, StorageUnavailable):
        log.warning("the file of a training ledger is away", extra={"fields": {"ledger": str(found.key)}})
        messages.error(request, _("台账的文件现在读不到，过一会儿再试。"))
        return redirect(found)
    context = {"cohort": cohort, "ledger": found, "changes": compared}
    return render(request, "programme/training_ledger/ledger_changes.html", context)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_check(request: SignedInRequest) -> HttpResponse:
    """Take the zip of a ledger, or its manifest and files, and say whether they are as they were written."""
    form = CheckForm(request.POST or None, request.FILES or None)
    verdict = None
    if request.method == "POST" and form.is_valid() and not limits.allows(request, "ledger_check"):
        form.add_error(None, _("试得太多了，过十分钟再试。"))
    elif request.method == "POST" and form.is_valid():
        files = [(str(file.name), file.file) for file in form.cleaned_data["given"]]
        try:
            verdict = manifest.check_files(files)
        except manifest.NotAManifest:
            form.add_error(
                "given", _("里头没有台账的清单。把整个压缩包拿来，或者把 manifest.json 一起选上。")
            )
        except ValueError:
            form.add_error("given", _("压缩包打不开，可能没传完整。"))
    context = {"form": form, "verdict": verdict}
    status = 422 if form.errors else 200
    return render(request, "programme/training_ledger/ledger_check.html", context, status=status)
