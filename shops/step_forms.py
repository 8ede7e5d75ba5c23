"""One small form for each step a seller takes; each carries the key that makes its second tap harmless."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django import forms
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext, pgettext_lazy

from shops import reasons
from shops.forms import AGAIN
from shops.models import Order, OrderEvent
from shops.orders import limits, transitions
from shops.orders.exceptions import TransitionNotAllowed
from shops.parcel_forms import PackForm, RenumberForm, ShipForm
from shops.sellers import payment_codes
from shops.step_form import StepForm
from ui.inputs import CleanCharField

By, Verb = OrderEvent.By, OrderEvent.Verb


# The buyer reads Chinese, whatever the seller's screen speaks.
FULL_STOP = gettext_noop("。")


class AcceptForm(StepForm):
    """Without a payment code the buyer cannot pay yet, and the words say so."""

    verb = Verb.ACCEPTED
    title = _("接下这一单？")
    button = pgettext_lazy("do", "接单")

    @cached_property
    def has_code(self) -> bool:
        return payment_codes.current(self.order.shop) is not None

    @property
    def text(self) -> str | Promise:
        if self.has_code:
            return _("接了单，买家就能看到您的收款码，东西给他留着。")
        return _("接了单，东西给他留着。您还没放收款码，买家要等您放了才能付。")

    @property
    def done(self) -> str | Promise:
        if self.has_code:
            return _("接了。买家现在能看到您的收款码。")
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
        "撤回以后这一单又等您接，货还给他留着，买家会知道您撤了。"
    )
    button = _("撤回接单")
    done = _("撤回来了。这一单又在等您接，别忘了回他。")

    def take(self) -> OrderEvent:
        return transitions.reopen(self.order, self.user, self.cleaned_data["key"])


class ReasonForm(StepForm):
    """A quick reason, or one's own words; both may stand together. The buyer reads it."""

    danger = True
    icon = "close"
    REASONS: tuple[str, ...] = ()

    reason = forms.ChoiceField(label=_("为什么"), widget=forms.RadioSelect)
    more = CleanCharField(
        label=_("再说两句"), max_length=60, required=False, help_text=_("买家会看到这些话。")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons.choices(self.REASONS)

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("reason") == reasons.OTHER and not facts.get("more") and "more" not in self.errors:
            self.add_error("more", _("写一句为什么，买家好明白"))
        return facts

    @property
    def words(self) -> str:
        chosen, more = self.cleaned_data["reason"], self.cleaned_data["more"]
        parts = [part for part in ("" if chosen == reasons.OTHER else chosen, more) if part]
        return FULL_STOP.join(parts)


class DeclineForm(ReasonForm):
    """With `others`, for who floods a shop: every unproven request from the same address is declined in the same words."""

    others = forms.BooleanField(required=False)

    verb = Verb.DECLINED
    REASONS = reasons.DECLINE
    title = _("这一单不接？")
    text = _("占着的货放回去，买家会收到您的话。先看一眼微信和支付宝：他要是已经付了，把钱退给他。")
    button = _("不接")
    done = _("告诉买家了，货也放回去了。")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        n = limits.others_from(self.order).count()
        words = ngettext(
            "从同一个地方还来了 %(n)s 单，号码都没验证过，一起不接",
            "从同一个地方还来了 %(n)s 单，号码都没验证过，一起不接",
            n,
        )
        self.fields["others"].label = words % {"n": n}
        if not n:
            del self.fields["others"]

    def take(self) -> OrderEvent:
        key = self.cleaned_data["key"]
        others = list(limits.others_from(self.order)) if self.cleaned_data.get("others") else []
        row = transitions.decline(self.order, self.user, key, self.words)
        for order in others:
            with suppress(TransitionNotAllowed):  # accepted, cancelled or over meanwhile
                transitions.decline(order, self.user, uuid.uuid5(key, str(order.pk)), self.words)
        return row


class CancelForm(ReasonForm):
    verb = Verb.CANCELLED
    REASONS = reasons.CANCEL
    title = _("取消这一单？")
    text = _("买家已经付了钱的话，先点“收到钱了”，再点“全部退款”，别直接取消。")
    button = _("取消订单")
    done = _("取消了，货放回去了。")

    def take(self) -> OrderEvent:
        return transitions.cancel(self.order, By.SELLER, self.user, self.cleaned_data["key"], self.words)


class RefundForm(ReasonForm):
    verb = Verb.REFUNDED
    REASONS = reasons.REFUND
    title = _("全部退给买家？")
    text = _("钱要您自己在微信或支付宝里退给买家，这里只记一笔账。")
    button = pgettext_lazy("do", "全部退款")
    done = _("记下了。别忘了把钱退给买家。")

    @property
    def rest_fen(self) -> int:
        return self.order.total_fen - self.order.refunded_fen

    def take(self) -> OrderEvent:
        return transitions.refund_all(self.order, self.user, self.cleaned_data["key"], self.words)


class PaidForm(StepForm):
    """`fen` is the sum that was on the page: whoever marks another is told."""

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
    text = _("快递显示签收，或者买家说收到了，再点。收到以后有坏的，买家一样可以找您。")
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
