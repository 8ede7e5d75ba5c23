"""An order request and what became of it. Money in fen, weight in grams, times in UTC."""

from __future__ import annotations

import secrets
import uuid

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Membership, Place, User
from media.models import Document, Photo
from shops.models.product import Product
from shops.models.shop import PickUpPoint, Shop
from shops.models.stock import Presale
from ui import formats


def make_token() -> str:
    """Return 128 random bits: whoever has the link may see the order, so it must not be guessed."""
    return secrets.token_urlsafe(16)


class OrderQuerySet(models.QuerySet):
    def due(self, now=None) -> OrderQuerySet:
        """Return the requests that expired unanswered and still hold their stock."""
        return self.filter(status=Order.Status.REQUESTED, expires_at__lte=now or timezone.now())

    def of(self, user: User) -> OrderQuerySet:
        """Return the orders of the shops this person sells in."""
        return self.filter(shop__in=Shop.objects.of(user))

    def brought_by(self, source: str) -> OrderQuerySet:
        """Return the accepted orders, neither cancelled nor refunded, whose buyers came by this printed code."""
        gone = (Order.Status.CANCELLED, Order.Status.REFUNDED)
        return self.filter(came_from=source, accepted_at__isnull=False).exclude(status__in=gone)

    def visible_to(self, user: User | AnonymousUser) -> OrderQuerySet:
        """Return what the shops' sellers may see, and the organiser of the shop's place, who answers complaints."""
        if not user.is_authenticated:
            return self.none()
        held = Q(shop__place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))
        return self.filter(Q(shop__in=Shop.objects.of(user)) | held)


class Order(models.Model):
    """An order placed without an account; nothing is paid before the seller accepts it (电子商务法 §49).

    Its stock is reserved from the start. `status` follows the newest OrderEvent; a request whose `expires_at` has passed
    counts as expired even before that is stored (see `state`). Only shops.orders writes orders.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("等卖家接单")
        ACCEPTED = "accepted", _("已接单，等付款")
        PAID = "paid", _("已付款，等发货")
        PACKED = "packed", _("已打包")
        SHIPPED = "shipped", _("已发货")
        RECEIVED = "received", _("已收到")
        DECLINED = "declined", _("卖家没接")
        CANCELLED = "cancelled", _("已取消")
        EXPIRED = "expired", _("过了时间，没接")
        REFUNDED = "refunded", _("已退款")

        @property
        def for_seller(self) -> str:
            """Return the label for the seller, who is the one that the order waits for."""
            theirs = {"requested": _("等你接单"), "declined": _("你没接")}
            return str(theirs.get(self.value, self.label))

    class Source(models.TextChoices):
        """The printed QR code by which the buyer came; its URL has `?from=`."""

        POSTER = "poster", _("海报")
        CARD = "card", _("货架牌")

    number = models.CharField(_("订单号"), max_length=16, unique=True)
    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    # Made with the empty form, so that a form sent twice places one order.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders", verbose_name=_("小店"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.REQUESTED)
    buyer = models.CharField(_("收货人"), max_length=30)
    phone = PhoneNumberField(_("手机号"), region="CN")
    phone_verified = models.BooleanField(_("号码验证过"), default=False)
    # GB/T 2260 codes; `region` holds their names at that time.
    province = models.CharField(_("省份"), max_length=6, blank=True)
    city = models.CharField(_("城市"), max_length=6, blank=True)
    county = models.CharField(_("区县"), max_length=6, blank=True)
    region = models.CharField(_("地区"), max_length=60, blank=True)
    address = models.CharField(_("详细地址"), max_length=120, blank=True)
    point = models.ForeignKey(
        PickUpPoint, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("自提点")
    )
    note = models.CharField(_("留言"), max_length=200, blank=True)
    goods_fen = models.PositiveBigIntegerField(_("货款（分）"))
    freight_fen = models.PositiveIntegerField(_("运费（分）"), default=0)
    total_fen = models.PositiveBigIntegerField(_("合计（分）"))
    refunded_fen = models.PositiveBigIntegerField(_("退了（分）"), default=0)
    net_grams = models.PositiveBigIntegerField(_("净重（克）"))
    gross_grams = models.PositiveBigIntegerField(_("毛重（克）"))
    packed_grams = models.PositiveBigIntegerField(_("装箱实重（克）"), null=True, blank=True)
    # 消费者权益保护法实施条例 §19: ticked by the buyer; the box is never ticked beforehand.
    perishable_ok_at = models.DateTimeField(_("确认鲜活易腐的时间"), null=True, blank=True)
    courier = models.CharField(_("快递公司"), max_length=20, blank=True)
    parcel = models.CharField(_("快递单号"), max_length=40, blank=True)
    # The seller's identity, the freight and the terms, as the page showed them.
    page = models.JSONField(_("下单时的页面"), default=dict)
    placed_at = models.DateTimeField(_("下单时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("到什么时候要接"))
    accepted_at = models.DateTimeField(_("接单时间"), null=True, blank=True)
    received_at = models.DateTimeField(_("收货时间"), null=True, blank=True)
    changed_at = models.DateTimeField(_("改动时间"), default=timezone.now)
    came_from = models.CharField(
        _("扫了什么来的"), max_length=10, choices=Source, blank=True, default="", editable=False
    )
    placed_from = models.CharField(max_length=64, blank=True, editable=False)  # a keyed hash of the IP

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "订单")
        verbose_name_plural = pgettext_lazy("many", "订单")
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_fen=F("goods_fen") + F("freight_fen")), name="order_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__lte=F("total_fen")), name="refund_not_above_total"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "status", "-placed_at", "-id"], name="order_shop_status"),
            models.Index(fields=["shop", "-placed_at", "-id"], name="order_shop_newest"),
            models.Index(fields=["status", "expires_at"], name="order_due"),
            models.Index(fields=["phone", "-placed_at"], name="order_phone"),
            # For `brought_by`: only the few orders that came by a printed code.
            models.Index(fields=["shop", "came_from"], condition=~Q(came_from=""), name="order_scanned"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the buyer's link, which needs no sign-in."""
        return reverse("shops:order", args=[self.token])

    @property
    def state(self) -> Order.Status:
        """Return the status now: a request past its `expires_at` has expired, even if that is not stored yet."""
        is_over = self.status == self.Status.REQUESTED and self.expires_at <= timezone.now()
        return self.Status.EXPIRED if is_over else self.Status(self.status)


