"""Give a new password for a forgotten one, by a trainer or organiser who knows the person by face."""

import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Membership, Notice, Place, User
from accounts.notifications import delivery
from accounts.permissions import can_act_on
from ui import formats

RESET = "password_reset"
# Without letters and digits that look alike on paper or sound alike.
STARTS, VOWELS, DIGITS = "bdfghkmnprstwyz", "aeiu", "23456789"


def is_protected(user: User) -> bool:
    """Return whether the account is staff's, whose password only the site's administrator resets, never a colleague."""
    return user.is_superuser or user.is_staff or bool(user.places_with_role(*Membership.STAFF_ROLES))


def find_taught(actor: User) -> QuerySet[User]:
    """Return the people in this trainer's own classes; settings name the function of the app that knows classes."""
    return import_string(settings.TAUGHT_BY)(actor)


def can_reset(actor: User, user: User) -> bool:
    """Allow an organiser of the person's place, and a trainer for their own class.

    A trainer may never reset a seller's password, because that account receives money.
    """
    if actor.pk == user.pk or not user.is_active or is_protected(user):
        return False
    if actor.is_superuser or any(
        can_act_on(actor, held.place, Membership.Role.ORGANISER) for held in user.granted
    ):
        return True
    return (
        not user.places_with_role(Membership.Role.SELLER) and find_taught(actor).filter(pk=user.pk).exists()
    )


def find_resettable(actor: User) -> QuerySet[User]:
    """Return the people whose passwords the actor may reset; a test compares it with `can_reset`."""
    held = Place.objects.held_by(actor, Membership.Role.ORGANISER)
    granted = Membership.objects.granted()
    staff = granted.filter(role__in=Membership.STAFF_ROLES)
    people = User.objects.filter(is_active=True, is_superuser=False, is_staff=False).exclude(pk=actor.pk)
    people = people.exclude(pk__in=staff.values("user"))
    if actor.is_superuser:
        return people
    here = Q(pk__in=granted.filter(place__in=held).values("user"))
    sellers = granted.filter(role=Membership.Role.SELLER).values("user")
    taught = Q(pk__in=find_taught(actor).order_by().values("pk")) & ~Q(pk__in=sellers)
    return people.filter(here | taught)


def make_password(nonce: str) -> list[str]:
    """Return two words and four digits, such as ["bake", "mitu", "4729"]: 35 bits, used once, protected by the rate limit.

    It is derived from the nonce and the site's secret key, so that a session may store the nonce for a while without storing
    the password in the database.
    """
    number = int(salted_hmac("accounts.auth.password_reset", nonce, algorithm="sha512").hexdigest(), 16)
    drawn = []
    for letters in (STARTS, VOWELS) * 4 + (DIGITS,) * 4:
        number, place = divmod(number, len(letters))
        drawn.append(letters[place])
    return ["".join(drawn[:4]), "".join(drawn[4:8]), "".join(drawn[8:])]


def make_nonce() -> str:
    return secrets.token_urlsafe(32)


@transaction.atomic
def reset_password(actor: User, user: User, nonce: str) -> None:
    """Set the password of this nonce: valid for one day, to be changed at the next sign-in. The owner's phone is notified.

    The caller has checked that the person belongs to the actor's class or place. All sessions of the person end, because
    they are signed with the old password. Raises PermissionDenied for staff.
    """
    if actor.pk == user.pk or is_protected(user):
        raise PermissionDenied
    user.set_password("".join(make_password(nonce)))
    user.password_change_due = True
    user.password_reset_at, user.password_reset_by = timezone.now(), actor
    user.save(update_fields=["password", "password_change_due", "password_reset_at", "password_reset_by"])
    place = user.granted[0].place if user.granted else None
    entry = AuditEntry.write(actor, AuditVerb.PASSWORD_RESET, user, place)
    delivery.write_notice(f"password-reset-{entry.pk}", user.phone, RESET, by=actor.name)


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the notice's sentence and page: who gave the account a new password."""
    if notice.template != RESET:
        return None
    return _("%(by)s给你的账号换了登录密码。不是你要的，马上找管理员。") % notice.params, reverse(
        "accounts:me"
    )


def sign_in_warnings(user: User) -> list[str]:
    """Return the warning shown at every sign-in of the following week: the first one may not be the owner's."""
    found = []
    for notice in delivery.find_unseen_notices(user.phone).filter(template=RESET)[:1]:
        facts = {"by": notice.params["by"], "day": formats.day(timezone.localdate(notice.made_at))}
        found.append(_("%(day)s，%(by)s给你的账号换过登录密码。不是你要的，马上找管理员。") % facts)
    return found
