"""Decide what a user may do with one class, trainee or lesson; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from courses.models import Cohort, Lesson
from courses.permissions import can_read, can_teach
from progress.enrolment import prerequisites
from progress.models import Ask, Enrolment


def can_lead_class(user: User, cohort: Cohort) -> bool:
    """Allow who leads the class: a trainer of it, and a trainer or organiser who holds its place; not its mentor."""
    if can_act_on(user, cohort.place, *Membership.STAFF_ROLES):
        return True
    return Cohort.objects.taught_by(user).filter(pk=cohort.pk).exists()


def is_mentor(user: User, cohort: Cohort) -> bool:
    """Return whether the person is the class's mentor and has that role in its village now."""
    villages = {place.pk for place in user.places_with_role(Membership.Role.MENTOR)}
    return cohort.mentor_id == user.pk and cohort.place_id in villages


def can_guide_class(user: User, cohort: Cohort) -> bool:
    """Allow the daily work of the class (board, roll, sessions, announcements, questions) to who leads it and its mentor."""
    return is_mentor(user, cohort) or can_lead_class(user, cohort)


def can_watch(user: User, lesson: Lesson) -> bool:
    """Allow a lesson's video to those who are enrolled, once nothing is missing before it, and to those who teach it."""
    if not user.is_authenticated or not can_read(user, lesson):
        return False
    mine = Enrolment.objects.active().filter(user=user, course=lesson.module.course_id)
    if mine.exists() and not prerequisites.is_closed(user, lesson.module):
        return True
    return can_teach(user, lesson.module.course)


def is_in_class(user: User, cohort: Cohort) -> bool:
    return Enrolment.objects.active().filter(user=user, cohort=cohort).exists()


def can_remove_ask(user: User, ask: Ask) -> bool:
    return ask.author_id == user.pk or can_guide_class(user, ask.cohort)


def can_vouch(user: User, cohort: Cohort, owner: User, is_examination: bool) -> bool:
    """Allow putting on record what a phone sent too late to who leads the class, never for oneself."""
    if owner.pk == user.pk or not can_lead_class(user, cohort):
        return False
    return not is_examination or can_vouch_for_examinations(user, cohort)


def can_vouch_for_examinations(user: User, cohort: Cohort) -> bool:
    """Allow it to an organiser of the class's place who does not teach the class: as in the practical
    (programme.exams.examiners), the class's trainers do not decide alone.
    """
    if not can_act_on(user, cohort.place, Membership.Role.ORGANISER):
        return False
    return not cohort.trainers.filter(pk=user.pk).exists()
