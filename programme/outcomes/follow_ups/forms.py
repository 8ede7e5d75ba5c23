"""Forms of follow-ups: what the person says, a trainer's estimate, and the word that the ledger fills the figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.models import FollowUpAnswer
from programme.models.outcomes import MOST_FEN, MOST_GRAMS
from shops.forms import KeyForm
from ui.fields import CleanCharField, KgField, YuanField, get_max_length

YES_NO = (("yes", gettext_lazy("还在卖")), ("no", gettext_lazy("没卖了")))


class AnswerForm(KeyForm):
    """Take what the person says: a few taps and at most two numbers."""

    is_selling = forms.ChoiceField(
        label=gettext_lazy("现在还在卖东西吗？"), choices=YES_NO, widget=forms.RadioSelect
    )
    by_live = forms.BooleanField(label=gettext_lazy("用直播卖"), required=False)
    grams = KgField(
        label=gettext_lazy("上个月卖了多少公斤"),
        most=MOST_GRAMS // 1000,
        least=0,
        required=False,
        help_text=gettext_lazy("说不准就空着。"),
    )
    fen = YuanField(label=gettext_lazy("上个月卖了多少钱"), most=MOST_FEN // 1000, least=0, required=False)
    known = forms.ChoiceField(
        label=gettext_lazy("这个数是怎么知道的"),
        choices=FollowUpAnswer.Known.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    obstacle = CleanCharField(
        label=gettext_lazy("有什么难处"),
        max_length=get_max_length(FollowUpAnswer, "obstacle"),
        required=False,
        help_text=gettext_lazy("比如：快递太贵、没人帮忙拍。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        has_figures = cleaned.get("grams") is not None or cleaned.get("fen") is not None
        if has_figures and not cleaned.get("known") and "known" in self.fields and not self.errors:
            self.add_error("known", _("填了数，就选一下是怎么知道的。"))
        if cleaned.get("is_selling") == "no":
            cleaned["by_live"] = False
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        names = ("by_live", "grams", "fen", "known", "obstacle")
        return {name: self.cleaned_data[name] for name in names} | {
            "is_selling": self.cleaned_data["is_selling"] == "yes"
        }


class EstimateForm(AnswerForm):
    """Take a trainer's estimate, with the reason for it."""

    known = None  # type: ignore[assignment]  # Django: takes the field off the form
    reason = CleanCharField(
        label=gettext_lazy("凭什么这么估"),
        max_length=get_max_length(FollowUpAnswer, "reason"),
        help_text=gettext_lazy("比如：上门看过，一天发三十箱。"),
        error_messages={"required": gettext_lazy("写一句凭什么这么估。")},
    )

    @property
    def facts(self) -> dict[str, Any]:
        names = ("by_live", "grams", "fen", "obstacle", "reason")
        return {name: self.cleaned_data[name] for name in names} | {
            "is_selling": self.cleaned_data["is_selling"] == "yes"
        }


class LedgerForm(KeyForm):
    """Take the person's word that the shop's ledger fills the figures."""

    agrees = forms.BooleanField(
        label=gettext_lazy("同意：回访时用我小店的账填数，带我的老师和管理员看得到"),
        error_messages={"required": gettext_lazy("先打勾同意，才能用小店的账填。")},
    )
