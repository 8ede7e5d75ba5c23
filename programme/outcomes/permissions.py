"""Decide who may see follow-ups, costs and stories; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from courses.models import Cohort
from programme.ladder.permissions import can_see
from programme.models import FollowUp, Story, TrainingCost

ORGANISER = Membership.Role.ORGANISER


def can_see_impact(user: User) -> bool:
    """Allow the figures to organisers, each of their own places."""
    return user.is_superuser or bool(user.places_with_role(ORGANISER))


def can_see_follow_up(user: User, follow_up: FollowUp) -> bool:
    """Allow one's own, and those of people below one's place as staff or in the classes one leads."""
    return can_see(user, follow_up.user)


def can_enter_costs(user: User, cohort: Cohort) -> bool:
    return can_act_on(user, cohort.place, ORGANISER)


def can_see_cost(user: User, row: TrainingCost) -> bool:
    return can_enter_costs(user, row.cohort)


def can_write_story(user: User, story: Story) -> bool:
    """Allow writing and asking to organisers of its place."""
    return can_act_on(user, story.place, ORGANISER)
