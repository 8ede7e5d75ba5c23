"""Texts of listings on sale that the wording check blocks and that wait for an organiser."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from shops.models.product import Product
from wording.models import Check


class WaitingText(models.Model):
    """The text that a seller wants a listing on sale to have, at most one of a listing.

    The listing keeps its own text until an organiser has passed the appeal. `appealed` is the check of the appeal: None until
    the seller has said why, and after the appeal was taken back. `base` is a digest of the listing's text at the appeal.
    """

    product = models.OneToOneField(
        Product, models.CASCADE, related_name="waiting_text", verbose_name=_("商品")
    )
    name = models.CharField(_("名称"), max_length=30)
    variety = models.CharField(_("品种"), max_length=30, blank=True)
    origin = models.CharField(_("产地"), max_length=60, blank=True)
    description = models.TextField(_("说几句"), max_length=1000, blank=True)
    appealed = models.ForeignKey(
        Check, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("申诉的那次检查")
    )
    base = models.CharField(max_length=64, blank=True, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("填写人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "等管理员看的文字")
        verbose_name_plural = pgettext_lazy("many", "等管理员看的文字")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def waits(self) -> bool:
        """Return whether an organiser has yet to decide."""
        return self.appealed is not None and not self.appealed.decision

    @property
    def is_refused(self) -> bool:
        return self.appealed is not None and self.appealed.decision == Check.Decision.KEPT

    @property
    def is_passed(self) -> bool:
        """Return whether it was passed, but could not be put in."""
        return self.appealed is not None and self.appealed.decision == Check.Decision.PASSED
