"""Forms of a training session, of the roll as plain HTML, of walk-ins, and of the code."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PersonNameField, PhoneField
from accounts.models import User
from courses.models import Cohort, Module
from programme.attendance.codes import DIGITS
from programme.attendance.roll import Roll
from programme.models import Mark, TrainingSession
from programme.models.attendance import MOST_MINUTES
from ui.fields import CleanCharField, ClockField, CountField, DayField, get_max_length, to_ascii
from ui.formats import day
from ui.forms import FarmForm

USUAL_MINUTES = 120


class SessionForm(FarmForm):
    """Take a session of a class; a new one begins with the place, time, length and trainer of the last."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    topic = CleanCharField(
        label=gettext_lazy("讲什么"),
        max_length=get_max_length(TrainingSession, "topic"),
        help_text=gettext_lazy("比如：竖屏怎么拍、第一次开播。"),
    )
    held_on = DayField(label=gettext_lazy("哪天"))
    starts_time = ClockField(label=gettext_lazy("几点开始"))
    minutes = CountField(label=gettext_lazy("上多久"), least=10, most=MOST_MINUTES, unit=gettext_lazy("分钟"))
    place = CleanCharField(
        label=gettext_lazy("在哪儿上"), max_length=get_max_length(TrainingSession, "place")
    )
    trainer = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("老师"),
        required=False,
        empty_label=gettext_lazy("还没定"),
    )
    module = forms.ModelChoiceField(
        Module.objects.none(),
        label=gettext_lazy("讲的是哪个单元"),
        required=False,
        empty_label=gettext_lazy("不跟单元"),
    )

    def __init__(
        self, *args, cohort: Cohort, user: User, session: TrainingSession | None = None, **kwargs
    ) -> None:
        self.cohort, self.session = cohort, session
        kwargs["initial"] = self.choose_initial(user) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        teaching = {user.pk, *cohort.trainers.values_list("pk", flat=True)}
        if cohort.mentor_id:
            teaching.add(cohort.mentor_id)
        if session and session.trainer_id:
            teaching.add(session.trainer_id)
        self.fields["trainer"].queryset = User.objects.filter(pk__in=teaching).order_by("name", "pk")
        modules = Module.objects.filter(course=cohort.course_id).order_by("position", "pk")
        self.fields["module"].queryset = modules
        self.fields["module"].label_from_instance = lambda module: module.title

    def choose_initial(self, user: User) -> dict[str, Any]:
        today = timezone.localdate()
        last = self.session or TrainingSession.objects.filter(cohort=self.cohort).first()
        values: dict[str, Any] = {
            "key": uuid.uuid4(),
            "held_on": min(max(today, self.cohort.starts_on), self.cohort.ends_on),
            "starts_time": datetime.time(9),
            "minutes": USUAL_MINUTES,
            "place": self.cohort.place.name,
            "trainer": user.pk,
        }
        if last:
            begins = timezone.localtime(last.starts_at)
            values |= {
                "starts_time": begins.time(),
                "minutes": last.minutes,
                "place": last.place,
                "trainer": last.trainer_id,
            }
            if last == self.session:
                values |= {"topic": last.topic, "held_on": begins.date(), "module": last.module_id}
        return values

    def clean_held_on(self) -> datetime.date:
        held_on = self.cleaned_data["held_on"]
        if not self.cohort.starts_on <= held_on <= self.cohort.ends_on:
            days = {"start": day(self.cohort.starts_on), "end": day(self.cohort.ends_on)}
            raise forms.ValidationError(_("班从 %(start)s 办到 %(end)s，选这中间的一天。"), params=days)
        return held_on

    def get_facts(self) -> dict[str, Any]:
        """Return the fields of the session."""
        data = self.cleaned_data
        at = datetime.datetime.combine(data["held_on"], data["starts_time"])
        return {
            "starts_at": timezone.make_aware(at),
            **{name: data[name] for name in ("minutes", "place", "topic", "module", "trainer")},
        }


class CancelForm(FarmForm):
    reason = CleanCharField(
        label=gettext_lazy("为什么取消"),
        max_length=get_max_length(TrainingSession, "cancel_reason"),
        help_text=gettext_lazy("班里的人看得到。"),
        error_messages={"required": gettext_lazy("写一句为什么，大家好知道。")},
    )


class WalkInForm(FarmForm):
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = PersonNameField(
        label=gettext_lazy("姓名"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("写上姓名。")},
    )
    phone = PhoneField(
        label=gettext_lazy("手机号（可以不填）"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


class CodeForm(FarmForm):
    code = forms.CharField(
        label=gettext_lazy("老师念的 4 位数"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("把老师念的 4 位数填上。")},
    )

    def clean_code(self) -> str:
        code = to_ascii(self.cleaned_data["code"])
        if not (code.isascii() and code.isdecimal() and len(code) == DIGITS):
            raise forms.ValidationError(_("是 4 位数字，再听一遍。"))
        return code


def read_changes(roll: Roll, data: Any) -> dict[int, str]:
    """Return by person the marks that the reader of this form has changed; what it was is in the form itself.

    So a form that was opened before somebody else marked people does not undo that. Unknown values change nothing.
    """
    changes = {}
    for row in roll.rows:
        mark, was = data.get(f"mark-{row.user}"), data.get(f"was-{row.user}")
        if mark in Mark.values and mark != was and mark != row.mark:
            changes[row.user] = mark
    return changes
