"""The parts of lessons' videos that a person has watched, and the settings of their player."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Lesson


class Watch(models.Model):
    """The union of the intervals of a lesson's video that one person has played, in milliseconds of that video.

    `film` is the video's key, not a foreign key, so that a replaced film need not be stored for those who watched it. With
    another film the row starts again.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="watches", verbose_name=_("学员"))
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="watched_by", verbose_name=_("课"))
    course_version = models.PositiveIntegerField(_("课程版本"), default=1)
    film = models.CharField(max_length=32, blank=True, editable=False)
    # [[from, to], …] sorted, not touching; `watched_ms` is their sum.
    intervals = models.JSONField(default=list)
    watched_ms = models.PositiveIntegerField(_("看了多少"), default=0)
    last_ms = models.PositiveIntegerField(_("上次看到"), default=0)
    furthest_ms = models.PositiveIntegerField(_("最远看到"), default=0)
    first_at = models.DateTimeField(_("第一次看"), default=timezone.now)
    last_at = models.DateTimeField(_("最近一次看"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "看过的视频")
        verbose_name_plural = pgettext_lazy("many", "看过的视频")
        ordering = ["-last_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="one_watch_per_lesson")]

    def __str__(self) -> str:
        return f"{self.user} · {self.lesson}"


class LearningChoice(models.Model):
    """How one person likes to get videos, on every device they sign in on."""

    class Rendition(models.TextChoices):
        UNSET = "", _("看信号自动选")
        P480 = "480", _("清楚")
        P240 = "240", _("省流量")
        LISTEN = "listen", _("只听")
        READ = "read", _("只读文字")

    user = models.OneToOneField(User, models.CASCADE, related_name="learning_choice", verbose_name=_("学员"))
    rendition = models.CharField(
        _("怎么看"), max_length=8, choices=Rendition, blank=True, default=Rendition.UNSET
    )
    speed_percent = models.PositiveSmallIntegerField(
        _("播放速度"), default=100, validators=[MaxValueValidator(200)]
    )
    # The price of a gigabyte for this person, in fen; None: not entered, no yuan are shown.
    fen_per_gb = models.PositiveIntegerField(_("一个 GB 流量多少分钱"), null=True, blank=True)
    captions = models.BooleanField(_("显示字幕"), default=True)
    # {"rendition": milliseconds since 1970, …}: when each was chosen. What an old phone sends late does not undo a newer choice.
    chosen_at = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("one", "学习习惯")
        verbose_name_plural = pgettext_lazy("many", "学习习惯")

    def __str__(self) -> str:
        return str(self.user)


class WatchTime(models.Model):
    """When one person has been watching, on every phone and for any lesson: no moment is credited twice."""

    user = models.OneToOneField(User, models.CASCADE, related_name="watch_time", verbose_name=_("学员"))
    # [[from, to], …] in milliseconds since 1970, by the phones' clocks; sorted, not touching.
    spans = models.JSONField(default=list)

    class Meta:
        verbose_name = pgettext_lazy("one", "看视频的时间")
        verbose_name_plural = pgettext_lazy("many", "看视频的时间")

    def __str__(self) -> str:
        return str(self.user)
