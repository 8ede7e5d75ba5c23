"""Forms of an invitation, of its withdrawal, and of a mentor's class."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Place, User
from courses.models import Cohort, Course
from programme.mentoring import invitations
from programme.models import MentorInvitation
from ui.fields import CleanCharField, DayField, get_max_length
from ui.forms import FarmForm


class InviteForm(FarmForm):
    """Take an invitation of somebody into one of their villages, with a course that is given there."""

    place = forms.ModelChoiceField(Place.objects.none(), label=gettext_lazy("带哪个村的人"), empty_label=None)
    course = forms.ModelChoiceField(
        Course.objects.none(), label=gettext_lazy("带哪门课"), empty_label=gettext_lazy("选一门")
    )
    note = CleanCharField(
        label=gettext_lazy("跟他说一句"),
        max_length=get_max_length(MentorInvitation, "note"),
        required=False,
        help_text=gettext_lazy("不写也行。他在手机上看得到。"),
    )

    def __init__(self, *args, person: User, actor: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        villages = invitations.list_villages(person, actor)
        courses = invitations.list_courses(villages)
        self.fields["place"].queryset = Place.objects.filter(pk__in=[one.pk for one in villages])
        self.fields["course"].queryset = Course.objects.filter(pk__in=[one.pk for one in courses])
        self.fields["course"].label_from_instance = lambda course: course.title
        if len(courses) == 1:
            self.initial.setdefault("course", courses[0].pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place, course = cleaned.get("place"), cleaned.get("course")
        if place and course and not any(path == course.place.path for path in place.paths_upwards()):
            self.add_error("course", _("这门课不在这个村的上级开，换一门。"))
        return cleaned


class WithdrawForm(FarmForm):
    reason = CleanCharField(
        label=gettext_lazy("为什么收回"),
        max_length=get_max_length(MentorInvitation, "why_ended"),
        help_text=gettext_lazy("写清楚，他看得到。"),
        error_messages={"required": gettext_lazy("写一句为什么收回。")},
    )


class ClassForm(FarmForm):
    """Take the name and days of a mentor's class."""

    name = CleanCharField(label=gettext_lazy("班名"), max_length=get_max_length(Cohort, "name"))
    starts_on = DayField(label=gettext_lazy("开班"))
    ends_on = DayField(label=gettext_lazy("结业"))

    def clean_starts_on(self) -> datetime.date:
        starts = self.cleaned_data["starts_on"]
        if starts < timezone.localdate():
            raise forms.ValidationError(_("开班选今天或者以后。"))
        return starts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("结业不能早于开班。"))
        elif starts and ends and ends - starts > invitations.LONGEST_CLASS:
            self.add_error("ends_on", _("一个班最长办一年。"))
        return cleaned
