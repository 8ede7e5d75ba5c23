"""Forms for what happens in a live and after it: sale, correction, flash price, settlement, refund."""

from __future__ import annotations

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from live.models import Livestream, RundownItem, Settlement, Slip
from live.on_air import host_actions
from live.on_air.sales import MOST_FEN, MOST_UNITS
from ui import formats
from ui.fields import CleanCharField, CountField, YuanField, get_max_length
from ui.forms import FarmForm
from ui.parameters import read_number

AGAIN = _("没看懂，再点一次")
MAX_CORRECTION_LENGTH = get_max_length(Slip, "said")


class EventForm(FarmForm):
    """A form with an event id, so that one sent twice writes one row."""

    event_id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"event_id": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class ItemChoice(forms.ModelChoiceField):
    def __init__(self) -> None:
        nothing = RundownItem.objects.none()
        super().__init__(nothing, label=_("哪一款"), required=False, empty_label=_("不是哪一款的事"))


class SaleForm(EventForm):
    """Take a sale: on an item's row the price is that of the button (`seen_fen`), on the sale's own page it is typed."""

    quantity = CountField(label=_("卖了几份"), least=1, most=MOST_UNITS)
    price_fen = YuanField(label=_("一份多少钱"), most=MOST_FEN, required=False)

    field_order = ("quantity", "price_fen", "event_id")

    def __init__(self, data: QueryDict | None = None, **kwargs) -> None:
        seen = read_number(data.get("seen_fen")) if data else None
        if data and seen is not None and "price_fen" not in data:
            data = data.copy()
            data["price_fen"] = formats.yuan(seen).replace(",", "")
        super().__init__(data, **kwargs)


class SlipForm(EventForm):
    item = ItemChoice()
    said = CleanCharField(label=_("说成了什么"), max_length=MAX_CORRECTION_LENGTH)
    right = CleanCharField(label=_("对的是什么"), max_length=MAX_CORRECTION_LENGTH)

    field_order = ("said", "right", "item", "event_id")

    def __init__(self, *args, live: Livestream, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = live.items.select_related("product").order_by("position", "id")
        # It follows the featured item: a half-written correction must not keep an earlier item.
        self.fields["item"].widget.attrs["data-draft-not"] = ""


class FlashForm(EventForm):
    price_fen = YuanField(label=_("限时价，一份"), most=MOST_FEN)
    minutes = forms.TypedChoiceField(label=_("开多久"), coerce=int, initial=5, widget=forms.RadioSelect)

    field_order = ("price_fen", "minutes", "event_id")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [
            (n, ngettext("%(n)s 分钟", "%(n)s 分钟", n) % {"n": n}) for n in host_actions.MINUTES
        ]


class SettleForm(EventForm):
    quantity = CountField(label=_("处理了几份"), least=1, most=MOST_UNITS)
    how = forms.ChoiceField(label=_("怎么处理的"), choices=Settlement.How.choices, widget=forms.RadioSelect)
    fen = YuanField(
        label=_("退了多少钱"), least=0, most=10**12, required=False, help_text=_("没退钱就空着。")
    )
    note = CleanCharField(label=_("说明"), max_length=100, required=False)

    field_order = ("quantity", "how", "fen", "note", "event_id")

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("how") == Settlement.How.REFUNDED and not self.errors and not facts.get("fen"):
            self.add_error("fen", ValidationError(_("退了钱就要写退了多少")))
        return facts


class RefundForm(EventForm):
    fen = YuanField(label=_("退了多少钱"), most=10**12)
    item = ItemChoice()
    quantity = CountField(
        label=_("退了几份"), most=MOST_UNITS, required=False, help_text=_("只退钱没退货就空着。")
    )
    is_back = forms.BooleanField(label=_("货退回来了，还能再卖"), required=False)
    note = CleanCharField(label=_("说明"), max_length=100, required=False)

    field_order = ("fen", "item", "quantity", "is_back", "note", "event_id")

    def __init__(self, *args, live: Livestream, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = live.items.select_related("product").order_by("position", "id")
        self.fields["item"].widget.attrs["data-draft-not"] = ""

    def clean(self) -> dict:
        facts = super().clean()
        if not self.errors and not facts.get("item") and (facts.get("quantity") or facts.get("is_back")):
            self.add_error("item", ValidationError(_("退了货就要说是哪一款")))
        return facts
