"""Tries at a quiz, the talks that a trainer has with somebody who failed too often, and leave to sit an examination early.

A try holds a snapshot of its questions, so that a changed question changes no old result.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Objective, Question, Quiz
from media.models import Photo


class Attempt(models.Model):
    """One try at a quiz; `paper` holds the drawn questions with their right answers, in the order they are asked."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="attempts", verbose_name=_("学员"))
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts", verbose_name=_("测验"))
    number = models.PositiveSmallIntegerField(_("第几次"))
    # The quiz's limit when this try began; the check enforces it however many tabs begin at once.
    tries = models.PositiveSmallIntegerField(null=True)
    course_version = models.PositiveIntegerField(_("课程版本"), default=1)
    form = models.CharField(_("卷别"), max_length=1, blank=True)
    paper = models.JSONField(default=dict)
    # The photos that the paper shows, so that they are stored as long as it is, whatever its questions show by now.
    photos = models.ManyToManyField(Photo, related_name="+", editable=False)
    right = models.PositiveSmallIntegerField(_("答对"), default=0)
    total = models.PositiveSmallIntegerField(_("一共"), default=0)
    passed = models.BooleanField(_("通过"), default=False)
    started_at = models.DateTimeField(_("开始"), default=timezone.now)
    # When the time of a quiz with a limit ends, as the limit was when this try began.
    due_at = models.DateTimeField(_("到几点为止"), null=True, blank=True)
    finished_at = models.DateTimeField(_("交卷"), null=True, blank=True)
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "作答")
        verbose_name_plural = pgettext_lazy("many", "作答")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "quiz", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["user", "quiz"], condition=Q(finished_at__isnull=True), name="one_open_attempt"
            ),
            models.CheckConstraint(
                condition=Q(tries__isnull=True) | Q(number__lte=F("tries")), name="attempt_within_tries"
            ),
        ]
        indexes = [
            models.Index(fields=["quiz", "finished_at"], name="attempts_of_quiz"),
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, finished_at__isnull=True),
                name="attempts_under_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.quiz} · {self.number}"


class Answer(models.Model):
    """One answered question of a try; statistics and the gain by objective are computed from these rows."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers", verbose_name=_("作答"))
    position = models.PositiveSmallIntegerField(_("第几题"))
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, related_name="answers", verbose_name=_("题")
    )
    objective = models.ForeignKey(
        Objective, models.SET_NULL, null=True, related_name="answers", verbose_name=_("学习目标")
    )
    given = models.JSONField(_("答案"), default=dict)
    right = models.BooleanField(_("答对"), default=False)
    answered_at = models.DateTimeField(_("答题时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "答案")
        verbose_name_plural = pgettext_lazy("many", "答案")
        ordering = ["attempt", "position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.attempt} · {self.position}"


class Talk(models.Model):
    """A trainer has talked with the person about a quiz; `after` is the number of the last try before it.

    A second trainer's note on the same talk is a row of its own (progress.quizzes.talks.add_note).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="talks", verbose_name=_("学员"))
    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="talks", verbose_name=_("测验"))
    trainer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁谈的"))
    after = models.PositiveSmallIntegerField(_("第几次以后"))
    note = models.TextField(_("谈了什么"), max_length=300)
    held_at = models.DateTimeField(_("什么时候谈的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "考前谈话")
        verbose_name_plural = pgettext_lazy("many", "考前谈话")
        ordering = ["-held_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} · {self.quiz} · {self.after}"


class EarlyOpening(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="early_openings", verbose_name=_("学员"))
    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="early_openings", verbose_name=_("测验"))
    trainer = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁开放的")
    )
    opened_at = models.DateTimeField(_("开放时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "提前开考")
        verbose_name_plural = pgettext_lazy("many", "提前开考")
        ordering = ["-opened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "quiz"], name="early_opening_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.quiz}"
