"""Forms of signing up and in, of passwords and of codes: allauth's forms with the site's fields and texts."""

from __future__ import annotations

import time

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import LoginForm, RequestLoginCodeForm, SignupForm, UserForm
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts import consents, limits
from accounts.auth import phone_verification
from accounts.fields import (
    BirthMonthField,
    CodeField,
    PasswordField,
    PersonNameField,
    PhoneField,
    VillageField,
)
from accounts.models import Consent, Membership, User
from accounts.people import memberships
from accounts.second_factor import is_setup_code_right, needs_setup_code, shorten_session
from ui.fields import CleanCharField
from ui.forms import Farm, FarmForm

CODE_COUNTS_SECONDS = 15 * 60
TRAP = {"tabindex": "-1", "autocomplete": "off"}


class SignInForm(Farm, LoginForm):
    password = PasswordField()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def clean(self) -> dict:
        """Show the error at the password, which has to be typed again."""
        try:
            return super().clean()
        except forms.ValidationError as error:
            self.add_error("password", error)
            return self.cleaned_data

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, then shorten the session of staff, after allauth has set its length."""
        response = super().login(request, redirect_url)
        shorten_session(request)
        return response


class SignUpForm(Farm, SignupForm):
    """Sign up: with a class's join code the person is in at once, else (and without an SMS gateway) an organiser decides.

    Without a gateway anybody may type anybody's number. The answer without a join code is then the same for a number that
    has an account, so that the form does not reveal which numbers are registered.
    """

    field_order = ("name", "phone", "password1", "birth_month", "join_code", "village", "agrees")
    name = PersonNameField()
    birth_month = BirthMonthField(help_text=_("写成 198506 这样。只用来看是不是满 14 岁。"))
    join_code = CleanCharField(
        label=_("进班码"),
        required=False,
        max_length=20,
        help_text=_("老师给的 6 个字母和数字。没有就空着。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    village = VillageField(required=False, help_text=_("班在村里办的，有码就不用选。"))
    agrees = forms.BooleanField(
        label=_("我看过隐私说明，同意照它写的来"),
        error_messages={"required": _("看过隐私说明，同意了才能注册。")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"] = PasswordField(new=True, help_text=_("至少 8 位，字母和数字混着用。"))
        self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD].widget = forms.TextInput(attrs=TRAP)
        self.fields["phone"].help_text = _("登录就用它。只给你班上的老师和管理员看。")
        if settings.PROVES_PHONES:
            self.fields["phone"].disabled = True
            self.initial["phone"] = phone_verification.get_verified_phone(context.request.session)
        code = context.request.GET.get("code", "")[:20]
        self.initial.setdefault("join_code", code)
        asks = code and not self.is_bound and can_try_code()
        self.class_name = find_class_name(code) if asks else None

    def clean_join_code(self) -> str:
        code = self.cleaned_data["join_code"]
        if code:
            if not can_try_code():
                raise get_adapter().validation_error("rate_limited")
            self.class_name = find_class_name(code)
            if not self.class_name:
                raise forms.ValidationError(
                    _("没有这个进班码，再看一眼，或者问问老师。"), code="unknown_code"
                )
        return code

    # Whether the number has an account already, which is not revealed.
    is_taken = False

    def _clean_phone(self) -> None:
        """Leave the phone to `clean`, because what may be revealed depends on the code."""

    def clean(self) -> dict:
        typed = super(SignupForm, self).clean()
        reported = {"join_code", "village"} & set(self.errors)
        if not typed.get("join_code") and not typed.get("village") and not reported:
            self.add_error("village", forms.ValidationError(_("填进班码，或者选你的村。"), code="no_place"))
        if password := typed.get("password1"):
            person = User(phone=typed.get("phone") or "", name=typed.get("name", ""))
            try:
                get_adapter().clean_password(password, user=person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        if not self.errors:
            self.check_turn(typed)
        return typed

    def check_turn(self, typed: dict) -> None:
        """Count the try, as the last check, if everything else is right."""
        adapter, request = get_adapter(), context.request
        is_taken = adapter.get_user_by_phone(typed["phone"]) is not None
        if not typed["join_code"]:
            self.is_taken = is_taken and not settings.PROVES_PHONES
            if not limits.allows(request, "signup_village", str(typed["village"].pk)):
                words = _(
                    "今天申请的人太多了，明天再来。有进班码就填进班码，马上能进；没有就当面找村里的管理员。"
                )
                self.add_error("village", forms.ValidationError(words, code="rate_limited"))
                return
        if is_taken and not self.is_taken:
            can_say = settings.PROVES_PHONES or limits.allows(request, "signup_taken")
            self.add_error("phone", adapter.validation_error("phone_taken" if can_say else "rate_limited"))

    def try_save(self, request: HttpRequest) -> tuple:
        """Save the account; if a second request finds the number taken, its sender only needs to sign in.

        A class may close between the check of its code and its use.
        """
        adapter = get_adapter()
        try:
            if self.is_taken and not self.cleaned_data[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]:
                # The password is hashed as for a new account, so that the answer takes as long.
                adapter.save_user(request, adapter.new_user(request), self, commit=False)
                return None, adapter.respond_waiting(request)
            return super().try_save(request)
        except IntegrityError:
            if not (settings.PROVES_PHONES or self.cleaned_data["join_code"]):
                return None, adapter.respond_waiting(request)
            messages.info(request, get_adapter().error_messages["phone_taken"])
            return None, HttpResponseRedirect(reverse("account_login"))
        except ValueError as refusal:
            sentence = getattr(refusal, "sentence", None)  # of progress.enrolment.seats.NotAdmitted
            messages.warning(request, sentence or _("这个班刚刚不收人了，问问老师。"))
            return None, HttpResponseRedirect(reverse("account_signup"))

    def save(self, request: HttpRequest) -> User:
        """Hash the password before the transaction begins, because that takes longer than everything else."""
        adapter, typed = get_adapter(), self.cleaned_data
        user = adapter.save_user(request, adapter.new_user(request), self, commit=False)
        with transaction.atomic():
            user.save()
            consents.give(user, Consent.Kind.PRIVACY)
            if typed["village"]:
                memberships.ask_for_role(user, Membership.Role.TRAINEE, typed["village"])
            if typed["join_code"]:
                import_string(settings.JOIN_CODE_REDEEM)(user, typed["join_code"])
        phone_verification.forget_verification(request.session)
        return user


def can_try_code() -> bool:
    """Return whether this IP has not tried too many wrong codes: a right code admits without approval.

    It is checked for a GET too, because the link of a QR code shows which class it opens.
    """
    return limits.allows(context.request, "join_code", is_dry=True)


def find_class_name(code: str) -> str | None:
    """Return the name of the class that a join code opens; settings name the function of the upper app that knows classes."""
    name = import_string(settings.JOIN_CODE_CHECK)(code)
    if name is None:
        limits.allows(context.request, "join_code")
    return name


class RequestCodeForm(Farm, RequestLoginCodeForm):
    _user: User | None

    def clean_phone(self) -> str:
        """Treat a dormant account like none, because its number may have a new owner."""
        phone = super().clean_phone()
        if not limits.allows(context.request, "request_login_code", phone):
            raise get_adapter().validation_error("too_many_login_attempts")
        if self._user and self._user.is_dormant:
            self._user = None
        return phone


class ProvePhoneForm(FarmForm):
    phone = PhoneField(help_text=_("发一条短信验证码过来，不收钱。"))


class ChangePasswordForm(Farm, UserForm):
    """Change the password. The old one is required, unless a trainer gave it or the person has just signed in by a code."""

    oldpassword = PasswordField(label=_("现在的密码"))
    password1 = PasswordField(label=_("新密码"), new=True, help_text=_("至少 8 位，字母和数字混着用。"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        known = self.user.has_usable_password() and not self.user.password_change_due
        if not known or has_come_by_code(self.user):
            del self.fields["oldpassword"]

    def clean_oldpassword(self) -> str:
        if not self.user.check_password(self.cleaned_data["oldpassword"]):
            raise get_adapter().validation_error("enter_current_password")
        return self.cleaned_data["oldpassword"]

    def clean_password1(self) -> str:
        password = get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)
        if self.user.check_password(password):
            raise get_adapter().validation_error("same_as_current")
        return password

    def save(self) -> None:
        get_adapter().set_password(self.user, self.cleaned_data["password1"])


def has_come_by_code(user: User) -> bool:
    """Return whether this session began with a code to the person's phone within the last quarter of an hour."""
    records = get_authentication_records(context.request, user)
    since = time.time() - CODE_COUNTS_SECONDS
    return any(record["method"] == "code" and record["at"] > since for record in records)


