"""Packing and sending: what the scales say, and who carries it under which number."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from media.document_forms import DocumentField
from shops import parcel_costs
from shops.ledger.forms import KeyedForm
from shops.models import LedgerEntry, Order, OrderEvent
from shops.orders import transitions
from shops.shipping import couriers, regions
from shops.step_form import StepForm
from ui import amounts
from ui.forms import say_what_is_missing
from ui.inputs import CleanCharField, DayField, JinField, KgField, YuanField

Verb = OrderEvent.Verb


class PackForm(StepForm):
    verb = Verb.PACKED
    icon = "box"
    title = pgettext_lazy("do", "打包")
    text = _("连箱子一起称，再拍一张。万一路上坏了，照片说得清。")
    button = _("装好了")
    done = _("记下了。贴上单子就能发。")

    unit = forms.ChoiceField(
        label=_("用什么称的"),
        choices=[("jin", _("斤")), ("kg", _("公斤"))],
        initial="jin",
        widget=forms.RadioSelect,
    )
    grams = JinField(label=_("装箱实重"), most=transitions.MOST_GRAMS)
    photo = DocumentField(label=_("装好的照片（选填）"), max=1, pdf=False, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self["unit"].value() == "kg":
            self.fields["grams"] = KgField(label=_("装箱实重"), most=transitions.MOST_GRAMS)
            say_what_is_missing(self.fields["grams"])
        self.fields["grams"].unit = ""
        self.fields["photo"].sent_by(self.user)
        if self.data.get("less_ok"):
            self.ask_less()

    def ask_less(self) -> None:
        self.fields["less_ok"] = forms.BooleanField(
            label=_("称过两遍，就是这么多，我和买家说好了"), required=False
        )

    def clean(self) -> dict:
        facts = super().clean()
        grams = facts.get("grams")
        if grams and grams < self.order.net_grams and not facts.get("less_ok"):
            self.ask_less()
            self.add_error("grams", _("连箱子还没有答应买家的净重多，再称一遍"))
        return facts

    def take(self) -> OrderEvent:
        facts = self.cleaned_data
        photo = next(iter(facts["photo"]), None)
        return transitions.pack(self.order, self.user, facts["key"], facts["grams"], photo)


class ShipForm(StepForm):
    """To a pick-up point nothing is asked; otherwise who carries it and under which number."""

    verb = Verb.SHIPPED
    icon = "out"
    title = pgettext_lazy("do", "发货")
    button = _("发出去了")
    done = _("记下了，买家能看到单号。")

    courier = forms.ChoiceField(label=_("快递公司"), choices=couriers.choices)
    parcel = CleanCharField(
        label=_("快递单号"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    other = CleanCharField(
        label=_("哪一家"),
        max_length=20,
        required=False,
        pictures=False,
        help_text=_("上面选了“别的快递”才填。"),
    )
    cost_fen = YuanField(label=_("快递花了多少（选填）"), required=False, least=1, most=parcel_costs.MOST_FEN)

    field_order = ("courier", "other", "parcel", "cost_fen")

    def __init__(self, *args, order: Order, **kwargs) -> None:
        super().__init__(*args, order=order, **kwargs)
        if order.point_id:
            for name in ("courier", "other", "parcel", "cost_fen"):
                del self.fields[name]
            self.title, self.button = _("放到自提点了？"), _("放到自提点了")
            self.done = _("记下了，买家可以去拿了。")
        elif "cost_fen" in self.fields:
            self.fields["cost_fen"].help_text = self.cost_help()

    def cost_help(self) -> str:
        """The last cost is only said: nothing is booked that nobody typed."""
        last = parcel_costs.last(self.order, self["courier"].value())
        if last is None:
            return gettext("付给快递的钱。记了账才准，现在不知道，以后在订单里补。")
        self.fields["cost_fen"].widget.attrs["placeholder"] = amounts.yuan(last.fen)
        facts = {
            "courier": couriers.named(last.courier),
            "province": regions.province_name(self.order.province),
            "fen": amounts.yuan(last.fen),
        }
        return gettext("上回%(courier)s寄到%(province)s，差不多重，花了 %(fen)s 元。不填就不记。") % facts

    @property
    def named_courier(self) -> str:
        courier = self.cleaned_data.get("courier", "")
        return self.cleaned_data["other"] if courier == couriers.OTHER else courier

    def clean_parcel(self) -> str:
        parcel = couriers.tidy(self.cleaned_data["parcel"])
        if couriers.is_phone(parcel):
            raise ValidationError(_("这像手机号，要填快递单号"))
        if parcel == self.order.number:
            raise ValidationError(_("这是我们的订单号，要填快递面单上的号码"))
        if not couriers.looks_right(parcel):
            raise ValidationError(_("不像快递单号，照面单上的号码填，8 位以上的数字和字母"))
        return parcel

    def clean(self) -> dict:
        facts = super().clean()
        courier, parcel = facts.get("courier"), facts.get("parcel")
        if courier == couriers.OTHER and not facts.get("other") and "other" not in self.errors:
            self.add_error("other", _("写上快递公司的名字"))
        owner = couriers.owner_of(parcel or "")
        if owner and courier not in (owner, couriers.OTHER, None):
            told = {"owner": couriers.named(owner)}
            self.add_error("courier", _("这个单号是%(owner)s的，快递公司选对没有") % told)
        return facts

    def take(self) -> OrderEvent:
        facts = self.cleaned_data
        cost, parcel = facts.get("cost_fen") or 0, facts.get("parcel", "")
        return transitions.ship(self.order, self.user, facts["key"], self.named_courier, parcel, cost)


class RenumberForm(ShipForm):
    verb = Verb.RENUMBERED
    icon = "text"
    title = _("单号填错了？")
    text = _("改了买家马上看到新的，原来填的还留在记录里。")
    button = _("改单号")
    done = _("改好了，买家看到的是新单号。")

    cost_fen = None

    def take(self) -> OrderEvent:
        facts = self.cleaned_data
        return transitions.renumber(self.order, self.user, facts["key"], self.named_courier, facts["parcel"])


class CostForm(KeyedForm):
    """What the courier took, written down after the parcel has gone."""

    marks_required = False

    cost_fen = YuanField(label=_("快递花了多少"), least=1, most=parcel_costs.MOST_FEN)
    on = DayField(label=_("哪天付的"))
    note = CleanCharField(label=_("说明（选填）"), max_length=100, required=False)

    field_order = ("cost_fen", "on", "note", "key")

    def entry(self, order: Order) -> dict:
        """The fields of ledgering.write."""
        facts = self.cleaned_data
        return {
            "kind": LedgerEntry.Kind.FREIGHT,
            "fen": -facts["cost_fen"],
            "on": facts["on"],
            "note": facts["note"],
            "order": order,
            "villager": None,
        }
