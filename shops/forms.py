"""The base of forms that write a row: their key makes a form sent twice write one row."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import FarmForm

AGAIN = _("没看懂，再记一次")


class KeyForm(FarmForm):
    """A form created with a `key`: however often it is sent, it writes one row."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
