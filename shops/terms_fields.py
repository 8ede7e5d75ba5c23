"""What a listing says beside its words, which holds at once like the price: gross weight, freight, when to be told."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.inventory.stock import LIMIT
from shops.models import Product, Shop
from shops.pricing import prices
from shops.pricing.forms import PriceFields
from shops.shipping import policy
from ui import amounts
from ui.forms import MISSING_CHOICE
from ui.inputs import CountField, JinField

TERMS = ("gross_grams", "freight_included", "low_stock")
MOST_GROSS = 1_200_000


class TermsFields(PriceFields):
    """A shop that has neither a freight table nor a point to fetch at is asked how it sends."""

    gross_grams = JinField(
        label=gettext_lazy("连箱子一共几斤"),
        most=MOST_GROSS,
        required=False,
        help_text=gettext_lazy(
            "称一称寄出去的整箱。空着的话，买家出的运费先按净重算，箱子的重量您自己贴。包邮的不用称。"
        ),
    )
    freight_included = forms.BooleanField(
        label=gettext_lazy("包邮"), required=False, help_text=gettext_lazy("运费算在价钱里，买家不另付。")
    )
    low_stock = CountField(label=gettext_lazy("剩多少时提醒我"), required=False, most=LIMIT)

    def __init__(self, *args, shop: Shop | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        unit = self["unit"].value()
        self.fields["low_stock"].unit = Product.Unit(unit if unit in Product.Unit.values else "box").after(2)
        if not policy.is_settled(shop):
            self.ask_how_it_is_sent()

    def ask_how_it_is_sent(self) -> None:
        """In place of the switch: one answer, beforehand the one that is usual here (product_form.usual)."""
        was_included = self.initial.get("freight_included")
        usual = self.initial.get("sending")
        del self.fields["freight_included"]
        self.fields["sending"] = forms.ChoiceField(
            label=gettext_lazy("运费谁出"),
            choices=policy.Sending,
            widget=forms.RadioSelect,
            initial=usual or (policy.Sending.INCLUDED if was_included else None),
            help_text=policy.table_in_words(),
            error_messages={"required": MISSING_CHOICE},
        )

    def clean(self) -> dict:
        facts = super().clean()
        self.weigh(facts)
        if "sending" in self.fields:
            facts["freight_included"] = facts.get("sending") == policy.Sending.INCLUDED
        if facts.get("low_stock") is None:
            facts["low_stock"] = Product._meta.get_field("low_stock").default
        return facts

    def weigh(self, facts: dict) -> None:
        """A box with its padding weighs no less than what is in it; what is sold by weight has no box of its own."""
        if facts.get("unit") in prices.UNIT_GRAMS:
            self._errors.pop("gross_grams", None)
            facts["gross_grams"] = None
        gross, net = facts.get("gross_grams"), facts.get("net_grams")
        if gross is not None and net and gross < net:
            self.add_error("gross_grams", _("连箱子不会比净重 %(net)s还轻") % {"net": amounts.jin(net)})
