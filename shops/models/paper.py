"""Papers that prove what a shop says of its goods: certificates, licences, filings, test reports."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from media.models import Document
from shops.models.product import Product
from shops.models.shop import Shop
from ui.models import Stamped


class PaperQuerySet(models.QuerySet):
    def in_force(self, day=None) -> PaperQuerySet:
        """Return the papers that an organiser has checked and that have not expired on that day."""
        day = day or timezone.localdate()
        running = Q(expires_on__isnull=True) | Q(expires_on__gte=day)
        return self.filter(running, status=Paper.Status.ACCEPTED)

    def for_product(self, product: Product) -> PaperQuerySet:
        """Return the papers of the product's shop that are valid for all its products or for this one."""
        alone = Q(products=None) | Q(products=product.pk)
        return self.filter(alone, shop=product.shop_id).distinct()

    def manageable_by(self, user: User) -> PaperQuerySet:
        return self.filter(shop__in=Shop.objects.manageable_by(user))

    def visible_to(self, user: User | AnonymousUser) -> PaperQuerySet:
        """Return the papers whose picture the user may see: sellers of the shop and its organiser. Buyers see only a paper's
        number.
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(shop__in=Shop.objects.of(user)) | Q(shop__in=Shop.objects.manageable_by(user)))


class Paper(Stamped):
    """A certificate, licence, filing or test report, with its number, holder, expiry and file."""

    stamp_name = "shops"

    class Kind(models.TextChoices):
        GREEN = "green", _("绿色食品证书")
        ORGANIC = "organic", _("有机产品认证证书")
        GI = "gi", _("地理标志使用授权")
        SELENIUM = "selenium", _("富硒检测或认证")
        REPORT = "report", _("检测报告")
        FILING = "filing", _("预包装食品备案")
        LICENCE = "licence", _("食品生产或经营许可证")
        BUSINESS = "business", _("营业执照")

    class Status(models.TextChoices):
        WAITING = "waiting", _("等核对")
        ACCEPTED = "accepted", _("核对过")
        REFUSED = "refused", _("没通过")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="papers", verbose_name=_("小店"))
    kind = models.CharField(_("什么证"), max_length=10, choices=Kind)
    number = models.CharField(_("证书编号"), max_length=60)
    holder = models.CharField(_("持证人"), max_length=60)
    issuer = models.CharField(_("发证单位"), max_length=60, blank=True)
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)
    expires_on = models.DateField(_("到哪天"), null=True, blank=True)
    file = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("证书照片或 PDF"))
    # Empty: valid for all that the shop sells.
    products = models.ManyToManyField(Product, blank=True, related_name="papers", verbose_name=_("哪些商品"))
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.WAITING)
    refused_reason = models.CharField(_("没通过的原因"), max_length=200, blank=True)
    # Why a paper of another holder is valid for this shop: authorised by the association, a member of the company.
    accepted_reason = models.CharField(_("持证人不同为什么收下"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("核对人")
    )
    decided_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("提交人"))
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "证书和资料")
        verbose_name_plural = pgettext_lazy("many", "证书和资料")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["status", "created_at"], name="paper_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def mark(self) -> str:
        """Return the text of the badge on a product."""
        short: dict[str, str | Promise] = {
            self.Kind.GREEN: _("绿色食品"),
            self.Kind.ORGANIC: _("有机"),
            self.Kind.GI: _("地理标志"),
        }
        return str(short.get(self.kind) or _("富硒"))

    def is_over(self, day: datetime.date | None = None) -> bool:
        return self.expires_on is not None and self.expires_on < (day or timezone.localdate())

    def days_left(self, day: datetime.date | None = None) -> int | None:
        return None if self.expires_on is None else (self.expires_on - (day or timezone.localdate())).days

    @property
    def holder_differs(self) -> bool:
        """Return whether the paper's holder is not the seller."""
        return "".join(self.holder.split()) != "".join(self.shop.legal_name.split())
