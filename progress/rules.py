"""Yes or no about one class or trainee; tests hold these against the querysets that list many."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.rules import can_act_on
from courses.models import Cohort
from progress.models import Enrolment


def can_see_class(user: User, cohort: Cohort) -> bool:
    """A trainer of the class, or a trainer or organiser who holds its place."""
    if can_act_on(user, cohort.place, *Membership.STAFF_ROLES):
        return True
    return Cohort.objects.taught_by(user).filter(pk=cohort.pk).exists()


def can_see_trainee(user: User, enrolment: Enrolment) -> bool:
    """Somebody who is in a class of one's own now; who has left it is nobody's to look up."""
    here = enrolment.left_at is None and enrolment.cohort is not None
    return here and can_see_class(user, enrolment.cohort)


def can_see_enrolment(user: User, enrolment: Enrolment) -> bool:
    if enrolment.user_id == user.pk:
        return True
    return enrolment.cohort is not None and can_see_class(user, enrolment.cohort)
