"""Notices to phone numbers: written in the transaction of their cause, sent by the worker afterwards."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField


class NoticeQuerySet(models.QuerySet):
    def due(self, now: datetime.datetime) -> NoticeQuerySet:
        """Return the notices to send now; those that their reader has seen on the screen or settled are not sent."""
        return self.filter(sent_at__isnull=True, seen_at__isnull=True, next_try_at__lte=now)


class Notice(models.Model):
    """One notice. `template` names an approved text of the gateway, which `params` fill; one `key` is sent once."""

    key = models.CharField(max_length=60, unique=True)
    phone = PhoneNumberField(_("手机号"), region="CN")
    template = models.CharField(_("哪一种消息"), max_length=30)
    params = models.JSONField(_("内容"), default=dict)
    made_at = models.DateTimeField(_("写下的时间"), default=timezone.now)
    # Whether a phone of the owner has shown it (accounts.notifications.push); an SMS follows only while it stays unread.
    pushed_at = models.DateTimeField(_("手机通知的时间"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发出的时间"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("试了几次"), default=0)
    next_try_at = models.DateTimeField(_("下次再试"), default=timezone.now)
    problem = models.CharField(_("没发出去的原因"), max_length=100, blank=True)
    # Of the request that caused it, in all logs; empty where the worker wrote it by itself.
    request_id = models.CharField(_("请求号"), max_length=36, blank=True, default="", editable=False)
    # When its owner read it on the screen.
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


class PushSubscription(models.Model):
    """One browser that shows its owner's notices (RFC 8030): where to send them, and the keys that only it can use.

    `endpoint` is a URL at the browser maker's push service, `p256dh` a P-256 point of 65 bytes and `auth` a secret of 16
    bytes, both in base64url (RFC 8291).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    label = models.CharField(_("哪台手机"), max_length=40)
    language = models.CharField(_("语言"), max_length=10)
    made_at = models.DateTimeField(_("打开的时间"), default=timezone.now)
    used_at = models.DateTimeField(_("上次收到的时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "收通知的手机")
        verbose_name_plural = pgettext_lazy("many", "收通知的手机")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.label


class ReadNews(models.Model):
    """News that a person has read: `kind` and `number` name the row ("review", 12); `at` is when it was read last."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("谁看的")
    )
    kind = models.CharField(_("哪一种消息"), max_length=20)
    number = models.PositiveBigIntegerField(_("哪一条"))
    at = models.DateTimeField(_("看过的时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "看过的消息")
        verbose_name_plural = pgettext_lazy("many", "看过的消息")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "number"], name="news_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.number}"
