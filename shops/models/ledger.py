"""Income and expenses, and what is owed to whom for which fruit. Fen and grams; append-only."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from shops.models.batch import Batch
from shops.models.claim import Claim
from shops.models.order import Order
from shops.models.shop import Shop


class LedgerEntry(models.Model):
    """One entry of a shop's ledger; append-only. `fen` is positive for income, negative for expenses.

    A wrong entry is cancelled by a counter-entry that names it in `corrects`. `grams` is the weight sold, negative for
    returns.
    """

    class Kind(models.TextChoices):
        ORDER = "order", _("订单收入")
        LIVE = "live", _("直播收入")
        OTHER_IN = "other_in", _("其他收入")
        REFUND = "refund", _("退款")
        BOXES = "boxes", _("纸箱包装")
        FREIGHT = "freight", _("快递运费")
        INPUTS = "inputs", _("农资")
        HELPERS = "helpers", _("请人帮工")
        SUPPLY = "supply", _("付给供货农户")
        OTHER_OUT = "other_out", _("其他支出")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="entries", verbose_name=_("小店"))
    # The person whose income or expense it is: the owner by default.
    villager = models.ForeignKey(User, models.PROTECT, related_name="ledger_entries", verbose_name=_("谁的"))
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    on = models.DateField(_("哪天"))
    fen = models.BigIntegerField(_("金额（分）"))
    grams = models.BigIntegerField(_("重量（克）"), default=0)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("订单")
    )
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("坏果申请")
    )
    supply = models.ForeignKey(
        "shops.Supply", models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("供货")
    )
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name=_("更正哪一笔"),
    )
    # The path of the page that lists the rows summed up here, if an upper app wrote the entry.
    page = models.CharField(max_length=100, blank=True, editable=False)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("记录人"))
    at = models.DateTimeField(_("记账时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "收支流水")
        verbose_name_plural = pgettext_lazy("many", "收支流水")
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["shop", "-on", "-id"], name="ledger_shop_day"),
            models.Index(fields=["shop", "kind", "-on", "-id"], name="ledger_shop_kind"),
            models.Index(fields=["villager", "-on", "-id"], name="ledger_villager"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class LedgerMonth(models.Model):
    """Sums of a shop's entries by month, villager and kind, so that a shop of 50,000 orders opens as fast as one of 50.

    They are updated in the transaction that adds an entry, and can be computed again from the entries. `month` is its first
    day.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="months", verbose_name=_("小店"))
    villager = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("谁的"))
    month = models.DateField(_("月份"))
    kind = models.CharField(_("类型"), max_length=10, choices=LedgerEntry.Kind)
    fen = models.BigIntegerField(_("金额（分）"), default=0)
    grams = models.BigIntegerField(_("重量（克）"), default=0)
    entries = models.PositiveIntegerField(_("几笔"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("one", "每月合计")
        verbose_name_plural = pgettext_lazy("many", "每月合计")
        ordering = ["-month", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "villager", "month", "kind"], name="one_sum_a_month_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_kind_display()}"


class Supply(models.Model):
    """A delivery: who brought which weight of a batch at what price; append-only but for its cancellation.

    It is the purchase log that 食品安全法 §65 requires, and says what is due to each person. Prices in thousandths of a fen
    per 斤 (500 g); `due_fen` is computed once, when the row is written.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="supplies", verbose_name=_("批次"))
    villager = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supplies",
        verbose_name=_("农户（有账号的）"),
    )
    name = models.CharField(_("农户姓名"), max_length=30)
    address = models.CharField(_("哪里的"), max_length=60)
    contact = models.CharField(_("联系方式"), max_length=30)
    pledge_number = models.CharField(_("他的合格证编号"), max_length=40, blank=True)
    on = models.DateField(_("哪天收的"))
    grams = models.PositiveBigIntegerField(_("多少（克）"))
    fen_per_jin = models.PositiveIntegerField(_("每斤多少钱（分）"))
    due_fen = models.PositiveBigIntegerField(_("该给多少（分）"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("记录人"))
    at = models.DateTimeField(_("记账时间"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    cancelled_reason = models.CharField(_("作废原因"), max_length=100, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "供货")
        verbose_name_plural = pgettext_lazy("many", "供货")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(grams__gte=1), name="supply_weighs")]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"
