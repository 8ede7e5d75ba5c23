"""An account closed by its owner: signed out for good, roles ended, agreements taken back."""

from django.db import transaction

from accounts import consents, joining
from accounts.models import AuditEntry, Consent, User
from accounts.trail import Verb


def can_close(user: User) -> bool:
    """The system's administrator closes theirs from the command line, where it cannot lock everybody out."""
    return not user.is_superuser


@transaction.atomic
def close(user: User) -> None:
    """Rows that others rely on (lessons done, stock, audit) stay; what is public about the person ends."""
    for membership in user.memberships.filter(status__in=joining.OPEN).select_related("place"):
        joining.end(user, membership)
    for kind in Consent.Kind.values:
        consents.withdraw(user, kind)
    user.push_subscriptions.all().delete()
    user.is_active = False
    user.save(update_fields=["is_active"])
    AuditEntry.write(user, Verb.ACCOUNT_CLOSED, user)
