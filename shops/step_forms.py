"""One small form for each step a seller takes; each carries the key that makes its second tap harmless."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models import User
from media.document_forms import DocumentField
from shops import couriers, reasons
from shops.forms import AGAIN
from shops.models import Order, OrderEvent
from shops.order_forms import Keyed
from shops.ordering import stepping
from ui.forms import say_what_is_missing
from ui.inputs import CleanCharField, JinField, KgField

By, Verb = OrderEvent.By, OrderEvent.Verb


# The buyer reads Chinese, whatever the seller's screen speaks.
FULL_STOP = gettext_noop("。")


class StepForm(Keyed):
    """`verb` is the step in the table of states; the words are those of its page, its button and its success."""

    marks_required = False
    verb: Verb
    icon = "check"
    danger = False
    title: str | Promise = ""
    text: str | Promise = ""
    button: str | Promise = ""
    done: str | Promise = ""

    def __init__(self, *args, order: Order, user: User, **kwargs) -> None:
        self.order, self.user = order, user
        super().__init__(*args, **kwargs)

    def take(self) -> OrderEvent:
        """Raises NotPossible or KeyTaken."""
        raise NotImplementedError


class AcceptForm(StepForm):
    verb = Verb.ACCEPTED
    title = _("接下这一单？")
    text = _("接了单，买家就能看到您的收款码，东西给他留着。")
    button = pgettext_lazy("do", "接单")
    done = _("接了。买家现在能看到您的收款码。")

    def take(self) -> OrderEvent:
        return stepping.accept(self.order, self.user, self.cleaned_data["key"])


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
    verb = Verb.DECLINED
    REASONS = reasons.DECLINE
    title = _("这一单不接？")
    text = _("占着的货放回去，买家会收到您的话。他还没有付钱。")
    button = _("不接")
    done = _("告诉买家了，货也放回去了。")

    def take(self) -> OrderEvent:
        return stepping.decline(self.order, self.user, self.cleaned_data["key"], self.words)


class CancelForm(ReasonForm):
    verb = Verb.CANCELLED
    REASONS = reasons.CANCEL
    title = _("取消这一单？")
    text = _("买家已经付了钱的话，先点“收到钱了”，再点“全部退款”，别直接取消。")
    button = _("取消订单")
    done = _("取消了，货放回去了。")

    def take(self) -> OrderEvent:
        return stepping.cancel(self.order, By.SELLER, self.user, self.cleaned_data["key"], self.words)


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
        return stepping.refund_all(self.order, self.user, self.cleaned_data["key"], self.words)


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
        return stepping.mark_paid(self.order, self.user, self.cleaned_data["key"], self.cleaned_data["fen"])


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
    grams = JinField(label=_("装箱实重"), most=stepping.MOST_GRAMS)
    photo = DocumentField(label=_("装好的照片（选填）"), max=1, pdf=False, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self["unit"].value() == "kg":
            self.fields["grams"] = KgField(label=_("装箱实重"), most=stepping.MOST_GRAMS)
            say_what_is_missing(self.fields["grams"])
        self.fields["grams"].unit = ""
        self.fields["photo"].owner = self.user
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
        return stepping.pack(self.order, self.user, facts["key"], facts["grams"], photo)


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

    def __init__(self, *args, order: Order, **kwargs) -> None:
        super().__init__(*args, order=order, **kwargs)
        if order.point_id:
            for name in ("courier", "other", "parcel"):
                del self.fields[name]
            self.title, self.button = _("放到自提点了？"), _("放到自提点了")
            self.done = _("记下了，买家可以去拿了。")

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
        courier = facts.get("courier", "")
        courier = facts["other"] if courier == couriers.OTHER else courier
        return stepping.ship(self.order, self.user, facts["key"], courier, facts.get("parcel", ""))


class ReceiveForm(StepForm):
    verb = Verb.RECEIVED
    title = _("买家收到了？")
    text = _("快递显示签收，或者买家说收到了，再点。收到以后有坏的，买家一样可以找您。")
    button = _("买家收到了")
    done = _("记下了。")

    def take(self) -> OrderEvent:
        return stepping.receive(self.order, By.SELLER, self.user, self.cleaned_data["key"])


STEPS: dict[str, type[StepForm]] = {
    "accept": AcceptForm,
    "decline": DeclineForm,
    "paid": PaidForm,
    "pack": PackForm,
    "ship": ShipForm,
    "receive": ReceiveForm,
    "cancel": CancelForm,
    "refund": RefundForm,
}
