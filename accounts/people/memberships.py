"""Ask for a role in a place, grant, decline and end it. Callers check `permissions.can_decide` first."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Membership, Notice, Place, User
from accounts.notifications import delivery
from ui.database.inserts import insert_rows

Status = Membership.Status
OPEN = (Status.ASKED, Status.GRANTED)


class AlreadyDecided(Exception):
    """Raised when somebody else answered first; their decision stays."""


class NoLonger(Exception):
    """Raised when the role was declined or has ended: a join code does not restore it, only the person who decided may."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(membership)
        self.membership = membership


@transaction.atomic
def ask_for_role(user: User, role: str, place: Place, note: str = "") -> Membership:
    """Ask for a role, also again after it was declined or ended. A role that is already asked for or granted stays as it is.

    The earlier `decided_at` stays: what was declined or ended once is granted by people only, not by a join code.
    """
    membership, new = Membership.objects.get_or_create(
        user=user, role=role, place=place, defaults={"note": note, "status": Status.ASKED}
    )
    if not new:
        again = {"status": Status.ASKED, "note": note, "asked_at": timezone.now()}
        if not Membership.objects.filter(pk=membership.pk).exclude(status__in=OPEN).update(**again):
            return membership
        membership.refresh_from_db()
    AuditEntry.write(user, AuditVerb.MEMBERSHIP_ASKED, membership, place, role=role)
    return membership


@transaction.atomic
def grant_role(actor: User, membership: Membership) -> None:
    """Grant a role that was asked for; a person whose sign-up waited for it can now sign in. Raises AlreadyDecided.

    An account that was deactivated later is not activated again by an old request.
    """
    grant_from(actor, membership, Status.ASKED)


@transaction.atomic
def grant_declined_role(actor: User, membership: Membership) -> None:
    """Grant a role that was declined. Raises AlreadyDecided.

    It is a separate action, so that a page on which the request still waited cannot undo a colleague's decision.
    """
    grant_from(actor, membership, Status.DECLINED, note="")


def grant_from(actor: User, membership: Membership, leaves: Status, **fields) -> None:
    decide(actor, membership, leaves, Status.GRANTED, AuditVerb.MEMBERSHIP_GRANTED, **fields)
    waits = User.objects.filter(pk=membership.user_id, is_active=False, last_login__isnull=True)
    if waits.update(is_active=True):
        membership.user.is_active = True


@transaction.atomic
def decline_role(actor: User, membership: Membership, reason: str) -> None:
    """Decline, with a reason that the person reads on their own page, or when signing in. Raises AlreadyDecided."""
    decide(actor, membership, Status.ASKED, Status.DECLINED, AuditVerb.MEMBERSHIP_DECLINED, note=reason)


def decide(
    actor: User, membership: Membership, leaves: Status, status: Status, verb: AuditVerb, **fields
) -> None:
    """Decide by one conditional update: if two organisers decide at once, only the first one counts."""
    change = {"status": status, "decided_at": timezone.now(), "decided_by": actor, **fields}
    if not Membership.objects.filter(pk=membership.pk, status=leaves).update(**change):
        raise AlreadyDecided
    for name, value in change.items():
        setattr(membership, name, value)
    AuditEntry.write(actor, verb, membership, membership.place, role=membership.role, **fields)
    notify(membership, verb)


