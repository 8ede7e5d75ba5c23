"""The facts of a live, during and after it: append-only rows, each with the person who recorded it. Only `LiveSale.entry` and
`FlashPrice.stopped_at` are set later."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from live.models.livestream import Livestream
from live.models.rundown import RundownItem
from shops.models import LedgerEntry


class ClientEvent(models.Model):
    """A fact with an id made on the phone, so that it may be sent again.

    `happened_at` is the phone's time, clamped; `received_at` is the server's, which decides.
    """

    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    livestream = models.ForeignKey(
        Livestream, models.PROTECT, related_name="%(class)ss", verbose_name=_("直播")
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁"))
    happened_at = models.DateTimeField(_("什么时候"), default=timezone.now)
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["happened_at", "id"]


class Pin(ClientEvent):
    """From `happened_at` on this item is the featured one (上桌)."""

    item = models.ForeignKey(RundownItem, models.PROTECT, related_name="pins", verbose_name=_("哪一款"))

    class Meta(ClientEvent.Meta):
        verbose_name = pgettext_lazy("one", "上桌记录")
        verbose_name_plural = pgettext_lazy("many", "上桌记录")
        indexes = [models.Index(fields=["livestream", "-happened_at", "-id"], name="pins_newest")]

    def __str__(self) -> str:
        return f"{self.livestream_id} {self.item_id}"


class Slip(ClientEvent):
    """A spoken mistake (口误) and its correction (直播电商监督管理办法 §31)."""

    item = models.ForeignKey(
        RundownItem, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("哪一款")
    )
    said = models.CharField(_("说成了什么"), max_length=200)
    right = models.CharField(_("对的是什么"), max_length=200)

    class Meta(ClientEvent.Meta):
        verbose_name = pgettext_lazy("one", "口误更正")
        verbose_name_plural = pgettext_lazy("many", "口误更正")

    def __str__(self) -> str:
        return self.said


class FlashPrice(ClientEvent):
    """A price that holds for some minutes by the server's clock, from `received_at` to `until`, or to
    `stopped_at` if the host ends it."""

    item = models.ForeignKey(RundownItem, models.PROTECT, related_name="flashes", verbose_name=_("哪一款"))
    price_fen = models.PositiveIntegerField(
        _("限时价（分）"), validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)]
    )
    until = models.DateTimeField(_("到期时间"))
    stopped_at = models.DateTimeField(_("提前停的时间"), null=True, blank=True)

    class Meta(ClientEvent.Meta):
        verbose_name = pgettext_lazy("one", "限时价")
        verbose_name_plural = pgettext_lazy("many", "限时价")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("received_at")), name="flash_price_lasts")
        ]
        indexes = [models.Index(fields=["item", "-until"], name="flashes_of_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.price_fen}"


class LiveSale(ClientEvent):
    """Units that the platform sold at one price; fen and grams are those of one unit.

    Units that neither quota nor stock had are `oversold`: the platform made the sale, so it is booked all the same. A
    mistake is undone by a row of the opposite sign.
    """

    item = models.ForeignKey(RundownItem, models.PROTECT, related_name="sales", verbose_name=_("哪一款"))
    quantity = models.IntegerField(_("几份"))
    price_fen = models.PositiveIntegerField(_("一份多少钱（分）"))
    net_grams = models.PositiveIntegerField(_("一份净重（克）"))
    from_quota = models.IntegerField(_("名额里出的"), default=0)
    from_stock = models.IntegerField(_("库存里出的"), default=0)
    oversold = models.IntegerField(_("超卖"), default=0)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("撤回哪一笔")
    )
    # Set when it is booked: at the end of the live, or at once if it was entered later.
    entry = models.ForeignKey(
        LedgerEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="live_sales",
        verbose_name=_("收支流水"),
    )

    class Meta(ClientEvent.Meta):
        verbose_name = pgettext_lazy("one", "直播成交")
        verbose_name_plural = pgettext_lazy("many", "直播成交")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity=F("from_quota") + F("from_stock") + F("oversold")),
                name="live_sale_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    undoes__isnull=True,
                    quantity__gte=1,
                    from_quota__gte=0,
                    from_stock__gte=0,
                    oversold__gte=0,
                )
                | Q(
                    undoes__isnull=False,
                    quantity__lte=-1,
                    from_quota__lte=0,
                    from_stock__lte=0,
                    oversold__lte=0,
                ),
                name="live_sale_of_one_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["livestream", "-happened_at", "-id"], name="sales_newest"),
            models.Index(fields=["item", "id"], name="sales_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} × {self.quantity}"

    @property
    def fen(self) -> int:
        return self.price_fen * self.quantity


class Settlement(ClientEvent):
    """How oversold units of an item were settled; `fen` was paid back for them."""

    class How(models.TextChoices):
        SENT = "sent", _("后来补发了")
        REFUNDED = "refunded", _("退了钱")
        SWAPPED = "swapped", _("换了别的货")

    item = models.ForeignKey(
        RundownItem, models.PROTECT, related_name="settlements", verbose_name=_("哪一款")
    )
    quantity = models.PositiveIntegerField(_("几份"), validators=[MinValueValidator(1)])
    how = models.CharField(_("怎么处理的"), max_length=8, choices=How)
    fen = models.PositiveBigIntegerField(_("退了多少（分）"), default=0)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    entry = models.ForeignKey(
        LedgerEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("收支流水")
    )

    class Meta(ClientEvent.Meta):
        verbose_name = pgettext_lazy("one", "超卖处理")
        verbose_name_plural = pgettext_lazy("many", "超卖处理")

    def __str__(self) -> str:
        return f"{self.item_id} × {self.quantity}"


class LiveRefund(ClientEvent):
    """Money that the platform paid back to buyers, known days later; `is_back`: the units returned to the stock."""

    item = models.ForeignKey(
        RundownItem, models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name=_("哪一款")
    )
    fen = models.PositiveBigIntegerField(_("退了多少（分）"), validators=[MinValueValidator(1)])
    quantity = models.PositiveIntegerField(_("几份"), default=0)
    is_back = models.BooleanField(_("货退回来了，能再卖"), default=False)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    entry = models.ForeignKey(
        LedgerEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="live_refunds",
        verbose_name=_("收支流水"),
    )

    class Meta(ClientEvent.Meta):
        verbose_name = pgettext_lazy("one", "直播退款")
        verbose_name_plural = pgettext_lazy("many", "直播退款")

    def __str__(self) -> str:
        return f"{self.livestream_id} {self.fen}"
