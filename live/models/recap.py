"""The recap: figures entered or imported from a platform's export, notes, and comments."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from live.models.livestream import Livestream
from shops.models import Shop


class FigureImport(models.Model):
    """A file of figures that a platform exported and that was imported here. It stays in the private storage as the
    evidence of its figures."""

    class Shape(models.TextChoices):
        SUMMARY = "summary", _("整场汇总")
        MINUTES = "minutes", _("每分钟一行")
        ORDERS = "orders", _("每笔订单一行")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    livestream = models.ForeignKey(Livestream, models.PROTECT, related_name="imports", verbose_name=_("直播"))
    shape = models.CharField(_("哪一种表"), max_length=8, choices=Shape)
    name = models.CharField(_("文件名"), max_length=200)
    stored = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    encoding = models.CharField(_("编码"), max_length=12, blank=True)
    columns = models.JSONField(_("哪一列是什么"), default=dict)
    rows = models.PositiveIntegerField(_("几行"), default=0)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("导入人"))
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "导入的平台数据")
        verbose_name_plural = pgettext_lazy("many", "导入的平台数据")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["livestream", "sha256"], name="same_export_once_a_live")
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """The meanings that this shop chose for the columns of a platform's export last time; `fingerprint` of the headers."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("小店"))
    platform = models.CharField(_("平台"), max_length=10, choices=Livestream.Platform)
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(_("哪一列是什么"), default=dict)
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "列的对应")
        verbose_name_plural = pgettext_lazy("many", "列的对应")
        constraints = [
            models.UniqueConstraint(fields=["shop", "platform", "fingerprint"], name="one_choice_a_header")
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.platform}"


class Figure(models.Model):
    """One figure of a live; append-only, the newest row of a name counts.

    Money in fen, times in seconds, the others are counts. `minute` is None for the whole live, else the minute since its
    start.
    """

    class Name(models.TextChoices):
        SEEN = "seen", _("看到直播间的人次")
        VISITS = "visits", _("进直播间的人次")
        WATCH_SECONDS = "watch_seconds", _("平均看了几秒")
        PEAK = "peak", _("同时在线最多几人")
        PRODUCT_SEEN = "product_seen", _("看到商品的人数")
        PRODUCT_TAPS = "product_taps", _("点开商品的人数")
        ORDERS = "orders", _("下单几笔")
        PAID_ORDERS = "paid_orders", _("付款几笔")
        BUYERS = "buyers", _("买家人数")
        SALES_FEN = "sales_fen", _("成交金额（分）")
        REFUND_FEN = "refund_fen", _("退款金额（分）")
        REFUND_ORDERS = "refund_orders", _("退款几笔")
        FOLLOWERS = "followers", _("新增粉丝")
        COMMENTS = "comments", _("评论条数")

        @property
        def spoken(self) -> str:
            """Return the label without the stored unit: people see and type yuan."""
            return str(self.label).removesuffix(str(_("（分）")))

    livestream = models.ForeignKey(Livestream, models.PROTECT, related_name="figures", verbose_name=_("直播"))
    name = models.CharField(_("什么数"), max_length=14, choices=Name)
    minute = models.PositiveSmallIntegerField(_("第几分钟"), null=True, blank=True)
    value = models.PositiveBigIntegerField(_("多少"))
    # None: entered by hand.
    source = models.ForeignKey(
        FigureImport, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("哪份表")
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("填写人"))
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "直播数据")
        verbose_name_plural = pgettext_lazy("many", "直播数据")
        ordering = ["id"]
        indexes = [models.Index(fields=["livestream", "minute", "name", "-id"], name="figures_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class Recap(models.Model):
    """The host's notes: one thing to keep, two to change."""

    livestream = models.OneToOneField(
        Livestream, models.PROTECT, related_name="recap", verbose_name=_("直播")
    )
    keep = models.CharField(_("一点保持"), max_length=200, blank=True)
    change_one = models.CharField(_("一处改进"), max_length=200, blank=True)
    change_two = models.CharField(_("第二处改进"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("填写人"))
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "复盘")
        verbose_name_plural = pgettext_lazy("many", "复盘")

    def __str__(self) -> str:
        return str(self.livestream)


class RecapComment(models.Model):
    """A trainer's comment."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    livestream = models.ForeignKey(
        Livestream, models.PROTECT, related_name="comments", verbose_name=_("直播")
    )
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁说的"))
    text = models.TextField(_("点评"), max_length=600)
    at = models.DateTimeField(_("什么时候"), default=timezone.now)
    removed_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "复盘点评")
        verbose_name_plural = pgettext_lazy("many", "复盘点评")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:20]
