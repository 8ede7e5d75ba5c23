"""A live: a rehearsal or a real one, from its plan to its end."""

from __future__ import annotations

import datetime
import secrets
import uuid
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models import Drill
from media.models import Video
from progress.enrolment.services import find_taught
from shops import identity
from shops.models import PickUpPoint, Shop
from shops.shipping import rates

if TYPE_CHECKING:
    from live.models.rundown import RundownItem

# A live that is not ended by anybody ends after this time: phones run flat, and people forget.
LASTS = datetime.timedelta(hours=12)


def make_token() -> str:
    return secrets.token_urlsafe(12)


class LivestreamQuerySet(models.QuerySet):
    def not_removed(self) -> LivestreamQuerySet:
        return self.filter(removed_at__isnull=True)

    def on_air(self, now: datetime.datetime | None = None) -> LivestreamQuerySet:
        """Return those that run now; for one live see `is_on`."""
        since = (now or timezone.now()) - LASTS
        return self.filter(started_at__gt=since, ended_at__isnull=True)

    def forgotten(self, now: datetime.datetime | None = None) -> LivestreamQuerySet:
        """Return those that are over by time and that nobody has ended."""
        since = (now or timezone.now()) - LASTS
        return self.filter(started_at__lte=since, ended_at__isnull=True)

    def of(self, user: User) -> LivestreamQuerySet:
        """Return the lives that a user plans and runs: as host, as mentor, or as a seller of the shop.

        The host of a real live runs it only while they sell in its shop.
        """
        sells = Q(shop__in=Shop.objects.of(user).order_by().values("pk"))
        practises = Q(host=user.pk) & ~Q(kind=Livestream.Kind.REAL)
        return self.not_removed().filter(practises | Q(mentor=user.pk) | sells)

    def manageable_by(self, user: User) -> LivestreamQuerySet:
        """Return the lives of the places where the user is staff, removed ones too: for the admin."""
        return self.filter(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))

    def visible_to(self, user: User) -> LivestreamQuerySet:
        """Return the user's own lives, those of their trainees, and those of the places where they are staff."""
        if not user.is_authenticated:
            return self.none()
        mine = Q(pk__in=Livestream.objects.of(user).order_by().values("pk"))
        held = Q(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))
        return self.not_removed().filter(mine | held | Q(host__in=find_taught(user)))


class Livestream(models.Model):
    """A live. `place` is the shop's, or for a rehearsal without a shop the village of its host.

    `version` changes with everything that the screens of a running live show, so that polling them can be answered by 304. A
    rehearsal changes neither stock nor ledger.
    """

    class Kind(models.TextChoices):
        REHEARSAL = "rehearsal", _("彩排")
        REAL = "real", _("真直播")

    class Platform(models.TextChoices):
        DOUYIN = "douyin", _("抖音")
        KUAISHOU = "kuaishou", _("快手")
        TAOBAO = "taobao", _("淘宝")
        CHANNELS = "channels", _("视频号")
        OTHER = "other", _("别的平台")

    # Made with the empty form, so that a form sent twice creates one plan.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # In the URL of the viewers' page, which everybody may open who has the URL.
    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    kind = models.CharField(_("彩排还是真播"), max_length=10, choices=Kind, default=Kind.REHEARSAL)
    drill = models.ForeignKey(
        Drill, models.SET_NULL, null=True, blank=True, related_name="livestreams", verbose_name=_("练法")
    )
    shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="livestreams", verbose_name=_("小店")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="livestreams", verbose_name=_("村"))
    host = models.ForeignKey(User, models.PROTECT, related_name="livestreams", verbose_name=_("谁讲"))
    mentor = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="livestreams_beside",
        verbose_name=_("带教师傅"),
    )
    title = models.CharField(_("叫什么"), max_length=40)
    platform = models.CharField(_("在哪儿播"), max_length=10, choices=Platform, default=Platform.DOUYIN)
    platform_url = models.URLField(_("直播间链接"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("几点开播"))
    planned_minutes = models.PositiveSmallIntegerField(
        _("打算播几分钟"), default=60, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    started_at = models.DateTimeField(_("真开播的时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("下播时间"), null=True, blank=True)
    started_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("开播人")
    )
    ended_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("下播人")
    )
    version = models.PositiveBigIntegerField(default=0, editable=False)
    replay_url = models.URLField(_("回放链接"), max_length=300, blank=True)
    replay = models.ForeignKey(
        Video, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("回放文件")
    )
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("安排人"))
    made_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    # When a rehearsal was recorded and handed in (planning.schedule.mark_practised); it may be practised again.
    practised_at = models.DateTimeField(_("彩排交上来的时间"), null=True, blank=True)
    # A plan can be removed until it has begun.
    removed_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    objects = LivestreamQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "直播")
        verbose_name_plural = pgettext_lazy("many", "直播")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="rehearsal") | Q(shop__isnull=False), name="real_live_has_a_shop"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(started_at__isnull=False, ended_at__gte=models.F("started_at")),
                name="live_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(started_at__isnull=True), name="begun_live_stays"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-starts_at", "-id"], name="lives_of_shop"),
            models.Index(fields=["host", "-starts_at", "-id"], name="lives_of_host"),
            models.Index(fields=["place", "kind", "-ended_at"], name="lives_of_place"),
            models.Index(
                fields=["started_at"],
                condition=Q(ended_at__isnull=True, started_at__isnull=False),
                name="lives_on",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("live:plan", args=[self.pk])

    @property
    def is_real(self) -> bool:
        return self.kind == self.Kind.REAL

    def load_items(self) -> list[RundownItem]:
        """Return the rundown in its order, each item with all that a page or a script says of it. Two queries."""
        rows = self.items.select_related("product__cover", "product__batch", "product__category")
        items = list(rows.prefetch_related("product__presales").order_by("position", "id"))
        for item in items:
            item.livestream = self
            if item.product and item.product.shop_id == self.shop_id and self.shop:
                item.product.shop = self.shop
        return items

    # What every item's script needs of the shop, read once.

    @cached_property
    def has_freight_table(self) -> bool:
        return self.shop is not None and rates.has_table(self.shop)

    @cached_property
    def first_pickup_point(self) -> PickUpPoint | None:
        return PickUpPoint.objects.filter(shop=self.shop, is_open=True).first()

    @cached_property
    def has_public_contact(self) -> bool:
        return self.shop is not None and identity.is_public(self.shop)

    @property
    def over_at(self) -> datetime.datetime | None:
        """Return when it ended, or when it will be over by itself; None before it has begun."""
        return self.ended_at or (self.started_at and self.started_at + LASTS)

    @property
    def seconds_on_air(self) -> int:
        """Return its length so far or in all, 0 before it has begun."""
        if self.started_at is None or self.over_at is None:
            return 0
        return int((min(timezone.now(), self.over_at) - self.started_at).total_seconds())

    @property
    def is_on(self) -> bool:
        """Return whether the live is running; computed on read, so that no task has to end a forgotten live."""
        return self.started_at is not None and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.over_at is not None and (self.ended_at is not None or self.over_at <= timezone.now())
