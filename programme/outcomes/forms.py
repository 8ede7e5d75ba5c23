"""The form of what a class cost."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.models import TrainingCost
from programme.models.outcomes import MOST_FEN
from shops.forms import KeyForm
from ui.fields import CleanCharField, DayField, YuanField, get_max_length


class CostForm(KeyForm):
    on = DayField(label=gettext_lazy("哪天"))
    what = CleanCharField(
        label=gettext_lazy("花在什么上"),
        max_length=get_max_length(TrainingCost, "what"),
        help_text=gettext_lazy("比如：老师课酬、场地、三脚架。"),
    )
    fen = YuanField(label=gettext_lazy("多少钱"), most=MOST_FEN // 100)

    def clean_on(self) -> datetime.date:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("还没到这一天"))
        if on.year < 2000:
            raise ValidationError(_("太早了，看看年份"))
        return on
