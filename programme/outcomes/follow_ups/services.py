"""Ask graduates how it goes 30, 90 and 180 days after graduation, and record what they answer.

An answer is never changed: who answers again adds a row, and the newest counts, with its own date. Grams, fen.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import consents
from accounts.models import Consent, User
from programme import notices
from programme.exceptions import NoConsent, TooManyAnswers
from programme.models import DAYS, FollowUp, FollowUpAnswer, Step
from shops.exceptions import IdempotencyConflict
from shops.ledger import reports
from shops.models import LedgerEntry, LedgerMonth
from ui.parameters import read_id

Mark = FollowUpAnswer.Mark
# Nobody is reminded of a day that passed long before this was recorded.
REMINDED_WITHIN = datetime.timedelta(days=14)
# Who has not answered by then is asked by the trainer, who can send another link.
LINK_LASTS = datetime.timedelta(days=14)
REMINDED_AGAIN_AFTER = datetime.timedelta(days=1)
MOST_ANSWERS = 20
SOLD = (*reports.SOLD, *reports.BACK)


@dataclass(frozen=True)
class Figures:
    """What the ledger shows of a person's last whole month."""

    month: datetime.date
    fen: int
    grams: int
    by_live: bool

    @property
    def is_selling(self) -> bool:
        return self.fen > 0


def find_last_month(today: datetime.date | None = None) -> datetime.date:
    """Return the first day of the last whole month."""
    return reports.find_month(today or timezone.localdate(), 1)


def plan_and_remind(today: datetime.date | None = None) -> int:
    """Write the follow-ups of all graduates and remind of those that are due: a round of the worker. Safe to repeat."""
    return plan_follow_ups() + remind(today)


def plan_follow_ups() -> int:
    """Write the rows of recorded graduations, and move unanswered ones whose graduation got another date. Return how many."""
    graduated = Step.objects.valid().filter(step=Step.Name.GRADUATE).order_by("user")
    days = {
        (user, number): timezone.localdate(at) + datetime.timedelta(days=number)
        for user, at in graduated.values_list("user", "reached_at")
        for number in DAYS
    }
    known = {
        (user, number): (pk, due)
        for pk, user, number, due in FollowUp.objects.order_by().values_list("pk", "user", "days", "due_on")
    }
    new = [
        FollowUp(user_id=user, days=number, due_on=due)
        for (user, number), due in days.items()
        if (user, number) not in known
    ]
    FollowUp.objects.bulk_create(new, ignore_conflicts=True)
    moved = [(known[key][0], due) for key, due in days.items() if key in known and known[key][1] != due]
    return len(new) + sum(FollowUp.objects.open().filter(pk=pk).update(due_on=due) for pk, due in moved)


def remind(today: datetime.date | None = None) -> int:
    """Write one notice for each due follow-up without an answer, once; return how many."""
    today = today or timezone.localdate()
    rows = FollowUp.objects.due(today).open().filter(reminded_at=None, due_on__gte=today - REMINDED_WITHIN)
    count = 0
    for row in rows.filter(user__is_active=True).select_related("user"):
        with transaction.atomic():
            now = timezone.now()
            if FollowUp.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
                row.reminded_at = now
                notices.write_follow_up_notice(row)
                count += 1
    return count


def can_remind_again(row: FollowUp) -> bool:
    """Return whether the person may get another link: has not answered, and was not reminded within the last day."""
    since = timezone.now() - REMINDED_AGAIN_AFTER
    return not has_answered(row) and (row.reminded_at is None or row.reminded_at < since)


@transaction.atomic
def remind_again(follow_up: FollowUp) -> bool:
    """Send the person another link, which ends the one before; False if they have answered, or got one within the last day."""
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("user").get(pk=follow_up.pk)
    if not can_remind_again(row):
        return False
    row.reminded_at = timezone.now()
    row.save(update_fields=["reminded_at"])
    notices.write_follow_up_notice(row)
    return True


