"""A trainer's leave to sit the theory examination before all lessons are done."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Quiz


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
