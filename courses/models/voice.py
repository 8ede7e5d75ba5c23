"""A lesson in the voice of who teaches it, paragraph by paragraph."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models.lesson import Lesson
from media.models import Voice

MOST_SPEECH, MOST_NAME = 20, 20
MANDARIN = gettext_noop("普通话")


class LessonVoice(models.Model):
    """One person's reading of a lesson in one way of speaking: 普通话, or what their village speaks, by the name they give it.

    Trainees hear it while `opened_at` is set; `closed_at` says since when it is not open.
    """

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="voices", verbose_name=_("课"))
    speaker = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="lesson_voices", verbose_name=_("谁念的")
    )
    shown_name = models.CharField(_("学员看到的名字"), max_length=MOST_NAME)
    speech = models.CharField(_("用什么话念"), max_length=MOST_SPEECH)
    opened_at = models.DateTimeField(_("放给大家听的时间"), null=True, blank=True)
    closed_at = models.DateTimeField(
        _("没放给大家听，从什么时候起"), null=True, blank=True, default=timezone.now
    )
    begun_at = models.DateTimeField(_("开始录的时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "课的录音")
        verbose_name_plural = pgettext_lazy("many", "课的录音")
        ordering = ["lesson", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "speaker", "speech"], name="lesson_voice_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, closed_at__isnull=False)
                | Q(opened_at__isnull=False, closed_at__isnull=True),
                name="lesson_voice_open_or_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown_name} · {self.speech}"

    @property
    def spoken(self) -> str:
        """Return what it is called in the reader's language; a village's own speech has one name."""
        return gettext(MANDARIN) if self.speech == MANDARIN else self.speech

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None


class VoicePart(models.Model):
    """The recording of one paragraph, found by the digest of its text: a paragraph whose text has changed has none.

    `key` is made on the phone for each recording. `noise_db`: how far below the speech the noise lies.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    lesson_voice = models.ForeignKey(
        LessonVoice, models.CASCADE, related_name="parts", verbose_name=_("课的录音")
    )
    digest = models.CharField(max_length=16)
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+", verbose_name=_("语音"))
    noise_db = models.PositiveSmallIntegerField(_("杂音比说话小多少分贝"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("录的时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "课的一段录音")
        verbose_name_plural = pgettext_lazy("many", "课的一段录音")
        ordering = ["lesson_voice", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lesson_voice", "digest"], name="voice_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_voice} · {self.digest}"
