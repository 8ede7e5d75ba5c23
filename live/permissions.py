"""Decide what a user may do with one live; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.permissions import can_act_on
from live.models import GuardianConsent, Livestream
from progress.enrolment.services import find_taught
from shops.permissions import can_sell_in


def can_run(user: User, live: Livestream) -> bool:
    """Return whether a user plans and runs a live: its mentor, a seller of its shop, or the host of a rehearsal.

    The host of a real live needs to sell in its shop: its sales name buyers.
    """
    if user.pk == live.mentor_id or (user.pk == live.host_id and live.kind != Livestream.Kind.REAL):
        return True
    return live.shop is not None and can_sell_in(user, live.shop)


def can_see(user: User, live: Livestream) -> bool:
    """Return whether a user may see a live: who runs it, a trainer of its host, and the staff of its place."""
    if can_run(user, live) or can_comment(user, live):
        return True
    return can_act_on(user, live.place, *Membership.STAFF_ROLES)


def can_comment(user: User, live: Livestream) -> bool:
    """Return whether a user may comment: a trainer of the host's class or of its place."""
    if can_act_on(user, live.place, Membership.Role.TRAINER):
        return True
    return find_taught(user).filter(pk=live.host_id).exists()


def can_take_evidence(user: User, live: Livestream) -> bool:
    """Return whether a user may download the evidence, with the platforms' tables of buyers: who runs it, and organisers."""
    return can_run(user, live) or can_act_on(user, live.place, Membership.Role.ORGANISER)


def can_see_consent(user: User, consent: GuardianConsent, live: Livestream) -> bool:
    """Return whether a user may open a guardian's consent: the host, who submitted it, and organisers of the place."""
    if consent.user_id != live.host_id:
        return False
    return user.pk in (consent.user_id, consent.made_by_id) or can_act_on(
        user, live.place, Membership.Role.ORGANISER
    )
