"""Permissions with an end date: written by the app in which a person earns them, read by the app that requires them."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClearanceQuerySet(models.QuerySet):
    def in_force(self, now: datetime.datetime | None = None) -> ClearanceQuerySet:
        now = now or timezone.now()
        return self.filter(withdrawn_at__isnull=True, given_at__lte=now, valid_until__gt=now)


class Clearance(models.Model):
    """A permission that ends. `record` names the row that proves it ("attempt 0b1c…"); one record gives one clearance."""

    class Kind(models.TextChoices):
        # 直播电商监督管理办法 §10: training before the first live, and every year.
        FIRST_LIVE = "first_live", _("首播培训")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="clearances", verbose_name=_("人")
    )
    kind = models.CharField(_("许可"), max_length=12, choices=Kind)
    record = models.CharField(_("记录"), max_length=60)
    words = models.CharField(pgettext_lazy("granted", "依据"), max_length=120, blank=True)
    given_at = models.DateTimeField(_("生效时间"), default=timezone.now)
    valid_until = models.DateTimeField(_("到期时间"))
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收回人"),
    )

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "上岗许可")
        verbose_name_plural = pgettext_lazy("many", "上岗许可")
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "record"], name="one_clearance_a_record")
        ]
        indexes = [models.Index(fields=["user", "kind", "-valid_until"], name="clearance_of_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"
