"""Forms about certificates: what verifying shows, why one is revoked, the name on the next, a code that is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programme.models import Certificate
from programme.typesetting import list_unprintable
from ui.fields import CleanCharField, get_max_length
from ui.forms import FarmForm, FarmModelForm


class ShownForm(FarmModelForm):
    class Meta:
        model = Certificate
        help_texts = {"shows_credential": _("文件里写着的，上面也要让看，别人才下载得到。")}
        fields = ["shows_name", "shows_course", "shows_credential"]

    def save(self, commit: bool = True) -> Certificate:
        """Write these fields alone: a certificate that was revoked meanwhile stays revoked."""
        if commit:
            self.instance.save(update_fields=self._meta.fields)
        return self.instance


class RevokeForm(FarmForm):
    reason = CleanCharField(
        label=_("为什么作废"),
        max_length=get_max_length(Certificate, "revoked_because"),
        help_text=_("写清楚，学员看得到。"),
        error_messages={"required": _("写一句为什么作废。")},
    )


class ReissueForm(FarmForm):
    name = CleanCharField(label=_("新证书上的姓名"), max_length=get_max_length(Certificate, "name"))
    reason = CleanCharField(
        label=_("为什么换发"),
        max_length=get_max_length(Certificate, "revoked_because"),
        help_text=_("比如：名字写错了一个字。旧证书会作废。"),
        error_messages={"required": _("写一句为什么换发。")},
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if letters := list_unprintable(name):
            raise forms.ValidationError(
                _("“%(letters)s”印不出来，请联系管理员加字。") % {"letters": gettext("、").join(letters)}
            )
        return name


class VerifyForm(FarmForm):
    code = CleanCharField(
        label=_("查验码"),
        max_length=40,
        help_text=_("证书左下角 12 个字母和数字，空格写不写都行。"),
        error_messages={"required": _("把查验码填上。")},
    )

    def clean_code(self) -> Any:
        return normalise_code(self.cleaned_data["code"])


def normalise_code(text: str) -> str:
    """Return the code as it is stored, or "" for what can be none: spaces, hyphens and lower case do not matter."""
    found = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
    return found if len(found) == 12 else ""
