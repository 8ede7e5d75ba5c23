"""The forms of what is sold before it is picked, and of where it can be fetched."""

from __future__ import annotations

import datetime
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops.forms import AGAIN
from shops.harvest import LONGEST, SaidDayField
from shops.models import PickUpPoint, Presale, Product
from shops.stock import LIMIT
from ui.forms import FarmForm
from ui.inputs import CleanCharField, CountField, NameField


class KeyForm(FarmForm):
    """`key` is made with the empty form: one tap is one change."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class PresaleForm(KeyForm):
    """A day written without its year is the next such day."""

    quota = CountField(label=_("一共预售多少"), least=1, most=LIMIT)
    closes_on = SaidDayField(label=_("预售到哪天"), help_text=_("写 12.10 也行"))
    ship_by = SaidDayField(label=_("最晚哪天发"), help_text=_("写做得到的日子，买家照这个等。"))
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
            if said := facts.get(name):
                facts[name] = self.in_time(name, said.next(today), today)
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


class PointForm(FarmForm):
    name = NameField(label=_("自提点叫什么"), max_length=30, min_length=2)
    address = CleanCharField(label=_("在哪里"), min_length=4, max_length=120, pictures=False)
    hours = CleanCharField(
        label=_("什么时候能取"),
        min_length=2,
        max_length=60,
        pictures=False,
        help_text=_("比如：每天 8 点到 18 点，先打电话"),
    )
    is_open = forms.BooleanField(label=_("开着"), required=False, initial=True)

    FACTS = ("name", "address", "hours", "is_open")

    @classmethod
    def of(cls, point: PickUpPoint, *args) -> PointForm:
        return cls(*args, initial={name: getattr(point, name) for name in cls.FACTS})

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.FACTS}
