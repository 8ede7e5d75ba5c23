"""Form of the holder who wants the certificate as a signed file: how the file knows whose it is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import FarmForm

NAME, PHONE = "name", "phone"


class CredentialForm(FarmForm):
    holder = forms.ChoiceField(
        label=_("文件里怎么写是你"),
        choices=[(NAME, _("写姓名")), (PHONE, _("不写姓名，只写手机号算出来的一串码"))],
        widget=forms.RadioSelect,
        initial=NAME,
        help_text=_("手机号、身份证号都不写。"),
        error_messages={"required": _("选一样。"), "invalid_choice": _("选一样。")},
    )
