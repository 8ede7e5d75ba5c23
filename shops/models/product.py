"""Products on sale: their categories and photos, the gifts that come with them, and the evidence for what is said of them."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext_lazy

from accounts.models import Membership, Place, User
from media.models import Document, Photo
from shops.models.shop import Shop
from ui.models import Stamped

GRAMS_PER_JIN = 500


class CategoryQuerySet(models.QuerySet):
    def leaves(self) -> CategoryQuerySet:
        """Return the categories that a product can have; the branches above them only group them."""
        return self.filter(kinds=None)


class Category(Stamped):
    """A category of produce, in a tree of two levels. It decides which papers the law requires of a seller."""

    stamp_name = "shops"

    class Needs(models.TextChoices):
        """What 食品安全法 §35 requires: nothing for farm produce, a filing for prepacked food, a licence for other food."""

        NOTHING = "", _("不用证")
        FILING = "filing", _("预包装食品备案")
        LICENCE = "licence", _("食品生产或经营许可证")

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="kinds", verbose_name=_("大类")
    )
    needs = models.CharField(_("要什么证"), max_length=8, choices=Needs, blank=True, default=Needs.NOTHING)
    # 消费者权益保护法 §25: perishable goods cannot be returned within seven days if the buyer has confirmed that.
    is_perishable = models.BooleanField(_("鲜活易腐"), default=True)
    name = models.CharField(_("种类"), max_length=20, unique=True)
    name_en = models.CharField(_("英文名"), max_length=40, blank=True)
    slug = models.SlugField(_("网址名"), max_length=30, unique=True)
    # Words in a product's name that suggest this category, separated by spaces: 橙 柑 橘
    hints = models.CharField(_("名字里有这些字就猜是它"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "种类")
        verbose_name_plural = pgettext_lazy("many", "种类")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet):
    def published(self) -> ProductQuerySet:
        return self.filter(status=Product.Status.PUBLISHED, shop__is_open=True)

    def in_season(self, day: datetime.date | None = None) -> ProductQuerySet:
        day = day or timezone.localdate()
        return self.filter(harvest_from__lte=day, harvest_until__gte=day)

    def for_cards(self) -> ProductQuerySet:
        """Load all that a product card shows, in one query."""
        return self.select_related("place", "shop", "cover").defer("search_text", "description")

    def running_low(self) -> ProductQuerySet:
        """Return the products that are running low; the same rule as `is_low`."""
        return self.filter(status=Product.Status.PUBLISHED, stock__lte=models.F("low_stock"))

    def sold_by(self, user: User) -> ProductQuerySet:
        """The products of the shops this person owns or helps in."""
        return self.filter(shop__in=Shop.objects.of(user))

    def manageable_by(self, user: User) -> ProductQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))

    def visible_to(self, user: User | AnonymousUser) -> ProductQuerySet:
        """Return all published products, and in any state those that the user sells or may approve."""
        published = Q(status=Product.Status.PUBLISHED, shop__is_open=True)
        if not user.is_authenticated:
            return self.filter(published)
        mine = Q(pk__in=Product.objects.sold_by(user).order_by().values("pk"))
        held = Q(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))
        return self.filter(published | mine | held)


class Product(Stamped):
    """One thing on sale. Prices in fen per unit, weights in grams per unit, stock in units.

    `price_fen` and `stock` are what the newest PriceChange says and what the StockMoves sum to; only
    shops.pricing.prices and shops.inventory.stock write them. `millifen_per_jin` orders by price per 斤 (500 g).
    """

    stamp_name = "shops"

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("等审核")
        PUBLISHED = "published", _("在卖")
        RETURNED = "returned", _("退回修改")
        WITHDRAWN = "withdrawn", _("已下架")

    class Unit(models.TextChoices):
        BOX = "box", ngettext_lazy("箱", "箱", 1)
        JIN = "jin", _("斤")
        KG = "kg", _("公斤")

        def after(self, count: int) -> str:
            """Return the unit as it is written after a number: 1 box, 12 boxes, 12 jin."""
            return ngettext("箱", "箱", abs(count)) if self is Product.Unit.BOX else str(self.label)

    class Grower(models.TextChoices):
        OWN = "own", _("自家种的")
        NEIGHBOURS = "neighbours", _("收邻居的")
        COOP = "coop", _("合作社")

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="products", verbose_name=_("小店"))
    # Copied from the shop, so that an index finds the products of a village.
    place = models.ForeignKey(Place, models.PROTECT, related_name="products", verbose_name=_("村"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="products", verbose_name=_("种类"))
    name = models.CharField(_("名称"), max_length=30)
    variety = models.CharField(_("品种"), max_length=30, blank=True)
    unit = models.CharField(_("按什么卖"), max_length=4, choices=Unit, default=Unit.BOX)
    net_grams = models.PositiveIntegerField(
        _("净重（克）"), validators=[MinValueValidator(10), MaxValueValidator(1_000_000)]
    )
    # The weight with box and padding, from which freight is computed. None until somebody has weighed it.
    gross_grams = models.PositiveIntegerField(
        _("毛重（克）"), null=True, blank=True, validators=[MaxValueValidator(1_200_000)]
    )
    price_fen = models.PositiveIntegerField(
        _("价钱（分）"), validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)]
    )
    millifen_per_jin = models.PositiveBigIntegerField(editable=False, default=0)
    stock = models.PositiveIntegerField(_("库存"), default=0)
    # When the earliest hold expires: from then on more units are available than `stock` says.
    free_at = models.DateTimeField(editable=False, null=True, blank=True)
    low_stock = models.PositiveIntegerField(_("剩多少时提醒"), default=5)
    batch = models.ForeignKey(
        "shops.Batch", models.SET_NULL, null=True, blank=True, related_name="products", verbose_name=_("批次")
    )
    # Whether the earlier price is shown crossed out, if the price log allows it.
    shows_earlier = models.BooleanField(_("划出原来的价"), default=False)
    freight_included = models.BooleanField(_("包邮"), default=False)
    harvest_from = models.DateField(_("从哪天采"))
    harvest_until = models.DateField(_("采到哪天"))
    grower = models.CharField(_("谁家的果子"), max_length=10, choices=Grower)
    origin = models.CharField(_("产地"), max_length=60, blank=True)
    description = models.TextField(_("说几句"), max_length=1000, blank=True)
    cover = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("封面")
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    # All texts that a search finds, in lower case, in segments; see shops/products/search.py.
    search_text = models.TextField(editable=False, blank=True)
    # The text as it was last submitted or published, with the rules that were valid then.
    wording_check = models.ForeignKey(
        "wording.Check", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("上架人")
    )
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    listed_at = models.DateTimeField(_("上架时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "商品")
        verbose_name_plural = pgettext_lazy("many", "商品")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(stock__gte=0), name="stock_never_negative"),
            models.CheckConstraint(
                condition=Q(gross_grams__isnull=True) | Q(gross_grams__gte=models.F("net_grams")),
                name="gross_not_below_net",
            ),
            models.CheckConstraint(
                condition=Q(harvest_until__gte=models.F("harvest_from")), name="harvest_in_order"
            ),
        ]
        # One index for each filter and order of the storefront; `status` comes first, so that one index serves both the
        # filter and the order.
        indexes = [
            models.Index(fields=["status", "-listed_at", "-id"], name="product_newest"),
            models.Index(fields=["status", "millifen_per_jin", "id"], name="product_price"),
            models.Index(fields=["place", "status", "-listed_at", "-id"], name="product_place_newest"),
            models.Index(fields=["place", "status", "millifen_per_jin", "id"], name="product_place_price"),
            models.Index(fields=["shop", "status", "-listed_at", "-id"], name="product_shop_newest"),
            models.Index(fields=["category", "status", "-listed_at", "-id"], name="product_kind_newest"),
            models.Index(fields=["category", "status", "millifen_per_jin", "id"], name="product_kind_price"),
            models.Index(fields=["status", "submitted_at"], name="product_waiting"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.place_id = self.shop.place_id
        self.millifen_per_jin = self.price_fen * 1000 * GRAMS_PER_JIN // self.net_grams
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("shops:product", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def stock_unit(self) -> str:
        return self.Unit(self.unit).after(self.stock)

    @property
    def is_low(self) -> bool:
        """Return whether so few units are left that the seller must be notified."""
        return self.is_published and self.stock <= self.low_stock

    def mark_edited(self) -> None:
        """Record that the seller changed a product that waits for approval, so that an organiser who has it open must read
        it again.
        """
        now = timezone.now()
        if Product.objects.filter(pk=self.pk, status=self.Status.SUBMITTED).update(submitted_at=now):
            self.submitted_at = now


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
