"""Enforce the terms: the worker deletes what is past its time, or removes the person from it, however many rows there are.

Rows of ledgers and of the audit trail stay with their sums; only this module empties fields in them, and each run records in
the trail how many rows of which table it was.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone

from accounts.audit import AuditVerb
from accounts.models import AuditEntry
from config.personal import terms
from config.personal.terms import Act, Entry
from rehearsals.submissions.retention import split_batches

log = logging.getLogger(__name__)


def run(now: datetime.datetime | None = None) -> dict[str, int]:
    """Do all that is due, in batches; safe at any time. Returns how many rows of which table."""
    now = now or timezone.now()
    done: dict[str, int] = {}
    for entry in terms.load_entries():
        for act in entry.term:
            if act.do != "elsewhere" and (count := keep_term(entry, act, now)):
                done[entry.label] = done.get(entry.label, 0) + count
                facts = {"count": count, "fields": list(act.fields)}
                AuditEntry.objects.create(
                    actor=None,
                    verb=AuditVerb.TERM_OVER,
                    subject=entry.model._meta.model_name or "",
                    detail=facts,
                )
    if done:
        log.info("terms", extra={"fields": done})
    return done


def find_due(entry: Entry, act: Act, now: datetime.datetime) -> QuerySet:
    """Return rows whose time is over and on which something is left to do."""
    over = {f"{act.since}__lt": now - datetime.timedelta(days=act.days)}
    rows = entry.model._base_manager.filter(**over, **act.where)
    if act.unless:
        rows = rows.exclude(**act.unless)
    return rows.filter(~filter_blanked(entry, act)) if act.do in ("blank", "stored") else rows


def filter_blanked(entry: Entry, act: Act) -> Q:
    """Return the condition of rows on which this act has nothing left to do."""
    done = Q()
    for name in act.fields:
        one: Any = entry.model._meta.get_field(name)
        value = None if one.many_to_many else terms.get_blank_value(one)
        done &= terms.is_blank(name, entry.model, value)
    for name, value in act.values.items():
        done &= Q(**{name: value})
    return done


def keep_term(entry: Entry, act: Act, now: datetime.datetime) -> int:
    count = 0
    rows = find_due(entry, act, now)
    for some in split_batches(rows.order_by("pk")):
        count += apply_act(entry, act, rows.model._base_manager.filter(pk__in=set(some)))
    return count


def apply_act(entry: Entry, act: Act, rows: QuerySet) -> int:
    if act.do == "delete":
        return delete(rows)
    stored = list(rows.exclude(stored="").values_list("stored", flat=True)) if act.do == "stored" else []
    with transaction.atomic():
        count = terms.blank_fields(rows, act.fields, act.values)
    for name in stored:
        storages["private"].delete(name)
    return count


def delete(rows: QuerySet) -> int:
    """Delete one by one, so that a row that something came to need is skipped. Media's cleanup deletes its files later."""
    count = 0
    for row in rows:
        try:
            with transaction.atomic():
                row.delete()
            count += 1
        except (ProtectedError, RestrictedError):
            log.warning(
                "a row past its term is still used", extra={"fields": {"row": f"{row._meta.label} {row.pk}"}}
            )
    return count
