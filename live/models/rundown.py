"""The rundown: the items in their order, their scripts, and the units reserved for them."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from live.models.livestream import Livestream
from shops.models import Product


class RundownItem(models.Model):
    """One item to show: a product of the shop, or in a rehearsal one typed by hand. Fen and grams a unit.

    A typed item has `name`, `unit`, `net_grams` and `price_fen`. `left` is the sum of its QuotaMoves: reserved units still
    to be sold in this live. Only live.on_air.quota writes it.
    """

    class Role(models.TextChoices):
        CROWD = "crowd", _("引流款")
        EARNER = "earner", _("利润款")
        IMAGE = "image", _("形象款")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    livestream = models.ForeignKey(Livestream, models.CASCADE, related_name="items", verbose_name=_("直播"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="rundown_items", verbose_name=_("商品")
    )
    name = models.CharField(_("名称"), max_length=30, blank=True)
    unit = models.CharField(_("按什么卖"), max_length=4, choices=Product.Unit, default=Product.Unit.BOX)
    net_grams = models.PositiveIntegerField(
        _("净重（克）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(1_000_000)],
    )
    price_fen = models.PositiveIntegerField(
        _("价钱（分）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)],
    )
    role = models.CharField(_("这款的定位"), max_length=6, choices=Role, default=Role.EARNER)
    minutes = models.PositiveSmallIntegerField(
        _("讲几分钟"), default=5, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    # None: the listing's price at the time of the sale.
    live_price_fen = models.PositiveIntegerField(
        _("直播价（分）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)],
    )
    # None: nothing is reserved; units are sold from the stock.
    quota = models.PositiveIntegerField(
        _("给直播留多少"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
    )
    left = models.PositiveIntegerField(_("还剩"), default=0, editable=False)
    talking_points = models.TextField(_("要讲到的"), max_length=500, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "排品表的一款")
        verbose_name_plural = pgettext_lazy("many", "排品表的一款")
        ordering = ["livestream", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(left__gte=0), name="live_quota_never_negative"),
            models.CheckConstraint(
                condition=Q(product__isnull=False) | ~Q(name=""), name="item_is_something"
            ),
            models.UniqueConstraint(
                fields=["livestream", "product"],
                condition=Q(product__isnull=False),
                name="product_once_a_live",
            ),
        ]
        indexes = [models.Index(fields=["livestream", "position", "id"], name="items_in_order")]

    def __str__(self) -> str:
        return self.product.name if self.product else self.name

    @property
    def sold_product(self) -> Product:
        """Return the product: a real live starts only when each of its items has one (`live.readiness.checks`)."""
        assert self.product is not None
        return self.product

    @property
    def unit_price_fen(self) -> int | None:
        """Return the price of a unit while no flash price runs; reads the product."""
        if self.live_price_fen is not None:
            return self.live_price_fen
        return self.product.price_fen if self.product else self.price_fen


class QuotaMove(models.Model):
    """A change of an item's quota; append-only, the moves of an item add up to what is left of it.

    Reserving and releasing also write a StockMove of the opposite sign in the same transaction.
    """

    class Reason(models.TextChoices):
        CARVED = "carved", _("从库存留出来")
        SOLD = "sold", _("卖了")
        UNDONE = "undone", _("记错了，放回")
        BACK = "back", _("下播，还回库存")

    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    item = models.ForeignKey(RundownItem, models.PROTECT, related_name="moves", verbose_name=_("哪一款"))
    delta = models.IntegerField(_("增减"))
    reason = models.CharField(_("原因"), max_length=8, choices=Reason)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "直播名额流水")
        verbose_name_plural = pgettext_lazy("many", "直播名额流水")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(delta=0), name="quota_moves_something")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.delta:+d}"


class ScriptVersion(models.Model):
    """A version of an item's script; append-only, the newest `number` is valid.

    `parts`: the five PARTS as typed, with placeholders (live.scripts.placeholders) that are filled from the listing on read.
    """

    PARTS = ("who", "what", "proof", "price", "promise")

    item = models.ForeignKey(RundownItem, models.CASCADE, related_name="scripts", verbose_name=_("哪一款"))
    number = models.PositiveIntegerField(_("第几版"))
    parts = models.JSONField(_("五段话"), default=dict)
    text_hash = models.CharField(max_length=64, editable=False)
    # The check of the saved text with facts filled in.
    check_made = models.ForeignKey(
        "wording.Check", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("填写人"))
    made_at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "脚本")
        verbose_name_plural = pgettext_lazy("many", "脚本")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="script_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="script_numbers_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.number}"
