"""allauth's forms for codes and for proving oneself again, in our fields and words."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.utils.translation import gettext_lazy as _

from accounts.fields import CodeField, PasswordField
from ui.forms import Farm, FarmForm


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
    code = CodeField(label=_("验证器里的 6 位数"))


class ProveCodeForm(FarmForm):
    """The code that a sign-up begins with; the view compares it and counts the tries."""

    code = CodeField(label=_("短信验证码"))
