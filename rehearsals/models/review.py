"""Reviews: a score by the submission's own rubric, and notes on moments of the film."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import QuickPhrase
from media.models import Voice
from rehearsals import scoring
from rehearsals.models.rehearsal import Rehearsal, Submission


class ReviewQuerySet(models.QuerySet):
    def signed(self) -> ReviewQuerySet:
        return self.filter(signed_at__isnull=False)

    def counting(self) -> ReviewQuerySet:
        """Return the reviews signed by trainers; those of peers are practice."""
        return self.signed().exclude(kind=Review.Kind.PEER)


class Review(models.Model):
    """One reviewer's review of a submission; `signed_at` is empty while it is a draft, which only its author sees.

    `marks`: {criterion code: "none" | "half" | "full"}. `stamps`: {criterion code: millisecond of the film at which the
    mark was given}. `total` is computed by rehearsals.scoring from the rubric that the submission carries, in the review's
    own form. None of them changes after signing.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("点评")
        SECOND = "second", _("第二个老师")
        PEER = "peer", _("同学互看")

    class Form(models.TextChoices):
        SHORT = scoring.SHORT, _("短表")
        LONG = scoring.LONG, _("长表")

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews", verbose_name=_("提交"))
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews", verbose_name=_("点评人"))
    kind = models.CharField(_("类型"), max_length=6, choices=Kind, default=Kind.FIRST)
    form = models.CharField(_("照哪张表打分"), max_length=5, choices=Form, default=Form.LONG)
    marks = models.JSONField(_("分数"), default=dict)
    stamps = models.JSONField(_("打分的时刻"), default=dict, blank=True)
    # Blocking phrases that were said and corrected on the spot, and those that were not (these cap the total).
    slips_fixed = models.PositiveSmallIntegerField(_("当场更正几处"), default=0)
    slips_left = models.PositiveSmallIntegerField(_("没更正几处"), default=0)
    total = models.PositiveSmallIntegerField(_("总分"), null=True, blank=True)
    rubric_hash = models.CharField(_("评分表指纹"), max_length=64)
    words = models.CharField(_("一句话"), max_length=200, blank=True)
    wants_again = models.BooleanField(_("请重录"), default=False)
    begun_at = models.DateTimeField(_("开始"), default=timezone.now)
    saved_at = models.DateTimeField(_("草稿存的时间"), default=timezone.now)
    signed_at = models.DateTimeField(_("发给学员的时间"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "点评")
        verbose_name_plural = pgettext_lazy("many", "点评")
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "reviewer"], name="one_review_a_reviewer"),
            models.UniqueConstraint(
                fields=["submission", "kind"],
                condition=Q(signed_at__isnull=False) & ~Q(kind="peer"),
                name="one_signed_review_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(total__isnull=False) | Q(kind="peer"),
                name="signed_review_has_a_total",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__lte=100), name="total_within_100"
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "-signed_at"], name="reviews_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.submission} · {self.reviewer}"

    @property
    def rubric(self) -> dict:
        """Return the submission's copy of the rubric, in the form of this review."""
        return scoring.get_form(self.submission.rubric_content, self.form)


class TimedNote(models.Model):
    """A note on one moment of the film, or on a range of it that is to be recorded again."""

    Tone = QuickPhrase.Tone

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    review = models.ForeignKey(Review, models.CASCADE, related_name="notes", verbose_name=_("点评"))
    at_ms = models.PositiveIntegerField(_("时间点（毫秒）"))
    until_ms = models.PositiveIntegerField(_("结束点（毫秒）"), null=True, blank=True)
    tone = models.CharField(_("是哪一种"), max_length=6, choices=Tone, default=Tone.CHANGE)
    criterion = models.CharField(_("哪一条"), max_length=30, blank=True)
    text = models.CharField(_("话"), max_length=300, blank=True)
    voice = models.ForeignKey(
        Voice, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("语音")
    )
    asks_again = models.BooleanField(_("这一段再来一遍"), default=False)
    made_at = models.DateTimeField(_("什么时候"), default=timezone.now)
    removed_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "时间点批注")
        verbose_name_plural = pgettext_lazy("many", "时间点批注")
        ordering = ["at_ms", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_ms__isnull=True) | Q(until_ms__gt=models.F("at_ms")), name="note_in_order"
            ),
            models.CheckConstraint(
                condition=Q(asks_again=False) | Q(until_ms__isnull=False), name="again_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.at_ms}"


class NoteAnswer(models.Model):
    """The trainee's answer to a note: a text, a new recording of that part, or both."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    note = models.ForeignKey(TimedNote, models.CASCADE, related_name="answers", verbose_name=_("批注"))
    author = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("回答人"))
    text = models.CharField(_("回答"), max_length=300, blank=True)
    rehearsal = models.ForeignKey(
        Rehearsal,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("重录的一段"),
    )
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "对批注的回答")
        verbose_name_plural = pgettext_lazy("many", "对批注的回答")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:20]
