"""Mainland mobile numbers: typed in any way, stored as E.164, shown in the local format."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ui.fields import to_ascii
from ui.text import tidy

MOBILE = re.compile(r"1[3-9][0-9]{9}")
BETWEEN = re.compile(r"[-‐‑–—.·()（）]")


def normalise(typed: str) -> str:
    """Return the E.164 form: 138 0000 0001, +86 138-0000-0001 and ００８６１３８０００００００１ → +8613800000001.

    Raises ValidationError with what to type instead.
    """
    text = BETWEEN.sub("", to_ascii(tidy(typed)))
    abroad = re.match(r"(\+|00)(?!86)[0-9]", text)
    if abroad:
        raise ValidationError(_("现在只能用中国大陆的手机号。"), code="abroad")
    digits = re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", text)
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValidationError(_("手机号里只写数字。"), code="not_digits")
    if digits.startswith("0"):
        raise ValidationError(_("座机不行，要填手机号。"), code="landline")
    if len(digits) != 11:
        raise ValidationError(
            _("手机号是 11 位，您填了 %(count)d 位。"), code="length", params={"count": len(digits)}
        )
    if not MOBILE.fullmatch(digits):
        raise ValidationError(_("这不像手机号，再看一眼。"), code="not_mobile")
    return f"+86{digits}"


def format_local(phone: object) -> str:
    """Format a number: +8613800000001 → "138 0000 0001"; anything else stays as it is."""
    digits = str(phone or "").removeprefix("+86")
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if MOBILE.fullmatch(digits) else str(phone or "")


def mask(phone: object) -> str:
    """Mask a number: +8613800000001 → "138****0001", which its owner recognises."""
    digits = str(phone or "").removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"
