"""The form by which a sheet is printed for a class."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from programme.sheets.class_prints import MOST_COPIES
from programme.sheets.texts import load_texts
from ui.fields import CountField
from ui.forms import FarmForm


class ClassPrintForm(FarmForm):
    """Choose a sheet, and how many empty ones."""

    sheet = forms.ChoiceField(label=gettext_lazy("印哪一张"))
    copies = CountField(
        label=gettext_lazy("空白的印几份"), least=1, most=MOST_COPIES, unit=gettext_lazy("份"), required=False
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (title, [(one.code, one.title) for one in sheets]) for title, sheets in load_texts().list_groups()
        ]
        self.fields["sheet"].choices = groups
