"""Whose trainer somebody is: accounts asks by this name before it lets a trainer give a new password."""

from django.db.models import QuerySet

from accounts.models import User
from courses.models import Cohort
from progress.models import Enrolment


def taught_by(trainer: User) -> QuerySet[User]:
    """Those who are in a class of this trainer's own now."""
    here = Enrolment.objects.active().filter(cohort__in=Cohort.objects.taught_by(trainer))
    return User.objects.filter(pk__in=here.values("user"))
