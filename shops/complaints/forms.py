"""Forms of a complaint: the buyer's text, and the answer to it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField
from ui.fields import CleanCharField, NameField
from ui.forms import FarmForm


class ComplaintForm(FarmForm):
    """A complaint by anybody. Only programs see and fill in the field `website`."""

    text = CleanCharField(
        label=_("说说怎么回事"),
        lines=True,
        min_length=6,
        max_length=1000,
        help_text=_("哪天、买的什么、哪里不对、想怎么解决。"),
    )
    name = NameField(label=_("怎么称呼"), max_length=30)
    phone = PhoneField(label=_("手机号"), help_text=_("只给处理投诉的管理员看，不公开，也不给卖家。"))
    website = forms.CharField(required=False, widget=forms.HiddenInput)


class AnswerForm(FarmForm):
    answer = CleanCharField(
        label=_("答复"),
        lines=True,
        min_length=6,
        max_length=1000,
        help_text=_("查到了什么、怎么处理、投诉人可以怎么做。投诉人看得到。"),
    )
