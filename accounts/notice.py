"""What is told to a phone number: written in the transaction that makes it true, sent by the worker afterwards."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField


class NoticeQuerySet(models.QuerySet):
    def due(self, now: datetime.datetime) -> NoticeQuerySet:
        """What its reader has seen on the screen, or dealt with, is not sent after them."""
        return self.filter(sent_at__isnull=True, seen_at__isnull=True, next_try_at__lte=now)


class Notice(models.Model):
    """`template` names an approved text of the gateway, `params` fills it. One `key` is told once: a step that is
    replayed tells nobody twice."""

    key = models.CharField(max_length=60, unique=True)
    phone = PhoneNumberField(_("手机号"), region="CN")
    template = models.CharField(_("哪一种消息"), max_length=30)
    params = models.JSONField(_("内容"), default=dict)
    made_at = models.DateTimeField(_("写下的时间"), default=timezone.now)
    sent_at = models.DateTimeField(_("发出的时间"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("试了几次"), default=0)
    next_try_at = models.DateTimeField(_("下次再试"), default=timezone.now)
    problem = models.CharField(_("没发出去的原因"), max_length=100, blank=True)
    # Its owner has read it on the screen, where those who sell see what came for them.
    seen_at = models.DateTimeField(_("看过的时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "短消息")
        verbose_name_plural = pgettext_lazy("many", "短消息")
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(sent_at__isnull=True), name="notice_waiting"
            ),
            models.Index(fields=["phone", "-made_at"], name="notice_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.key}"
