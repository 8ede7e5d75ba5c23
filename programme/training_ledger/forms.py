"""Forms about a ledger: a decision about it, and files to be checked."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from programme.models import LedgerApproval
from ui.fields import CleanCharField, get_max_length
from ui.forms import FarmForm

Act = LedgerApproval.Act
MOST_FILES = 5
MOST_BYTES = 40_000_000


class DecisionForm(FarmForm):
    """Take a decision; returning needs a reason."""

    reason = CleanCharField(
        label=_("说一句"),
        max_length=get_max_length(LedgerApproval, "reason"),
        required=False,
        help_text=_("退回要写为什么，别的可以不写。"),
    )
    act = forms.ChoiceField(choices=Act, widget=forms.HiddenInput)

    def clean(self) -> dict:
        found = super().clean()
        if found.get("act") == Act.RETURNED and not found.get("reason"):
            self.add_error("reason", _("写清楚为什么退回，要改哪里。"))
        return found


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Take several files."""

    widget = FilesInput
    default_error_messages = {
        "many": _("一次最多 %(most)s 个文件"),
        "large": _("一次最多传 %(most)s MB"),
    }

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(one, initial) for one in given] or [
            super().clean(None, initial)
        ]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(self.error_messages["many"], params={"most": MOST_FILES})
        if sum(file.size for file in files) > MOST_BYTES:
            raise forms.ValidationError(
                self.error_messages["large"], params={"most": MOST_BYTES // 1_000_000}
            )
        return files


class CheckForm(FarmForm):
    given = FilesField(
        label=_("要验的文件"),
        help_text=_("整个压缩包，或者清单 manifest.json 加上要验的那个文件。"),
    )
