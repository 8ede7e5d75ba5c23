"""A lesson's slides as they are shown in a room: where they stand, what is asked, and what phones answer.

All of it is for this hour: nothing here counts for a person, and the worker deletes it after a day.
"""

from __future__ import annotations

import datetime
import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort, Lesson, Question
from courses.models.cohort import CODE_LETTERS

# A session that nobody has moved for so long is over: a trainer forgot to end it. The longest practice takes 64 minutes.
LASTS = datetime.timedelta(minutes=75)


def make_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(8))


class ClassroomSessionQuerySet(models.QuerySet):
    def running(self) -> ClassroomSessionQuerySet:
        return self.filter(ended_at__isnull=True, updated_at__gt=timezone.now() - LASTS)

    def visible_to(self, user: User) -> ClassroomSessionQuerySet:
        """Return those that this person shows; nobody else moves the slides."""
        return self.filter(host=user)


class ClassroomSession(models.Model):
    """A trainer shows a lesson's slides. `position` counts from 1; `is_second`: the second press of that slide was made.

    `version` grows with every change, so that a poll knows whether there is anything new.
    """

    code = models.CharField(max_length=8, unique=True, default=make_code, editable=False)
    host = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("老师"))
    lesson = models.ForeignKey(
        Lesson, models.CASCADE, related_name="+", verbose_name=pgettext_lazy("one", "课")
    )
    # Whose phones answer; nobody's if it is empty.
    cohort = models.ForeignKey(
        Cohort,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("one", "班"),
    )
    position = models.PositiveSmallIntegerField(default=1)
    is_second = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    # What stands on the wall now.
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("题")
    )
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClassroomSessionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "课堂放映")
        verbose_name_plural = pgettext_lazy("many", "课堂放映")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["host", "lesson"], name="classroom_once_a_host_and_lesson"),
            models.CheckConstraint(condition=Q(position__gte=1), name="classroom_position_from_one"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.updated_at > timezone.now() - LASTS

    @property
    def at(self) -> str:
        """Return where it stands, as in the URL of the slides: 7, or 7.1 after the second press."""
        return f"{self.position}.1" if self.is_second else str(self.position)


class ClassroomQuestion(models.Model):
    """A question that was put to the room. `hands`: how many raised a hand for each choice, as the trainer counted.

    Once revealed it takes no answers any more, also if the trainer goes back to it.
    """

    session = models.ForeignKey(ClassroomSession, models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, models.CASCADE, related_name="+", verbose_name=_("题"))
    hands = models.JSONField(default=list)
    asked_at = models.DateTimeField(default=timezone.now)
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "课堂提问")
        verbose_name_plural = pgettext_lazy("many", "课堂提问")
        ordering = ["session", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "question"], name="classroom_question_once_a_session")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.question_id}"


class ClassroomAnswer(models.Model):
    """What one phone answers; shown to nobody, only counted. `letter`: A to D."""

    asked = models.ForeignKey(ClassroomQuestion, models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("学员"))
    letter = models.CharField(max_length=1)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "课堂作答")
        verbose_name_plural = pgettext_lazy("many", "课堂作答")
        ordering = ["asked", "id"]
        constraints = [
            models.UniqueConstraint(fields=["asked", "user"], name="classroom_answer_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.asked_id} {self.letter}"
