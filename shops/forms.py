"""What several forms of the shops share: the key that makes a second tap harmless."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import FarmForm

AGAIN = _("没看懂，再记一次")


class KeyForm(FarmForm):
    """`key` is made with the empty form: one tap is one change."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
