"""Take what somebody is stuck with, tell them what to do, record what was done about it, and close it once its cause is gone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry, Notice, User
from accounts.notifications import delivery
from courses.models import Cohort
from programme.audit import Verb
from programme.models import SupportAct, SupportCase, SupportCaseQuerySet
from programme.models.support import LONGEST_TITLE
from programme.support.causes import CAUSES, find_facts
from programme.support.causes.cause import FOLLOWED, Fact, is_followed
from programme.support.endings import find_ends
from ui.days import begin_day

Act = SupportAct.Act
# The furthest day to which somebody is put off: after a season of work in the fields it is looked at again.
LONGEST_SNOOZE = datetime.timedelta(days=90)


class OwnCase(Exception):
    """Raised when somebody would look after themselves."""


class CauseGone(Exception):
    """Raised when the person is no longer stuck with it, and nobody had taken it."""


@dataclass
class Taken:
    """What came of taking: how many cases are the actor's now, and who has the others."""

    count: int = 0
    others: dict[int, str] = field(default_factory=dict)


def is_about(case: SupportCase, fact: Fact) -> bool:
    """Return whether the open case is about this fact and not about an earlier time of the same cause."""
    return (case.user_id, case.cause, case.subject) == fact.key and fact.since <= case.opened_at


def split_cases(
    cases: Iterable[SupportCase], facts: dict[int, list[Fact]]
) -> tuple[dict[tuple[int, str, int], SupportCase], list[SupportCase]]:
    """Return the open cases whose cause is still there, by the fact's key, and those whose cause is gone."""
    current = {fact.key: fact for found in facts.values() for fact in found}
    live, gone = {}, []
    for case in cases:
        key = (case.user_id, case.cause, case.subject)
        if (fact := current.get(key)) and is_about(case, fact):
            live[key] = case
        else:
            gone.append(case)
    return live, gone


@transaction.atomic
def take_all(by: User, cohort: Cohort, user: User) -> Taken:
    """Take all that the person is stuck with and nobody has; of two people at once the second learns who has it.

    Raises OwnCase.
    """
    refuse_own(by, user)
    found, taken = refresh(cohort, user), Taken()
    for fact in found:
        case, is_new = open_case(by, cohort, fact)
        if is_new or claim(case, None, by):
            add_act(case, by, Act.TAKEN)
            taken.count += 1
        elif case.taken_by and case.taken_by_id != by.pk:
            taken.others[case.taken_by.pk] = case.taken_by.name
    if taken.count:
        AuditEntry.write(by, Verb.SUPPORT_TAKEN, user, cohort.place, count=taken.count)
    return taken


@transaction.atomic
def take_over(by: User, case: SupportCase, before: int) -> bool:
    """Take an open case from the person of this id; return False if that person does not have it any more. Raises OwnCase."""
    refuse_own(by, case.user)
    if not claim(case, before, by):
        return False
    add_act(case, by, Act.TAKEN)
    AuditEntry.write(by, Verb.SUPPORT_TAKEN, case.user, case.cohort.place, count=1)
    return True


def claim(case: SupportCase, before: int | None, by: User) -> bool:
    """Make an open case this person's if that of `before` still holds; None: nobody has it, their account is closed."""
    rows = SupportCase.objects.open().filter(pk=case.pk, taken_by=before)
    return bool(rows.update(taken_by=by))


@transaction.atomic
def record_act(
    by: User,
    cohort: Cohort,
    user: User,
    cause: str,
    subject: int,
    *,
    key: UUID,
    act: str,
    outcome: str = "",
    note: str = "",
    peer: User | None = None,
    look_again: datetime.date | None = None,
) -> SupportCase:
    """Record what was done; who records it first has the case. The same form sent again is recorded once; one that was changed
    since it was sent (the browser's "back" shows it again, with its key) is another act.

    What is solved meanwhile takes the note, too, if somebody had a case of it; else raises CauseGone. Raises OwnCase.
    """
    refuse_own(by, user)
    said = (cohort.pk, user.pk, cause, subject, act, outcome, note, peer.pk if peer else 0, look_again)
    key = uuid5(key, " ".join(map(str, said)))
    if sent := SupportAct.objects.filter(key=key).select_related("case").first():
        return sent.case
    fact = next((one for one in refresh(cohort, user) if one.key == (user.pk, cause, subject)), None)
    if fact:
        case = open_case(by, cohort, fact)[0]
        case.snoozed_until = look_again
        case.save(update_fields=["snoozed_until"])
    else:
        case = find_closed(cohort, user, cause, subject)
    add_act(case, by, act, key=key, outcome=outcome, note=note, peer=peer)
    AuditEntry.write(by, Verb.SUPPORT_RECORDED, user, cohort.place, cause=cause, act=act)
    return case


