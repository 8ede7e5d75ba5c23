"""Enrolments, moves to another class, and lessons done. Facts are only added, and each may be sent again."""

from __future__ import annotations

import datetime
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models import Cohort, Course, Lesson


class EnrolmentQuerySet(models.QuerySet):
    def active(self) -> EnrolmentQuerySet:
        return self.filter(left_at__isnull=True)

    def visible_to(self, user: User) -> EnrolmentQuerySet:
        """Return one's own, those of the classes one guides, and those of the classes of the places one holds."""
        held = Place.objects.held_by(user, *Membership.STAFF_ROLES)
        mine = Q(user=user) | Q(cohort__place__in=held) | Q(cohort__in=Cohort.objects.taught_by(user))
        if user.places_with_role(Membership.Role.MENTOR):
            mine |= Q(cohort__in=Cohort.objects.mentored_by(user))
        return self.filter(mine)


class Enrolment(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="enrolments", verbose_name=_("学员"))
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments", verbose_name=_("课程"))
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("班")
    )
    course_version = models.PositiveIntegerField(_("报名时的课程版本"), default=1)
    enrolled_at = models.DateTimeField(_("报名时间"), default=timezone.now)
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "报名")
        verbose_name_plural = pgettext_lazy("many", "报名")
        ordering = ["-enrolled_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_enrolment_per_course")]

    def __str__(self) -> str:
        return f"{self.user} · {self.course}"


class LessonDone(models.Model):
    """A lesson done by a person, once, at the first time; `event_id` is the phone's id of that fact."""

    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="lessons_done", verbose_name=_("学员"))
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="done_by", verbose_name=_("课"))
    course_version = models.PositiveIntegerField(_("课程版本"), default=1)
    happened_at = models.DateTimeField(_("学完时间"))
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "学完的课")
        verbose_name_plural = pgettext_lazy("many", "学完的课")
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="lesson_done_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.lesson}"


UNDONE_WITHIN = datetime.timedelta(days=1)


class Transfer(models.Model):
    """One move of a person, by who leads both classes; for a day it can be undone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="transfers", verbose_name=_("学员"))
    from_cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="transfers_out", verbose_name=_("从哪个班")
    )
    to_cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="transfers_in", verbose_name=_("到哪个班")
    )
    made_at = models.DateTimeField(_("什么时候转的"), default=timezone.now)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁转的"))
    undone_at = models.DateTimeField(_("什么时候撤回的"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "转班")
        verbose_name_plural = pgettext_lazy("many", "转班")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} · {self.from_cohort} → {self.to_cohort}"

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.made_at + UNDONE_WITHIN
