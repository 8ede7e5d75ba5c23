"""Invitations by which a graduate becomes the mentor of a small class."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models import Course


class MentorInvitationQuerySet(models.QuerySet):
    def open(self) -> MentorInvitationQuerySet:
        """Return those that wait for an answer or are accepted."""
        return self.filter(status__in=MentorInvitation.OPEN)

    def manageable_by(self, user: User) -> MentorInvitationQuerySet:
        """Return the invitations into villages that this person holds as staff, never the own ones."""
        held = Place.objects.held_by(user, *Membership.STAFF_ROLES)
        return self.filter(place__in=held).exclude(person=user)

    def visible_to(self, user: User) -> MentorInvitationQuerySet:
        """Return one's own, and those into villages that one holds as staff."""
        held = Place.objects.held_by(user, *Membership.STAFF_ROLES)
        return self.filter(Q(person=user) | Q(place__in=held))


class MentorInvitation(models.Model):
    """A graduate is asked to mentor in their village, with one course; the person accepts or declines.

    Accepting grants the role of a mentor there; what ends the role ends the invitation, and the other way round.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("等他答复")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "答应了")
        DECLINED = "declined", pgettext_lazy("invitation", "没答应")
        WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "收回了")

    OPEN = (Status.ASKED, Status.ACCEPTED)

    person = models.ForeignKey(
        User, models.CASCADE, related_name="mentor_invitations", verbose_name=_("请谁")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("哪个村"))
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("带哪门课"))
    note = models.CharField(_("跟他说一句"), max_length=200, blank=True)
    status = models.CharField(_("状态"), max_length=9, choices=Status, default=Status.ASKED)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁请的")
    )
    invited_at = models.DateTimeField(_("什么时候请的"), default=timezone.now)
    answered_at = models.DateTimeField(_("什么时候答复的"), null=True, blank=True)
    ended_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁收回的")
    )
    why_ended = models.CharField(_("为什么收回"), max_length=200, blank=True)

    objects = MentorInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "带教邀请")
        verbose_name_plural = pgettext_lazy("many", "带教邀请")
        ordering = ["-invited_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=["asked", "accepted"]),
                name="one_open_mentor_invitation",
            )
        ]
        indexes = [models.Index(fields=["place", "-invited_at"], name="mentor_invitations_of_place")]

    def __str__(self) -> str:
        return f"{self.person} · {self.place}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN
