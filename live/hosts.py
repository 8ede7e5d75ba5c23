"""Who may speak in a real live: old enough, trained within a year, a guardian's yes for the young.

未成年人保护法 §76: nobody under sixteen; at sixteen and seventeen identity and the guardian's consent.
直播电商监督管理办法 §10, §28: trained before the first live and every year. Read anew before each live.
"""

from __future__ import annotations

import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts import months
from accounts.models import AuditEntry, Clearance, User
from accounts.places import Place
from courses.models import Quiz
from live.audit import Verb
from live.models import GuardianConsent

LEAST_AGE, FULL_AGE = 16, 18


class Age(StrEnum):
    UNKNOWN = "unknown"
    TOO_YOUNG = "too_young"
    MINOR = "minor"
    FULL = "full"


def age(host: User, day: datetime.date | None = None) -> Age:
    """Of the month of birth: somebody counts as sixteen when everybody born in that month is."""
    if host.birth_month is None:
        return Age.UNKNOWN
    day = day or timezone.localdate()
    if months.is_proven(host.birth_month, FULL_AGE, day):
        return Age.FULL
    return Age.MINOR if months.is_proven(host.birth_month, LEAST_AGE, day) else Age.TOO_YOUNG


def consent_of(host: User) -> GuardianConsent | None:
    """The one that stands; one query."""
    return GuardianConsent.objects.filter(user=host, withdrawn_at__isnull=True).select_related("file").first()


def clearance_of(host: User, now: datetime.datetime | None = None) -> Clearance | None:
    """The one that lasts longest of those in force; one query."""
    rows = Clearance.objects.in_force(now).filter(user=host, kind=Clearance.Kind.FIRST_LIVE)
    return rows.order_by("-valid_until").first()


def clearing_quiz(language: str = "") -> Quiz | None:
    """Whose passing clears; of several in the reader's language the first. One query."""
    quizzes = Quiz.objects.published().filter(clears=Clearance.Kind.FIRST_LIVE).select_related("course")
    found = list(quizzes.order_by("pk")[:20])
    same = [quiz for quiz in found if quiz.course.language == language]
    return next(iter(same + found), None)


def hand_in(host: User, facts: dict, by: User, place: Place) -> GuardianConsent:
    """A signed consent; the same paper sent again is the one that is there."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=host.pk)
        standing = GuardianConsent.objects.filter(user=host, withdrawn_at__isnull=True)
        if known := standing.filter(file=facts["file"]).first():
            return known
        made = GuardianConsent.objects.create(user=host, made_by=by, **facts)
        AuditEntry.write(by, Verb.GUARDIAN_AGREED, made, place, name=host.name)
    return made


def withdraw(consent: GuardianConsent, by: User, place: Place | None = None) -> None:
    """It stays to be read; from now on it counts for nothing."""
    rows = GuardianConsent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True)
    with transaction.atomic():
        if rows.update(withdrawn_at=timezone.now()):
            AuditEntry.write(by, Verb.GUARDIAN_WITHDREW, consent, place, name=consent.user.name)


def say_birth_month(host: User, month: datetime.date, place: Place) -> bool:
    """Once, by the host; what stands there already only an organiser changes."""
    done = User.objects.filter(pk=host.pk, birth_month__isnull=True).update(birth_month=month)
    if done:
        host.birth_month = month
        AuditEntry.write(host, Verb.BIRTH_MONTH_SAID, host, place)
    return bool(done)
