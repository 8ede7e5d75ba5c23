"""Ask for ID numbers in a class, enter, read, export and delete them.

An ID number is sensitive personal information (个人信息保护法 §28–29): it is entered only while an organiser has said that this
class must report it and why, with a consent of its own, which can be withdrawn. Each look at a number in full and each export
writes the audit trail with its reason; no entry of the trail and no line of a log holds a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import consents
from accounts.models import AuditEntry, Consent, Membership, User
from accounts.permissions import can_act_on
from courses.models import Cohort
from programme import notices
from programme.audit import Verb
from programme.exceptions import NoRule
from programme.models import IdNumber, IdNumberRule, LedgerApproval
from progress.models import Enrolment
from progress.names import sort_by_name

# The version of the words under which somebody consents; another text is another version.
CONSENT_VERSION = "2026-11-29"


def find_rule(cohort: Cohort) -> IdNumberRule | None:
    return IdNumberRule.objects.filter(cohort=cohort).first()


def can_set_rule(user: User, cohort: Cohort) -> bool:
    """Allow the setting to an organiser of the class's place or of one above."""
    return can_act_on(user, cohort.place, Membership.Role.ORGANISER)


@transaction.atomic
def require_id_numbers(by: User, cohort: Cohort, reason: str) -> IdNumberRule:
    """Say that the class must report ID numbers; another reason replaces the earlier one."""
    facts = {"reason": reason, "set_by": by, "set_at": timezone.now()}
    rule, _made = IdNumberRule.objects.update_or_create(cohort=cohort, defaults=facts)
    AuditEntry.write(by, Verb.ID_NUMBERS_REQUIRED, cohort, cohort.place, name=cohort.name, reason=reason)
    return rule


@transaction.atomic
def end_rule(by: User, cohort: Cohort) -> int:
    """Say that the class need not report them; the numbers are deleted at once. Returns how many."""
    if not IdNumberRule.objects.filter(cohort=cohort).delete()[0]:
        return 0
    count = IdNumber.objects.filter(cohort=cohort).delete()[0]
    AuditEntry.write(by, Verb.ID_NUMBERS_ENDED, cohort, cohort.place, name=cohort.name, count=count)
    return count


@transaction.atomic
def enter_id_number(by: User, cohort: Cohort, user: User, number: str) -> IdNumber:
    """Store a number that was checked (masks.normalise) and the person's consent to it.

    Who enters it for somebody else had the person and the card before them: the trail says so, and the person is notified.
    The rule is locked, so that no number outlasts it and a second tap finds the first one's row. Raises NoRule.
    """
    if not IdNumberRule.objects.select_for_update().filter(cohort=cohort).first():
        raise NoRule
    row = IdNumber.objects.select_for_update().filter(user=user, cohort=cohort).first()
    row = row or IdNumber(user=user, cohort=cohort)
    row.entered_by, row.entered_at, row.delete_after = by, timezone.now(), find_end(cohort)
    row.seal(number)
    row.save()
    consents.give(user, Consent.Kind.ID_NUMBER, CONSENT_VERSION)
    AuditEntry.write(
        by, Verb.ID_NUMBER_ENTERED, user, cohort.place, cohort=cohort.name, in_person=by.pk != user.pk
    )
    if by.pk != user.pk:
        notices.write_id_number_notice(row)
    return row


def find_end(cohort: Cohort) -> datetime | None:
    """Return when a number entered now is deleted: some days after an approval that the class has already."""
    approved = LedgerApproval.objects.filter(ledger__cohort=cohort, act=LedgerApproval.Act.APPROVED)
    return compute_end() if approved.exists() else None


def compute_end() -> datetime:
    """Return the `delete_after` of numbers whose report is approved now; the terms delete them a day later."""
    return timezone.now() + timedelta(days=settings.ID_NUMBER_DAYS - 1)


def read_in_full(by: User, row: IdNumber, reason: str) -> str | None:
    """Return a person's number and write who read it and why; None where its key is gone."""
    AuditEntry.write(
        by, Verb.ID_NUMBER_SEEN, row.user, row.cohort.place, cohort=row.cohort.name, reason=reason
    )
    return row.read()


def find_members(cohort: Cohort) -> Iterator[tuple[User, IdNumber | None]]:
    """Yield the people in the class now, by pinyin, each with their number. Two queries."""
    rows = {row.user_id: row for row in IdNumber.objects.filter(cohort=cohort)}
    inside = Enrolment.objects.active().filter(cohort=cohort).select_related("user")
    for enrolment in sort_by_name(inside.order_by(), lambda one: (one.user.name, one.user_id)):
        yield enrolment.user, rows.get(enrolment.user_id)


@transaction.atomic
def export_in_full(by: User, cohort: Cohort, reason: str) -> list[tuple[str, str]]:
    """Return names and numbers of those in the class who gave one, and write who took them and why."""
    rows = [(user.name, number) for user, row in find_members(cohort) if row and (number := row.read())]
    AuditEntry.write(
        by, Verb.ID_NUMBERS_EXPORTED, cohort, cohort.place, name=cohort.name, reason=reason, count=len(rows)
    )
    return rows


@transaction.atomic
def delete_own(user: User, kind: str = Consent.Kind.ID_NUMBER) -> None:
    """Delete a person's numbers, in all classes, because the consent to them is withdrawn (setting CONSENT_WITHDRAWN)."""
    if kind == Consent.Kind.ID_NUMBER and IdNumber.objects.filter(user=user).delete()[0]:
        AuditEntry.write(user, Verb.ID_NUMBER_DELETED, user)
