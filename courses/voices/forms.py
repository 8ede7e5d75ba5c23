"""The form with which somebody begins to read a lesson aloud."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models.voice import MANDARIN, MOST_NAME, MOST_SPEECH
from ui.fields import CleanCharField, NameField
from ui.forms import FarmForm


class VoiceForm(FarmForm):
    """Say in which way one speaks, and under which name trainees see it. An empty way of speaking is 普通话."""

    speech = CleanCharField(
        label=_("用什么话念"),
        required=False,
        max_length=MOST_SPEECH,
        pictures=False,
        help_text=_("空着就是普通话。用本地话念，写它叫什么，比如：麻阳话。"),
    )
    shown_name = NameField(label=_("学员看到的名字"), max_length=MOST_NAME, help_text=_("比如：李老师"))

    def clean_speech(self) -> str:
        return self.cleaned_data["speech"] or MANDARIN


class PartForm(forms.Form):
    """What the phone says about a recording that the server has."""

    digest = forms.RegexField(r"^[0-9a-f]{16}\Z")
    voice = forms.SlugField(max_length=64)
    noise_db = forms.IntegerField(required=False, min_value=0, max_value=120)
