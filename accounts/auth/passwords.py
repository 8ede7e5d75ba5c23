"""Hash and check passwords: Django's rules and the site's own, with sentences that tell a villager what to type instead."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import demo
from accounts.models import User


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("密码太短，至少要 %(least)d 位。") % {"least": self.min_length}

    def get_help_text(self) -> str:
        return _("至少 %(least)d 位，字母和数字混着用。") % {"least": self.min_length}


class NotCommon(password_validation.CommonPasswordValidator):
    """Refuse Django's 20,000 most used passwords, digits alone, fewer than three characters, and the demo's password."""

    def validate(self, password: str, user: User | None = None) -> None:
        if password.isdigit() or len(set(password)) < 3 or password == demo.PASSWORD:
            raise ValidationError(self.get_error_message(), code="password_too_common")
        super().validate(password, user)

    def get_error_message(self) -> str:
        return _("这个密码太好猜，加几个字母再试。")

    def get_help_text(self) -> str:
        return ""


class NotThePhone:
    def validate(self, password: str, user: User | None = None) -> None:
        digits = str(getattr(user, "phone", "") or "")[-11:]
        if len(digits) == 11 and (digits in password or password in digits):
            raise ValidationError(_("别用手机号当密码，换一个。"), code="is_phone")

    def get_help_text(self) -> str:
        return ""


class VillageArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's first choice (19 MiB, 2 passes, 1 lane): about 20 ms of one core.

    Django's own parameters take 100 MiB and eight lanes, and a class of sixty signs in within ten seconds
    on two cores.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
