"""Memberships: a role is a membership in a place, never a kind of user."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.place import Place

if TYPE_CHECKING:
    from accounts.models.user import User


class MembershipQuerySet(models.QuerySet):
    def granted(self) -> MembershipQuerySet:
        return self.filter(status=Membership.Status.GRANTED)

    def asked(self) -> MembershipQuerySet:
        return self.filter(status=Membership.Status.ASKED)

    def manageable_by(self, user: User) -> MembershipQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))

    def visible_to(self, user: User) -> MembershipQuerySet:
        return self.filter(Q(user=user) | Q(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES)))


class Membership(models.Model):
    """A role in a place: asked for, and granted by an organiser of this place or of one above, or by a class's join code."""

    class Role(models.TextChoices):
        TRAINEE = "trainee", _("学员")
        SELLER = "seller", _("卖家")
        MENTOR = "mentor", _("带教师傅")
        TRAINER = "trainer", _("培训老师")
        ORGANISER = "organiser", _("管理员")

    class Status(models.TextChoices):
        ASKED = "asked", _("等同意")
        GRANTED = "granted", _("已同意")
        DECLINED = "declined", _("没同意")
        ENDED = "ended", _("已结束")

    STAFF_ROLES = (Role.TRAINER, Role.ORGANISER)
    VILLAGE_ROLES = (Role.TRAINEE, Role.SELLER, Role.MENTOR)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("人")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="memberships", verbose_name=_("地区"))
    role = models.CharField(_("身份"), max_length=12, choices=Role)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ASKED)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审批人"),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "身份")
        verbose_name_plural = pgettext_lazy("many", "身份")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "place", "role"], name="one_role_once_per_place")
        ]
        indexes = [models.Index(fields=["status", "-asked_at"], name="membership_waiting")]

    def __str__(self) -> str:
        return f"{self.user} · {self.place} · {self.get_role_display()}"


def filter_holders(places: Iterable[Place], *roles: str) -> Q:
    """Return a filter on User: people who have one of these roles at or above one of these places."""
    above = Q()
    for place in places:
        above |= Q(memberships__place__path__in=place.paths_upwards())
    return above & Q(memberships__role__in=roles, memberships__status=Membership.Status.GRANTED)
