"""The freight table as a form: up to eight prices, each with its provinces. To a province without a price nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.models import PickUpPoint, Shop
from shops.shipping import rates
from shops.shipping.provinces import PROVINCES
from shops.shipping.rates import Group, Price
from ui.fields import KgField, YuanField
from ui.forms import MISSING, FarmForm

MOST = 8
MOST_FEN = 100_000  # More than 1,000 yuan for a parcel is a typing error.
MOST_GRAMS = 100_000
NAMES = ("first_grams", "first_fen", "step_grams", "step_fen", "surcharge_fen")
NOT_NEEDED = "surcharge_fen"


@dataclass(frozen=True)
class Slot:
    """One price of the form with its provinces."""

    number: int
    fields: dict[str, BoundField]
    names: str

    @property
    def is_new(self) -> bool:
        return not self.names and not any(field.value() for field in self.fields.values())

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields.values())


class FreightForm(FarmForm):
    marks_required = False

    def __init__(self, data=None, *, shop: Shop, table: Sequence[Group] = ()) -> None:
        self.shop, self.count = shop, 1
        initial = self.written(table)
        super().__init__(data, initial=initial)
        self.count = min(MOST, count_asked(data) if data is not None else len(table) + 1)
        for n in range(self.count):
            self.fields |= make_slot_fields(n)

    @staticmethod
    def written(table: Sequence[Group]) -> dict:
        initial: dict[str, object] = {}
        for n, group in enumerate(table[:MOST]):
            initial |= {f"{name}_{n}": getattr(group.price, name) for name in NAMES}
            initial[f"{NOT_NEEDED}_{n}"] = group.price.surcharge_fen or None
            initial |= {f"provinces_{n}": list(group.provinces)}
        return initial

    def clean(self) -> dict:
        facts, self.table = super().clean(), []
        taken: set[str] = set()
        for n in range(self.count):
            if facts.get(f"drop_{n}"):
                self.forgive(n)
                continue
            codes = facts.get(f"provinces_{n}") or []
            typed = any(self[f"{name}_{n}"].data for name in NAMES)
            if not codes and f"provinces_{n}" not in self.errors:
                if typed:
                    self.add_error(f"provinces_{n}", _("勾上这个价发到哪些省份，或者点“不要这一档”"))
                continue
            self.ask_for_figures(n)
            if twice := taken & set(codes):
                names = {"names": rates.join_names(twice)}
                self.add_error(f"provinces_{n}", _("%(names)s在前面已经有价了，只留一处") % names)
            taken |= set(codes)
            self.table.append((n, tuple(codes)))
        if not taken and not self.errors and not PickUpPoint.objects.filter(shop=self.shop, is_open=True):
            self.add_error(None, _("一个省份也没勾，就哪里都发不了。只让人来取的话，先加一个自提点。"))
        return facts

    def forgive(self, n: int) -> None:
        """Drop the errors of a price that is being removed."""
        for name in (*NAMES, "provinces"):
            self.errors.pop(f"{name}_{n}", None)

    def ask_for_figures(self, n: int) -> None:
        for name in NAMES:
            key = f"{name}_{n}"
            if name != NOT_NEEDED and key not in self.errors and self.cleaned_data.get(key) is None:
                self.add_error(key, MISSING)

    def groups(self) -> list[Group]:
        facts = self.cleaned_data
        return [
            Group(Price(*(facts[f"{name}_{n}"] or 0 for name in NAMES)), codes) for n, codes in self.table
        ]

    @property
    def slots(self) -> list[Slot]:
        found = []
        for n in range(self.count):
            fields = {name: self[f"{name}_{n}"] for name in (*NAMES, "provinces", "drop")}
            found.append(Slot(n + 1, fields, rates.join_names(fields["provinces"].value() or ())))
        return found


def make_slot_fields(n: int) -> dict[str, forms.Field]:
    kg = {"least": 1, "most": MOST_GRAMS, "required": False}
    yuan = {"least": 0, "most": MOST_FEN, "required": False}
    choices = [(one.code, str(one)) for one in PROVINCES]
    gone = {"invalid_choice": gettext_lazy("没有这个省份，重新勾一次")}
    return {
        f"first_grams_{n}": KgField(label=gettext_lazy("首重"), **kg),
        f"first_fen_{n}": YuanField(label=gettext_lazy("首重价"), **yuan),
        f"step_grams_{n}": KgField(label=gettext_lazy("每多"), **kg),
        f"step_fen_{n}": YuanField(label=gettext_lazy("再加"), **yuan),
        f"surcharge_fen_{n}": YuanField(label=gettext_lazy("偏远加价（没有就空着）"), **yuan),
        f"provinces_{n}": forms.MultipleChoiceField(
            label=gettext_lazy("发到哪些省份"),
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages=gone,
        ),
        f"drop_{n}": forms.BooleanField(label=gettext_lazy("不要这一档"), required=False),
    }


def count_asked(data) -> int:
    """Return how many prices the sent form has."""
    numbers = [key.rpartition("_")[2] for key in data if key.startswith((*NAMES, "provinces"))]
    return max((int(number) + 1 for number in numbers if number.isdecimal() and len(number) < 3), default=1)
