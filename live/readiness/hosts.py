"""Check who may host a real live: old enough, trained within a year, with a guardian's consent at 16 or 17.

未成年人保护法 §76: no host under 16; at 16 and 17 with proof of identity and the guardian's consent. 直播电商监督管理办法
§10, §28: trained before the first live and every year. Checked before each live.
"""

from __future__ import annotations

import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts import fields
from accounts.models import AuditEntry, Clearance, Place, User
from courses.models import Quiz
from live.audit import Verb
from live.models import GuardianConsent

LEAST_AGE, FULL_AGE = 16, 18


class AgeGroup(StrEnum):
    UNKNOWN = "unknown"
    TOO_YOUNG = "too_young"
    MINOR = "minor"
    FULL = "full"


def get_age_group(host: User, day: datetime.date | None = None) -> AgeGroup:
    """Read from the month of birth: a host counts as 16 when everybody born in that month is."""
    if host.birth_month is None:
        return AgeGroup.UNKNOWN
    day = day or timezone.localdate()
    if fields.has_reached_age(host.birth_month, FULL_AGE, day):
        return AgeGroup.FULL
    return AgeGroup.MINOR if fields.has_reached_age(host.birth_month, LEAST_AGE, day) else AgeGroup.TOO_YOUNG


def find_active_consent(host: User) -> GuardianConsent | None:
    """Return the guardian consent that was not withdrawn. One query."""
    return GuardianConsent.objects.filter(user=host, withdrawn_at__isnull=True).select_related("file").first()


def find_active_clearance(host: User, now: datetime.datetime | None = None) -> Clearance | None:
    """Return the clearance in force that lasts longest. One query."""
    rows = Clearance.objects.in_force(now).filter(user=host, kind=Clearance.Kind.FIRST_LIVE)
    return rows.order_by("-valid_until").first()


def find_first_live_quiz(language: str = "") -> Quiz | None:
    """Return the quiz whose passing clears for a first live, preferably in `language`. One query."""
    quizzes = Quiz.objects.published().filter(clears=Clearance.Kind.FIRST_LIVE).select_related("course")
    found = list(quizzes.order_by("pk")[:20])
    same = [quiz for quiz in found if quiz.course.language == language]
    return next(iter(same + found), None)


def submit_consent(host: User, facts: dict, by: User, place: Place) -> GuardianConsent:
    """Store a signed consent; the same document sent again returns the first row."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=host.pk)
        active = GuardianConsent.objects.filter(user=host, withdrawn_at__isnull=True)
        if known := active.filter(file=facts["file"]).first():
            return known
        made = GuardianConsent.objects.create(user=host, made_by=by, **facts)
        AuditEntry.write(by, Verb.GUARDIAN_AGREED, made, place, name=host.name)
    return made


def withdraw_consent(consent: GuardianConsent, by: User, place: Place | None = None) -> None:
    """Mark a consent as withdrawn; the row stays."""
    rows = GuardianConsent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True)
    with transaction.atomic():
        if rows.update(withdrawn_at=timezone.now()):
            AuditEntry.write(by, Verb.GUARDIAN_WITHDREW, consent, place, name=consent.user.name)


def set_birth_month(host: User, month: datetime.date, place: Place) -> bool:
    """Store the month of birth, once; later only an organiser changes it. Return whether it was stored."""
    done = User.objects.filter(pk=host.pk, birth_month__isnull=True).update(birth_month=month)
    if done:
        host.birth_month = month
        AuditEntry.write(host, Verb.BIRTH_MONTH_SAID, host, place)
    return bool(done)
