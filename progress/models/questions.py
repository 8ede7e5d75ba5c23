"""Questions to the class under a lesson, and their answers."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort, Lesson
from progress.models.enrolment import Enrolment


class AskQuerySet(models.QuerySet):
    def not_removed(self) -> AskQuerySet:
        return self.filter(removed_at__isnull=True)

    def unanswered(self) -> AskQuerySet:
        """Return those without an answer that are not taken down."""
        return self.not_removed().filter(~Exists(Reply.objects.filter(ask=OuterRef("pk"))))

    def visible_to(self, user: User) -> AskQuerySet:
        """Return the questions of classes one is in now, or guides."""
        mine = Enrolment.objects.active().filter(user=user, cohort__isnull=False)
        return self.filter(Q(cohort__in=mine.order_by().values("cohort")) | Q(cohort__in=filter_guided(user)))


def filter_guided(user: User) -> models.QuerySet:
    return Cohort.objects.guided_by(user).order_by().values("pk")


class Ask(models.Model):
    """A question to the person's class under a lesson; only its members and those who guide it see it."""

    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="asks", verbose_name=_("课"))
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="asks", verbose_name=_("班"))
    author = models.ForeignKey(User, models.CASCADE, related_name="asks", verbose_name=_("谁问的"))
    text = models.TextField(_("问题"), max_length=600)
    asked_at = models.DateTimeField(_("什么时候"), default=timezone.now)
    removed_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "提问")
        verbose_name_plural = pgettext_lazy("many", "提问")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["cohort", "lesson", "-asked_at"], name="asks_newest")]

    def __str__(self) -> str:
        return self.text[:20]


class Reply(models.Model):
    ask = models.ForeignKey(Ask, models.CASCADE, related_name="replies", verbose_name=_("提问"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("回答人"))
    text = models.TextField(_("回答"), max_length=1000)
    replied_at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "回答")
        verbose_name_plural = pgettext_lazy("many", "回答")
        ordering = ["replied_at", "id"]

    def __str__(self) -> str:
        return self.text[:20]