def notify(membership: Membership, verb: AuditVerb) -> None:
    """Write a notice of what was decided for the phone of whose role it is."""
    key = f"{verb}-{membership.pk}-{membership.decided_at:%y%m%d%H%M%S}"
    delivery.write_notice(key, membership.user.phone, verb, role=membership.role, place=membership.place.name)


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence of a notice about a role and the page with the roles, None for other notices."""
    names = {role.value: role.label for role in Membership.Role}
    facts = {"role": names.get(notice.params.get("role")), "place": notice.params.get("place")}
    if notice.template == AuditVerb.MEMBERSHIP_GRANTED:
        return _("你现在是%(place)s的%(role)s了。") % facts, reverse("accounts:roles")
    if notice.template == AuditVerb.MEMBERSHIP_DECLINED:
        return _("做%(place)s的%(role)s，这次没同意，看看为什么。") % facts, reverse("accounts:roles")
    if notice.template == AuditVerb.MEMBERSHIP_ENDED:
        return _("你不再是%(place)s的%(role)s了。弄错了，找管理员问一声。") % facts, reverse("accounts:roles")
    return None


@transaction.atomic
def end_role(actor: User | None, membership: Membership) -> None:
    """End what is asked or granted, and in the apps above what depends on it; ending twice changes nothing."""
    change = {"status": Status.ENDED, "decided_at": timezone.now(), "decided_by": actor}
    is_news = membership.status == Status.GRANTED and actor is not None and actor.pk != membership.user_id
    if Membership.objects.filter(pk=membership.pk, status__in=OPEN).update(**change):
        for name, value in change.items():
            setattr(membership, name, value)
        AuditEntry.write(
            actor, AuditVerb.MEMBERSHIP_ENDED, membership, membership.place, role=membership.role
        )
        if is_news:
            notify(membership, AuditVerb.MEMBERSHIP_ENDED)
        for name in settings.ROLE_ENDED:
            import_string(name)(actor, membership)


@transaction.atomic
def grant_role_by_code(
    user: User, place: Place, role: str = Membership.Role.TRAINEE, by: str = "join_code"
) -> Membership:
    """Grant the role of a class's join code, or another (`by`) that somebody has agreed to beforehand.

    Raises NoLonger for a person to whom it was declined, or whose role has ended.
    """
    change = {"status": Status.GRANTED, "decided_at": timezone.now()}
    membership, new = Membership.objects.get_or_create(user=user, role=role, place=place, defaults=change)
    if not new:
        never_decided = Membership.objects.filter(pk=membership.pk, status=Status.ASKED, decided_at=None)
        changed = never_decided.update(**change)
        membership.refresh_from_db()
        if not changed and membership.status != Status.GRANTED:
            raise NoLonger(membership)
        if not changed:
            return membership
    user.__dict__.pop("granted", None)
    AuditEntry.write(None, AuditVerb.MEMBERSHIP_GRANTED, membership, place, role=role, by=by)
    return membership


@transaction.atomic
def add_roles(
    actor: User,
    pairs: Sequence[tuple[int, int]],
    status: Status,
    place: Place,
    why: dict[str, object],
    role: str = Membership.Role.TRAINEE,
) -> None:
    """Grant or ask for a role for many people at once, some of whom have it already; `pairs` are numbers of user and place.

    The caller has checked that the actor may grant it, or that a class grants it. A role that is granted stays; one that was
    asked for and never decided is granted, not asked for again; one that was declined or has ended stays so: people decide
    about it. `place` is where the trail stands, `why` goes into it. At most five statements.
    """
    if not pairs:
        return
    is_granted = status == Status.GRANTED
    decision = {"decided_at": timezone.now(), "decided_by": actor}
    there = Membership.objects.filter(user__in={user for user, _place in pairs}, role=role)
    there = there.filter(place__in={one for _user, one in pairs})
    known = {(one.user_id, one.place_id): one for one in there}
    new = [pair for pair in pairs if pair not in known]
    facts = {"role": role, "status": status} | (decision if is_granted else {})
    insert_rows(Membership, ("user", "place"), new, **facts)
    waiting = [known[pair] for pair in pairs if is_granted and pair in known]
    changed = [one.pk for one in waiting if one.status == Status.ASKED and one.decided_at is None]
    if changed:
        Membership.objects.filter(pk__in=changed, status=Status.ASKED).update(
            status=Status.GRANTED, **decision
        )
    added = there.order_by("pk").values_list("user", "place", "pk")
    changed += [pk for user, one, pk in added if (user, one) not in known] if new else []
    verb = AuditVerb.MEMBERSHIP_GRANTED if is_granted else AuditVerb.MEMBERSHIP_ASKED
    AuditEntry.write_many(actor, verb, [f"membership {pk}" for pk in changed], place, role=role, **why)