# --- codes, and confirming one's identity again ---


class ConfirmLoginCodeForm(Farm, account.ConfirmLoginCodeForm):
    code = CodeField()


class VerifyPhoneForm(Farm, account.VerifyPhoneForm):
    code = CodeField()


class ChangePhoneForm(Farm, account.ChangePhoneForm):
    pass


class ReauthenticateForm(Farm, account.ReauthenticateForm):
    password = PasswordField()


class LimitedCodeMixin:
    """Count the tries of a code of the second factor until one is right."""

    too_many = "too_many_login_attempts"
    user: User

    def clean_code(self) -> str:
        request, key = context.request, f"second factor {self.user.pk}"
        if not limits.allows(request, "login_failed", key):
            raise get_adapter().validation_error(self.too_many)
        code = super().clean_code()  # type: ignore[misc]  # allauth's forms have it
        limits.clear(request, "login_failed", key)
        return code


class AuthenticateForm(LimitedCodeMixin, Farm, mfa.AuthenticateForm):
    code = CodeField(help_text=_("验证器里的 6 位数，或者一个恢复码。"))


class ReauthenticateByCodeForm(LimitedCodeMixin, Farm, mfa.ReauthenticateForm):
    code = CodeField(help_text=_("验证器里的 6 位数，或者一个恢复码。"))


class ActivateForm(LimitedCodeMixin, Farm, ActivateTOTPForm):
    """Set up a second factor. Staff also type the setup code from the person who granted the role: a password is not enough."""

    too_many = "rate_limited"
    code = CodeField(label=_("验证器里的 6 位数"))
    setup_code = CleanCharField(
        label=_("开通码"),
        max_length=20,
        help_text=_("给你身份的人告诉你的 8 个字母和数字。没有就找他要。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not needs_setup_code(self.user):
            del self.fields["setup_code"]

    def clean_setup_code(self) -> str:
        typed, request = self.cleaned_data["setup_code"], context.request
        if not limits.allows(request, "setup_code", str(self.user.pk)):
            raise get_adapter().validation_error("rate_limited")
        if not is_setup_code_right(self.user, typed):
            raise forms.ValidationError(_("开通码不对，或者过了 7 天。找给你身份的人再要一个。"))
        return typed


class ProveCodeForm(FarmForm):
    """Take the code with which a sign-up begins; the view compares it and counts the tries."""

    code = CodeField(label=_("短信验证码"))
