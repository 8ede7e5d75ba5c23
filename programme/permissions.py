"""Decide what a user may do with rows of the programme; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, Place, User
from accounts.permissions import can_act_on
from courses.models import Cohort
from programme.exams.examiners import find_examined
from programme.models import Certificate, ExamSeat, MentorInvitation, Teaching, find_people_below
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


def can_watch_exam_film(user: User, seat: ExamSeat) -> bool:
    """Allow the recording of a half hour to the examinee, the seat's examiners, and the organisers of the class's place."""
    if seat.user_id == user.pk or is_examiner(user, seat):
        return True
    return can_act_on(user, seat.exam.cohort.place, Membership.Role.ORGANISER)


def can_link_exam_film(user: User, seat: ExamSeat) -> bool:
    """Allow choosing the recording to the seat's examiners and to who leads the class, never to the examinee."""
    if seat.user_id == user.pk:
        return False
    return is_examiner(user, seat) or can_lead_class(user, seat.exam.cohort)


def is_examiner(user: User, seat: ExamSeat) -> bool:
    """Return whether the person is to score the seat, or has, and may still examine the class."""
    return seat.scores.filter(examiner=user.pk).exists() and bool(find_examined(user, [seat.exam.cohort]))


def can_manage_invitation(user: User, invitation: MentorInvitation) -> bool:
    """Allow withdrawing it to trainers and organisers of its village or of a place above, never of the own one."""
    return invitation.person_id != user.pk and can_act_on(user, invitation.place, *Membership.STAFF_ROLES)


def can_object(user: User, teaching: Teaching) -> bool:
    """Allow the pupil, and nobody else, to say that somebody is not their teacher."""
    return teaching.pupil_id == user.pk


def can_see_steps(user: User, person: User) -> bool:
    """Allow one's own steps, and those of people below one's place as staff or in the classes one leads."""
    return user.pk == person.pk or find_people_below(user).filter(pk=person.pk).exists()


def can_see_income(user: User, person: User) -> bool:
    """Allow what somebody earned to themselves and to organisers of their places; trainers learn only that it sufficed."""
    if user.is_superuser or user.pk == person.pk:
        return True
    held = Place.objects.held_by(user, Membership.Role.ORGANISER)
    return person.memberships.granted().filter(place__in=held).exists()


def can_see_impact(user: User) -> bool:
    """Allow the figures to organisers, each of their own places."""
    return user.is_superuser or bool(user.places_with_role(Membership.Role.ORGANISER))


def can_enter_costs(user: User, cohort: Cohort) -> bool:
    return can_act_on(user, cohort.place, Membership.Role.ORGANISER)
