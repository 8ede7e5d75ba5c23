"""Yes or no about one livestream; tests hold these against the querysets that list many."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.rules import can_act_on
from live.models import GuardianConsent, Livestream
from progress.enrolment.services import taught_by
from shops.rules import can_sell_in


def can_run(user: User, live: Livestream) -> bool:
    """Plans it, starts it, keys in its sales: who speaks, who stands beside, and who sells in its shop.

    To speak in a real live gives nothing without selling in its shop: its sales name buyers.
    """
    if user.pk == live.mentor_id or (user.pk == live.host_id and live.kind != Livestream.Kind.REAL):
        return True
    return live.shop_id is not None and can_sell_in(user, live.shop)


def can_see(user: User, live: Livestream) -> bool:
    """Also a trainer of its host, and who holds its place: they look and comment."""
    if can_run(user, live) or can_comment(user, live):
        return True
    return can_act_on(user, live.place, *Membership.STAFF_ROLES)


def can_comment(user: User, live: Livestream) -> bool:
    """A trainer of the host's class, or one who holds its place."""
    if can_act_on(user, live.place, Membership.Role.TRAINER):
        return True
    return taught_by(user).filter(pk=live.host_id).exists()


def can_take_evidence(user: User, live: Livestream) -> bool:
    """All of it as files, the platforms' tables with their buyers too: who ran it, and an organiser of the place."""
    return can_run(user, live) or can_act_on(user, live.place, Membership.Role.ORGANISER)


def can_see_consent(user: User, consent: GuardianConsent, live: Livestream) -> bool:
    """A guardian's paper: the host, who handed it in, and an organiser of the place."""
    if consent.user_id != live.host_id:
        return False
    return user.pk in (consent.user_id, consent.made_by_id) or can_act_on(
        user, live.place, Membership.Role.ORGANISER
    )
