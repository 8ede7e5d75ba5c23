"""Forms of stories: writing one, and the person's agreement to each use of it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from media.photos.forms import PhotosField, PhotosFormMixin
from programme.models import Step, Story, StoryConsent
from ui.fields import CleanCharField, DayField, get_max_length
from ui.formats import day
from ui.forms import FarmForm

# A year, then the person is asked again.
LONGEST_CONSENT = datetime.timedelta(days=366 * 2)
USUAL_CONSENT = datetime.timedelta(days=365)


class StoryForm(PhotosFormMixin, FarmForm):
    """Take a story: title, text, a photo, and a sentence for each step of the person that it tells of."""

    title = CleanCharField(label=gettext_lazy("标题"), max_length=get_max_length(Story, "title"))
    text = CleanCharField(
        label=gettext_lazy("故事"),
        max_length=get_max_length(Story, "text"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("写他自己做过的事。别写“学了就能挣多少”，也别写联系方式。"),
    )
    photos = PhotosField(label=gettext_lazy("照片"), most=1, required=False)

    def __init__(self, *args, person: User, steps: list[Step], story: Story | None = None, **kwargs) -> None:
        self.person, self.steps = person, steps
        facts = {fact.step_id: fact.text for fact in story.facts.all()} if story else {}
        initial: dict[str, Any] = {"photos": []}
        if story:
            initial |= {
                "title": story.title,
                "text": story.text,
                "photos": [story.photo] if story.photo else [],
            }
        initial |= {self.name_field(step): facts.get(step.pk, "") for step in steps}
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for step in steps:
            words = {"day": day(step.reached_at), "step": step.get_step_display()}
            self.fields[self.name_field(step)] = CleanCharField(
                label=_("%(day)s到了“%(step)s”，这一步怎么讲") % words, max_length=100, required=False
            )

    @staticmethod
    def name_field(step: Step) -> str:
        return f"fact_{step.pk}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.facts:
            raise ValidationError(_("至少讲一件有依据的事。"))
        return cleaned

    @property
    def facts(self) -> list[tuple[Step, str]]:
        """Return (step, sentence) of the steps that the story tells of."""
        found = [(step, self.cleaned_data.get(self.name_field(step), "")) for step in self.steps]
        return [(step, text) for step, text in found if text]


class ConfirmForm(FarmForm):
    """Take for each use whether the person agrees, and until which day."""

    def __init__(self, *args, **kwargs) -> None:
        until = timezone.localdate() + USUAL_CONSENT
        names = {f"{use}_until": until for use in StoryConsent.Use.values}
        kwargs["initial"] = names | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for use in StoryConsent.Use:
            self.fields[use.value] = forms.BooleanField(label=use.label, required=False)
            self.fields[f"{use.value}_until"] = DayField(label=_("到哪天为止"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        today = timezone.localdate()
        for use in StoryConsent.Use.values:
            until = cleaned.get(f"{use}_until")
            if not cleaned.get(use):
                continue
            if until is None or until < today:
                self.add_error(f"{use}_until", _("选一个还没过的日子。"))
            elif until > today + LONGEST_CONSENT:
                self.add_error(f"{use}_until", _("最长两年，到时候再问一次。"))
        if not any(cleaned.get(use) for use in StoryConsent.Use.values):
            raise ValidationError(_("一样都没选，就先不公开。"))
        return cleaned

    @property
    def uses(self) -> dict[str, datetime.date]:
        """Return {use: last day} of what was agreed to."""
        return {
            use: self.cleaned_data[f"{use}_until"]
            for use in StoryConsent.Use.values
            if self.cleaned_data[use]
        }
