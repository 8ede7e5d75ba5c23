"""Pages of certificates: those of a class, one of them, and verifying one by its code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, second_factor
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.people import closure
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Cohort
from programme import permissions
from programme.certificates import issuance, printout
from programme.certificates.forms import ReissueForm, RevokeForm, ShownForm, VerifyForm, normalise_code
from programme.certificates.requirements import find_rule
from programme.exceptions import AlreadyRevoked, NoCertificateRule, PdfNotMade
from programme.models import Certificate
from progress.classes.views import of_class
from ui.pagination import Page, fetch_page
from ui.parameters import read_id, read_number
from ui.responses.downloads import send_download

PDF = "application/pdf"
A_PAGE = 50
NEWEST = ("-issued_at", "-pk")


# --- a class ---


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def class_certificates(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Show who is due, what the others miss and what was issued; POST issues to those ticked."""
    if request.method == "POST":
        return issue(request, cohort)
    rule = find_rule(cohort.course)
    after = request.GET.get("people", "")
    people = issuance.load_standings_page(cohort, rule, after) if rule else Page([])
    standings = people.items
    page = fetch_page(find_of_class(cohort), NEWEST, request.GET.get("after", ""), A_PAGE)
    due = [person for person, standing in standings if standing.is_due and person.pk != request.user.pk]
    kept = get_posted_or_kept(request)
    ticked = {person.pk for person in due} if kept is None else read_users(kept)
    context = {
        "cohort": cohort,
        "rule": rule,
        "due": [(person, person.pk in ticked) for person in due],
        "people": people,
        "waiting": [(person, standing) for person, standing in standings if not standing.is_due],
        "page": page,
        "parts": list_parts(find_of_class(cohort).printable().count()) if page.items else [],
    }
    return render(request, "programme/certificates/class_certificates.html", context)


def find_of_class(cohort: Cohort):
    return Certificate.objects.filter(cohort=cohort).select_related("user", "course", "cohort__place")