def describe_line(name: str, quantity: int) -> str:
    return f"{name} × {quantity}"


class OrderLine(models.Model):
    """One product of an order, with a snapshot of its page (直播电商监督管理办法 §16: stored for three years)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", verbose_name=_("订单"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="order_lines", verbose_name=_("商品"))
    presale = models.ForeignKey(
        Presale, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("预售")
    )
    quantity = models.PositiveIntegerField(
        _("几份"), validators=[MinValueValidator(1), MaxValueValidator(9999)]
    )
    price_fen = models.PositiveIntegerField(_("一份多少钱（分）"))
    net_grams = models.PositiveIntegerField(_("一份净重（克）"))
    gross_grams = models.PositiveIntegerField(_("一份毛重（克）"))
    unit = models.CharField(_("按什么卖"), max_length=4, choices=Product.Unit)
    name = models.CharField(_("名称"), max_length=30)
    page = models.JSONField(_("下单时的商品页"), default=dict)
    photos = models.ManyToManyField(
        Photo, blank=True, related_name="+", verbose_name=pgettext_lazy("many", "照片")
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "订单里的一行")
        verbose_name_plural = pgettext_lazy("many", "订单里的一行")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="one_line_a_product"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_of_one_at_least"),
        ]

    def __str__(self) -> str:
        return describe_line(self.name, self.quantity)

    @property
    def fen(self) -> int:
        return self.price_fen * self.quantity

    @property
    def words(self) -> str:
        """Return quantity and price: "2 箱 × ¥29.90"."""
        return f"{self.quantity} {Product.Unit(self.unit).after(self.quantity)} × ¥{formats.yuan(self.price_fen)}"


class OrderEvent(models.Model):
    """One step of an order; append-only. A second request with the same `key` has no effect."""

    class Verb(models.TextChoices):
        PLACED = "placed", _("下单")
        ACCEPTED = "accepted", _("接单")
        REOPENED = "reopened", _("撤回接单")
        DECLINED = "declined", _("没接")
        CANCELLED = "cancelled", _("取消")
        EXPIRED = "expired", _("到时间没接")
        PAID = "paid", _("收到钱了")
        PACKED = "packed", _("打包")
        SHIPPED = "shipped", _("发货")
        RENUMBERED = "renumbered", _("改单号")
        RECEIVED = "received", _("收到")
        CLAIMED = "claimed", _("报坏果")
        SETTLED = "settled", _("处理坏果")
        REFUSED = "refused", _("没同意坏果")
        REFUNDED = "refunded", _("全部退款")

    class By(models.TextChoices):
        BUYER = "buyer", _("买家")
        SELLER = "seller", _("卖家")
        CLOCK = "clock", _("到时间")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="events", verbose_name=_("订单"))
    claim = models.ForeignKey(
        "shops.Claim",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("坏果申请"),
    )
    verb = models.CharField(_("操作"), max_length=10, choices=Verb)
    by = models.CharField(_("哪一边"), max_length=6, choices=By)
    actor = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁")
    )
    fen = models.BigIntegerField(_("金额（分）"), default=0)
    grams = models.BigIntegerField(_("重量（克）"), default=0)
    detail = models.JSONField(_("详情"), default=dict, blank=True)
    photo = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("照片")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "订单流水")
        verbose_name_plural = pgettext_lazy("many", "订单流水")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.order} {self.verb}"
