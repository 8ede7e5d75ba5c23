"""Pages before signing in, new passwords for forgotten ones, and wrappers of allauth's pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import devices, limits
from accounts.auth import password_reset, phone_verification
from accounts.auth.forms import ProveCodeForm, ProvePhoneForm
from accounts.decorators import login_required_keeping_post
from accounts.notifications import sms
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from ui import pagination
from ui.fields import to_ascii
from ui.svg import draw_code

View = Callable[..., HttpResponseBase]
SIGN_IN_UNDER_WAY = "account_login"  # allauth's key in the session
CARD, CARD_LASTS = "signin_card", 10 * 60


def with_our_errors(view: View) -> View:
    """Show a page when a limit is reached inside allauth, and keep allauth's `site` from hiding the site's own."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except RateLimited:
            return respond_429(request)
        if context := getattr(response, "context_data", None):
            context.pop("site", None)
        return response

    return answer


def limited(action: str, view: View) -> View:
    """Count what is sent to one of allauth's pages; a visitor on a page of one's own is sent to sign in anyway."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        is_counted = request.method == "POST" and (
            request.user.is_authenticated or not limits.is_per_user(action)
        )
        if is_counted and not limits.allows(request, action):
            return respond_429(request)
        return view(request, *args, **kwargs)

    return answer


def only_with_sms(view: View) -> View:
    """Answer 404 for pages that send codes if no code can be sent."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not settings.PROVES_PHONES:
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def begins_again(view: View) -> View:
    """Send a new code if one is asked for while another is pending; allauth would redirect to the old one.

    allauth's own way to send another code fails for a number without an account, which reveals the numbers that have one.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.method != "POST" or SIGN_IN_UNDER_WAY not in request.session:
            return view(request, *args, **kwargs)
        under_way = request.session.pop(SIGN_IN_UNDER_WAY)
        try:
            return view(request, *args, **kwargs)
        finally:
            # The pending code stays valid if no other was sent.
            request.session.setdefault(SIGN_IN_UNDER_WAY, under_way)

    return answer


def clears_browser_cache(view: View) -> View:
    """Remove the person's pages from the browser's cache at sign-out, so that "back" shows none of them, and mark the device.

    `no-store` on every page is no alternative: on a slow connection "back" is used most, and would ask the server each time.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
            devices.mark_signed_out(request, response)
        return response

    return answer


# --- verifying a phone ---


def redirect_onwards(request: HttpRequest, name: str) -> HttpResponse:
    """Redirect to the next step, with the join code and the return page."""
    response = redirect(name)
    if query := request.META.get("QUERY_STRING"):
        response["Location"] += f"?{query}"
    return response


@only_with_sms
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """First step of a sign-up with an SMS gateway: send a code to the phone, whether it has an account or not."""
    if request.user.is_authenticated:
        return redirect("home")
    form = ProvePhoneForm(request.POST or None)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        if not limits.allows(request, "verify_phone", phone):
            return respond_429(request)
        try:
            phone_verification.send_code(request, phone, for_account=True)
            return redirect_onwards(request, "accounts:prove_code")
        except sms.SmsNotSent as problem:
            form.add_error("phone", problem.sentence)
    return render(request, "accounts/auth/phone_prove.html", {"form": form})


@only_with_sms
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove_code(request: HttpRequest) -> HttpResponse:
    """Second step: check the code. Only a person who reads the number's messages learns that it has an account already."""
    phone = phone_verification.get_asked_phone(request.session)
    if not phone:
        messages.info(request, _("验证码过期了，重新要一个。"))
        return redirect_onwards(request, "accounts:prove")
    form = ProveCodeForm(request.POST or None)
    if form.is_valid():
        if phone_verification.check_code(request.session, form.cleaned_data["code"]):
            return redirect_after_proof(request, phone)
        form.add_error("code", get_adapter().validation_error("incorrect_code"))
    return render(request, "accounts/auth/code_prove.html", {"form": form, "phone": phone})


def redirect_after_proof(request: HttpRequest, phone: str) -> HttpResponse:
    if get_adapter().get_user_by_phone(phone):
        phone_verification.forget_verification(request.session)
        messages.info(request, get_adapter().error_messages["phone_taken"])
        return redirect_onwards(request, "account_login")
    return redirect_onwards(request, "account_signup")


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/auth/password_forgotten.html", {"by_code": settings.PROVES_PHONES})


# --- new passwords ---


@login_required_keeping_post
@staff_page
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """List the people to whom this trainer or organiser may give a new password, searched by name or end of number."""
    if not request.user.works_in_the_admin:
        raise Http404
    words = request.GET.get("q", "").strip()[:40]
    rows = password_reset.find_resettable(request.user)
    if words:
        digits = to_ascii(words).replace("-", "")
        rows = rows.filter(Q(phone__endswith=digits) if digits.isdecimal() else Q(name__icontains=words))
    page = pagination.fetch_page(rows, ("name", "id"), request.GET.get("after", ""))
    return render(request, "accounts/auth/people_list.html", {"page": page, "words": words})


@login_required_keeping_post
@staff_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(password_reset.find_resettable(request.user), pk=pk)
    if request.method == "POST":
        nonce = password_reset.make_nonce()
        password_reset.reset_password(request.user, person, nonce)
        request.session[CARD] = {"person": pk, "nonce": nonce, "at": time.time()}
        return redirect("accounts:card", pk)
    return render(
        request,
        "ui/confirm.html",
        {
            "title": _("给%(name)s一个新密码？") % {"name": person.name},
            "text": _(
                "旧密码马上作废，别处的登录也会退出。新密码只显示 10 分钟，印出来交给本人，一天内登录改掉，过了就作废。"
            ),
            "lines": [
                _("本人会收到消息，以后七天每次登录也看得到：是你换的。"),
                _("卖家的话，3 天内换收款码要另一位管理员同意。"),
            ],
            "confirm": _("给新密码"),
            "cancel_url": reverse("accounts:people"),
        },
    )


@login_required_keeping_post
@staff_page
@never_cache
@require_safe
def card(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the sign-in card to print and hand over: for ten minutes, in this session, while its password is valid."""
    person = get_object_or_404(password_reset.find_resettable(request.user), pk=pk)
    given = request.session.get(CARD) or {}
    fresh = given.get("person") == pk and time.time() - given["at"] < CARD_LASTS
    parts = password_reset.make_password(given["nonce"]) if fresh else []
    if not parts or not person.check_password("".join(parts)):
        messages.info(request, _("登录卡已经收起来了。本人没拿到，就再给一个新密码。"))
        return redirect("accounts:reset", pk)
    sign_in = request.build_absolute_uri(reverse("account_login"))
    qr = draw_code(sign_in)
    context = {"person": person, "parts": parts, "host": request.get_host(), "qr": qr}
    return render(request, "accounts/auth/signin_card.html", context)
