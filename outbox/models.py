"""Events received from phones: each once, also those that were not applied, with the reason."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Event(models.Model):
    """One fact from one phone; `event_id` was made there, and a second copy is answered with success.

    Two clocks: `happened_at` is the phone's, clamped; `received_at` is the server's, which decides. `body` is stored only
    for events that were not applied: for the others the fact itself is the record.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("记上了")
        REJECTED = "aside", _("先放着")
        SETTLED = "settled", _("处理好了")

    event_id = models.UUIDField()
    # No index of its own: that of `event_once` begins with this column.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("谁的"), db_index=False
    )
    kind = models.CharField(_("什么事"), max_length=20)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.APPLIED)
    # Why it was not applied: a code of the handler; outbox.descriptions has its sentence.
    reason = models.CharField(_("原因"), max_length=40, blank=True)
    body = models.JSONField(default=dict, blank=True)
    happened_at = models.DateTimeField(_("发生时间"))
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "收到的事")
        verbose_name_plural = pgettext_lazy("many", "收到的事")
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "event_id"], name="event_once")]
        indexes = [
            models.Index(fields=["user", "-received_at"], condition=Q(state="aside"), name="events_rejected")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.event_id)[:8]}"
