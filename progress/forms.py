from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Announcement, Cohort
from progress.joining import class_with
from progress.models import Ask, LearningChoice, Reply
from progress.watching import SPEEDS
from ui.forms import FarmForm, FarmModelForm
from ui.inputs import CleanCharField, YuanField


def longest(model: type, field: str = "text") -> int:
    return model._meta.get_field(field).max_length


class JoinForm(FarmForm):
    """`cohort` is the class that the code opens, once the form is valid."""

    cohort: Cohort | None = None
    code = CleanCharField(
        label=_("进班码"),
        max_length=20,
        help_text=_("老师给的 6 个字母和数字，大小写都行。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "class": "num"}),
    )

    def clean_code(self) -> str:
        self.cohort = class_with(self.cleaned_data["code"])
        if not self.cohort:
            raise forms.ValidationError(_("没有这个进班码，再看一眼，或者问问老师。"), code="unknown_code")
        return self.cleaned_data["code"]


class DismissForm(FarmForm):
    reason = CleanCharField(label=_("为什么不记"), max_length=200, help_text=_("写一句，以后查得到。"))


class AskForm(FarmForm):
    text = CleanCharField(
        label=_("您的问题"),
        lines=True,
        max_length=longest(Ask),
        help_text=_("最多 600 个字。同班的人和老师都看得到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写一写想问什么。")},
    )


class ReplyForm(FarmForm):
    text = CleanCharField(
        label=_("您的回答"),
        lines=True,
        max_length=longest(Reply),
        help_text=_("最多 1000 个字。全班都看得到。"),
        error_messages={"required": _("写一写怎么回答。")},
    )


class AnnounceForm(FarmForm):
    text = CleanCharField(
        label=_("要告诉全班的话"),
        lines=True,
        max_length=longest(Announcement),
        help_text=_("最多 600 个字。班里的人打开“学习”就能看到。"),
        error_messages={"required": _("写一写要告诉大家什么。")},
    )


class LearningChoiceForm(FarmModelForm):
    """Posted from a lesson's page with the rung alone, it keeps the rest as it was (`keeps_rest`)."""

    rung = forms.ChoiceField(
        label=_("怎么学"), choices=LearningChoice.Rung, required=False, widget=forms.RadioSelect
    )
    speed_percent = forms.TypedChoiceField(
        label=_("放多快"),
        choices=[(percent, f"{times}×") for percent, times in SPEEDS],
        coerce=int,
        empty_value=100,
        required=False,
        widget=forms.RadioSelect,
    )
    fen_per_gb = YuanField(
        label=_("一个 GB 流量多少钱"),
        required=False,
        least=0,
        most=100_00,
        help_text=_("填了，每节课就告诉您大约花几分钱。套餐用不完的写 0；不想看就空着。"),
    )
    captions = forms.BooleanField(label=_("放视频时显示字幕"), required=False)

    class Meta:
        model = LearningChoice
        fields = ("rung", "speed_percent", "fen_per_gb", "captions")

    def __init__(self, *args, keeps_rest: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if keeps_rest:
            for name in set(self.fields) - {"rung"}:
                del self.fields[name]
