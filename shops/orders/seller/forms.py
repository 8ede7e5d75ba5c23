"""Forms for the steps a seller takes with an order; each carries an idempotency key, so a second tap changes nothing.

Reasons are stored in Chinese, the language in which the buyer reads them.
"""

from __future__ import annotations

import uuid
from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.documents.forms import DocumentField
from shops.forms import AGAIN, KeyForm
from shops.ledger.forms import DatedForm
from shops.models import LedgerEntry, Order, OrderEvent
from shops.orders import limits, transitions
from shops.orders.exceptions import TransitionNotAllowed
from shops.orders.seller import parcel_costs
from shops.sellers import payment_codes
from shops.shipping import couriers, regions
from ui import formats
from ui.fields import CleanCharField, DayField, JinField, KgField, YuanField
from ui.forms import set_error_messages

By = OrderEvent.By
Verb = OrderEvent.Verb

# Reasons are stored in these words; only the seller's choices are translated.
OTHER = "other"
DECLINE = (
    gettext_noop("今天没货了，采完了"),
    gettext_noop("下雨采不了，怕耽误您"),
    gettext_noop("这个地方送不到，或者路上会坏"),
    gettext_noop("电话打不通，没法核对"),
)
CANCEL = (
    gettext_noop("等了很久没收到钱"),
    gettext_noop("货出了问题，发不了"),
    gettext_noop("和您说好了不要了"),
)
REFUND = (
    gettext_noop("货出了问题，发不了"),
    gettext_noop("路上坏得太多，全退"),
    gettext_noop("和您说好了，全退"),
)
FULL_STOP = gettext_noop("。")


