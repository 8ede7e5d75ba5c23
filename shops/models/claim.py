"""Damage that a buyer reports, and how it was settled."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from media.models import Document
from shops.models.order import Order


class Claim(models.Model):
    """A buyer's report of damage.

    It can be made at any time after sending: a seller's own limit of 24 hours cannot take away what the law grants
    (消费者权益保护法 §23–24).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("等卖家处理")
        SETTLED = "settled", _("已处理")
        REFUSED = "refused", _("卖家没同意")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="claims", verbose_name=_("订单"))
    text = models.TextField(_("坏了什么"), max_length=500)
    photos = models.ManyToManyField(
        Document, blank=True, related_name="+", verbose_name=pgettext_lazy("many", "照片")
    )
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.OPEN)
    refund_fen = models.PositiveBigIntegerField(_("退多少（分）"), default=0)
    resend = models.BooleanField(_("补发"), default=False)
    answer = models.CharField(_("卖家的话"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    answered_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "坏果申请")
        verbose_name_plural = pgettext_lazy("many", "坏果申请")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="open"), name="one_open_claim_an_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_status_display()}"
