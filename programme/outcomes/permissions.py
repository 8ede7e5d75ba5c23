"""Decide who may see follow-ups, costs and stories; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from courses.models import Cohort

ORGANISER = Membership.Role.ORGANISER


def can_see_impact(user: User) -> bool:
    """Allow the figures to organisers, each of their own places."""
    return user.is_superuser or bool(user.places_with_role(ORGANISER))


def can_enter_costs(user: User, cohort: Cohort) -> bool:
    return can_act_on(user, cohort.place, ORGANISER)
