"""Store checks, appeals against them, and decisions. The caller decides who may decide."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wording.checker import check, get_rules_date
from wording.facts import Facts
from wording.models import Check

RETENTION = timedelta(days=3 * 366)  # three years from the last display of a public text


class AppealNotPossible(ValueError):
    """Raised for an appeal or a decision at the wrong time."""


def record_check(text: str, kind: str, facts: Facts | None, subject: str, by) -> Check:
    """Check and store a text; the same text, kind, facts and rules of one subject is stored once. May be repeated."""
    text = make_storable(text)
    known = facts.to_json() if facts else {}
    once = hash_text(json.dumps([kind, text, str(get_rules_date()), known, subject], sort_keys=True))
    if found := Check.objects.filter(once=once).first():
        return found
    findings = [asdict(one) for one in check(text, kind, facts)]
    fields = {
        "kind": kind,
        "text": text,
        "text_hash": hash_text(text),
        "rules_date": get_rules_date(),
        "facts": known,
        "findings": findings,
        "subject": subject,
        "asked_by": by,
    }
    return Check.objects.get_or_create(once=once, defaults=fields)[0]


def file_appeal(check: Check, by, text: str) -> Check:
    """Ask for a decision by a person, once. Raises AppealNotPossible without a reason, twice, or without a finding."""
    if not text.strip():
        raise AppealNotPossible("no reason")
    if not check.findings:
        raise AppealNotPossible("nothing found")
    now = timezone.now()
    done = Check.objects.filter(pk=check.pk, appealed_at__isnull=True).update(
        appeal=text.strip(), appealed_at=now, asked_by=check.asked_by_id or getattr(by, "pk", None)
    )
    if not done:
        raise AppealNotPossible("appealed already")
    check.refresh_from_db()
    return check


def take_back_appeals(subject: str, but: Check | None = None) -> int:
    """Take back this subject's undecided appeals, all but one; return how many. Such a text may be appealed again."""
    rows = Check.objects.about(subject).waiting().order_by()
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return rows.update(appeal="", appealed_at=None)


def decide_appeal(check: Check, by, passed: bool, reason: str) -> Check:
    """Allow an appealed text or uphold the findings, once. Raises AppealNotPossible without a reason or an appeal."""
    if not reason.strip() or by is None:
        raise AppealNotPossible("no reason")
    decision = Check.Decision.PASSED if passed else Check.Decision.KEPT
    with transaction.atomic():
        done = Check.objects.filter(pk=check.pk, appealed_at__isnull=False, decision="").update(
            decision=decision, decision_reason=reason.strip(), decided_by=by, decided_at=timezone.now()
        )
    if not done:
        raise AppealNotPossible("not appealed, or decided already")
    check.refresh_from_db()
    return check


def list_passed(text: str, kind: str, subject: str) -> list[Check]:
    """Return the checks of exactly this text of this subject under the present rules that somebody has allowed."""
    rows = Check.objects.filter(
        subject=subject,
        kind=kind,
        text_hash=hash_text(make_storable(text)),
        rules_date=get_rules_date(),
        decision=Check.Decision.PASSED,
    )
    return list(rows.order_by("id"))


def is_passed(text: str, kind: str, subject: str) -> bool:
    """Return whether somebody has allowed exactly this text of this subject under the present rules."""
    return bool(list_passed(text, kind, subject))


def delete_expired() -> int:
    """Delete what has been stored long enough; return how many."""
    return Check.objects.filter(made_at__lt=timezone.now() - RETENTION).delete()[0]


def make_storable(text: str) -> str:
    """Return text that every database can store: without NUL and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
