"""Base of every form: it has the crispy helper and the project's own error messages."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

MISSING = _("这一项要填")
MISSING_CHOICE = _("选一个")
MISSING_FILE = _("选一个文件")
EMPTY_FILE = _("这个文件是空的，重新选一次")
UNKNOWN_CHOICE = _("没有这一项，重新选一个")


class Farm(forms.BaseForm):
    """Mixin of forms.Form and forms.ModelForm.

    `{% crispy form %}` renders the fields only: the page writes `<form {% form_attrs form %}>`, its `{% csrf_token %}` and
    its buttons, because those belong to the page.
    """

    # A form knows the classes of its fields; Django's type is only `Field`.
    fields: dict[str, Any]
    data: QueryDict

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            set_error_messages(field)

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        return helper


def set_error_messages(field: forms.Field) -> None:
    """Put our sentences in place of Django's, unless the form or the field has its own."""
    ours = {"required": MISSING}
    if isinstance(field, forms.FileField):
        ours = {
            "required": MISSING_FILE,
            "missing": MISSING_FILE,
            "invalid": MISSING_FILE,
            "empty": EMPTY_FILE,
        }
    elif isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        ours = {"required": MISSING_CHOICE, "invalid_choice": UNKNOWN_CHOICE}
    stock = [cls for cls in type(field).__mro__ if cls.__module__.startswith("django.")]
    for code, text in ours.items():
        if any(
            field.error_messages.get(code) is getattr(cls, "default_error_messages", {}).get(code)
            for cls in stock
        ):
            field.error_messages[code] = text


class FarmForm(Farm, forms.Form):
    pass


class FarmModelForm(Farm, forms.ModelForm):
    pass
