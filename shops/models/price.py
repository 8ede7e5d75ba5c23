"""Prices of products, the prices at which they were sold, and freight. Rows of prices and deals are append-only."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from shops.models.order import Order
from shops.models.product import Product
from ui.models import Stamped


class PriceChange(models.Model):
    """A new price, in fen, of one unit of a weight in grams, valid from its time on; append-only."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="price_changes", verbose_name=_("商品"))
    price_fen = models.PositiveIntegerField(_("价钱（分）"))
    net_grams = models.PositiveIntegerField(_("净重（克）"))
    unit = models.CharField(_("按什么卖"), max_length=4, choices=Product.Unit)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "价格流水")
        verbose_name_plural = pgettext_lazy("many", "价格流水")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["product", "-at"], name="price_log")]

    def __str__(self) -> str:
        return f"{self.product} {self.price_fen}"


class DealQuerySet(models.QuerySet):
    def standing(self) -> DealQuerySet:
        """Return the deals whose order stands; not those that were reopened, declined, cancelled, expired or fully refunded."""
        Status = Order.Status
        kept = (Status.ACCEPTED, Status.PAID, Status.PACKED, Status.SHIPPED, Status.RECEIVED)
        return self.filter(models.Q(line=None) | models.Q(line__order__status__in=kept))


class Deal(models.Model):
    """The price of a unit at which an order was accepted, and its weight. Fen and grams; append-only.

    The lowest deal of the seven days before a price cut is the highest price that may be shown crossed out
    (明码标价和禁止价格欺诈规定 §16).
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="deals", verbose_name=_("商品"))
    line = models.OneToOneField(
        "shops.OrderLine",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deal",
        verbose_name=_("订单里的一行"),
    )
    price_fen = models.PositiveIntegerField(_("价钱（分）"))
    net_grams = models.PositiveIntegerField(_("净重（克）"))
    unit = models.CharField(_("按什么卖"), max_length=4, choices=Product.Unit)
    quantity = models.PositiveIntegerField(_("几份"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "成交价")
        verbose_name_plural = pgettext_lazy("many", "成交价")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["product", "-at"], name="deal_log")]

    def __str__(self) -> str:
        return f"{self.product} {self.price_fen}"


class FreightRate(Stamped):
    """The price of a parcel to one province: for the first weight, then for each further step. Grams and fen.

    Without a row, or with `ships` off, the shop does not send there. 明码标价和禁止价格欺诈规定 §11: freight charged
    separately must have a price of its own.
    """

    stamp_name = "shops"

    shop = models.ForeignKey("shops.Shop", models.CASCADE, related_name="freight", verbose_name=_("小店"))
    province = models.CharField(_("省份"), max_length=6)  # GB/T 2260: 430000
    ships = models.BooleanField(_("发货"), default=True)
    first_grams = models.PositiveIntegerField(_("首重（克）"), default=1000)
    first_fen = models.PositiveIntegerField(_("首重多少钱（分）"), default=0)
    step_grams = models.PositiveIntegerField(_("续重每（克）"), default=1000)
    step_fen = models.PositiveIntegerField(_("续重多少钱（分）"), default=0)
    surcharge_fen = models.PositiveIntegerField(_("偏远加价（分）"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("one", "运费")
        verbose_name_plural = pgettext_lazy("many", "运费")
        ordering = ["province"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "province"], name="one_rate_a_province"),
            models.CheckConstraint(
                condition=models.Q(first_grams__gte=1, step_grams__gte=1), name="freight_steps_weigh"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.province}"
