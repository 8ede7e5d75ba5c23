"""The form in which a trainer notes what was done for somebody who is stuck."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from programme.models import SupportAct
from programme.models.support import LONGEST_NOTE
from programme.support.board import MOST_PEERS
from programme.support.cases import LONGEST_SNOOZE
from progress.names import fetch_by_name
from ui.fields import CleanCharField, DayField
from ui.forms import FarmForm

Act = SupportAct.Act
NOTED = (Act.CALL, Act.MET, Act.PAIR, Act.OTHER)


class ActForm(FarmForm):
    """Take what was done, what came of it, and when to look again; who of the class helps, where somebody can.

    `subject`: the cause and its subject's number.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    act = forms.ChoiceField(
        label=gettext_lazy("做了什么"),
        choices=[(one.value, one.label) for one in NOTED],
        widget=forms.RadioSelect,
    )
    peer = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("请哪个同学带"),
        required=False,
        empty_label=gettext_lazy("不请"),
        help_text=gettext_lazy("列的是班里已经做成这件事的人。"),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("两个人我都问过，都愿意"),
        required=False,
        help_text=gettext_lazy("电话由他们自己给，网站不给。"),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果怎样"),
        choices=[("", gettext_lazy("还不知道")), *SupportAct.Outcome.choices],
        required=False,
    )
    note = CleanCharField(
        label=gettext_lazy("记一句（可以不写）"),
        max_length=LONGEST_NOTE,
        required=False,
        lines=True,
        help_text=gettext_lazy("只记跟学习有关的。带这个班的老师看得到，本人要自己的资料时也看得到。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    look_again = DayField(
        label=gettext_lazy("哪天再看（可以不填）"),
        required=False,
        help_text=gettext_lazy("到那天之前先不排在前面。"),
    )

    def __init__(self, *args, subject: tuple[str, int], peers: QuerySet[User], **kwargs) -> None:
        self.subject = subject
        kwargs["auto_id"] = f"{subject[0]}-{subject[1]}_%s"
        kwargs["initial"] = {"key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        shown = fetch_by_name(peers, size=MOST_PEERS).items
        if shown:
            field = self.fields["peer"]
            field.queryset = peers.filter(pk__in=[person.pk for person in shown])
            field.choices = [("", field.empty_label), *((person.pk, person.name) for person in shown)]
        else:
            del self.fields["peer"], self.fields["agreed"]
            self.fields["act"].choices = [one for one in self.fields["act"].choices if one[0] != Act.PAIR]

    def clean_look_again(self) -> datetime.date | None:
        day, today = self.cleaned_data["look_again"], timezone.localdate()
        if day and not today < day <= today + LONGEST_SNOOZE:
            raise forms.ValidationError(
                _("选明天以后、%(days)s 天以内的一天。"), params={"days": LONGEST_SNOOZE.days}
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("act") == Act.PAIR:
            if not data.get("peer"):
                self.add_error("peer", _("选一个同学。"))
            elif not data.get("agreed"):
                self.add_error("agreed", _("先问过两个人，都愿意再记。"))
        elif data.get("act") == Act.OTHER and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("写一句做了什么。"))
        return data

    def get_facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("key", "act", "outcome", "note", "look_again")
        peer = data.get("peer") if data["act"] == Act.PAIR else None
        return {name: data[name] for name in names} | {"peer": peer}
