"""Pages and files of credentials: making one's own, downloading it, and what others check it with."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.requests import SignedInRequest
from programme.certificates.forms import normalise_code
from programme.credentials import badges, keys, status
from programme.models import Certificate, Credential, IssuerKey
from ui.forms import FarmForm

CREDENTIAL_TYPE = "application/vc"
NAME, PHONE = "name", "phone"


class CredentialForm(FarmForm):
    holder = forms.ChoiceField(
        label=gettext_lazy("文件里怎么写是你"),
        choices=[(NAME, gettext_lazy("写姓名")), (PHONE, gettext_lazy("不写姓名，只写手机号算出来的一串码"))],
        widget=forms.RadioSelect,
        initial=NAME,
        help_text=gettext_lazy("手机号、身份证号都不写。"),
        error_messages={"required": gettext_lazy("选一样。"), "invalid_choice": gettext_lazy("选一样。")},
    )


def get_own_or_404(request: SignedInRequest, key: UUID) -> Certificate:
    """Return one's own certificate: nobody else makes or takes the file, not even who issued it."""
    rows = Certificate.objects.select_related("user", "course", "credential")
    return get_object_or_404(rows, key=key, user=request.user)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def credential_make(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Ask how the file names its holder, then make it; made again, it replaces the one before."""
    certificate = get_own_or_404(request, key)
    if not certificate.can_be_printed:
        raise Http404
    form = CredentialForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        if not limits.allows(request, "credential"):
            messages.error(request, _("做得太多了，过一个小时再来。"))
            return redirect(certificate)
        try:
            badges.make_credential(request, certificate, form.cleaned_data["holder"] == NAME)
        except badges.NotPossible:
            messages.error(request, _("这张证书作废了，或者账号里没有手机号，做不了。"))
            return redirect(certificate)
        messages.success(request, _("做好了，下载下来，谁要看就发给谁。"))
        return redirect(certificate)
    context = {"certificate": certificate, "form": form}
    return render(request, "programme/credentials/credential_make.html", context)


@login_required_keeping_post
@require_safe
def credential(request: SignedInRequest, key: UUID) -> HttpResponse:
    return send_credential(get_own_or_404(request, key))


@require_safe
def verify_credential(request: HttpRequest, code: str) -> HttpResponse:
    """Send the file to whoever has the code, where the holder allows that and all that the file says."""
    rows = Certificate.objects.select_related("credential")
    found = get_object_or_404(rows, code=normalise_code(code) or None)
    if found.shown_credential is None:
        raise Http404
    return send_credential(found)


def send_credential(certificate: Certificate) -> HttpResponse:
    made: Credential | None = getattr(certificate, "credential", None)
    if made is None:
        raise Http404
    answer = HttpResponse(made.document, content_type=CREDENTIAL_TYPE)
    answer["Content-Disposition"] = content_disposition_header(True, f"{certificate.serial}.json")
    answer["Cache-Control"] = "private, no-cache"
    return answer


# --- what others check it with ---


def let_everybody_read(answer: HttpResponse) -> HttpResponse:
    """Let pages of other sites read it too: verifiers run in browsers."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def did_document(request: HttpRequest) -> HttpResponse:
    found = keys.build_did_document(keys.name_issuer(request))
    return let_everybody_read(JsonResponse(found, json_dumps_params={"indent": 1}))


@require_safe
def credential_status(request: HttpRequest, number: int) -> HttpResponse:
    """Send the signed list of what was revoked; 503 in the hour in which no key can sign."""
    if not status.has_list(number):
        raise Http404
    try:
        made = status.get_list(request, number)
    except keys.NoKey:
        return HttpResponse(status=503, headers={"Retry-After": "3600"})
    return let_everybody_read(HttpResponse(made, content_type=CREDENTIAL_TYPE))


@require_safe
def credentials(request: HttpRequest) -> HttpResponse:
    """Say in plain words what the file is and how somebody else checks it."""
    rows = IssuerKey.objects.order_by("-created_at", "-pk")
    context = {
        "did": keys.name_issuer(request),
        "keys": rows,
        "status_url": status.build_url(request, 0),
    }
    return render(request, "programme/credentials/credentials.html", context)
