"""Forms of what is written in a class: questions, answers, announcements, and why an event is dismissed."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import Announcement, Cohort
from courses.models.cohort import MOST_SEATS
from progress.models import Ask, Reply, Talk, WaitingEntry
from ui.fields import CleanCharField, CountField, get_max_length
from ui.forms import FarmForm


class DismissForm(FarmForm):
    reason = CleanCharField(label=_("为什么不记"), max_length=200, help_text=_("写一句，以后查得到。"))


class TalkForm(FarmForm):
    note = CleanCharField(
        label=_("谈了什么"),
        lines=True,
        max_length=get_max_length(Talk, "note"),
        help_text=_("哪里没弄明白、讲了什么、回去看哪一课。只有带班的老师和他本人看得到。"),
        error_messages={"required": _("写一句谈了什么，再让他考。")},
    )


class AskForm(FarmForm):
    text = CleanCharField(
        label=_("你的问题"),
        lines=True,
        max_length=get_max_length(Ask, "text"),
        help_text=_("最多 600 个字。同班的人和老师都看得到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写一写想问什么。")},
    )


class ReplyForm(FarmForm):
    text = CleanCharField(
        label=_("你的回答"),
        lines=True,
        max_length=get_max_length(Reply, "text"),
        help_text=_("最多 1000 个字。全班都看得到。"),
        error_messages={"required": _("写一写怎么回答。")},
    )


class AnnounceForm(FarmForm):
    text = CleanCharField(
        label=_("要告诉全班的话"),
        lines=True,
        max_length=get_max_length(Announcement, "text"),
        help_text=_("最多 600 个字。班里的人打开“学习”就能看到。"),
        error_messages={"required": _("写一写要告诉大家什么。")},
    )


class SeatsForm(FarmForm):
    seats = CountField(
        label=_("名额"),
        required=False,
        least=1,
        most=MOST_SEATS,
        help_text=_("最多收多少人，空着就不限。改少了不会让谁退出。"),
    )


class DeclineForm(FarmForm):
    reason = CleanCharField(
        label=_("为什么没收"),
        max_length=get_max_length(WaitingEntry, "reason"),
        help_text=_("他会看到这句话。"),
        error_messages={"required": _("写一句为什么，他看得到。")},
    )


class TransferForm(FarmForm):
    """Ask to which of the given classes a person is moved."""

    target = forms.ModelChoiceField(
        Cohort.objects.none(),
        label=_("转到哪个班"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("选一个班。")},
    )

    def __init__(self, *args, targets: QuerySet[Cohort], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets
