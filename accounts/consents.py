"""Consents: given, withdrawn, never deleted (个人信息保护法 §14–15)."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Consent, User
from ui.responses import page_cache

# What visitors can see while a consent is valid; the pages' versions change when it is given or withdrawn.
PUBLIC: dict[str, tuple[str, ...]] = {
    Consent.Kind.PUBLIC_CONTACT: ("shops",),
    Consent.Kind.PUBLIC_STORY: ("shops", "courses", "stories"),
}


def find_active_consents(user: User):
    return user.consents.filter(withdrawn_at__isnull=True)


def is_given(user: User, kind: str) -> bool:
    return find_active_consents(user).filter(kind=kind).exists()


@transaction.atomic
def give(user: User, kind: str, version: str = "") -> Consent:
    """Record the consent to a version, by default that of the privacy notice; consenting twice is one row."""
    version = version or settings.PRIVACY_VERSION
    found = find_active_consents(user).filter(kind=kind, version=version).first()
    if found:
        return found
    consent = Consent.objects.create(user=user, kind=kind, version=version)
    if kind == Consent.Kind.PRIVACY:
        user.privacy_version, user.privacy_at = version, consent.given_at
        user.save(update_fields=["privacy_version", "privacy_at"])
    record_change(user, AuditVerb.CONSENT_GIVEN, kind, version=version)
    return consent


@transaction.atomic
def withdraw(user: User, kind: str) -> None:
    if find_active_consents(user).filter(kind=kind).update(withdrawn_at=timezone.now()):
        record_change(user, AuditVerb.CONSENT_WITHDRAWN, kind)
    for name in settings.CONSENT_WITHDRAWN:
        import_string(name)(user, kind)


def record_change(user: User, verb: AuditVerb, kind: str, **detail) -> None:
    AuditEntry.write(user, verb, user, kind=kind, **detail)
    for area in PUBLIC.get(kind, ()):
        page_cache.invalidate(area)


def is_due(user: User) -> bool:
    """Return whether the privacy notice has changed since this person agreed to it."""
    return user.privacy_version != settings.PRIVACY_VERSION
