"""Forms of a reviewer (the draft's texts, a note on a moment) and of a trainee who answers."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import QuickPhrase
from media.models import Voice
from progress.lessons.player import format_clock
from rehearsals import scoring
from rehearsals.models import NoteAnswer, Review, Submission, TimedNote
from ui.fields import CleanCharField, get_max_length
from ui.forms import FarmForm

# Minutes and seconds with up to three decimals, also hours. A minus sign is read, so that it is refused with a message.
TIME = re.compile(r"^(-?)(?:(?:(\d{1,2}):)?(\d{1,4}):)?(\d{1,6})(?:\.(\d{1,3})\d*)?$")
# A part to be recorded again is so long if it has no end.
AGAIN_MS = 10_000
LONGEST_MS = 4 * 60 * 60 * 1000
SLIPS_MOST = 50


class MomentField(forms.Field):
    """Take a moment of the film as "1:16", "1:02:03" or seconds ("76.4"); returns whole milliseconds."""

    widget = forms.TextInput(attrs={"maxlength": 12, "class": "num", "autocomplete": "off"})
    default_error_messages = {
        "moment": gettext_lazy("写成 1:16 这样，几分几秒。"),
        "negative": gettext_lazy("录像从 0:00 开始，没有更早的。"),
    }

    def to_python(self, value: str | None) -> int | None:
        value = (
            (value or "").strip().replace("\uff1a", ":").replace("\u2212", "-")
        )  # full-width colons of Chinese keyboards
        if not value:
            return None
        found = TIME.match(value)
        if not found or not value.isascii():
            raise ValidationError(self.error_messages["moment"], code="moment")
        minus, hours, minutes, seconds, rest = found.groups()
        ms = (int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)) * 1000
        ms += int((rest or "").ljust(3, "0"))
        if minus and ms:
            raise ValidationError(self.error_messages["negative"], code="negative")
        return ms

    def prepare_value(self, value: object) -> object:
        return format_clock(value) if type(value) is int else value


class ReviewForm(FarmForm):
    """Take the texts of a draft, without its marks."""

    words = CleanCharField(
        label=gettext_lazy("一句话"),
        required=False,
        max_length=get_max_length(Review, "words"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    wants_again = forms.BooleanField(label=gettext_lazy("请整段重录一遍"), required=False)
    slips_fixed = forms.IntegerField(
        label=gettext_lazy("当场更正"), required=False, min_value=0, max_value=SLIPS_MOST
    )
    slips_left = forms.IntegerField(
        label=gettext_lazy("没更正"), required=False, min_value=0, max_value=SLIPS_MOST
    )

    def clean_slips_fixed(self) -> int:
        return self.cleaned_data["slips_fixed"] or 0

    def clean_slips_left(self) -> int:
        return self.cleaned_data["slips_left"] or 0


class NoteForm(FarmForm):
    """Take a note; `submission` limits its time, and a quick phrase fills in what was not typed."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    at = MomentField(label=gettext_lazy("几分几秒"))
    tone = forms.ChoiceField(
        label=gettext_lazy("是哪一种"), choices=TimedNote.Tone, required=False, widget=forms.RadioSelect
    )
    text = CleanCharField(
        label=gettext_lazy("说什么"), required=False, max_length=get_max_length(TimedNote, "text")
    )
    criterion = forms.ChoiceField(label=gettext_lazy("哪一条"), required=False)
    asks_again = forms.BooleanField(label=gettext_lazy("这一段再来一遍"), required=False)
    until = MomentField(label=gettext_lazy("到几分几秒"), required=False)
    phrase = forms.IntegerField(required=False, widget=forms.HiddenInput)
    voice = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args, submission: Submission, user, **kwargs) -> None:
        kwargs.setdefault("auto_id", "note_%s")
        super().__init__(*args, **kwargs)
        self.submission, self.user = submission, user
        groups = scoring.calculate_dimensions(submission.rubric_content, {})
        self.fields["criterion"].choices = [
            ("", _("不分哪一条")),
            *((part.title, [(one["code"], one["title"]) for one in part.criteria]) for part in groups),
        ]

    @property
    def end_ms(self) -> int:
        video = self.submission.video
        return (video.duration_ms if video else 0) or LONGEST_MS

    def clean_key(self) -> UUID:
        return self.cleaned_data["key"] or uuid4()

    def clean_tone(self) -> str:
        return self.cleaned_data["tone"] or TimedNote.Tone.CHANGE

    def clean_at(self) -> int:
        return self.within(self.cleaned_data["at"])

    def clean_until(self) -> int | None:
        until = self.cleaned_data["until"]
        return None if until is None else self.within(until)

    def clean_voice(self) -> Voice | None:
        """Accept only a voice recorded by this person."""
        key = self.cleaned_data["voice"]
        if not key:
            return None
        if not (voice := Voice.objects.filter(key=key, owner=self.user).first()):
            raise ValidationError(_("语音没收到，再说一遍。"), code="voice")
        return voice

    def within(self, ms: int) -> int:
        if ms > self.end_ms:
            text = _("录像只有 %(length)s，没有这么晚的。") % {"length": format_clock(self.end_ms)}
            raise ValidationError(text, code="beyond")
        return ms

    def clean(self) -> dict:
        given = super().clean()
        self.speak_by_phrase(given)
        at, until = given.get("at"), given.get("until")
        if at is None or "until" not in given:
            return given
        if given.get("asks_again") and until is None:
            given["until"] = until = min(at + AGAIN_MS, self.end_ms)
            if until <= at:
                self.add_error("until", _("片尾了，后面没有可重录的。"))
        elif until is not None and until <= at:
            self.add_error("until", _("要比开始晚。"))
        return given

    def speak_by_phrase(self, given: dict) -> None:
        drill = self.submission.drill
        if not given.get("phrase") or drill is None:
            return
        phrase = QuickPhrase.objects.filter(pk=given["phrase"], course=drill.course_id).first()
        if phrase:
            given["text"] = given.get("text") or phrase.text
            given["tone"] = phrase.tone
            known = {one["code"] for one in scoring.list_criteria(self.submission.rubric_content)}
            if not given.get("criterion") and phrase.criterion in known:
                given["criterion"] = phrase.criterion

    def row(self) -> dict:
        """Return the fields of the note."""
        given = self.cleaned_data
        fields = {name: given[name] for name in ("tone", "text", "criterion", "asks_again", "voice")}
        return fields | {"at_ms": given["at"], "until_ms": given["until"]}


class AnswerForm(FarmForm):
    text = CleanCharField(
        label=gettext_lazy("你的回答"),
        lines=True,
        max_length=get_max_length(NoteAnswer, "text"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("写一写你怎么想。")},
    )
