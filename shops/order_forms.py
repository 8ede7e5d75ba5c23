"""The small forms on a buyer's order: the phone's tail, a reason, damage, a lost link."""

from __future__ import annotations

import uuid

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import CodeField, PhoneField
from media.document_forms import DocumentField
from shops.forms import AGAIN
from ui.forms import FarmForm
from ui.inputs import CleanCharField, plain


class TailForm(FarmForm):
    tail = forms.CharField(
        label=_("手机号后四位"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )

    def clean_tail(self) -> str:
        tail = plain(self.cleaned_data["tail"])
        if not (len(tail) == 4 and tail.isascii() and tail.isdigit()):
            raise ValidationError(_("写四个数字。"))
        return tail


class Keyed(FarmForm):
    """`key` is made with the form: a second tap is the first one."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class CancelForm(Keyed):
    reason = CleanCharField(label=_("为什么不要了（选填）"), max_length=100, required=False)


class ClaimForm(Keyed):
    marks_required = False

    text = CleanCharField(label=_("坏了什么、坏了多少"), lines=True, min_length=2, max_length=500)
    photos = DocumentField(label=_("照片"), max=6, pdf=False)

    def __init__(self, *args, upload: str = "", sender: str = "", **kwargs) -> None:
        """`upload` is where scripts send each photo by itself; `sender` is who is counted for what comes."""
        super().__init__(*args, **kwargs)
        self.fields["photos"].sender = sender
        self.fields["photos"].widget.upload = upload


class LostForm(FarmForm):
    phone = PhoneField(label=_("下单时填的手机号"))


class CodeForm(FarmForm):
    code = CodeField(label=_("短信验证码"))


class NumberForm(TailForm):
    number = forms.CharField(
        label=_("订单号"),
        max_length=40,
        help_text=_("12 位数字，装箱单上有；问卖家也行。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )
    field_order = ("number", "tail")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if settings.SMS_SENDER != "none":
            self.fields["number"].help_text = _("12 位数字，短信里、装箱单上都有；问卖家也行。")

    def clean_number(self) -> str:
        number = plain(self.cleaned_data["number"]).replace("-", "")
        if not (len(number) == 12 and number.isascii() and number.isdigit()):
            raise ValidationError(_("订单号是 12 位数字。"))
        return number
