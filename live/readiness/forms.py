"""Forms about the host: month of birth, and a guardian's signed consent."""

from __future__ import annotations

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import BirthMonthField
from accounts.models import User
from media.documents.forms import DocumentField
from ui.fields import CleanCharField, DayField, NameField
from ui.forms import FarmForm

# A consent signed longer ago has to be signed again.
OLDEST = datetime.timedelta(days=366)


class BirthForm(FarmForm):
    birth_month = BirthMonthField(
        help_text=gettext_lazy("四位年、两位月，只用来看年龄。填了要改，找管理员。")
    )


class GuardianForm(FarmForm):
    guardian = NameField(label=gettext_lazy("监护人姓名"), max_length=30)
    relation = CleanCharField(
        label=gettext_lazy("是主播的什么人"),
        max_length=20,
        pictures=False,
        help_text=gettext_lazy("比如：母亲"),
    )
    given_on = DayField(label=gettext_lazy("哪天签的"))
    file = DocumentField(
        label=gettext_lazy("签了字的同意书"),
        help_text=gettext_lazy("拍照或 PDF。只有本人、交的人和管理员看得到。"),
    )

    NAMES = ("guardian", "relation", "given_on")

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].sent_by(user)

    def clean_given_on(self) -> datetime.date:
        day, today = self.cleaned_data["given_on"], timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("还没到这一天"))
        if day < today - OLDEST:
            raise forms.ValidationError(_("签了一年多了，重新签一份"))
        return day

    def facts(self) -> dict:
        [file] = self.cleaned_data["file"]
        return {name: self.cleaned_data[name] for name in self.NAMES} | {"file": file}
