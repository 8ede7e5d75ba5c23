"""Close an account, and erase a person.

Upper apps register functions in the settings: those of UNFINISHED return what others still wait for, those of ERASERS delete
what no law requires to be stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from accounts import consents
from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Consent, Notice, Place, User
from accounts.people import memberships

# Replaces the name on other people's pages. In the source language, as all names are.
ERASED_NAME = gettext_noop("已注销")
# The fields of the account's row that `end_account` changes; the erasers empty all others.
ACCOUNT_FIELDS = [
    "phone",
    "phone_verified",
    "erased_at",
    "name",
    "is_active",
    "is_staff",
    "is_superuser",
    "password_change_due",
    "password_reset_at",
    "password_reset_by",
    "password",
]


@dataclass(frozen=True)
class Unfinished:
    """Something that others still wait for: a sentence, its page for the person, and its page for the organiser."""

    sentence: str
    url: str = ""
    admin_url: str = ""


class StillOpen(Exception):
    """Raised while others wait for something; `rows` lists it."""

    def __init__(self, rows: list[Unfinished]) -> None:
        super().__init__(rows)
        self.rows = rows


def list_unfinished(user: User, place: Place | None = None) -> list[Unfinished]:
    """Return all that others wait for, in this place or anywhere: open orders and lives."""
    return [row for name in settings.UNFINISHED for row in import_string(name)(user, place)]


def can_close(user: User) -> bool:
    """Return whether this person may close the account here; the system's administrator does it from the command line."""
    return not user.is_superuser


@transaction.atomic
def close_account(user: User) -> None:
    """End the account: roles, shops, classes, consents, and all data that no law requires to be stored. Safe to repeat.

    Raises StillOpen while buyers or viewers wait for something.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if is_erased(locked):
        return
    for membership in locked.memberships.filter(status__in=memberships.OPEN).select_related("place"):
        memberships.end_role(locked, membership)
    # Checked after the roles have ended, so that no step of an order comes in between.
    if rows := list_unfinished(locked):
        raise StillOpen(rows)
    for kind in Consent.Kind.values:
        consents.withdraw(locked, kind)
    erase_account(locked)
    AuditEntry.write(locked, AuditVerb.ACCOUNT_CLOSED, locked)
    user.refresh_from_db()


def is_erased(user: User) -> bool:
    return user.phone is None


@transaction.atomic
def erase_account(user: User) -> None:
    """Erase from the row who the person was, so that the number is free for its next owner. Safe to repeat.

    Orders, ledgers, lessons done and the trail keep the row (电子商务法 §31: three years for what was bought and sold), but
    name nobody any more.
    """
    for name in settings.ERASERS:
        import_string(name)(user)
    if user.phone:
        delete_messages(user.phone, is_verified=user.phone_verified)
    for entry in AuditEntry.objects.filter(subject=f"user {user.pk}", detail__has_key="changes"):
        del entry.detail["changes"]  # the earlier name; that it was changed, when and by whom stays
        entry.save(update_fields=["detail"])
    end_account(user, ERASED_NAME)


def end_account(user: User, name: str) -> None:
    """Free the number, and let nobody sign in to the account any more; `name` is what the trail calls it from now on."""
    user.phone, user.phone_verified = None, False
    user.erased_at = user.erased_at or timezone.now()
    user.name, user.is_active, user.is_staff, user.is_superuser = name, False, False, False
    user.password_change_due, user.password_reset_at, user.password_reset_by = False, None, None
    user.set_unusable_password()
    # No other field: otherwise the fields that the erasers have emptied would be written back.
    user.save(update_fields=ACCOUNT_FIELDS)


def delete_messages(phone: str, *, is_verified: bool = True) -> None:
    """Delete the notices of a number, which may get another owner; those of a buyer's open order are still sent.

    If the number was never verified, notices to a buyer may be somebody else's and stay for their term.
    """
    stays = Q(template__startswith="order_", sent_at=None)
    if not is_verified:
        stays = Q(template__startswith="order_") | Q(template__startswith="complaint_")
    Notice.objects.filter(phone=phone).exclude(stays).delete()
