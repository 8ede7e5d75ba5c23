"""Form fields for a product's category, sweetness and harvest days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shops.labels import choose_name
from shops.models import Category
from ui.fields import FigureField, to_ascii
from ui.text import is_page_chinese


class BrixField(FigureField):
    unit = pgettext_lazy("brix", "度")
    places = 1
    example = "12.5"

    def __init__(self, **kwargs) -> None:
        super().__init__(least=1, most=500, **kwargs)

    def strip_unit(self, text: str) -> str:
        for word in ("°bx", "bx", "brix", "度", "%", "°"):
            text = text.lower().removesuffix(word)
        return super().strip_unit(text)

    def to_stored(self, number: Decimal) -> int:
        return int(number * 10)

    def format_limit(self, tenths: int) -> str:
        return f"{tenths // 10}.{tenths % 10}"


FULL = re.compile(r"(?:(20[0-9]{2}|[0-9]{2})[年\-/.])?([0-9]{1,2})[月\-/.]([0-9]{1,2})[日号]?")
SOLID = re.compile(r"(20[0-9]{2})?([0-9]{2})([0-9]{2})")
THIRD = re.compile(r"(?:(20[0-9]{2})年)?([0-9]{1,2})月(上旬|中旬|下旬|底|末)")
LAST_OF = {"上旬": 10, "中旬": 20}
NEAR = {"今天": 0, "明天": 1, "后天": 2}
LONGEST = timedelta(days=366)
ACROSS_NEW_YEAR = timedelta(days=300)


@dataclass(frozen=True)
class TypedDay:
    """A typed day. `year` is None if it was left out; `day` is None for the last day of the month."""

    month: int
    day: int | None
    year: int | None = None

    def in_year(self, year: int) -> date | None:
        if not 1 <= self.month <= 12:
            return None
        last = monthrange(year, self.month)[1]
        day = self.day or last
        return date(year, self.month, day) if 1 <= day <= last else None

    def exists(self) -> bool:
        """Return whether there is such a day; 29 February without a year is one (2024 is a leap year)."""
        return self.in_year(self.year or 2024) is not None

    def next(self, today: date) -> date:
        """Return the day, or without a year the first such day from `today` on."""
        return self.among(range(today.year, today.year + 9), lambda day: day >= today)

    def last(self, limit: date) -> date:
        """Return the day, or without a year the last such day not after `limit`."""
        return self.among(range(limit.year, limit.year - 9, -1), lambda day: day <= limit)

    def among(self, years: range, fits: Callable[[date], bool]) -> date:
        if self.year:
            day = self.in_year(self.year)
            assert day is not None  # the field has asked `exists`
            return day
        days = (self.in_year(year) for year in years)
        return next(day for day in days if day and fits(day))


def read(typed: str, today: date) -> TypedDay | None:
    """Read a typed day (12月10日, 12.10, 20261210, 12月中旬, 明天); None if it is in none of these forms."""
    text = to_ascii(typed)
    if text in NEAR:
        near = today + timedelta(days=NEAR[text])
        return TypedDay(near.month, near.day, near.year)
    if match := THIRD.fullmatch(text):
        return TypedDay(int(match[2]), LAST_OF.get(match[3]), int(match[1]) if match[1] else None)
    if match := FULL.fullmatch(text) or SOLID.fullmatch(text):
        year = int(match[1]) if match[1] else None
        return TypedDay(int(match[2]), int(match[3]), year + 2000 if year and year < 100 else year)
    return None


def format_typed_day(day: date, understood: date | None = None) -> str:
    """Format a day as it could be typed; with its year only if it would be `understood` as another day without."""
    chinese = is_page_chinese()
    if understood == day:
        return f"{day.month}月{day.day}日" if chinese else f"{day.month}-{day.day}"
    return f"{day.year}年{day.month}月{day.day}日" if chinese else day.isoformat()


class TypedDayField(forms.Field):
    """Take one typed day as a `TypedDay`; the form, which knows the other day, finds its year."""

    default_error_messages = {
        "invalid": _("写成 12月10日 或 12.10 这样"),
        "nowhere": _("没有这一天，看看月份和日子"),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"autocomplete": "off", "class": "num", "maxlength": "40"}

    def to_python(self, value: str | None) -> TypedDay | None:
        if not value or not value.strip():
            return None
        day = read(value, timezone.localdate())
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not day.exists():
            raise ValidationError(self.error_messages["nowhere"], code="nowhere")
        return day


def read_window(
    until: TypedDay, begin: TypedDay | None, today: date, kept: date | None = None
) -> tuple[date, date, dict[str, str | Promise]]:
    """Return the harvest's first and last day, and the errors by field name.

    `kept` is the product's present last day: it may be past, so that other fields can still be changed.
    """
    last = until.next(today)
    first = begin.last(last) if begin else min(today, last)
    if last < today and last != kept:
        return first, last, {"harvest_until": _("这一天已经过了，写采完的那天")}
    if last > today + LONGEST:
        return first, last, {"harvest_until": _("太远了，最多写到一年以后")}
    # 12.11 to 12.10 is a typing error, not a season of 364 days; 1.1 to 12.31 is a season.
    turned = begin and not begin.year and first.year < last.year and last - first > ACROSS_NEW_YEAR
    if first > last or turned:
        return first, last, {"harvest_from": _("开始采的那天，不能在采完以后")}
    if first < last - LONGEST:
        return first, last, {"harvest_from": _("太早了，最多从采完前一年写起")}
    return first, last, {}


class KindSelect(forms.Select):
    """Add to each option the words that suggest it, for the script that guesses the category from the name."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if hints := getattr(getattr(value, "instance", None), "hints", ""):
            option["attrs"]["data-hints"] = hints
        return option


class KindField(forms.ModelChoiceField):
    widget = KindSelect

    def __init__(self, **kwargs) -> None:
        super().__init__(Category.objects.leaves(), empty_label=_("看名称自动选"), **kwargs)

    def label_from_instance(self, kind: Category) -> str:
        return choose_name(kind.name, kind.name_en)
