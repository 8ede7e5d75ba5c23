"""Decide who may see whose steps, and whose income; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, Place, User
from programme.models import find_people_below


def can_see(user: User, person: User) -> bool:
    """Allow one's own steps, and those of people below one's place as staff or in the classes one leads."""
    return user.pk == person.pk or find_people_below(user).filter(pk=person.pk).exists()


def can_see_income(user: User, person: User) -> bool:
    """Allow what somebody earned to themselves and to organisers of their places; trainers learn only that it sufficed."""
    if user.is_superuser or user.pk == person.pk:
        return True
    held = Place.objects.held_by(user, Membership.Role.ORGANISER)
    return person.memberships.granted().filter(place__in=held).exists()
