"""What the trainer sends: which class answers, how many hands were raised; and what a phone answers."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort
from courses.slides.questions import LETTERS
from progress.classroom.sessions import MOST_HANDS
from ui.forms import FarmForm


class StartForm(FarmForm):
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), label=_("哪个班用手机答"), required=False, empty_label=_("不用手机答")
    )

    def __init__(self, data: QueryDict | None, classes: QuerySet[Cohort]) -> None:
        super().__init__(data, auto_id="start_%s")
        self.fields["cohort"].queryset = classes


def read_hands(data: QueryDict) -> list[int] | None:
    """Return the four counts, 0 where nothing was typed; None if one is no number of people."""
    typed = [data.get(f"hands_{letter}", "").strip() or "0" for letter in LETTERS]
    if not all(text.isascii() and text.isdecimal() and len(text) <= 4 for text in typed):
        return None
    hands = [int(text) for text in typed]
    return hands if max(hands) <= MOST_HANDS else None
