"""Check an ID number by its own rule, and mask it.

GB 11643-1999: 17 digits and a check character, ISO 7064 MOD 11-2: six of the place, eight of the birthday, three of the order.
"""

from __future__ import annotations

import datetime
import re

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ui.fields import to_ascii
from ui.text import tidy

SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
BETWEEN = re.compile(r"[\s\-‐‑–—.·]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
LENGTH = 18


def find_check(digits: str) -> str:
    """Return the check character of the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False))
    return CHECKS[total % 11]


def normalise(typed: str) -> str:
    """Return the 18 characters of an ID number typed in any way. Raises ValidationError with what is wrong.

    No message repeats what was typed.
    """
    number = BETWEEN.sub("", to_ascii(tidy(typed))).upper()
    if len(number) == 15 and number.isdecimal():
        raise ValidationError(_("15 位的是老身份证号，照现在的身份证填 18 位。"), code="old")
    if len(number) != LENGTH:
        raise ValidationError(
            _("身份证号是 18 位，这里有 %(count)d 位。"), code="length", params={"count": len(number)}
        )
    if not SHAPE.fullmatch(number):
        raise ValidationError(_("身份证号前 17 位是数字，最后一位是数字或者 X。"), code="shape")
    if not is_birthday(number[6:14]):
        raise ValidationError(_("中间的出生日期不对，照身份证再看一遍。"), code="birthday")
    if find_check(number) != number[-1]:
        raise ValidationError(_("这个号对不上，有一位抄错了。照身份证再看一遍。"), code="check")
    return number


def is_birthday(digits: str) -> bool:
    try:
        day = datetime.datetime.strptime(digits, "%Y%m%d").date()
    except ValueError:
        return False
    return day.year >= 1900 and day <= timezone.localdate()


def mask(number: str) -> str:
    """Mask a number: 431226199001011235 → 4312**********1235; "" stays."""
    return f"{number[:4]}{'*' * (LENGTH - 8)}{number[-4:]}" if len(number) == LENGTH else ""
