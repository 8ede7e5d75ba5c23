"""Take up to three gifts in a product's form, each left empty or filled in completely.

广告法 §8 requires kind, specification, number, limit and way; by 明码标价和禁止价格欺诈规定 §18 a stated value must be today's
price.
"""

from __future__ import annotations

from typing import NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from shops.models import Gift, Product
from ui.fields import CleanCharField, CountField, YuanField
from ui.forms import MISSING, Farm

MOST = 3
PARTS = ("kind", "spec", "number", "limit", "way", "value_fen")
NEEDED = PARTS[:-1]
WORDED = tuple(f"gift_{n}_{part}" for n in range(MOST) for part in ("kind", "spec", "limit", "way"))
NAMES = tuple(f"gift_{n}_{part}" for n in range(MOST) for part in (*PARTS, "drop"))


class GiftFields(NamedTuple):
    """Hold the fields of one gift in the form."""

    name: str
    fields: list[BoundField]
    is_open: bool


def make_gift_fields(n: int) -> dict[str, forms.Field]:
    made = {
        "kind": CleanCharField(label=_("送什么"), required=False, max_length=30),
        "spec": CleanCharField(
            label=_("规格"), help_text=_("多大、多重，比如 10 抽一包"), required=False, max_length=30
        ),
        "number": CountField(label=_("每份送几个"), required=False, least=1, most=9999),
        "limit": CleanCharField(
            label=_("限多少、到哪天"),
            required=False,
            max_length=60,
            help_text=_("比如：前 50 份，送到 12月31日"),
        ),
        "way": CleanCharField(
            label=_("怎么送"), required=False, max_length=60, help_text=_("比如：装在箱里一起寄")
        ),
        "value_fen": YuanField(
            label=_("现在卖多少钱（不卖就空着）"),
            required=False,
            most=10_000_000,
            help_text=_("写它现在真卖的价，不写“价值”“原价”。"),
        ),
        "drop": forms.BooleanField(label=_("去掉这件赠品"), required=False),
    }
    return {f"gift_{n}_{part}": field for part, field in made.items()}


class GiftsMixin(Farm):
    """Add the gifts' fields to a form; put before the form's base class."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for n in range(MOST):
            self.fields |= make_gift_fields(n)

    def clean(self) -> dict:
        facts = super().clean()
        for n in range(MOST):
            keys = {part: f"gift_{n}_{part}" for part in PARTS}
            typed = [key for key in keys.values() if key in self.errors or facts.get(key) not in (None, "")]
            if facts.get(f"gift_{n}_drop"):
                for key in keys.values():
                    self.errors.pop(key, None)
                    facts[key] = None
            elif typed:
                for part in NEEDED:
                    if keys[part] not in self.errors and facts.get(keys[part]) in (None, ""):
                        self.add_error(keys[part], MISSING)
        return facts

    def gifts(self) -> list[dict]:
        """Return the gifts that are filled in, as fields of Gift."""
        facts = self.cleaned_data
        rows = [{part: facts.get(f"gift_{n}_{part}") for part in PARTS} for n in range(MOST)]
        return [row for row in rows if row["kind"]]

    @property
    def gift_places(self) -> list[GiftFields]:
        places = []
        for n in range(MOST):
            bound = [self[f"gift_{n}_{part}"] for part in (*PARTS, "drop")]
            name = bound[0].value() or ""
            wrong = any(one.errors for one in bound)
            places.append(GiftFields(name, bound if name or wrong else bound[:-1], wrong))
        return places


def list_initial_gifts(product: Product) -> dict:
    """Return the product's gifts as initial values."""
    rows = list(product.gifts.values(*PARTS)[:MOST])
    return {f"gift_{n}_{part}": value for n, row in enumerate(rows) for part, value in row.items()}


def replace_gifts(product: Product, wanted: list[dict]) -> bool:
    """Replace the product's gifts; return whether that changed anything."""
    if list(product.gifts.values(*PARTS)) == wanted:
        return False
    product.gifts.all().delete()
    for row in wanted:
        Gift.objects.create(product=product, **row)
    return True
