"""Forms of rosters: the file, and what is decided about rows."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programme.rosters.outcomes import Choice
from programme.rosters.table import LIMITS, describe_size
from ui.forms import FarmForm


class RosterForm(FarmForm):
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=_("名单文件"),
        help_text=_("Excel（.xlsx、.xls）或 CSV，最多 10 MB、10 万行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,text/csv"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMITS.bytes:
            raise ValidationError(describe_size())
        return file


class ConfirmForm(FarmForm):
    agreed = forms.BooleanField(
        label=_("名单上的人都知道自己报了名，也知道姓名和手机号会存在这里"),
        error_messages={"required": _("先问过本人，再勾上这一条。")},
    )


def read_choices(data: Any) -> dict[int, str]:
    """Return by the number of the row what was chosen in the list; unknown values are left out."""
    choices = {}
    for name in data:
        number = name.removeprefix("row-")
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        if name.startswith("row-") and is_number and data[name] in Choice.values:
            choices[int(number)] = data[name]
    return choices
