"""The form of how a person likes to take lessons."""

from django import forms
from django.utils.translation import gettext_lazy as _

from progress.lessons.player import SPEEDS
from progress.models import LearningChoice
from ui.fields import YuanField
from ui.forms import FarmModelForm


class LearningChoiceForm(FarmModelForm):
    """Choose how to learn. A lesson's page posts only the rendition, and the other choices stay (`keeps_rest`)."""

    rendition = forms.ChoiceField(
        label=_("怎么学"), choices=LearningChoice.Rendition, required=False, widget=forms.RadioSelect
    )
    speed_percent = forms.TypedChoiceField(
        label=_("放多快"),
        choices=[(percent, f"{times}×") for percent, times in SPEEDS],
        coerce=int,
        empty_value=100,  # type: ignore[arg-type]  # what `coerce` gives
        required=False,
        widget=forms.RadioSelect,
    )
    fen_per_gb = YuanField(
        label=_("一个 GB 流量多少钱"),
        required=False,
        least=0,
        most=100_00,
        help_text=_("填了，每节课就告诉你大约花几分钱。套餐用不完的写 0；不想看就空着。"),
    )
    captions = forms.BooleanField(label=_("放视频时显示字幕"), required=False)

    class Meta:
        model = LearningChoice
        fields = ("rendition", "speed_percent", "fen_per_gb", "captions")

    def __init__(self, *args, keeps_rest: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if keeps_rest:
            for name in set(self.fields) - {"rendition"}:
                del self.fields[name]
            self.fields["rendition"].required = True  # without it nothing was chosen, and the choice stays
