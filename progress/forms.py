from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort
from progress.joining import class_with
from progress.models import LearningChoice
from progress.watching import SPEEDS
from ui.forms import FarmForm, FarmModelForm
from ui.inputs import CleanCharField, YuanField


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
