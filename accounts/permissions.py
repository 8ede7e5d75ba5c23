"""Decide whether a person may act on one object; tests compare the answers with the querysets of lists."""

from accounts.models import Membership, Place, User


def can_act_on(user: User, place: Place, *roles: str) -> bool:
    """Return whether the person has one of these roles at this place or above it."""
    return user.is_superuser or place.is_within(user.places_with_role(*roles))


def can_decide(user: User, membership: Membership) -> bool:
    """Return whether this person may grant or decline: an organiser of its place or of one above; about
    oneself only a superuser."""
    if membership.user_id == user.pk and not user.is_superuser:
        return False
    return can_act_on(user, membership.place, Membership.Role.ORGANISER)
