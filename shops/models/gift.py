"""Gifts that come with a product."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shops.models.product import Product
from ui.models import Stamped


class Gift(Stamped):
    """A gift that comes with a product.

    广告法 §8: kind, specification, number, time limit and way of giving must be stated; 明码标价和禁止价格欺诈规定 §18: so
    must its value at today's price.
    """

    stamp_name = "shops"

    product = models.ForeignKey(Product, models.CASCADE, related_name="gifts", verbose_name=_("商品"))
    kind = models.CharField(_("送什么"), max_length=30)
    spec = models.CharField(_("规格"), max_length=30)
    number = models.PositiveIntegerField(_("每份送几个"), validators=[MinValueValidator(1)])
    limit = models.CharField(_("限多少、到哪天"), max_length=60)
    way = models.CharField(_("怎么送"), max_length=60)
    value_fen = models.PositiveIntegerField(_("值多少（分）"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "赠品")
        verbose_name_plural = pgettext_lazy("many", "赠品")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.kind
