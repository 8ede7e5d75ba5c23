"""Ask for the join code of a class."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort
from progress.enrolment.join_codes import find_class
from ui.fields import CleanCharField
from ui.forms import FarmForm


class JoinForm(FarmForm):
    """Take a join code; once the form is valid, `cohort` is the class that the code opens."""

    cohort: Cohort | None = None
    code = CleanCharField(
        label=_("进班码"),
        max_length=20,
        help_text=_("老师给的 6 个字母和数字，大小写都行。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "class": "num"}),
    )

    def clean_code(self) -> str:
        self.cohort = find_class(self.cleaned_data["code"])
        if not self.cohort:
            raise forms.ValidationError(_("没有这个进班码，再看一眼，或者问问老师。"), code="unknown_code")
        return self.cleaned_data["code"]
