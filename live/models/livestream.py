"""A live sale, planned, run and ended: a rehearsal or a real one."""

from __future__ import annotations

import datetime
import secrets
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, User
from accounts.places import Place
from courses.models import Drill
from media.models import Video
from shops.models import Shop

# One that nobody has ended is over then: phones run flat, and people forget.
LASTS = datetime.timedelta(hours=12)


def students_of(trainer: User) -> models.QuerySet[User]:
    """Return those who are in a class of this trainer's own now; the setting TAUGHT_BY names the app that knows them."""
    return import_string(settings.TAUGHT_BY)(trainer)


def new_token() -> str:
    return secrets.token_urlsafe(12)


class LivestreamQuerySet(models.QuerySet):
    def standing(self) -> LivestreamQuerySet:
        return self.filter(removed_at__isnull=True)

    def on_air(self, now: datetime.datetime | None = None) -> LivestreamQuerySet:
        """As `is_on` for one."""
        since = (now or timezone.now()) - LASTS
        return self.filter(started_at__gt=since, ended_at__isnull=True)

    def forgotten(self, now: datetime.datetime | None = None) -> LivestreamQuerySet:
        """Over, because their time is, and not ended by anybody."""
        since = (now or timezone.now()) - LASTS
        return self.filter(started_at__lte=since, ended_at__isnull=True)

    def of(self, user: User) -> LivestreamQuerySet:
        """Those one speaks in, stands beside, or whose shop one sells in: who plans and runs them.

        A real one is run by who speaks in it only while they sell in its shop.
        """
        sells = Q(shop__in=Shop.objects.of(user).order_by().values("pk"))
        practises = Q(host=user.pk) & ~Q(kind=Livestream.Kind.REAL)
        return self.standing().filter(practises | Q(mentor=user.pk) | sells)

    def manageable_by(self, user: User) -> LivestreamQuerySet:
        """Of the places one holds, those taken away too: for the admin."""
        return self.filter(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))

    def visible_to(self, user: User) -> LivestreamQuerySet:
        """One's own, those of one's trainees, and those of the places one holds."""
        if not user.is_authenticated:
            return self.none()
        mine = Q(pk__in=Livestream.objects.of(user).order_by().values("pk"))
        held = Q(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))
        return self.standing().filter(mine | held | Q(host__in=students_of(user)))


class Livestream(models.Model):
    """`place` is the shop's, or for a rehearsal without one the village of its host. `version` moves with all that the
    screens of a running live show, so that who polls is answered by 304. Practice sells nothing: no stock, no ledger."""

    class Kind(models.TextChoices):
        REHEARSAL = "rehearsal", _("彩排")
        REAL = "real", _("真直播")

    class Platform(models.TextChoices):
        DOUYIN = "douyin", _("抖音")
        KUAISHOU = "kuaishou", _("快手")
        TAOBAO = "taobao", _("淘宝")
        CHANNELS = "channels", _("视频号")
        OTHER = "other", _("别的平台")

    # Made with the empty form: one tap is one plan.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # The page of what is on the table now, for viewers: who was given its address.
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
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
        verbose_name=_("谁陪着"),
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
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁点的开播")
    )
    ended_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁点的下播")
    )
    version = models.PositiveBigIntegerField(default=0, editable=False)
    replay_url = models.URLField(_("回放链接"), max_length=300, blank=True)
    replay = models.ForeignKey(
        Video, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("回放文件")
    )
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁定的"))
    made_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    # A rehearsal that was recorded and handed in (live.schedule.mark_practised); it may be practised again.
    practised_at = models.DateTimeField(_("彩排交上来的时间"), null=True, blank=True)
    # A plan that was never begun can be taken away; what was begun stays.
    removed_at = models.DateTimeField(_("撤掉的时间"), null=True, blank=True)

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

    @property
    def over_at(self) -> datetime.datetime | None:
        """When it ended, or when it will be over by itself; None before it has begun."""
        return self.ended_at or (self.started_at and self.started_at + LASTS)

    @property
    def seconds_on_air(self) -> int:
        """So far, or in all; nought before it has begun."""
        if self.started_at is None:
            return 0
        return int((min(timezone.now(), self.over_at) - self.started_at).total_seconds())

    @property
    def is_on(self) -> bool:
        """True when read: nothing waits for a task to end what was forgotten."""
        return self.started_at is not None and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.started_at is not None and (self.ended_at is not None or self.over_at <= timezone.now())
