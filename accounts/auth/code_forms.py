"""allauth's forms for codes and for proving oneself again, in our fields and words."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import setup_codes
from accounts.fields import CodeField, PasswordField
from ui.forms import Farm, FarmForm
from ui.inputs import CleanCharField


class ConfirmLoginCodeForm(Farm, account.ConfirmLoginCodeForm):
    code = CodeField()


class VerifyPhoneForm(Farm, account.VerifyPhoneForm):
    code = CodeField()


class ChangePhoneForm(Farm, account.ChangePhoneForm):
    pass


class ReauthenticateForm(Farm, account.ReauthenticateForm):
    password = PasswordField()


class AuthenticateForm(Farm, mfa.AuthenticateForm):
    code = CodeField(help_text=_("验证器里的 6 位数，或者一个恢复码。"))


class ReauthenticateByCodeForm(Farm, mfa.ReauthenticateForm):
    code = CodeField(help_text=_("验证器里的 6 位数，或者一个恢复码。"))


class ActivateForm(Farm, ActivateTOTPForm):
    """Staff also type the code that who granted the role has told them: a password alone sets up nothing."""

    code = CodeField(label=_("验证器里的 6 位数"))
    setup_code = CleanCharField(
        label=_("开通码"),
        max_length=20,
        help_text=_("给您身份的人告诉您的 8 个字母和数字。没有就找他要。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not setup_codes.needs_setup_code(self.user):
            del self.fields["setup_code"]

    def clean_setup_code(self) -> str:
        typed, request = self.cleaned_data["setup_code"], context.request
        if not ratelimit.consume(request, action="setup_code", key=str(self.user.pk)):
            raise get_adapter().validation_error("rate_limited")
        if not setup_codes.is_setup_code_right(self.user, typed):
            raise forms.ValidationError(_("开通码不对，或者过了 7 天。找给您身份的人再要一个。"))
        return typed


class ProveCodeForm(FarmForm):
    """The code that a sign-up begins with; the view compares it and counts the tries."""

    code = CodeField(label=_("短信验证码"))
