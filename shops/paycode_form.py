"""A new payment code, with the password again: the phone may lie on a stall's table."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import PasswordField
from accounts.models import User
from media.document_forms import DocumentField
from media.models import Document
from ui.forms import FarmForm

NEW, NONE = "new", "none"


class PayCodeForm(FarmForm):
    marks_required = False

    way = forms.ChoiceField(
        label=_("怎么改"),
        choices=[(NEW, _("换一张")), (NONE, _("先不放"))],
        initial=NEW,
        widget=forms.RadioSelect,
    )
    picture = DocumentField(
        label=_("收款码图片"),
        max=1,
        pdf=False,
        required=False,
        help_text=_("微信或支付宝里保存的“个人收款码”，上面看得到您的名字。"),
    )
    password = PasswordField(label=_("登录密码"), help_text=_("确认是店主本人。"))

    def __init__(self, *args, user: User, **kwargs) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["picture"].sent_by(user)

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise get_adapter().validation_error("incorrect_password")
        return self.cleaned_data["password"]

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("way") == NEW and not facts.get("picture") and "picture" not in self.errors:
            self.add_error("picture", self.fields["picture"].error_messages["required"])
        return facts

    @property
    def chosen(self) -> Document | None:
        wanted = self.cleaned_data["way"] == NEW
        return next(iter(self.cleaned_data["picture"]), None) if wanted else None
