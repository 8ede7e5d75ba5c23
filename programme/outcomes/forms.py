"""Forms of follow-ups, of what a class cost, and of stories."""

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
from programme.models import FollowUpAnswer, Step, Story, StoryConsent, TrainingCost
from programme.models.outcomes import MOST_FEN, MOST_GRAMS
from shops.forms import KeyForm
from ui.fields import CleanCharField, DayField, KgField, YuanField, get_max_length
from ui.formats import day
from ui.forms import FarmForm

YES_NO = (("yes", gettext_lazy("还在卖")), ("no", gettext_lazy("没卖了")))
# A year, then the person is asked again.
LONGEST_CONSENT = datetime.timedelta(days=366 * 2)
USUAL_CONSENT = datetime.timedelta(days=365)


class AnswerForm(KeyForm):
    """Take what the person says: a few taps and at most two numbers."""

    is_selling = forms.ChoiceField(
        label=gettext_lazy("现在还在卖东西吗？"), choices=YES_NO, widget=forms.RadioSelect
    )
    by_live = forms.BooleanField(label=gettext_lazy("用直播卖"), required=False)
    grams = KgField(
        label=gettext_lazy("上个月卖了多少公斤"),
        most=MOST_GRAMS // 1000,
        least=0,
        required=False,
        help_text=gettext_lazy("说不准就空着。"),
    )
    fen = YuanField(label=gettext_lazy("上个月卖了多少钱"), most=MOST_FEN // 1000, least=0, required=False)
    known = forms.ChoiceField(
        label=gettext_lazy("这个数是怎么知道的"),
        choices=FollowUpAnswer.Known.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    obstacle = CleanCharField(
        label=gettext_lazy("有什么难处"),
        max_length=get_max_length(FollowUpAnswer, "obstacle"),
        required=False,
        help_text=gettext_lazy("比如：快递太贵、没人帮忙拍。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        has_figures = cleaned.get("grams") is not None or cleaned.get("fen") is not None
        if has_figures and not cleaned.get("known") and "known" in self.fields and not self.errors:
            self.add_error("known", _("填了数，就选一下是怎么知道的。"))
        if cleaned.get("is_selling") == "no":
            cleaned["by_live"] = False
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        names = ("by_live", "grams", "fen", "known", "obstacle")
        return {name: self.cleaned_data[name] for name in names} | {
            "is_selling": self.cleaned_data["is_selling"] == "yes"
        }


class EstimateForm(AnswerForm):
    """Take a trainer's estimate, with the reason for it."""

    known = None  # type: ignore[assignment]  # Django: takes the field off the form
    reason = CleanCharField(
        label=gettext_lazy("凭什么这么估"),
        max_length=get_max_length(FollowUpAnswer, "reason"),
        help_text=gettext_lazy("比如：上门看过，一天发三十箱。"),
        error_messages={"required": gettext_lazy("写一句凭什么这么估。")},
    )

    @property
    def facts(self) -> dict[str, Any]:
        names = ("by_live", "grams", "fen", "obstacle", "reason")
        return {name: self.cleaned_data[name] for name in names} | {
            "is_selling": self.cleaned_data["is_selling"] == "yes"
        }


class LedgerForm(KeyForm):
    """Take the person's word that the shop's ledger fills the figures."""

    agrees = forms.BooleanField(
        label=gettext_lazy("同意：回访时用我小店的账填数，带我的老师和管理员看得到"),
        error_messages={"required": gettext_lazy("先打勾同意，才能用小店的账填。")},
    )


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
