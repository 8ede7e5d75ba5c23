"""Month of birth: typed in any usual way, kept as its first day, used only to know who is old enough."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ui.inputs import plain

LEAST_AGE = 14
MOST_AGE = 120
MONTH = re.compile(r"([0-9]{4})(?:年|[-/.])?([0-9]{1,2})月?")


def read_month(typed: str) -> date:
    """1985-06, 1985年6月, 1985.6 and １９８５０６ → date(1985, 6, 1)."""
    match = MONTH.fullmatch(plain(typed))
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
        raise ValidationError(_("写成 198506 这样：四位年，两位月。"), code="invalid")
    return date(int(match[1]), int(match[2]), 1)


def has_reached_age(born: date, age: int, today: date) -> bool:
    """Whether everybody born in that month has reached the age: the month must be over."""
    full = born.month % 12 + 1, born.year + age + born.month // 12
    return (today.year, today.month) >= (full[1], full[0])


def check_age(born: date, today: date) -> None:
    """Raises ValidationError for a month to come, one too long ago, and for those not yet 14."""
    if (born.year, born.month) > (today.year, today.month) or born.year < today.year - MOST_AGE:
        raise ValidationError(_("这个年月不对，再看一眼。"), code="impossible")
    if not has_reached_age(born, LEAST_AGE, today):
        raise ValidationError(_("满 %(age)d 岁才能注册。"), code="too_young", params={"age": LEAST_AGE})
