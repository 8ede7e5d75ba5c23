"""Forms of a product's stock and of its presale."""

from __future__ import annotations

import datetime
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops.forms import AGAIN, KeyForm
from shops.inventory.stock import LIMIT
from shops.models import Presale, Product, StockMove
from shops.products.fields import LONGEST, TypedDayField
from ui.fields import CleanCharField, CountField
from ui.forms import FarmForm

# Reasons for a growing and for a shrinking stock.
COMES = (StockMove.Reason.HARVEST, StockMove.Reason.BACK)
GOES = (StockMove.Reason.LOSS, StockMove.Reason.GIFT)


class StockForm(FarmForm):
    """Take a number of units; `way` says what it means: newly picked, returned, lost, given away, or the result of a count."""

    way = forms.ChoiceField(
        label=_("变动原因"),
        choices=[(reason.value, reason.label) for reason in (*COMES, *GOES, StockMove.Reason.COUNT)],
        widget=forms.RadioSelect,
    )
    number = CountField(label=_("多少"), most=LIMIT)
    note = CleanCharField(
        label=_("说明（可以不写）"), max_length=100, required=False, help_text=_("比如：冻坏的、送合作社试吃")
    )
    event_id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, product: Product, **kwargs) -> None:
        kwargs["initial"] = {"event_id": uuid.uuid4(), "way": StockMove.Reason.HARVEST} | kwargs.get(
            "initial", {}
        )
        super().__init__(*args, **kwargs)
        self.fields["number"].unit = Product.Unit(product.unit).after(2)

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("number") == 0 and facts.get("way") in (*COMES, *GOES):
            self.add_error("number", _("要大于 0"))
        return facts


class PresaleForm(KeyForm):
    """Take a presale; a day typed without its year is the next such day."""

    quota = CountField(label=_("一共预售多少"), least=1, most=LIMIT)
    closes_on = TypedDayField(label=_("预售到哪天"), help_text=_("写 12.10 也行"))
    ship_by = TypedDayField(label=_("最晚哪天发"), help_text=_("写做得到的日子，买家照这个等。"))
    own_words = CleanCharField(
        label=_("还想说的（可以不写）"),
        max_length=100,
        required=False,
        help_text=_("比如：霜降后采，先订先发"),
    )

    def __init__(self, *args, product: Product, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quota"].unit = Product.Unit(product.unit).after(2)

    def clean(self) -> dict:
        facts, today = super().clean(), timezone.localdate()
        for name in ("closes_on", "ship_by"):
            if typed := facts.get(name):
                facts[name] = self.in_time(name, typed.next(today), today)
        closes, ship = facts.get("closes_on"), facts.get("ship_by")
        if closes and ship and ship < closes:
            self.add_error("ship_by", _("发货的日子不能早过预售的最后一天"))
        return facts

    def in_time(self, name: str, day: datetime.date, today: datetime.date) -> datetime.date | None:
        if day < today:
            self.add_error(name, _("这一天已经过了"))
        elif day > today + LONGEST:
            self.add_error(name, _("太远了，最多写到一年以后"))
        else:
            return day
        return None


class QuotaForm(KeyForm):
    quota = CountField(label=_("一共预售多少"), least=1, most=LIMIT)

    def __init__(self, *args, presale: Presale, **kwargs) -> None:
        kwargs["initial"] = {"quota": presale.quota} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["quota"].unit = Product.Unit(presale.product.unit).after(2)