class StepForm(KeyForm):
    """Take one step: `verb` is the step (see `transitions`), the texts are for its page, its button and its success."""

    marks_required = False
    verb: Verb
    icon = "check"
    danger = False
    title: str | Promise = ""
    button: str | Promise = ""

    @property
    def text(self) -> str | Promise:
        return ""

    @property
    def done(self) -> str | Promise:
        return ""

    def __init__(self, *args, order: Order, user: User, **kwargs) -> None:
        self.order, self.user = order, user
        super().__init__(*args, **kwargs)

    def take(self) -> OrderEvent:
        """Take the step with the form's data. Raises TransitionNotAllowed or IdempotencyConflict."""
        raise NotImplementedError


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
            set_error_messages(self.fields["grams"])
        self.fields["grams"].unit = ""
        self.fields["photo"].sent_by(self.user)
        if self.data.get("less_ok"):
            self.ask_less()

    def ask_less(self) -> None:
        """Ask to confirm a weight below the net weight that the buyer was promised."""
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
    """Ask for the courier and the parcel number; for an order that goes to a pick-up point ask for nothing."""

    verb = Verb.SHIPPED
    icon = "out"
    title = pgettext_lazy("do", "发货")
    button = _("发出去了")
    done = _("记下了，买家能看到单号。")

    courier = forms.ChoiceField(label=_("快递公司"), choices=couriers.list_choices)
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
    cost_fen: YuanField | None = YuanField(
        label=_("快递花了多少（选填）"), required=False, least=1, most=parcel_costs.MOST_FEN
    )

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
        """Return the help text with the last cost of such a parcel; it is only shown, never booked by itself."""
        last = parcel_costs.find_last_cost(self.order, self["courier"].value())
        if last is None:
            return gettext("付给快递的钱。记了账才准，现在不知道，以后在订单里补。")
        self.fields["cost_fen"].widget.attrs["placeholder"] = formats.yuan(last.fen)
        facts = {
            "courier": couriers.get_name(last.courier),
            "province": regions.get_province_name(self.order.province),
            "fen": formats.yuan(last.fen),
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
        if not couriers.is_plausible(parcel):
            raise ValidationError(_("不像快递单号，照面单上的号码填，8 位以上的数字和字母"))
        return parcel

    def clean(self) -> dict:
        facts = super().clean()
        courier, parcel = facts.get("courier"), facts.get("parcel")
        if courier == couriers.OTHER and not facts.get("other") and "other" not in self.errors:
            self.add_error("other", _("写上快递公司的名字"))
        owner = couriers.find_courier(parcel or "")
        if owner and courier not in (owner, couriers.OTHER, None):
            params = {"owner": couriers.get_name(owner)}
            self.add_error("courier", _("这个单号是%(owner)s的，快递公司选对没有") % params)
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


class CostForm(DatedForm):
    """Book what the courier charged, after the parcel was sent."""

    marks_required = False

    cost_fen = YuanField(label=_("快递花了多少"), least=1, most=parcel_costs.MOST_FEN)
    on = DayField(label=_("哪天付的"))
    note = CleanCharField(label=_("说明（选填）"), max_length=100, required=False)

    field_order = ("cost_fen", "on", "note", "key")

    def entry(self, order: Order) -> dict:
        """Return the arguments of entries.write."""
        facts = self.cleaned_data
        return {
            "kind": LedgerEntry.Kind.FREIGHT,
            "fen": -facts["cost_fen"],
            "on": facts["on"],
            "note": facts["note"],
            "order": order,
            "villager": None,
        }


def list_reason_choices(reasons: tuple[str, ...]) -> list[tuple]:
    """Return the reasons as choices in the seller's language, and "another reason" last."""
    return [*((reason, _(reason)) for reason in reasons), (OTHER, _("别的原因"))]


class AcceptForm(StepForm):
    """Accept an order; the texts say so if the buyer cannot pay yet because the shop has no payment code."""

    verb = Verb.ACCEPTED
    title = _("接下这一单？")
    button = pgettext_lazy("do", "接单")

    @cached_property
    def has_code(self) -> bool:
        return payment_codes.find_current(self.order.shop) is not None

    @property
    def text(self) -> str | Promise:
        if self.has_code:
            return _("接了单，买家就能看到你的收款码，东西给他留着。")
        return _("接了单，东西给他留着。你还没放收款码，买家要等你放了才能付。")

    @property
    def done(self) -> str | Promise:
        if self.has_code:
            return _("接了。买家现在能看到你的收款码。")
        if self.order.shop.owner_id == self.user.pk:
            return _("接了。买家还付不了钱：放上收款码，他才知道往哪儿付。")
        return _("接了。买家还付不了钱：请店主放上收款码。")

    def take(self) -> OrderEvent:
        return transitions.accept(self.order, self.user, self.cleaned_data["key"])


class ReopenForm(StepForm):
    verb = Verb.REOPENED
    icon = "again"
    title = _("接错了，撤回来？")
    text = _(
        "先看一眼微信和支付宝：钱已经到了就别撤，点“收到钱了”。"
        "撤回以后这一单又等你接，货还给他留着，买家会知道你撤了。"
    )
    button = _("撤回接单")
    done = _("撤回来了。这一单又在等你接，别忘了回他。")

    def take(self) -> OrderEvent:
        return transitions.reopen(self.order, self.user, self.cleaned_data["key"])


class ReasonForm(StepForm):
    """Ask for a listed reason, the seller's own words, or both; the buyer reads them."""

    danger = True
    icon = "close"
    REASONS: tuple[str, ...] = ()

    reason = forms.ChoiceField(label=_("为什么"), widget=forms.RadioSelect)
    more = CleanCharField(
        label=_("再说两句"), max_length=60, required=False, help_text=_("买家会看到这些话。")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = list_reason_choices(self.REASONS)

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("reason") == OTHER and not facts.get("more") and "more" not in self.errors:
            self.add_error("more", _("写一句为什么，买家好明白"))
        return facts

    @property
    def words(self) -> str:
        chosen, more = self.cleaned_data["reason"], self.cleaned_data["more"]
        parts = [part for part in ("" if chosen == OTHER else chosen, more) if part]
        return FULL_STOP.join(parts)


class DeclineForm(ReasonForm):
    """Decline a request; `others` also declines every unverified request from the same IP, for the same reason."""

    others = forms.BooleanField(required=False)

    verb = Verb.DECLINED
    REASONS = DECLINE
    title = _("这一单不接？")
    text = _("占用的库存会退回，买家会收到你的话。先看一眼微信和支付宝：他要是已经付了，把钱退给他。")
    button = _("不接")
    done = _("告诉买家了，货也放回去了。")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        n = limits.find_others(self.order).count()
        label = ngettext(
            "从同一个地方还来了 %(n)s 单，号码都没验证过，一起不接",
            "从同一个地方还来了 %(n)s 单，号码都没验证过，一起不接",
            n,
        )
        self.fields["others"].label = label % {"n": n}
        if not n:
            del self.fields["others"]

    def take(self) -> OrderEvent:
        key = self.cleaned_data["key"]
        others = list(limits.find_others(self.order)) if self.cleaned_data.get("others") else []
        row = transitions.decline(self.order, self.user, key, self.words)
        for order in others:
            with suppress(TransitionNotAllowed):  # accepted, cancelled or expired meanwhile
                transitions.decline(order, self.user, uuid.uuid5(key, str(order.pk)), self.words)
        return row


class CancelForm(ReasonForm):
    verb = Verb.CANCELLED
    REASONS = CANCEL
    title = _("取消这一单？")
    text = _("买家已经付了钱的话，先点“收到钱了”，再点“全部退款”，别直接取消。")
    button = _("取消订单")
    done = _("取消了，货放回去了。")

    def take(self) -> OrderEvent:
        return transitions.cancel(self.order, By.SELLER, self.user, self.cleaned_data["key"], self.words)


class RefundForm(ReasonForm):
    verb = Verb.REFUNDED
    REASONS = REFUND
    title = _("全部退给买家？")
    text = _("钱要你自己在微信或支付宝里退给买家，这里只记一笔账。")
    button = pgettext_lazy("do", "全部退款")
    done = _("记下了。别忘了把钱退给买家。")

    @property
    def rest_fen(self) -> int:
        return self.order.total_fen - self.order.refunded_fen

    def take(self) -> OrderEvent:
        return transitions.refund_all(self.order, self.user, self.cleaned_data["key"], self.words)


class PaidForm(StepForm):
    """Record the payment; `fen` is the amount that the page showed, so that a changed total is noticed."""

    verb = Verb.PAID
    title = _("钱收到了？")
    text = _("打开微信或支付宝看一眼：真的到账了，数目也对，再点。别只看买家发来的截图。")
    button = _("收到钱了")
    done = _("记下了，这笔钱进了账本。")

    fen = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, order: Order, **kwargs) -> None:
        kwargs["initial"] = {"fen": order.total_fen} | kwargs.get("initial", {})
        super().__init__(*args, order=order, **kwargs)

    def take(self) -> OrderEvent:
        return transitions.mark_paid(
            self.order, self.user, self.cleaned_data["key"], self.cleaned_data["fen"]
        )


class ReceiveForm(StepForm):
    verb = Verb.RECEIVED
    title = _("买家收到了？")
    text = _("快递显示签收，或者买家说收到了，再点。收到以后有坏的，买家一样可以找你。")
    button = _("买家收到了")
    done = _("记下了。")

    def take(self) -> OrderEvent:
        return transitions.receive(self.order, By.SELLER, self.user, self.cleaned_data["key"])


STEPS: dict[str, type[StepForm]] = {
    "accept": AcceptForm,
    "reopen": ReopenForm,
    "decline": DeclineForm,
    "paid": PaidForm,
    "pack": PackForm,
    "ship": ShipForm,
    "receive": ReceiveForm,
    "renumber": RenumberForm,
    "cancel": CancelForm,
    "refund": RefundForm,
}
