"""The photos of a product, in the seller's order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models import Photo
from shops.models.product import Product


class ProductPhoto(models.Model):
    product = models.ForeignKey(Product, models.CASCADE, related_name="photos", verbose_name=_("商品"))
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+", verbose_name=_("照片"))
    position = models.PositiveIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("one", "商品照片")
        verbose_name_plural = pgettext_lazy("many", "商品照片")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "photo"], name="photo_once_a_product")]

    def __str__(self) -> str:
        return str(self.photo)
