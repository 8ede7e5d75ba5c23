"""Forms about ID numbers: why a class must report them, a number with the consent to it, why somebody looks at one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from programme.id_numbers.masks import normalise
from programme.models import IdNumberRule
from ui.fields import CleanCharField, get_max_length
from ui.forms import FarmForm


class RuleForm(FarmForm):
    reason = CleanCharField(
        label=_("为什么要报身份证号"),
        max_length=get_max_length(IdNumberRule, "reason"),
        help_text=_("比如：县人社局要补贴名单，见某某号文件。学员看得到。"),
        error_messages={"required": _("写清楚是谁要、凭哪份文件。")},
    )


class IdNumberForm(FarmForm):
    """Take a number and the consent. The number is never shown again in full, not even after an error elsewhere."""

    id_number = CleanCharField(
        label=_("身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
        error_messages={"required": _("把身份证上的 18 位号填上。")},
    )
    consent = forms.BooleanField(
        label=_("我同意把身份证号交给这个班上报"),
        error_messages={"required": _("不同意就不能收你的身份证号。")},
    )

    def __init__(self, *args, in_person: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if in_person:
            self.fields["consent"].label = _("本人在场，同意把身份证号交给这个班上报")
            self.fields["consent"].error_messages["required"] = _("本人不同意就不能填。")

    def clean_id_number(self) -> str:
        return normalise(self.cleaned_data["id_number"])


class LookForm(FarmForm):
    reason = CleanCharField(
        label=_("为什么要看完整的号"),
        max_length=200,
        help_text=_("会记下来，管理员看得到。"),
        error_messages={"required": _("写一句为什么。")},
    )
