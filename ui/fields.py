"""Form fields for money, weight, pieces, days and text, as people type them; all forms use them.

Money becomes fen and weight grams, exactly, whichever digits were typed.
"""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ui import formats
from ui.text import has_picture, tidy, unify_dots

PLAIN = re.compile(r"([0-9]{1,20})?(?:\.([0-9]{0,20}))?")
WITH_COMMAS = re.compile(r"[0-9]+(,[0-9]+)+(\.[0-9]*)?")
# Not NFKC, which would also convert ² and ② to 2.
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    ord("￥"): "¥",
    ord("−"): "-",
    ord("–"): "-",
}


def to_ascii(typed: str) -> str:
    """Return full-width digits as ASCII, without spaces; the 。 of a Chinese keyboard between digits is a point."""
    text = re.sub(r"\s+", "", typed.translate(NARROW))
    return re.sub(r"(?<=[0-9])。(?=[0-9])", ".", text)


def get_max_length(model: type[models.Model], field: str) -> int:
    """Return how many characters a text field of the model holds."""
    column: Any = model._meta.get_field(field)
    return column.max_length


class FigureField(forms.Field):
    """Take a number as text, so that the error is the project's own sentence; `unit` is shown after the input.

    `least` and `most` are in the stored unit (fen, grams, pieces).
    """

    unit: str | Promise = ""
    inputmode = "decimal"
    places = 2
    example: str | Promise = "40"
    default_error_messages = {
        "invalid": _("用数字写，比如 %(example)s"),
        "comma": _("数字里不用逗号，写成 %(example)s 这样"),
        "negative": _("不能是负数"),
        "zero": _("要大于 0"),
        "whole": _("要整数，比如 %(example)s"),
        "places": _("小数点后最多 %(places)s 位，比如 %(example)s"),
        "least": _("最少 %(least)s"),
        "most": _("最多 %(most)s，看看是不是多打了 0"),
    }

    def __init__(self, *, least: int = 0, most: int = 10**9, unit: str | None = None, **kwargs) -> None:
        self.least, self.most = least, most
        if unit is not None:
            self.unit = unit
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": self.inputmode, "autocomplete": "off", "class": "num"}

    def make_error(self, code: str) -> ValidationError:
        params = {
            "example": self.example,
            "places": self.places,
            "least": self.format_limit(self.least),
            "most": self.format_limit(self.most),
        }
        return ValidationError(self.error_messages[code], code=code, params=params)

    def strip_unit(self, text: str) -> str:
        return text.removesuffix(str(self.unit)) if self.unit else text

    def format_limit(self, number: int) -> str:
        """Format a limit inside a sentence."""
        return f"{number:,}"

    def format_value(self, number: int) -> str:
        """Format a stored number for the box, as it may be typed again."""
        return self.format_limit(number).replace(",", "")

    def to_python(self, value: str | int | None) -> int | None:
        if isinstance(value, int):
            return value
        return self.parse(to_ascii(value)) if value else None

    def parse(self, text: str) -> int | None:
        return self.to_stored(self.parse_number(text)) if (text := self.strip_unit(text)) else None

    def parse_number(self, text: str) -> Decimal:
        if text.startswith("-") and PLAIN.fullmatch(text[1:]):
            raise self.make_error("negative")
        if WITH_COMMAS.fullmatch(text):
            raise self.make_error("comma")
        match = PLAIN.fullmatch(text)
        if not match or not text.strip("."):
            raise self.make_error("invalid")
        if len((match[2] or "").rstrip("0")) > self.places:
            raise self.make_error("places" if self.places else "whole")
        return Decimal(text)

    def to_stored(self, number: Decimal) -> int:
        return int(number)

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.least:
            raise self.make_error("zero" if value == 0 else "least")
        if value > self.most:
            raise self.make_error("most")

    def prepare_value(self, value: int | str | None) -> str | None:
        return self.format_value(value) if isinstance(value, int) else value


