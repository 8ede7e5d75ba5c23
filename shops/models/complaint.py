"""Complaints of buyers, and the day by which each must be answered."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Place, User
from shops.models.order import Order, make_token
from shops.models.product import Product
from shops.models.shop import Shop


class Complaint(models.Model):
    """A buyer's complaint, with the day by which it must be answered (消费者权益保护法实施条例 §44)."""

    number = models.CharField(_("编号"), max_length=16, unique=True)
    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="complaints", verbose_name=_("地区"))
    shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("小店")
    )
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("商品")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("订单")
    )
    name = models.CharField(_("怎么称呼"), max_length=30)
    phone = PhoneNumberField(_("手机号"), region="CN")
    text = models.TextField(_("说说怎么回事"), max_length=1000)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    due_at = models.DateTimeField(_("到什么时候要答复"))
    answer = models.TextField(_("答复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "投诉")
        verbose_name_plural = pgettext_lazy("many", "投诉")
        ordering = ["due_at", "id"]

    def __str__(self) -> str:
        return self.number
