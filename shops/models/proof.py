"""Evidence that a seller gives for claims in a listing."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from media.models import Document
from shops.models.product import Product


class Proof(models.Model):
    """The evidence for one claim (广告法 §11); with `asks`, the seller has none and asks an organiser to decide.

    It is valid only for these words under this rule: a second claim needs evidence of its own.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="proofs", verbose_name=_("商品"))
    rule = models.CharField(_("哪一条"), max_length=4)
    words = models.CharField(_("哪句话"), max_length=120)
    source = models.CharField(_("出处"), max_length=60, blank=True)
    dated = models.DateField(_("哪天的"), null=True, blank=True)
    report_no = models.CharField(_("报告编号"), max_length=60, blank=True)
    file = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报告照片或 PDF")
    )
    asks = models.BooleanField(_("没有依据，请管理员看"), default=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("填写人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "依据")
        verbose_name_plural = pgettext_lazy("many", "依据")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "rule", "words"], name="one_proof_a_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.words}"
