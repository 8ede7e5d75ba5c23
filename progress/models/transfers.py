"""Moves of people from one class to another of the same course."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort

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
