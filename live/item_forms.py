"""One line of the rundown: of a product, or in a rehearsal typed by hand."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from live import facts, planning
from live.models import Livestream, RundownItem
from shops import pricing
from shops.models import Product
from ui.forms import FarmForm
from ui.inputs import CleanCharField, CountField, JinField, NameField, YuanField

MOST_GRAMS = 1_000_000


class WithRole(FarmForm):
    """What every line has."""

    marks_required = False

    role = forms.ChoiceField(
        label=gettext_lazy("派什么用"), choices=RundownItem.Role, widget=forms.RadioSelect,
        help_text=gettext_lazy("引流款留人，利润款挣钱，形象款撑门面。"),
    )  # fmt: skip
    minutes = CountField(label=gettext_lazy("讲几分钟"), least=1, most=240, unit=gettext_lazy("分钟"))
    talking_points = CleanCharField(
        label=gettext_lazy("要讲到的"),
        lines=True,
        max_length=500,
        required=False,
        help_text=gettext_lazy("一行一样，开播时在提词器里看得到。"),
    )


class ItemForm(WithRole):
    live_price_fen = YuanField(label=gettext_lazy("直播价"), required=False)
    quota = CountField(label=gettext_lazy("给直播留多少"), least=1, required=False)

    field_order = ("role", "minutes", "live_price_fen", "quota", "talking_points")
    NAMES = field_order

    def __init__(self, *args, item: RundownItem, **kwargs) -> None:
        self.item, self.product = item, item.product
        kwargs["initial"] = {name: getattr(item, name) for name in self.NAMES} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        product = self.product
        said = {"price": facts.money(product.price_fen), "unit": product.get_unit_display()}
        self.fields["live_price_fen"].help_text = _("空着就按商品页：%(price)s一%(unit)s") % said
        self.fields["quota"].unit = product.get_unit_display()
        said = {"count": f"{product.stock:,}", "unit": product.stock_unit}
        self.fields["quota"].help_text = (
            _("库存有 %(count)s %(unit)s。留出来的别处卖不掉；空着就直接卖库存。") % said
        )

    def clean_live_price_fen(self) -> int | None:
        fen = self.cleaned_data["live_price_fen"]
        if fen and not pricing.can_be_shown(fen, self.product.net_grams):
            raise forms.ValidationError(_("一斤不到一分钱，看看少打了什么"))
        return fen

    def clean_quota(self) -> int | None:
        quota = self.cleaned_data["quota"]
        if quota and quota > self.product.stock:
            said = {"count": f"{self.product.stock:,}", "unit": self.product.stock_unit}
            raise forms.ValidationError(_("库存只有 %(count)s %(unit)s，留不了这么多") % said)
        return quota

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class TypedForm(WithRole):
    """Goods that are in no shop."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = NameField(label=gettext_lazy("名称"), max_length=30)
    unit = forms.ChoiceField(
        label=gettext_lazy("按什么卖"), choices=Product.Unit, initial="box", widget=forms.RadioSelect
    )
    net_grams = JinField(label=gettext_lazy("一箱净重"), least=10, most=MOST_GRAMS, required=False)
    price_fen = YuanField(label=gettext_lazy("卖多少钱"))

    field_order = ("key", "name", "unit", "net_grams", "price_fen", "role", "minutes", "talking_points")
    NAMES = field_order[1:]

    def __init__(self, *args, item: RundownItem | None = None, **kwargs) -> None:
        if item:
            told = {name: getattr(item, name) for name in self.NAMES}
            kwargs["initial"] = told | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        told = super().clean()
        unit, net = told.get("unit"), told.get("net_grams")
        if unit:
            told["net_grams"] = pricing.grams_of(unit, net)
        if unit == Product.Unit.BOX and not net and "net_grams" not in self.errors:
            self.add_error("net_grams", _("写一箱有多重"))
        if (
            (fen := told.get("price_fen"))
            and (grams := told.get("net_grams"))
            and not pricing.can_be_shown(fen, grams)
        ):
            self.add_error("price_fen", _("一斤不到一分钱，看看少打了什么"))
        return told

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}

    @property
    def key_or_new(self) -> uuid.UUID:
        return self.cleaned_data.get("key") or uuid.uuid4()


class PickForm(FarmForm):
    """Which products are put into the rundown, several at once."""

    products = forms.ModelMultipleChoiceField(
        Product.objects.none(),
        label=pgettext_lazy("many", "商品"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("先点要加的货"),
            "invalid_choice": gettext_lazy("有一款不能选，重新点一次"),
        },
    )

    def __init__(self, *args, live: Livestream, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].queryset = planning.offered(live) if live.shop_id else Product.objects.none()
