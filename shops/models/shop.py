"""Villages and the shops in them."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Membership, Place, User
from media.models import Document, Photo
from ui.models import Stamped


class VillageQuerySet(models.QuerySet):
    def manageable_by(self, user: User) -> VillageQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))


class Village(Stamped):
    """The public page of a village; the place itself is a row of accounts."""

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


def find_places_sold_in(user: User) -> QuerySet:
    """Return the ids of the villages in which this person is now a granted seller."""
    granted = Membership.objects.granted().filter(user=user.pk, role=Membership.Role.SELLER)
    return granted.order_by().values("place")


class ShopQuerySet(models.QuerySet):
    def open(self) -> ShopQuerySet:
        return self.filter(is_open=True)

    def of(self, user: User) -> ShopQuerySet:
        """Return the shops in which this person sells, as owner or helper, and is a granted seller of the shop's village."""
        mine = Q(owner=user.pk) | Q(helpers=user.pk)
        return self.filter(mine, place__in=find_places_sold_in(user)).distinct()

    def owned_by(self, user: User) -> ShopQuerySet:
        """Return the shops that this person owns and may still sell in."""
        return self.filter(owner=user.pk, place__in=find_places_sold_in(user))

    def manageable_by(self, user: User) -> ShopQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))

    def visible_to(self, user: User | AnonymousUser) -> ShopQuerySet:
        """Open to all; closed ones to those who sell in them and to the organiser."""
        if not user.is_authenticated:
            return self.open()
        mine = Q(pk__in=Shop.objects.of(user).order_by().values("pk"))
        held = Q(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))
        return self.filter(Q(is_open=True) | mine | held)


class Shop(Stamped):
    """A shop. `contact` is the phone number that the seller chose to publish; empty until one is chosen.

    `seller`, `legal_name`, `licence_no`, `sources`, `exemption` and `address` are the seller's identity, which the law
    requires to be shown permanently (电子商务法 §10, §15; 直播电商监督管理办法 §25–26).
    """

    stamp_name = "shops"

    class Seller(models.TextChoices):
        PERSON = "person", _("农户个人")
        TRADER = "trader", _("个体户")
        COOP = "coop", _("合作社")
        COMPANY = "company", _("公司")

    class Sources(models.TextChoices):
        OWN = "own", _("只卖自家种的")
        MIXED = "mixed", _("也卖收来的")

    class Exemption(models.TextChoices):
        """Why the seller needs no registration (电子商务法 §10)."""

        OWN_PRODUCE = "own", _("个人卖自产农副产品")
        SMALL = "small", _("零星小额交易")

    place = models.ForeignKey(Place, models.PROTECT, related_name="shops", verbose_name=_("村"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="shops_owned", verbose_name=_("店主"))
    helpers = models.ManyToManyField(User, blank=True, related_name="shops_helped", verbose_name=_("帮手"))
    name = models.CharField(_("店名"), max_length=30)
    slug = models.SlugField(_("网址名"), max_length=40, unique=True)
    story = models.TextField(_("种地的故事"), max_length=1000, blank=True)
    contact = PhoneNumberField(_("公开的联系电话"), region="CN", blank=True)
    address = models.CharField(_("实际地址"), max_length=120, blank=True)
    seller = models.CharField(_("谁在卖"), max_length=8, choices=Seller, blank=True)
    legal_name = models.CharField(_("姓名或单位全称"), max_length=60, blank=True)
    licence_no = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    sources = models.CharField(_("卖谁家的"), max_length=6, choices=Sources, blank=True)
    exemption = models.CharField(_("为什么不用登记"), max_length=6, choices=Exemption, blank=True)
    # The shop's page on another platform, if this site only helps to sell there (SITE_ROLE=copilot).
    platform_url = models.URLField(_("在别的平台的店"), max_length=300, blank=True)
    # When an organiser last compared the identity with the papers (直播电商监督管理办法 §8: at least every six months).
    verified_on = models.DateField(_("核验日期"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("核验人")
    )
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


class PickUpPoint(Stamped):
    """A place where buyers can fetch orders: at the grower's, or at the township's station."""

    stamp_name = "shops"

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="points", verbose_name=_("小店"))
    name = models.CharField(_("自提点"), max_length=30)
    address = models.CharField(_("在哪里"), max_length=120)
    hours = models.CharField(_("什么时候能取"), max_length=60)
    is_open = models.BooleanField(_("开着"), default=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "自提点")
        verbose_name_plural = pgettext_lazy("many", "自提点")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class PayCode(models.Model):
    """A picture of the seller's own payment code; append-only. The newest one set is valid; without a picture there is none.

    Only the buyer of an accepted order sees it. A code waits for an organiser's decision if it was set from an account whose
    password somebody else had just given.
    """

    class Status(models.TextChoices):
        SET = "set", _("在用过")
        WAITING = "waiting", _("等管理员同意")
        DECLINED = "declined", _("没同意")
        DROPPED = "dropped", _("又换了别的")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="pay_codes", verbose_name=_("小店"))
    picture = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("收款码")
    )
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("更换人"))
    # For a waiting code: who had given the owner the password.
    reset_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("重置密码的人")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.SET)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "收款码")
        verbose_name_plural = pgettext_lazy("many", "收款码")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.shop} {timezone.localdate(self.at)}"