@transaction.atomic
def send_message(by: User, cohort: Cohort, user: User, cause: str, subject: int) -> bool:
    """Send the person a message about it, once a day; return whether one was sent now. Raises CauseGone, OwnCase."""
    refuse_own(by, user)
    fact = next((one for one in refresh(cohort, user) if one.key == (user.pk, cause, subject)), None)
    if fact is None:
        raise CauseGone
    case = open_case(by, cohort, fact)[0]
    today = timezone.localdate()
    SupportCase.objects.select_for_update().get(pk=case.pk)
    if case.acts.filter(act=Act.MESSAGE, at__gte=begin_day(today)).exists():
        return False
    add_act(case, by, Act.MESSAGE)
    write_support_notice(case, user, today)
    AuditEntry.write(by, Verb.SUPPORT_RECORDED, user, cohort.place, cause=cause, act=Act.MESSAGE)
    return True


def refuse_own(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise OwnCase


def refresh(cohort: Cohort, user: User) -> list[Fact]:
    """Close the person's cases whose cause is gone, and return what they are stuck with now."""
    facts = find_facts(cohort, [user.pk])
    if is_followed(cohort):
        close_gone(cohort, facts, SupportCase.objects.filter(cohort=cohort, user=user))
    return facts.get(user.pk, [])


def close_gone(cohort: Cohort, facts: dict[int, list[Fact]], cases: SupportCaseQuerySet) -> int:
    """Close those of these cases whose cause is gone, at the moment it went; return how many."""
    _live, gone = split_cases(cases.open(), facts)
    now, ends = timezone.now(), find_ends(cohort, gone)
    for case in gone:
        end = ends[case.pk]
        rows = SupportCase.objects.open().filter(pk=case.pk)
        rows.update(closed_at=end.at or now, is_solved=end.is_solved)
    return len(gone)


def close_solved_cases() -> int:
    """Store that cases are solved, in all classes; pages show it before. The worker calls it each hour."""
    closed = 0
    followed = Cohort.objects.filter(ends_on__gte=timezone.localdate() - FOLLOWED)
    cohorts = followed.filter(pk__in=SupportCase.objects.open().order_by().values("cohort"))
    for cohort in cohorts.select_related("course").order_by("pk"):
        cases = SupportCase.objects.filter(cohort=cohort)
        users = set(cases.open().order_by().values_list("user", flat=True))
        closed += close_gone(cohort, find_facts(cohort, users), cases)
    return closed


def open_case(by: User, cohort: Cohort, fact: Fact) -> tuple[SupportCase, bool]:
    """Return the open case of the fact, and whether it was made now: of two at once the database refuses the second."""
    facts = {"cohort": cohort, "user_id": fact.user, "cause": fact.cause, "subject": fact.subject}
    made = {"title": fact.title[:LONGEST_TITLE], "taken_by": by}
    rows = SupportCase.objects.select_related("taken_by")
    return rows.get_or_create(**facts, closed_at=None, defaults=made)


def find_closed(cohort: Cohort, user: User, cause: str, subject: int) -> SupportCase:
    found = SupportCase.objects.filter(cohort=cohort, user=user, cause=cause, subject=subject).first()
    if found is None:
        raise CauseGone
    return found


def add_act(case: SupportCase, by: User, act: str, **fields) -> None:
    """Add one act; the same key again, as from a second tap at the same moment, adds nothing."""
    SupportAct.objects.bulk_create([SupportAct(case=case, by=by, act=act, **fields)], ignore_conflicts=True)


SUPPORT = "support_message"


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    if notice.template != SUPPORT:
        return None
    facts, cause = notice.params, CAUSES[notice.params["cause"]]
    return cause.describe() % facts, cause.build_url(facts["subject"], facts["class"])


def write_support_notice(case: SupportCase, user: User, day: datetime.date) -> None:
    """Write one notice a day to somebody who is stuck, in the transaction that records it."""
    facts = {"cause": case.cause, "title": case.title, "subject": case.subject, "class": case.cohort_id}
    delivery.write_notice(f"support-{case.pk}-{day}", user.phone, SUPPORT, **facts)
