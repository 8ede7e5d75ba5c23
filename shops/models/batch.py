"""Where fruit comes from: the batch, its spray log, and its pledge of safety (承诺达标合格证)."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from media.models import Photo
from shops.models.product import Category
from shops.models.shop import Shop
from ui.models import Stamped

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_code() -> str:
    """Return ten random letters (49 bits, so that codes cannot be guessed in turn) that are not confused when read aloud."""
    return "".join(secrets.choice(LETTERS) for _letter in range(10))


class BatchQuerySet(models.QuerySet):
    def of_seller(self, user: User) -> BatchQuerySet:
        return self.filter(shop__in=Shop.objects.of(user))

    def manageable_by(self, user: User) -> BatchQuerySet:
        return self.filter(shop__in=Shop.objects.manageable_by(user))

    def visible_to(self, user: User | AnonymousUser) -> BatchQuerySet:
        """Return the public batches, and all batches of shops where the user sells or is the organiser."""
        if not user.is_authenticated:
            return self.filter(is_public=True)
        mine = Q(shop__in=Shop.objects.of(user)) | Q(shop__in=Shop.objects.manageable_by(user))
        return self.filter(Q(is_public=True) | mine)


class Batch(Stamped):
    """One picking from one plot. Weights in grams; sweetness in tenths of a degree Brix, with its day and instrument."""

    stamp_name = "shops"

    code = models.CharField(_("追溯码"), max_length=10, unique=True, default=make_code, editable=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="batches", verbose_name=_("小店"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("种类"))
    name = models.CharField(_("品名"), max_length=30)
    variety = models.CharField(_("品种"), max_length=30, blank=True)
    origin = models.CharField(_("产地"), max_length=60)
    plot = models.CharField(_("哪块地"), max_length=60)
    grower_name = models.CharField(_("谁种的"), max_length=60)
    harvested_on = models.DateField(_("哪天采的"))
    grams = models.PositiveBigIntegerField(
        _("采了多少（克）"), validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000_000)]
    )
    brix_tenths = models.PositiveSmallIntegerField(_("糖度（0.1 度）"), null=True, blank=True)
    brix_on = models.DateField(_("哪天测的"), null=True, blank=True)
    brix_tool = models.CharField(_("用什么测的"), max_length=40, blank=True)
    note = models.TextField(_("说几句"), max_length=500, blank=True)
    photos = models.ManyToManyField(
        Photo, blank=True, related_name="+", verbose_name=pgettext_lazy("many", "照片")
    )
    is_public = models.BooleanField(_("买家能查"), default=True)
    # True once some of it was sold by a product that now belongs to another batch.
    sold_at = models.DateTimeField(editable=False, null=True, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("记录人"))
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "批次")
        verbose_name_plural = pgettext_lazy("many", "批次")
        ordering = ["-harvested_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(brix_tenths__isnull=True, brix_on__isnull=True, brix_tool="")
                | Q(brix_tenths__isnull=False, brix_on__isnull=False) & ~Q(brix_tool=""),
                name="brix_with_day_and_tool",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.harvested_on}"

    def get_absolute_url(self) -> str:
        return reverse("shops:trace", args=[self.code])

    @property
    def brix(self) -> str:
        """Format the sweetness: 125 → "12.5"."""
        return "" if self.brix_tenths is None else f"{self.brix_tenths // 10}.{self.brix_tenths % 10}"


class BatchNote(Stamped):
    """A later finding or correction; append-only. The facts of a batch that was sold are never changed."""

    stamp_name = "shops"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="notes", verbose_name=_("批次"))
    text = models.CharField(_("更正或补充"), max_length=200)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("记录人"))
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "批次更正")
        verbose_name_plural = pgettext_lazy("many", "批次更正")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Spray(Stamped):
    """One entry of the spray log (农产品质量安全法 §27): nothing may be picked before the pre-harvest interval has passed."""

    stamp_name = "shops"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="sprays", verbose_name=_("批次"))
    on = models.DateField(_("哪天用的"))
    what = models.CharField(_("用了什么"), max_length=60)
    dose = models.CharField(_("用量"), max_length=60)
    against = models.CharField(_("防什么"), max_length=60)
    interval_days = models.PositiveSmallIntegerField(
        _("安全间隔期（天）"), validators=[MaxValueValidator(365)]
    )
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("记录人"))
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "用药记录")
        verbose_name_plural = pgettext_lazy("many", "用药记录")
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.on}"

    @property
    def waited_days(self) -> int:
        return (self.batch.harvested_on - self.on).days


class Pledge(Stamped):
    """A pledge of conformity, 承诺达标合格证, issued for a batch (农产品质量安全法 §39).

    Append-only but for its withdrawal, so that it stays as it was issued. A mixed or split lot gets a pledge of its own.
    """

    stamp_name = "shops"

    class Basis(models.TextChoices):
        CONTROL = "control", _("质量安全控制符合要求")
        OWN_TEST = "own_test", _("自行检测合格")
        SENT_TEST = "sent_test", _("委托检测合格")

    number = models.CharField(_("编号"), max_length=24, unique=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="pledges", verbose_name=_("批次"))
    name = models.CharField(_("产品名称"), max_length=30)
    grams = models.PositiveBigIntegerField(_("数量（克）"))
    origin = models.CharField(_("产地"), max_length=120)
    promiser = models.CharField(_("承诺主体"), max_length=60)
    contact = models.CharField(_("联系方式"), max_length=30)
    basis = models.CharField(_("承诺依据"), max_length=10, choices=Basis)
    promise = models.TextField(_("承诺"), max_length=500)
    issued_on = models.DateField(_("开具日期"))
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("开具人")
    )
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("作废原因"), max_length=100, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "承诺达标合格证")
        verbose_name_plural = pgettext_lazy("many", "承诺达标合格证")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None
