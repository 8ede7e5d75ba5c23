"""Forms of an examination: booking one, cancelling it, an examiner's score, a total agreed on, a third examiner,
the recording.
"""

from __future__ import annotations

import datetime
from random import SystemRandom
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from courses.models import Cohort, Drill
from programme.exams import recordings
from programme.exams.bookings import Booking, find_drills, list_candidates
from programme.exams.changes import list_replaceable
from programme.exams.examiners import find_examiners
from programme.models import ExamScore, ExamSeat, PracticalExam
from progress.classes.board import find_members
from progress.enrolment.course_progress import annotate_counts
from progress.names import sort_by_name
from rehearsals import scoring
from rehearsals.models import Submission
from rehearsals.tasks.services import name_rehearsal
from ui.fields import CleanCharField, ClockField, CountField, DayField, get_max_length
from ui.forms import FarmForm

SLIPS_MOST = 50
BEGINS = datetime.time(9)
LEVELS = (
    ("none", gettext_lazy("没做到")),
    ("half", gettext_lazy("一半")),
    ("full", gettext_lazy("做到")),
)


class ExamForm(FarmForm):
    """Take a new examination of a class; who is ticked gets a turn, in an order drawn by lot."""

    drill = forms.ModelChoiceField(Drill.objects.none(), label=gettext_lazy("考什么"), empty_label=None)
    held_on = DayField(label=gettext_lazy("哪天"))
    starts_time = ClockField(label=gettext_lazy("几点开始"))
    slot_minutes = CountField(
        label=gettext_lazy("每人占多久"),
        least=5,
        most=300,
        unit=gettext_lazy("分钟"),
        help_text=gettext_lazy("播的时间加上换人、打分。"),
    )
    place = CleanCharField(label=gettext_lazy("在哪儿考"), max_length=get_max_length(PracticalExam, "place"))
    pass_points = CountField(label=gettext_lazy("几分算过"), least=1, most=100, unit=gettext_lazy("分"))
    examiner_one = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("第一位考官"), empty_label=gettext_lazy("选一位")
    )
    examiner_two = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("第二位考官"),
        empty_label=gettext_lazy("选一位"),
        help_text=gettext_lazy("至少一位不是这个班的老师；考生的师傅不能考他。"),
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("谁来考"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("次序由电脑抽签。没过的还能再考一次。"),
        error_messages={"required": gettext_lazy("至少勾一个人。")},
    )

    def __init__(self, *args, cohort: Cohort, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.fields["drill"].queryset = find_drills(cohort.course_id)
        self.fields["drill"].label_from_instance = lambda drill: drill.name
        for name in ("examiner_one", "examiner_two"):
            self.fields[name].queryset = find_examiners(cohort).order_by("name", "pk")
            self.fields[name].label_from_instance = lambda person: person.name
        self.fields["people"].choices = list_choices(cohort)
        self.fields["held_on"].initial = max(choose_day(timezone.localtime()), cohort.starts_on)
        self.fields["starts_time"].initial = BEGINS
        self.fields["slot_minutes"].initial = 45
        self.fields["pass_points"].initial = 60
        self.fields["place"].initial = cohort.place.name

    def clean_held_on(self) -> datetime.date:
        held_on = self.cleaned_data["held_on"]
        if held_on < timezone.localdate():
            raise forms.ValidationError(_("这一天已经过了，选今天或以后的。"))
        if held_on > timezone.localdate() + datetime.timedelta(days=366):
            raise forms.ValidationError(_("排在一年以内。"))
        return held_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, hour = cleaned.get("held_on"), cleaned.get("starts_time")
        if day and hour and timezone.make_aware(datetime.datetime.combine(day, hour)) <= timezone.now():
            self.add_error("starts_time", _("今天这个钟点已经过了，改晚一点，或者换一天。"))
        drill, slot = cleaned.get("drill"), cleaned.get("slot_minutes")
        if drill and slot is not None and slot < drill.minutes:
            facts = {"minutes": drill.minutes}
            self.add_error("slot_minutes", _("要播 %(minutes)s 分钟，每人至少占这么久。") % facts)
        return cleaned

    def get_booking(self) -> Booking:
        data = self.cleaned_data
        at = datetime.datetime.combine(data["held_on"], data["starts_time"])
        people = [int(pk) for pk in data["people"]]
        SystemRandom().shuffle(people)
        return Booking(
            drill=data["drill"],
            starts_at=timezone.make_aware(at),
            slot_minutes=data["slot_minutes"],
            place=data["place"],
            pass_points=data["pass_points"],
            examiners=(data["examiner_one"], data["examiner_two"]),
            people=people,
        )


def choose_day(now: datetime.datetime) -> datetime.date:
    """Return the first day on which an examination of the morning is at least a week ahead."""
    return now.date() + datetime.timedelta(days=7 if now.time() <= BEGINS else 8)


def list_choices(cohort: Cohort) -> list[tuple[str, str]]:
    """List who may be booked by the pinyin of their names, each with the lessons done of all. One query more than they."""
    candidates = sort_by_name(list_candidates(cohort), lambda one: (one.name, one.pk))
    counted = annotate_counts(find_members(cohort)).order_by().values_list("user", "done", "total")
    lessons = {user: (done, total) for user, done, total in counted} if candidates else {}
    choices = []
    for one in candidates:
        done, total = lessons.get(one.pk, (0, 0))
        facts = {"name": one.name, "done": done, "total": total}
        words = (
            _("%(name)s（补考） · %(done)d/%(total)d 课")
            if one.number > 1
            else _("%(name)s · %(done)d/%(total)d 课")
        )
        choices.append((str(one.pk), words % facts))
    return choices


class CancelExamForm(FarmForm):
    reason = CleanCharField(
        label=gettext_lazy("为什么取消"),
        max_length=get_max_length(PracticalExam, "cancel_reason"),
        help_text=gettext_lazy("考生看得到。"),
        error_messages={"required": gettext_lazy("写一句为什么，大家好知道。")},
    )


class ScoreForm(FarmForm):
    """Take an examiner's marks by the long form, one field for each criterion, and the rest of the score."""

    slips_fixed = CountField(label=gettext_lazy("当场更正几处"), most=SLIPS_MOST, required=False)
    slips_left = CountField(label=gettext_lazy("没更正几处"), most=SLIPS_MOST, required=False)
    words = CleanCharField(
        label=gettext_lazy("一句话"),
        required=False,
        max_length=get_max_length(ExamScore, "words"),
        help_text=gettext_lazy("考生看得到：好在哪里，先改哪里。"),
    )

    def __init__(self, *args, score: ExamScore, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.content = scoring.get_form(score.seat.exam.rubric_content, scoring.LONG)
        for one in scoring.list_criteria(self.content):
            self.fields[f"mark-{one['code']}"] = forms.ChoiceField(
                label=one["title"],
                choices=LEVELS,
                required=False,
                initial=score.marks.get(one["code"], ""),
                widget=forms.RadioSelect,
                help_text=one.get("full", ""),
            )
        for name in ("slips_fixed", "slips_left", "words"):
            self.fields[name].initial = getattr(score, name)

    def list_parts(self) -> list[dict[str, Any]]:
        """Return the rubric's dimensions, each with the bound fields of its criteria."""
        return [
            {
                "title": part.title,
                "points": part.points,
                "lines": [
                    {"field": self[f"mark-{one['code']}"], "points": one["points"]} for one in part.criteria
                ],
            }
            for part in scoring.calculate_dimensions(self.content, {})
        ]

    def get_marks(self) -> dict[str, str]:
        """Return the marks that were given."""
        return {
            name.removeprefix("mark-"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("mark-") and value
        }

    def get_rest(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "slips_fixed": data["slips_fixed"] or 0,
            "slips_left": data["slips_left"] or 0,
            "words": data["words"],
        }


class RecordingForm(FarmForm):
    """Choose which of the examinee's rehearsals is the recording of the half hour, or none."""

    recording = forms.ModelChoiceField(
        Submission.objects.none(),
        label=gettext_lazy("录像"),
        required=False,
        blank=True,
        empty_label=gettext_lazy("不附录像"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("这一段不在了，重新选一段。")},
    )

    def __init__(self, *args, seat: ExamSeat, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        pks = list(recordings.find_recordings(seat).values_list("pk", flat=True)[: recordings.SHOWN])
        if seat.recording_id:
            pks.append(seat.recording_id)
        rows = Submission.objects.filter(pk__in=pks).select_related("rehearsal__livestream")
        self.has_choices = bool(pks)
        self.fields["recording"].queryset = rows.order_by("-pk")
        self.fields["recording"].label_from_instance = name_rehearsal
        self.fields["recording"].initial = seat.recording_id


class AgreeForm(FarmForm):
    total = CountField(label=gettext_lazy("两位商量定的总分"), most=100, unit=gettext_lazy("分"))


class ReplaceForm(FarmForm):
    """Take an examiner who has not signed everything, and who scores the rest."""

    examiner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("换下哪一位"), empty_label=gettext_lazy("选一位")
    )
    other = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("换成谁"),
        empty_label=gettext_lazy("选一位"),
        help_text=gettext_lazy("至少一位不是这个班的老师；考生的师傅不能考他。"),
    )

    def __init__(self, *args, exam: PracticalExam, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        leaving = User.objects.filter(pk__in=[one.pk for one in list_replaceable(exam)])
        for name, people in (("examiner", leaving), ("other", find_examiners(exam.cohort))):
            self.fields[name].queryset = people.order_by("name", "pk")
            self.fields[name].label_from_instance = lambda person: person.name


class ThirdForm(FarmForm):
    examiner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("第三位考官"), empty_label=gettext_lazy("选一位")
    )

    def __init__(self, *args, people: list[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["examiner"].queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by(
            "name", "pk"
        )
        self.fields["examiner"].label_from_instance = lambda person: person.name