def has_answered(row: FollowUp) -> bool:
    """Return whether the person has answered; an estimate of the trainer's is no answer of theirs."""
    return row.answers.exclude(mark=Mark.ESTIMATED).exists()


def read_token(token: str) -> FollowUp | None:
    """Return the follow-up that a link opens.

    None for a link that is none, older than LINK_LASTS, followed by another one, or of a graduation taken back.
    """
    try:
        pk, number = signing.loads(token, salt="programme.follow_up", max_age=LINK_LASTS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    rows = FollowUp.objects.due().filter(pk=read_id(str(pk)), user__is_active=True)
    found = rows.select_related("user").first()
    return found if found and found.link_number == number else None


def read_ledger(person: User, today: datetime.date | None = None) -> Figures:
    """Return what the person sold in the last whole month, over all shops. One query."""
    month = find_last_month(today)
    rows = LedgerMonth.objects.filter(villager=person, month=month, kind__in=SOLD).order_by()
    found = list(rows.values_list("kind", "fen", "grams"))
    live = sum(fen for kind, fen, _grams in found if kind == LedgerEntry.Kind.LIVE)
    fen, grams = sum(row[1] for row in found), sum(row[2] for row in found)
    return Figures(month, max(0, fen), max(0, grams), live > 0)


def has_agreed(person: User) -> bool:
    """Return whether the person lets their shop's ledger fill the figures of follow-ups."""
    return consents.is_given(person, Consent.Kind.LEDGER_FIGURES)


def answer(
    follow_up: FollowUp,
    mark: str,
    *,
    is_selling: bool,
    by: User | None,
    key: uuid.UUID,
    by_live: bool = False,
    grams: int | None = None,
    fen: int | None = None,
    known: str = "",
    obstacle: str = "",
    reason: str = "",
) -> FollowUpAnswer:
    """Add an answer; the same key again returns the first.

    Raises TooManyAnswers past MOST_ANSWERS, IdempotencyConflict for another follow-up's key.
    """
    facts: dict[str, Any] = {"is_selling": is_selling, "by_live": by_live, "grams": grams, "fen": fen}
    facts |= {
        "known": known,
        "obstacle": obstacle,
        "reason": reason,
        "answered_by": by,
        "month": find_last_month(),
    }
    try:
        with transaction.atomic():
            FollowUp.objects.select_for_update().get(pk=follow_up.pk)
            if earlier := find_answer(key, follow_up):
                return earlier
            if follow_up.answers.count() >= MOST_ANSWERS:
                raise TooManyAnswers
            follow_up.answers.filter(is_newest=True).update(is_newest=False)
            return FollowUpAnswer.objects.create(follow_up=follow_up, mark=mark, key=key, **facts)
    except IntegrityError:  # the same form on another connection came first
        if earlier := find_answer(key, follow_up):
            return earlier
        raise IdempotencyConflict from None


def find_answer(key: uuid.UUID, follow_up: FollowUp) -> FollowUpAnswer | None:
    return FollowUpAnswer.objects.filter(key=key, follow_up=follow_up).first()


def answer_from_ledger(follow_up: FollowUp, by: User, key: uuid.UUID, obstacle: str = "") -> FollowUpAnswer:
    """Add an answer with the figures of the shop's ledger, marked as measured. Raises NoConsent, TooManyAnswers."""
    if not has_agreed(follow_up.user):
        raise NoConsent
    found = read_ledger(follow_up.user)
    return answer(
        follow_up,
        Mark.MEASURED,
        is_selling=found.is_selling,
        by_live=found.by_live,
        grams=found.grams,
        fen=found.fen,
        obstacle=obstacle,
        by=by,
        key=key,
    )


def list_history(follow_up: FollowUp) -> Iterable[FollowUpAnswer]:
    """Return all answers, the newest first. One query."""
    return follow_up.answers.select_related("answered_by").order_by("-at", "-pk")
