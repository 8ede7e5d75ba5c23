"""Who waits for a seat in a class that is full, or for its trainer's consent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort


class WaitingEntryQuerySet(models.QuerySet):
    def waiting(self) -> WaitingEntryQuerySet:
        return self.filter(state=WaitingEntry.State.WAITING, user__is_active=True)

    def in_line(self) -> WaitingEntryQuerySet:
        """Return those who are moved in by themselves, first come, first served."""
        return self.waiting().filter(needs_consent=False).order_by("asked_at", "pk")

    def visible_to(self, user: User) -> WaitingEntryQuerySet:
        """Return one's own, and those of the classes one leads."""
        led = Cohort.objects.manageable_by(user).order_by().values("pk")
        return self.filter(Q(user=user) | Q(cohort__in=led))


class WaitingEntry(models.Model):
    """One person on the waiting list of one class; who asks again after leaving it stands at its end.

    `needs_consent` marks somebody whom the class's criteria leave out: only its trainer lets them in.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("waiting list", "候补中")
        ADMITTED = "admitted", pgettext_lazy("waiting list", "进班了")
        LEFT = "left", pgettext_lazy("waiting list", "不等了")
        DECLINED = "declined", pgettext_lazy("waiting list", "没收")

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="waiting_entries", verbose_name=pgettext_lazy("one", "班")
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="waiting_entries", verbose_name=_("谁"))
    needs_consent = models.BooleanField(_("要老师同意"), default=False)
    note = models.CharField(_("给老师的话"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("排候补的时间"), default=timezone.now)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(_("什么时候定的"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁定的")
    )
    reason = models.CharField(_("为什么没收"), max_length=200, blank=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "候补")
        verbose_name_plural = pgettext_lazy("many", "候补")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="waits_once_for_a_class"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "admitted", "left", "declined"]), name="waiting_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "asked_at"], condition=Q(state="waiting"), name="waiting_in_line")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"