class YuanField(FigureField):
    """Take yuan as 29.9, 29.90元, ￥29.90 or ２９．９; returns fen. 0 is refused unless `least=0`."""

    unit = _("元")
    example = "29.90"

    def __init__(self, *, least: int = 1, most: int = 10**9, **kwargs) -> None:
        super().__init__(least=least, most=most, **kwargs)

    def strip_unit(self, text: str) -> str:
        return re.sub(r"^(-?)¥|(元|块钱|块|yuan)$", r"\1", text.lower())

    def to_stored(self, number: Decimal) -> int:
        return int(number * 100)

    def format_limit(self, fen: int) -> str:
        return formats.yuan(fen).removesuffix(".00")

    def format_value(self, fen: int) -> str:
        return formats.yuan(fen).replace(",", "")


class WeightField(FigureField):
    """Take a weight in this field's own unit; returns grams. Another unit may be written out (2.5公斤, 500g)."""

    grams = formats.JIN
    example = "2.5"
    spelled = {"kg": 1000, "公斤": 1000, "千克": 1000, "斤": 500, "两": 50, "g": 1, "克": 1}

    def __init__(self, *, least: int = 1, most: int = 10**7, **kwargs) -> None:
        super().__init__(least=least, most=most, **kwargs)

    def parse(self, text: str) -> int | None:
        text = text.lower()
        word = next((word for word in self.spelled if text.endswith(word)), "")
        text = text.removesuffix(word) if word else self.strip_unit(text)
        if not text:
            return None
        grams = self.parse_number(text) * self.spelled.get(word, self.grams)
        if grams != int(grams):
            raise self.make_error("places")
        return int(grams)

    def format_limit(self, grams: int) -> str:
        return formats.figure(grams, self.grams)


class JinField(WeightField):
    unit = _("斤")


class KgField(WeightField):
    unit = _("公斤")
    grams = formats.KG
    places = 3


class CountField(FigureField):
    """Take a whole number of pieces, from 0 up."""

    inputmode = "numeric"
    places = 0

    def __init__(self, *, least: int = 0, most: int = 10**6, **kwargs) -> None:
        super().__init__(least=least, most=most, **kwargs)


class DayField(forms.DateField):
    """Take a day, picked in the phone's own calendar; without one, typed as 2026-11-24."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
    default_error_messages = {"invalid": _("写成 2026-11-24 这样")}

    def to_python(self, value):
        return super().to_python(to_ascii(value) if isinstance(value, str) else value)


class ClockField(forms.TimeField):
    """Take a time of day: picked with the phone's clock, or typed as 20:00 or 20点."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    input_formats = ["%H:%M", "%H:%M:%S", "%H.%M", "%H点%M分", "%H点%M", "%H点"]
    default_error_messages = {"invalid": _("写成 20:00 这样")}

    def to_python(self, value):
        return super().to_python(to_ascii(value).replace("点半", "点30") if isinstance(value, str) else value)


class CleanCharField(forms.CharField):
    """Take text without invisible characters; a text that is too long is refused with its length, never cut off.

    `lines` keeps line breaks, `pictures=False` refuses emoji.
    """

    default_error_messages = {
        "max_length": _("最多 %(most)s 个字，多了 %(over)s 个"),
        "min_length": _("至少写 %(least)s 个字"),
        "pictures": _("这里不能用表情符号"),
    }

    def __init__(
        self, *, lines: bool = False, pictures: bool = True, max_length=None, min_length=None, **kwargs
    ):
        self.lines, self.pictures = lines, pictures
        self.most, self.least = max_length, min_length
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> str | None:
        typed = super().to_python(value)
        return tidy(typed, self.lines) if typed else typed

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.most and len(value) > self.most:
            params = {"most": self.most, "over": len(value) - self.most}
            raise ValidationError(self.error_messages["max_length"], code="max_length", params=params)
        if value and self.least and len(value) < self.least:
            params = {"least": self.least}
            raise ValidationError(self.error_messages["min_length"], code="min_length", params=params)
        if not self.pictures and has_picture(value):
            raise ValidationError(self.error_messages["pictures"], code="pictures")


class NameField(CleanCharField):
    """Take the name of a person, shop or product: no emoji, and the middle dot of 阿依古丽·买买提 in one form."""

    def __init__(self, *, max_length: int = 40, **kwargs) -> None:
        super().__init__(pictures=False, max_length=max_length, **kwargs)

    def to_python(self, value: str | None) -> str:
        return unify_dots(super().to_python(value) or "")
