"""Before one is in: proving a phone, a forgotten password, and the privacy notice."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.auth import phone_verification
from accounts.auth.code_forms import ProveCodeForm
from accounts.auth.urls import only_with_sms
from accounts.notifications import sms
from accounts.people.forms import ProvePhoneForm
from ui.stamps import stamped


@require_safe
@stamped()
def privacy(request: HttpRequest) -> HttpResponse:
    """The same for everybody, so that it can be kept; its version stands on the page and in each consent."""
    groups = import_string(settings.TERM_GROUPS)()
    return render(request, "accounts/privacy.html", {"settings": settings, "groups": groups})


def onwards(request: HttpRequest, name: str) -> HttpResponse:
    """To the next step, with the join code and the page to return to."""
    response = redirect(name)
    if query := request.META.get("QUERY_STRING"):
        response["Location"] += f"?{query}"
    return response


@only_with_sms
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """First step of a sign-up with an SMS gateway: a code to the phone, whether it has an account or not."""
    if request.user.is_authenticated:
        return redirect("home")
    form = ProvePhoneForm(request.POST or None)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        if not limits.allows(request, "verify_phone", phone):
            return respond_429(request)
        try:
            phone_verification.send_code(request, phone, for_account=True)
            return onwards(request, "accounts:prove_code")
        except sms.NotSent as problem:
            form.add_error("phone", problem.sentence)
    return render(request, "accounts/phone_prove.html", {"form": form})


@only_with_sms
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove_code(request: HttpRequest) -> HttpResponse:
    """Second step. That the number has an account already is told only to who reads its messages."""
    phone = phone_verification.asked_phone(request.session)
    if not phone:
        messages.info(request, _("验证码过期了，重新要一个。"))
        return onwards(request, "accounts:prove")
    form = ProveCodeForm(request.POST or None)
    if form.is_valid():
        if phone_verification.check_code(request.session, form.cleaned_data["code"]):
            return after_proof(request, phone)
        form.add_error("code", get_adapter().validation_error("incorrect_code"))
    return render(request, "accounts/code_prove.html", {"form": form, "phone": phone})


def after_proof(request: HttpRequest, phone: str) -> HttpResponse:
    if get_adapter().get_user_by_phone(phone):
        phone_verification.forget_verification(request.session)
        messages.info(request, get_adapter().error_messages["phone_taken"])
        return onwards(request, "account_login")
    return onwards(request, "account_signup")


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_forgotten.html", {"by_code": settings.PROVES_PHONES})
