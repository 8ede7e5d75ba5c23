"""Ask for the join code of a class."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort
from progress.enrolment.join_codes import find_class, find_closed_class
from progress.models import WaitingEntry
from ui.fields import CleanCharField, get_max_length
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
        if self.cohort:
            return self.cleaned_data["code"]
        closed = find_closed_class(self.cleaned_data["code"])
        if closed and closed.ends_on < timezone.localdate():
            words = _("“%(name)s”已经结业了，这个码用不了了。问问老师有没有新班。")
        elif closed:
            words = _("“%(name)s”现在不收人了，问问老师。")
        else:
            raise forms.ValidationError(_("没有这个进班码，再看一眼，或者问问老师。"), code="unknown_code")
        raise forms.ValidationError(words, code="closed_class", params={"name": closed.name})


class WaitForm(FarmForm):
    """What a person says to the trainer of a class in which they would like a seat."""

    note = CleanCharField(
        label=_("跟老师说一句"),
        required=False,
        max_length=get_max_length(WaitingEntry, "note"),
        help_text=_("不写也行。比如怎么知道这个班的、为什么想学。"),
    )