def list_parts(count: int) -> list[tuple[int, int, int]]:
    """Return (number, first, last) of the files in which so many certificates are printed."""
    size = printout.MOST_PAGES
    return [(first // size + 1, first + 1, min(first + size, count)) for first in range(0, count, size)]


def read_users(data: QueryDict) -> set[int]:
    return {pk for text in data.getlist("user")[:1000] if (pk := read_id(text))}


def issue(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    try:
        issued = issuance.issue_certificates(request.user, cohort, read_users(request.POST))
    except NoCertificateRule:
        messages.error(request, _("这门课还没定发证条件，发不了。"))
        return redirect("programme:class_certificates", cohort.pk)
    if issued:
        words = ngettext("发了 %(count)s 张证书。", "发了 %(count)s 张证书。", len(issued)) % {
            "count": len(issued)
        }
        messages.success(request, words)
    else:
        messages.info(request, _("没有新发的：要么已经有了，要么还差条件。"))
    return redirect(request.get_full_path())


@of_class
@require_safe
def class_print(request: SignedInRequest, cohort: Cohort) -> HttpResponseBase:
    """Send a PDF of the class's valid certificates in the order of issue: so many as one file holds, `?part=2` the next."""
    first = (max(1, read_number(request.GET.get("part", "1"), 10_000) or 1) - 1) * printout.MOST_PAGES
    rows = list(
        find_of_class(cohort).printable().order_by("issued_at", "pk")[first : first + printout.MOST_PAGES]
    )
    if not rows:
        raise Http404
    if not limits.allows(request, "certificates_pdf"):
        messages.error(request, _("印得太多了，过十分钟再来。"))
        return redirect("programme:class_certificates", cohort.pk)
    return send_pdf(request, rows, f"{cohort.name}.pdf", "programme:class_certificates", cohort.pk)


def send_pdf(
    request: HttpRequest, rows: list[Certificate], filename: str, back: str, *args: object
) -> HttpResponseBase:
    try:
        made = printout.typeset_certificates(request, rows)
    except PdfNotMade:
        messages.error(request, _("PDF 没做成，过一会儿再试。还不行就告诉管理员。"))
        return redirect(back, *args)
    return send_download(lambda file: file.write(made), filename, PDF)


# --- one certificate ---


def get_certificate_or_404(request: SignedInRequest, key: UUID) -> Certificate:
    rows = Certificate.objects.select_related(
        "user", "course", "cohort__place", "replaces", "successor", "credential"
    )
    found = get_object_or_404(rows, key=key)
    if not permissions.can_see_certificate(request.user, found):
        raise Http404
    return found


def require_second_factor(request: SignedInRequest, certificate: Certificate) -> HttpResponse | None:
    """Ask staff for the second factor before they see somebody else's certificate; None if it is not due."""
    if certificate.user_id == request.user.pk or not second_factor.is_due(request):
        return None
    return second_factor.redirect_to_second_factor(request, request.get_full_path())


def get_changeable_or_404(request: SignedInRequest, key: UUID) -> Certificate:
    found = get_certificate_or_404(request, key)
    if not permissions.can_change_certificate(request.user, found):
        raise Http404
    return found


@login_required_keeping_post
@require_safe
def my_certificates(request: SignedInRequest) -> HttpResponse:
    rows = Certificate.objects.filter(user=request.user).select_related("course")
    page = fetch_page(rows, NEWEST, request.GET.get("after", ""), A_PAGE)
    return render(request, "programme/certificates/certificate_list.html", {"page": page})


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Show it; its holder chooses here what verifying shows."""
    found = get_certificate_or_404(request, key)
    if asked := require_second_factor(request, found):
        return asked
    is_own = found.user_id == request.user.pk
    if request.method == "POST":
        if not is_own:
            raise Http404
        form = ShownForm(request.POST, instance=found)
        if form.is_valid():
            form.save()
            messages.success(request, _("改好了。"))
            return redirect(found)
    else:
        form = ShownForm(instance=found)
    context = {
        "certificate": found,
        "is_own": is_own,
        "form": form,
        "can_change": permissions.can_change_certificate(request.user, found) and found.is_valid,
        "verify_url": request.build_absolute_uri(found.verify_path),
    }
    return render(request, "programme/certificates/certificate_show.html", context)


@login_required_keeping_post
@require_safe
def certificate_pdf(request: SignedInRequest, key: UUID) -> HttpResponseBase:
    found = get_certificate_or_404(request, key)
    if asked := require_second_factor(request, found):
        return asked
    if not found.is_valid:
        messages.error(request, _("这张证书作废了，不能再打印。"))
        return redirect(found)
    if not found.can_be_printed:
        raise Http404
    if not limits.allows(request, "certificate_pdf"):
        messages.error(request, _("印得太多了，过十分钟再来。"))
        return redirect(found)
    return send_pdf(request, [found], f"{found.serial}.pdf", "programme:certificate", found.key)


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_revoke(request: SignedInRequest, key: UUID) -> HttpResponse:
    found = get_changeable_or_404(request, key)
    form = RevokeForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            issuance.revoke_certificate(request.user, found, form.cleaned_data["reason"])
            messages.success(request, _("作废了，查验的人马上看得到。"))
        except AlreadyRevoked:
            messages.info(request, _("这张证书已经作废了。"))
        return redirect(found)
    return render(
        request, "programme/certificates/certificate_revoke.html", {"certificate": found, "form": form}
    )


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_reissue(request: SignedInRequest, key: UUID) -> HttpResponse:
    found = get_changeable_or_404(request, key)
    if closure.is_erased(found.user):
        raise Http404
    form = ReissueForm(get_posted_or_kept(request), initial={"name": found.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            made = issuance.reissue_certificate(request.user, found, **form.cleaned_data)
        except AlreadyRevoked:
            messages.info(request, _("这张证书已经作废了。"))
            return redirect(found)
        messages.success(request, _("换发了，旧的作废。"))
        return redirect(made)
    return render(
        request, "programme/certificates/certificate_reissue.html", {"certificate": found, "form": form}
    )


# --- verifying ---


@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """Take a typed code; it leads to the page of that certificate."""
    form = VerifyForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["code"]:
            return redirect("programme:verify", form.cleaned_data["code"])
        is_serial = request.GET["code"].strip().upper().startswith("XNH")
        form.add_error(
            "code",
            _("这是证书编号。查验码在编号下面一行，12 个字母和数字。")
            if is_serial
            else _("查验码是 12 个字母和数字，再对一遍。"),
        )
    return render(request, "programme/certificates/verify_form.html", {"form": form})


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Tell whoever has the code whether the certificate is valid, and no more than its holder allows.

    Nobody guesses a code of 60 bits, so tries are not counted: a GET changes nothing.
    """
    normal = normalise_code(code)
    if normal and normal != code:
        return redirect("programme:verify", normal)
    rows = Certificate.objects.select_related("course", "successor", "credential")
    found = rows.filter(code=normal).first() if normal else None
    context = {
        "certificate": found,
        "code": code[:40],
        "credential": found.shown_credential if found else None,
    }
    return render(request, "programme/certificates/verify_show.html", context, status=200 if found else 404)
