"""Addresses at which a calendar program reads a person's training sessions without signing in."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User


def make_nonce() -> str:
    return secrets.token_urlsafe(24)


class CalendarAddress(models.Model):
    """The one address of a person's sessions; another nonce is another address, and the old one ends.

    The address carries a seal made of the nonce and the site's secret key (programme.calendar.addresses): who reads the
    database does not know it.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_address", verbose_name=_("谁的"))
    nonce = models.CharField(max_length=40, default=make_nonce, editable=False)
    made_at = models.DateTimeField(_("什么时候开的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "日历地址")
        verbose_name_plural = pgettext_lazy("many", "日历地址")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return str(self.user)
