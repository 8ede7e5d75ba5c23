"""What villages sell. The catalogue's rows live in shops/products.py, stock in shops/stock.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Membership, User
from accounts.places import Place
from media.models import Photo
from shops.drafts import ListingDraft  # noqa: F401
from shops.products import Category, PriceChange, Product, ProductPhoto, StockMove  # noqa: F401
from ui.models import Stamped


class VillageQuerySet(models.QuerySet):
    def manageable_by(self, user: User) -> VillageQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))


class Village(Stamped):
    """What a village shows to buyers; the place itself is in accounts."""

    stamp_name = "shops"

    place = models.OneToOneField(Place, models.CASCADE, related_name="village", verbose_name=_("村"))
    slug = models.SlugField(_("网址名"), max_length=40, unique=True)
    story = models.TextField(_("村里的故事"), max_length=1500, blank=True)
    cover = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("封面")
    )

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "村页面")
        verbose_name_plural = pgettext_lazy("many", "村页面")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.place.name

    def get_absolute_url(self) -> str:
        return reverse("shops:village", args=[self.slug])


class ShopQuerySet(models.QuerySet):
    def open(self) -> ShopQuerySet:
        return self.filter(is_open=True)

    def of(self, user: User) -> ShopQuerySet:
        """The shops this person sells in, as owner or helper."""
        return self.filter(Q(owner=user.pk) | Q(helpers=user.pk)).distinct()

    def manageable_by(self, user: User) -> ShopQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))

    def visible_to(self, user: User) -> ShopQuerySet:
        """Open to all; closed ones to those who sell in them and to the organiser."""
        if not user.is_authenticated:
            return self.open()
        mine = Q(owner=user.pk) | Q(helpers=user.pk)
        held = Q(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))
        return self.filter(Q(is_open=True) | mine | held).distinct()


class Shop(Stamped):
    """`contact` is the number the seller chose to show in public; empty until they chose one."""

    stamp_name = "shops"

    place = models.ForeignKey(Place, models.PROTECT, related_name="shops", verbose_name=_("村"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="shops_owned", verbose_name=_("店主"))
    helpers = models.ManyToManyField(User, blank=True, related_name="shops_helped", verbose_name=_("帮手"))
    name = models.CharField(_("店名"), max_length=30)
    slug = models.SlugField(_("网址名"), max_length=40, unique=True)
    story = models.TextField(_("种地的故事"), max_length=1000, blank=True)
    contact = PhoneNumberField(_("公开的联系电话"), region="CN", blank=True)
    address = models.CharField(_("实际地址"), max_length=120, blank=True)
    cover = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("封面")
    )
    is_open = models.BooleanField(_("开着"), default=True)
    created_at = models.DateTimeField(_("开店时间"), auto_now_add=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "小店")
        verbose_name_plural = pgettext_lazy("many", "小店")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shops:shop", args=[self.slug])
