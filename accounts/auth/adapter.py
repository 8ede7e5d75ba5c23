"""Adapt allauth to signing in by phone, with the site's own texts wherever a person sees them."""

from __future__ import annotations

from typing import NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, RateLimited
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import decorators, demo, devices, limits, phones
from accounts.audit import AuditVerb
from accounts.auth import phone_verification, sign_in_audit, sign_in_limits
from accounts.fields import PhoneField
from accounts.models import AuditEntry, Membership, User
from accounts.notifications import sms
from accounts.second_factor import shorten_session

TAKEN = gettext_lazy("这个号码注册过了，直接登录就行。")
SIGN_IN_BY_CODE = {"account_request_login_code", "account_confirm_login_code"}
INACTIVE, DECLINED_WHY = "why_inactive", "why_declined"


class PhoneAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("这个账号现在用不了。"),
        "enter_current_password": gettext_lazy("现在的密码不对。"),
        "given_password_over": gettext_lazy("登录卡上的密码只管一天，已经作废。再找给你卡的人要一张。"),
        "incorrect_code": gettext_lazy("验证码不对，再看一眼。"),
        "incorrect_password": gettext_lazy("密码不对。"),
        "invalid_login": gettext_lazy("手机号或密码不对。"),
        "phone_password_mismatch": gettext_lazy("手机号或密码不对。"),
        "phone_taken": TAKEN,
        "rate_limited": gettext_lazy("太快了，过一会儿再试。"),
        "same_as_current": gettext_lazy("和现在的一样，换一个。"),
        "too_many_elsewhere": gettext_lazy(
            "这个号码被试错太多次了。用你以前登录过的那部手机登录，或者过一个小时再试。"
        ),
        "too_many_passwords": gettext_lazy("试得太多了，过十分钟再试。"),
        # Messages of allauth's other pages: a code by SMS, a code of the authenticator.
        "too_many_login_attempts": gettext_lazy("试得太多了，过十分钟再试。"),
        "too_many_sign_ins": gettext_lazy("试得太多了，过 5 分钟再试。忘了密码就点下面的“忘了密码”。"),
        "unknown_phone": gettext_lazy("这个号码还没有注册。"),
    }

    # --- phones

    def phone_form_field(self, **kwargs) -> PhoneField:
        """Return the phone field, under one label on all pages."""
        return PhoneField(**kwargs | {"label": gettext_lazy("手机号")})

    def clean_phone(self, phone: str) -> str:
        return phones.normalise(phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user: User) -> tuple[str, bool]:
        return str(user.phone), user.phone_verified

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        before = str(user.phone or "")
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])
        if before and before != phone:
            place = user.granted[0].place if user.granted else None
            changes = {"phone": [phones.mask(before), phones.mask(phone)]}
            AuditEntry.write(user, AuditVerb.PHONE_CHANGED, user, place, changes=changes)

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Record that the number is verified.

        If it is verified for the first time, by a code alone, the password may have been set by somebody else: it is
        removed, and the owner of the number chooses a new one.
        """
        if user.phone_verified and str(user.phone) == phone:
            return
        first = not user.phone_verified
        self.set_phone(user, phone, True)
        methods = [record["method"] for record in get_authentication_records(context.request, user)]
        if first and methods == ["code"]:
            user.set_unusable_password()
            user.password_change_due = True
            user.save(update_fields=["password", "password_change_due"])
        AuditEntry.write(user, AuditVerb.PHONE_VERIFIED, user)

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:
        """Count a code that verifies a number before it is sent.

        Codes to sign in with are made here too, but their form counts them, also for numbers without an account.
        """
        is_to_sign_in = context.request.resolver_match.url_name in SIGN_IN_BY_CODE
        if not is_to_sign_in and not limits.allows(context.request, "verify_phone", phone):
            raise RateLimited
        return super().generate_phone_verification_code(user=user, phone=phone)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs) -> None:
        try:
            sms.send_code(phone, code, **self.asked_from(phone))
        except sms.SmsNotSent as problem:
            self.refuse_code(problem)

    def send_unknown_account_sms(self, phone: str, **kwargs) -> None:
        """Send nothing, because a message costs money and its receiver did not ask for it.

        The page says what to do instead, and the day's codes are used up as for a number with an account.
        """
        try:
            sms.count_code(phone, **self.asked_from(phone))
        except sms.SmsNotSent as problem:
            self.refuse_code(problem)

    def asked_from(self, phone: str) -> dict:
        """Return which of the day's shares counts the code (the arguments of sms.count_code)."""
        is_owners = bool(devices.find_device(context.request, phone))
        return {
            "ip": limits.get_ip(context.request),
            "for_account": True,
            "is_owners": is_owners,
        }

    def refuse_code(self, problem: sms.SmsNotSent) -> NoReturn:
        request = context.request
        messages.error(request, problem.sentence)
        raise ImmediateHttpResponse(HttpResponseRedirect(request.get_full_path()))

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Do nothing; never called, because a sign-up begins with a verified number and the page tells its owner."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Give the session its full time: a visitor's session with a stored form was to end soon (accounts.decorators)."""
        super().login(request, user)
        request.session.set_expiry(settings.SESSION_COOKIE_AGE)

    def logout(self, request: HttpRequest) -> None:
        decorators.sign_out(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        devices.remember_device(request, response, user)
        shorten_session(request)
        for name in settings.SIGN_IN_WARNINGS:
            for sentence in import_string(name)(user):
                messages.warning(request, sentence)
        return response

    # --- signing up

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.PROVES_PHONES and not phone_verification.get_verified_phone(request.session):
            query = request.META.get("QUERY_STRING", "")
            url = reverse("accounts:prove") + (f"?{query}" if query else "")
            raise ImmediateHttpResponse(HttpResponseRedirect(url))
        return True

    def save_user(self, request: HttpRequest, user: User, form, commit: bool = True) -> User:
        typed = form.cleaned_data
        user.phone, user.phone_verified = typed["phone"], settings.PROVES_PHONES
        user.name, user.birth_month = typed["name"], typed["birth_month"]
        user.is_active = settings.PROVES_PHONES or bool(typed.get("join_code"))
        user.set_password(typed["password1"])
        if commit:
            user.save()
        return user

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Show why the account is inactive, only to this visitor, who has just proven that it is theirs."""
        notes = dict(user.memberships.order_by("decided_at", "id").values_list("status", "note"))
        never_in = user.last_login is None
        waits = never_in and Membership.Status.ASKED in notes
        declined = never_in and not waits and Membership.Status.DECLINED in notes
        request.session[INACTIVE] = "waiting" if waits else "declined" if declined else "closed"
        request.session[DECLINED_WHY] = notes[Membership.Status.DECLINED] if declined else ""
        return HttpResponseRedirect(reverse("account_inactive"))

    def respond_waiting(self, request: HttpRequest) -> HttpResponse:
        """Show the page for a new person who waits for an organiser's approval, whether or not the number was taken."""
        request.session[INACTIVE], request.session[DECLINED_WHY] = "waiting", ""
        return HttpResponseRedirect(reverse("account_inactive"))

    def respond_email_verification_sent(self, request: HttpRequest, user: User | None) -> HttpResponse:
        """Answer a robot that filled in the hidden field like a person, so that it notices nothing."""
        return HttpResponseRedirect(reverse("account_inactive"))

    # --- passwords and guessing

    def authenticate(self, request: HttpRequest, **credentials) -> User | None:
        """Check the password. The demo's password, which is in the README, is refused outside DEMO."""
        if not settings.DEMO and credentials.get("password") == demo.PASSWORD:
            credentials["password"] = ""
        user = super().authenticate(request, **credentials)
        if user:
            self.tries.rollback()
        if user and user.given_password_is_over:
            raise self.validation_error("given_password_over")
        return user

    def set_password(self, user: User, password: str) -> None:
        user.set_password(password)
        user.password_change_due = False
        user.save(update_fields=["password", "password_change_due"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        words = {"reauthenticate": _("用密码确认"), "mfa_reauthenticate": _("用验证器确认")}
        return [way | {"description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count the try by the site's own limits.

        allauth has one limit for each name, with which a stranger could lock its owner out. `authenticate` returns the try
        if the password is right.
        """
        try:
            self.tries = sign_in_limits.count_try(request, str(credentials.get("phone", "")))
        except sign_in_limits.TooManyTries as problem:
            sign_in_audit.sign_in_stopped(request, str(credentials.get("phone", "")))
            code = "too_many_elsewhere" if problem.is_elsewhere else "too_many_sign_ins"
            raise self.validation_error(code) from None
