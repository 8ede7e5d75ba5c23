"""Whose trainer somebody is: accounts asks by this name before it lets a trainer give a new password."""

from django.db.models import QuerySet

from accounts.models import User
from progress.models import Enrolment


def taught_by(trainer: User) -> QuerySet[User]:
    """Those who are in a class of this trainer's own now."""
    here = Enrolment.objects.active().filter(cohort__trainers=trainer.pk)
    return User.objects.filter(pk__in=here.values("user"))
