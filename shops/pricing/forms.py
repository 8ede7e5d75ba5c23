"""Forms of a product's price: the unit it is sold by, and what a unit weighs and costs."""

from __future__ import annotations

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shops.inventory.stock import LIMIT
from shops.models import Product
from shops.pricing import prices
from ui.fields import CountField, JinField, YuanField
from ui.forms import FarmForm

# More than 100,000 yuan for a unit is a typing error.
MOST_FEN = 10_000_000
LEAST_GRAMS, MOST_GRAMS = 10, 1_000_000
SOLD_BY = {"box": _("一箱卖"), "jin": _("一斤卖"), "kg": _("一公斤卖")}
NEXT = {"enterkeyhint": "next"}


class PriceFields(FarmForm):
    """Take the unit, its net weight and its price."""

    marks_required = False

    unit = forms.ChoiceField(
        label=_("按什么卖"), choices=Product.Unit, initial=Product.Unit.BOX, widget=forms.RadioSelect
    )
    box_grams = JinField(
        label=_("一箱净重"),
        least=LEAST_GRAMS,
        most=MOST_GRAMS,
        required=False,
        widget=forms.TextInput(attrs=NEXT),
    )
    price_fen = YuanField(label=SOLD_BY["box"], most=MOST_FEN, widget=forms.TextInput(attrs=NEXT))

    def __init__(self, *args, unit_now: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = self["unit"].value()
        self.fields["price_fen"].label = SOLD_BY.get(chosen, SOLD_BY["box"])
        if unit_now and chosen != unit_now and chosen in Product.Unit.values:
            self.ask_count(Product.Unit(chosen))

    def ask_count(self, unit: Product.Unit) -> None:
        """Ask for the stock in the new unit when the unit changes: 12 boxes are not 12 斤."""
        error_messages = {"required": _("换了单位，数一数现在有多少")}
        self.fields["stock"] = CountField(label=_("现在有"), most=LIMIT, error_messages=error_messages)
        self.fields["stock"].unit = unit.after(2)

    def clean(self) -> dict:
        facts = super().clean()
        unit, grams = facts.get("unit"), facts.get("box_grams")
        if unit == Product.Unit.BOX and not grams and "box_grams" not in self.errors:
            self.add_error("box_grams", _("称一称，一箱净重几斤"))
        if unit in prices.UNIT_GRAMS and "box_grams" in self.errors:
            del self.errors["box_grams"]
        facts["net_grams"] = grams = prices.get_grams(unit, grams)
        if grams and (fen := facts.get("price_fen")) and not prices.can_be_shown(fen, grams):
            self.add_error("price_fen", _("这样一斤不到 1 分钱，看看价钱和净重写对没有"))
        return facts

    @property
    def unit_words(self) -> str:
        """Return the texts that the script replaces when another unit is chosen."""
        words = {unit.value: {"sold": str(SOLD_BY[unit]), "unit": unit.after(2)} for unit in Product.Unit}
        return json.dumps(words, ensure_ascii=False)

    @property
    def price_now(self) -> tuple[int, int] | None:
        """Return price (fen) and net weight (grams) as typed, for the preview of the price; None if they cannot be read."""
        try:
            fen = self.fields["price_fen"].clean(self["price_fen"].value())
            grams = self.fields["box_grams"].clean(self["box_grams"].value())
            grams = prices.get_grams(self["unit"].value(), grams)
        except ValidationError:
            return None
        return (fen, grams) if fen and grams else None


class PriceForm(PriceFields):
    shows_earlier = forms.BooleanField(
        label=_("降了价，把以前的成交价划出来给买家看"),
        required=False,
        help_text=_("只划真成交过的：降价前 7 天里最低的那一笔，没有就用最后一笔，旁边写明出处。"),
    )

    @classmethod
    def of(cls, product: Product, *args) -> PriceForm:
        initial = get_initial_price(product) | {"shows_earlier": product.shows_earlier}
        return cls(*args, initial=initial, unit_now=product.unit)


def get_initial_price(product: Product) -> dict:
    box = product.unit == Product.Unit.BOX
    return {
        "unit": product.unit,
        "box_grams": product.net_grams if box else None,
        "price_fen": product.price_fen,
    }
