"""Talks that a trainer has with somebody who failed a quiz too often."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Quiz


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
