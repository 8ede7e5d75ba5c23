"""Decide what a user may do with rows of the programme; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from programme.models import Certificate, MentorInvitation, Teaching
from progress.permissions import can_lead_class


def can_see_certificate(user: User, certificate: Certificate) -> bool:
    """Allow its holder, and those who lead its class."""
    return user.is_authenticated and (
        certificate.user_id == user.pk or can_change_certificate(user, certificate)
    )


def can_change_certificate(user: User, certificate: Certificate) -> bool:
    """Allow revoking and reissuing to those who lead its class, never to its holder."""
    if certificate.user_id == user.pk or certificate.cohort is None:
        return False
    return can_lead_class(user, certificate.cohort)


def can_manage_invitation(user: User, invitation: MentorInvitation) -> bool:
    """Allow withdrawing it to trainers and organisers of its village or of a place above, never of the own one."""
    return invitation.person_id != user.pk and can_act_on(user, invitation.place, *Membership.STAFF_ROLES)


def can_object(user: User, teaching: Teaching) -> bool:
    """Allow the pupil, and nobody else, to say that somebody is not their teacher."""
    return teaching.pupil_id == user.pk
