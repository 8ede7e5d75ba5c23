"""Sugar as a refractometer shows it: 12.5, 12.5度, 12.5%; tenths of a degree Brix inside."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import pgettext_lazy

from ui.figures import FigureField


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

    def stored(self, number: Decimal) -> int:
        return int(number * 10)

    def told(self, tenths: int) -> str:
        return f"{tenths // 10}.{tenths % 10}"
