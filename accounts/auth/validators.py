"""What a password must be, said so that a villager knows what to type instead."""

import gzip
from functools import cache
from pathlib import Path

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import demo

LEAST = 8


class LongEnough:
    def validate(self, password: str, user=None) -> None:
        if len(password) < LEAST:
            raise ValidationError(_("密码太短，至少要 %(least)d 位。") % {"least": LEAST}, code="too_short")

    def get_help_text(self) -> str:
        return _("至少 %(least)d 位，字母和数字混着用。") % {"least": LEAST}


class NotThePhone:
    def validate(self, password: str, user=None) -> None:
        digits = str(getattr(user, "phone", "") or "")[-11:]
        if len(digits) == 11 and (digits in password or password in digits):
            raise ValidationError(_("别用手机号当密码，换一个。"), code="is_phone")

    def get_help_text(self) -> str:
        return ""


@cache
def common_passwords() -> frozenset[str]:
    """Django's own list of the 20,000 most used passwords."""
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)


class NotCommon:
    def validate(self, password: str, user=None) -> None:
        known = password.lower() in common_passwords() or password == demo.PASSWORD
        if password.isdigit() or len(set(password)) < 3 or known:
            raise ValidationError(_("这个密码太好猜，加几个字母再试。"), code="too_common")

    def get_help_text(self) -> str:
        return ""
