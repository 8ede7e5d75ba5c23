"""Fields for money, weight and pieces: what a villager types, in whichever digits, becomes an exact integer."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext_lazy as _

from ui import amounts

PLAIN = re.compile(r"([0-9]{1,20})?(?:\.([0-9]{0,20}))?")
WITH_COMMAS = re.compile(r"[0-9]+(,[0-9]+)+(\.[0-9]*)?")
# Not NFKC, which would also read ² and ② as a 2.
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    ord("￥"): "¥",
    ord("−"): "-",
    ord("–"): "-",
}


def plain(typed: str) -> str:
    """Full-width digits as ASCII, without spaces; the 。 of a Chinese keyboard between digits is a point."""
    text = re.sub(r"\s+", "", typed.translate(NARROW))
    return re.sub(r"(?<=[0-9])。(?=[0-9])", ".", text)


class FigureField(forms.Field):
    """A number typed as text, so that our own sentence says what is wrong; `unit` stands after the box.

    `least` and `most` are in the stored unit (fen, grams, pieces).
    """

    unit = ""
    inputmode = "decimal"
    places = 2
    example = "40"
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

    def refuse(self, code: str) -> ValidationError:
        params = {
            "example": self.example,
            "places": self.places,
            "least": self.told(self.least),
            "most": self.told(self.most),
        }
        return ValidationError(self.error_messages[code], code=code, params=params)

    def strip_unit(self, text: str) -> str:
        return text.removesuffix(str(self.unit)) if self.unit else text

    def told(self, number: int) -> str:
        """A limit inside a sentence."""
        return f"{number:,}"

    def written(self, number: int) -> str:
        """A stored number in the box, as it may be typed again."""
        return self.told(number).replace(",", "")

    def to_python(self, value: str | int | None) -> int | None:
        if isinstance(value, int) or value in EMPTY_VALUES:
            return value if isinstance(value, int) else None
        return self.read(plain(value))

    def read(self, text: str) -> int | None:
        return self.stored(self.number(text)) if (text := self.strip_unit(text)) else None

    def number(self, text: str) -> Decimal:
        if text.startswith("-") and PLAIN.fullmatch(text[1:]):
            raise self.refuse("negative")
        if WITH_COMMAS.fullmatch(text):
            raise self.refuse("comma")
        match = PLAIN.fullmatch(text)
        if not match or not text.strip("."):
            raise self.refuse("invalid")
        if len((match[2] or "").rstrip("0")) > self.places:
            raise self.refuse("places" if self.places else "whole")
        return Decimal(text)

    def stored(self, number: Decimal) -> int:
        return int(number)

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.least:
            raise self.refuse("zero" if value == 0 else "least")
        if value > self.most:
            raise self.refuse("most")

    def prepare_value(self, value: int | str | None) -> str | None:
        return self.written(value) if isinstance(value, int) else value


class YuanField(FigureField):
    """Yuan typed as 29.9, 29.90元, ￥29.90 or ２９．９; fen inside. Nothing costs 0 unless `least=0`."""

    unit = _("元")
    example = "29.90"

    def __init__(self, *, least: int = 1, most: int = 10**9, **kwargs) -> None:
        super().__init__(least=least, most=most, **kwargs)

    def strip_unit(self, text: str) -> str:
        return re.sub(r"^(-?)¥|(元|块钱|块|yuan)$", r"\1", text.lower())

    def stored(self, number: Decimal) -> int:
        return int(number * 100)

    def told(self, fen: int) -> str:
        return amounts.yuan(fen).removesuffix(".00")

    def written(self, fen: int) -> str:
        return amounts.yuan(fen).replace(",", "")


class WeightField(FigureField):
    """A weight in this field's own unit; grams inside. Another unit written out (2.5公斤, 500g) is believed."""

    grams = amounts.JIN
    example = "2.5"
    spelled = {"kg": 1000, "公斤": 1000, "千克": 1000, "斤": 500, "两": 50, "g": 1, "克": 1}

    def __init__(self, *, least: int = 1, most: int = 10**7, **kwargs) -> None:
        super().__init__(least=least, most=most, **kwargs)

    def read(self, text: str) -> int | None:
        text = text.lower()
        word = next((word for word in self.spelled if text.endswith(word)), "")
        text = text.removesuffix(word) if word else self.strip_unit(text)
        if not text:
            return None
        grams = self.number(text) * self.spelled.get(word, self.grams)
        if grams != int(grams):
            raise self.refuse("places")
        return int(grams)

    def told(self, grams: int) -> str:
        return amounts.figure(grams, self.grams)


class JinField(WeightField):
    unit = _("斤")


class KgField(WeightField):
    unit = _("公斤")
    grams = amounts.KG
    places = 3


class CountField(FigureField):
    """How many pieces: a whole number from 0 up."""

    inputmode = "numeric"
    places = 0

    def __init__(self, *, least: int = 0, most: int = 10**6, **kwargs) -> None:
        super().__init__(least=least, most=most, **kwargs)
