"""Describe what is stored about a person, for the page: how much, where it is seen, what stays after an erasure."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, User
from config.personal import terms
from config.personal.terms import Entry, Group, Person
from programme.audit import Verb as Programme
from shops.audit import Verb as Trade
from shops.models import Order, Shop

LOOKS_SHOWN = 30
# Lists of a class that somebody took.
EXPORTS = (AuditVerb.LIST_EXPORTED, Programme.LEDGER_DOWNLOADED, Programme.ID_NUMBERS_EXPORTED)


@dataclass(frozen=True)
class TableCount:
    title: str
    count: int


@dataclass(frozen=True)
class Holdings:
    """One heading with its tables; `until` is the last day on which anything of it stays after an erasure today."""

    group: Group
    tables: list[TableCount]
    url: str
    until: datetime.date | None

    @property
    def count(self) -> int:
        return sum(table.count for table in self.tables)


def list_holdings(user: User) -> list[Holdings]:
    """Return all headings under which something is stored, in the order of the file."""
    person = Person.of(user)
    return [found for group in terms.load_groups() if (found := of_group(group, person)).tables]


def of_group(group: Group, person: Person) -> Holdings:
    tables, ends = [], []
    for entry in terms.of_group(group):
        if entry.model is not User and (count := entry.rows_for(person).order_by().count()):
            tables.append(TableCount(str(entry.model._meta.verbose_name), count))
            ends += list_last_days(entry, person)
    url = reverse(group.page) if group.page and is_theirs(group, person) else ""
    return Holdings(group, tables, url, None if group.stays_for_ever else max(ends, default=None))


def is_theirs(group: Group, person: Person) -> bool:
    """Return whether the heading applies: pages of a shop only to people who have one."""
    if group.name not in ("shop", "books"):
        return True
    return person.user is not None and Shop.objects.of(person.user).exists()


def list_last_days(entry: Entry, person: Person) -> list[datetime.date]:
    """Return when the terms of this table end, if the person were erased today."""
    if not any(act.do in ("keep", "names", "messages") or act.where for act in entry.erase):
        return []
    days = []
    for act in entry.term:
        rows = entry.rows_of(person).order_by()
        begins = (
            timezone.now() if act.since.endswith("erased_at") else rows.aggregate(last=Max(act.since))["last"]
        )
        if begins:
            days.append(timezone.localdate(begins) + datetime.timedelta(days=act.days))
    return days


def describe_erasure(user: User) -> list[Holdings]:
    """Return what is deleted and what stays, for the page about closing the account (the setting ERASE_TERMS)."""
    return [one for one in list_holdings(user) if one.group.goes or one.group.stays]


def list_looks(user: User) -> QuerySet[AuditEntry]:
    """Return what others have done with this person's data, the newest first: changed it, or exported a list that contains
    it.
    """
    subjects = [f"cohort {pk}" for pk in user.enrolments.order_by().values_list("cohort", flat=True) if pk]
    lists = Q(verb__in=EXPORTS, subject__in=subjects)
    bought = terms.find_entry(Order).rows_of(Person.of(user)).order_by()
    orders = [f"order {pk}" for pk in bought.values_list("pk", flat=True)]
    opened = Q(verb=Trade.ORDER_OPENED, subject__in=orders)
    rows = AuditEntry.objects.filter(Q(subject=f"user {user.pk}") | lists | opened).exclude(actor=user)
    return (
        rows.filter(actor__isnull=False, at__gte=user.joined_at)
        .select_related("actor")
        .order_by("-at", "-pk")
    )
