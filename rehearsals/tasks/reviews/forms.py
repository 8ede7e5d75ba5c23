"""Forms of a trainer who answers a task: the one thing to do with a voice note, and a note on a spot or a moment."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from media.models import Voice
from progress.lessons.player import format_clock
from rehearsals.models import TaskItem, TaskNote, TaskReview
from rehearsals.models.task import WHOLE_SIDE
from rehearsals.reviews.forms import MomentField
from rehearsals.tasks.page import VersionRow
from ui.fields import CleanCharField, get_max_length
from ui.forms import FarmForm

SPOT = re.compile(r"(\d{1,4}),(\d{1,4})")
# The places on a photo that are chosen without a pointer, in thousandths of its width and height.
SPOTS = {
    "167,167": gettext_lazy("左上"),
    "500,167": gettext_lazy("上边"),
    "833,167": gettext_lazy("右上"),
    "167,500": gettext_lazy("左边"),
    "500,500": gettext_lazy("中间"),
    "833,500": gettext_lazy("右边"),
    "167,833": gettext_lazy("左下"),
    "500,833": gettext_lazy("下边"),
    "833,833": gettext_lazy("右下"),
}


class TaskReviewForm(FarmForm):
    """Take the answer to a version; the marks are beside it (`read_marks`)."""

    next_step = CleanCharField(
        label=gettext_lazy("要改的一处"),
        required=False,
        lines=True,
        max_length=get_max_length(TaskReview, "next_step"),
        help_text=gettext_lazy("退回就写一处，最要紧的那处。通过的话，可以写一句，也可以空着。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    voice = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_voice(self) -> Voice | None:
        """Accept only a voice recorded by this person."""
        key = self.cleaned_data["voice"]
        if not key:
            return None
        if not (voice := Voice.objects.filter(key=key, owner=self.user).first()):
            raise ValidationError(_("语音没收到，再说一遍。"), code="voice")
        return voice

    def ask_for_next_step(self) -> None:
        self.add_error("next_step", _("先写要改的一处，再点“退回改一处”。"))


def read_marks(data: Any, row: VersionRow) -> dict[str, str]:
    """Return the marks that were posted for criteria of the version."""
    given = {line.code: data.get(f"mark-{line.code}", "") for line in row.criteria}
    return {code: mark for code, mark in given.items() if mark in TaskReview.Mark.values}


class SpotSelect(forms.Select):
    """A list of nine places; a spot that was tapped stands in it too, so that it is chosen again when the page comes back."""

    def optgroups(self, name, value, attrs=None):
        chosen = (value or [""])[0]
        if SPOT.fullmatch(chosen) and chosen not in dict(self.choices):
            self.choices = [*self.choices, (chosen, _("点的那里"))]
        return super().optgroups(name, value, attrs)


class TaskNoteForm(FarmForm):
    """Take a note on a version: about one thing of it, there on a spot of a photo or a moment of a film."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    item = forms.ChoiceField(label=gettext_lazy("记在哪一样上"), required=False)
    spot = forms.CharField(
        label=gettext_lazy("照片的哪里"),
        required=False,
        widget=SpotSelect(choices=[("", gettext_lazy("不指哪里")), *SPOTS.items()]),
    )
    at = MomentField(label=gettext_lazy("视频的几分几秒"), required=False)
    text = CleanCharField(
        label=gettext_lazy("说什么"),
        max_length=get_max_length(TaskNote, "text"),
        error_messages={"required": gettext_lazy("写一句，再记。")},
    )

    def __init__(self, *args: Any, row: VersionRow, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "note")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # what was noted is stored: it is not kept on the phone, too
            field.widget.attrs["data-draft-not"] = ""
        self.photos = [item for item in row.items if item.photo]
        self.films = [item for item in row.items if item.video]
        about = self.photos + self.films
        self.fields["item"].choices = [("", _("整份")), *((str(item.pk), name_item(item)) for item in about)]
        for name, fitting in (("item", about), ("spot", self.photos), ("at", self.films)):
            if not fitting:
                del self.fields[name]

    def clean_key(self) -> UUID:
        return self.cleaned_data["key"] or uuid4()

    def clean_spot(self) -> tuple[int, int] | None:
        found = SPOT.fullmatch(self.cleaned_data["spot"])
        if found is None:
            return None
        x, y = (int(part) for part in found.groups())
        if x > WHOLE_SIDE or y > WHOLE_SIDE:
            raise ValidationError(_("点在照片外面了，再点一次。"))
        return x, y

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        about = self.photos + self.films
        chosen = next((item for item in about if str(item.pk) == given.get("item")), None)
        if given.get("spot"):
            chosen = self.choose(chosen, self.photos, _("选一下是哪张照片。"))
        if given.get("at") is not None:
            chosen = self.choose(chosen, self.films, _("选一下是哪段视频。"))
            end = chosen.video.duration_ms if chosen and chosen.video else 0
            if end and given["at"] > end:
                said = _("视频只有 %(length)s，没有这么晚的。") % {"length": format_clock(end)}
                self.add_error("at", said)
        given["chosen"] = chosen
        return given

    def choose(self, chosen: TaskItem | None, fitting: list[TaskItem], problem: str) -> TaskItem | None:
        """Return the thing that was chosen, else the only one that fits."""
        if chosen in fitting:
            return chosen
        if len(fitting) == 1 and chosen is None:
            return fitting[0]
        self.add_error("item", problem)
        return None

    @property
    def row(self) -> dict[str, Any]:
        """Return the fields of the note."""
        given = self.cleaned_data
        x, y = given.get("spot") or (None, None)
        return {
            "item": given["chosen"],
            "x": x,
            "y": y,
            "at_ms": given.get("at"),
            "text": given["text"],
        }


def name_item(item: TaskItem) -> str:
    facts = {"n": item.position}
    return (_("第 %(n)s 张照片") if item.photo else _("第 %(n)s 段视频")) % facts
