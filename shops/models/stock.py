"""Presales, and the moves whose sum is the stock."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from shops.models.product import Product
from ui.models import Stamped


class Presale(Stamped):
    """Goods sold before they are picked: a quota of their own, and the day by which they are sent
    (侵害消费者权益行为处罚办法 §10).

    `left` is the sum of its StockMoves; only shops.inventory.stock changes it. The product's stock does not change.
    """

    stamp_name = "shops"

    product = models.ForeignKey(Product, models.PROTECT, related_name="presales", verbose_name=_("商品"))
    quota = models.PositiveIntegerField(_("一共预售多少"))
    left = models.PositiveIntegerField(_("还剩"), default=0)
    free_at = models.DateTimeField(editable=False, null=True, blank=True)
    ship_by = models.DateField(_("最晚哪天发"))
    closes_on = models.DateField(_("预售到哪天"))
    terms = models.CharField(_("发晚了怎么办"), max_length=200)
    ended_at = models.DateTimeField(_("停下的时间"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁开的"))
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "预售")
        verbose_name_plural = pgettext_lazy("many", "预售")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(left__gte=0), name="presale_never_negative"),
            models.CheckConstraint(condition=Q(ship_by__gte=F("closes_on")), name="presale_days_in_order"),
            models.UniqueConstraint(
                fields=["product"], condition=Q(ended_at__isnull=True), name="one_presale_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.ship_by}"

    @property
    def unit_of_quota(self) -> str:
        return Product.Unit(self.product.unit).after(self.quota)

    @property
    def unit_of_left(self) -> str:
        return Product.Unit(self.product.unit).after(self.left)


class StockMove(models.Model):
    """One change of stock; append-only. A product's moves add up to its stock, a presale's moves to what is left of its
    quota.

    `event_id` makes a request that is sent again have no effect.
    """

    class Reason(models.TextChoices):
        FIRST = "first", _("上架时填的")
        COUNT = "count", _("重新点数")
        HARVEST = "harvest", _("新采的")
        LOSS = "loss", _("损耗")
        GIFT = "gift", _("送人、试吃")
        BACK = "back", _("退回来的")
        HELD = "held", _("订单占用")
        FREED = "freed", _("订单没成，放回")
        QUOTA = "quota", _("预售名额")
        RESENT = "resent", _("补发")
        LIVE_HELD = "live_held", _("留给直播")
        LIVE_BACK = "live_back", _("下播还回来")
        LIVE_SOLD = "live_sold", _("直播卖了")
        LIVE_UNDONE = "live_undo", _("直播记错，放回")

    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    product = models.ForeignKey(Product, models.PROTECT, related_name="moves", verbose_name=_("商品"))
    # Moves of a presale's quota do not count for the product's stock.
    presale = models.ForeignKey(
        Presale, models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("预售")
    )
    order = models.ForeignKey(
        "shops.Order", models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("订单")
    )
    delta = models.IntegerField(_("增减"))
    reason = models.CharField(_("原因"), max_length=10, choices=Reason)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "库存流水")
        verbose_name_plural = pgettext_lazy("many", "库存流水")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.product} {self.delta:+d}"
