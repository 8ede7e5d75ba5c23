"""The second factor of staff: a code from an authenticator app, with recovery codes on paper."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.models import User


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("现在不能关掉两步登录。"),
        "cannot_generate_recovery_codes": _("先开通两步登录，才有恢复码。"),
        "incorrect_code": _("验证码不对，再看一眼。每 30 秒换一次。"),
    }

    def get_totp_label(self, user: User) -> str:
        return f"{user.name} {phones.local(user.phone)}"
