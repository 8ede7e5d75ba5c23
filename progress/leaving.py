"""What ends in classes with a person's account (ERASERS in the settings)."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from progress.models import Enrolment


def erase(user: User) -> None:
    """Leaves all classes, as trainee and as trainer; what was learnt stays in the figures without a name."""
    Enrolment.objects.active().filter(user=user).update(left_at=timezone.now())
    Cohort.trainers.through.objects.filter(user=user).delete()
