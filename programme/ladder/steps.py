"""Compute the steps that people have reached from the evidence, and make the stored rows agree with it.

`compute_steps` is the one place that decides. Pages show what it returns, so that they are true even if no task ran; the
stored rows are for lists and counts, and are the history of what was taken back. The worker makes them agree once an hour;
where a certificate or a record of teaching changes, the request does it for those people at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from programme import notices
from programme.certificates import issuance
from programme.ladder import evidence, lineage
from programme.ladder.evidence import Found, Reached
from programme.models import Step, StepRules, Teaching
from rehearsals.models import Review

Name, Kind, Reason = Step.Name, Step.Evidence, Step.Reason
ORDER = (Name.LEARNER, Name.GRADUATE, Name.STREAMER, Name.SELLER, Name.EARNER, Name.MENTOR)
BATCH = 400
# Who reached a step longer ago gets no notice: a site that counts for the first time must not fill everybody's phone.
NEWS_LASTS = datetime.timedelta(days=7)

Ladder = dict[str, Reached]


def compute_steps(people: Collection[int], now: datetime.datetime | None = None) -> dict[int, Ladder]:
    """Return {person's id: {step: its evidence}}, the steps in their order. At most 16 queries, however many people.

    Each step is judged by its own evidence alone: who sold before they learnt has reached the seller's step.
    """
    now = now or timezone.now()
    people = set(people)
    rules, passed = StepRules.load(), evidence.find_passed_rehearsals(people)
    found: dict[str, Found] = {
        Name.LEARNER: evidence.find_learners(people),
        Name.GRADUATE: evidence.find_graduates(people),
        Name.STREAMER: evidence.find_streamers(people, passed, rules, now),
        Name.SELLER: evidence.find_sellers(people, rules, now),
        Name.EARNER: evidence.find_earners(people, rules, now),
        Name.MENTOR: evidence.find_mentors(people, rules, now),
    }
    return {
        person: {step.value: found[step][person] for step in ORDER if person in found[step]}
        for person in people
    }


@dataclass(frozen=True)
class Difference:
    """A step of which the stored row and the evidence disagree; either may be missing."""

    user: int
    step: str
    stored: Step | None
    found: Reached | None

    @property
    def is_same_evidence(self) -> bool:
        """Return whether only numbers in the same evidence have changed: the row stays and gets them."""
        row, one = self.stored, self.found
        if row is None or one is None:
            return False
        return (row.reached_at, row.evidence_kind, row.evidence_id) == (one.at, one.kind, one.id)

    def __str__(self) -> str:
        row, one = self.stored, self.found
        stored = f"{row.evidence_kind} {row.evidence_id} {row.reached_at.isoformat()}" if row else "-"
        found = f"{one.kind} {one.id} {one.at.isoformat()}" if one else "-"
        return f"user {self.user} {self.step}: stored {stored}, evidence {found}"


def list_differences(people: Collection[int], now: datetime.datetime | None = None) -> list[Difference]:
    """Compare the stored rows of these people with the evidence. One query more than `compute_steps`."""
    computed = compute_steps(people, now)
    stored = {(row.user_id, row.step): row for row in Step.objects.valid().filter(user__in=people)}
    keys = stored.keys() | {(person, step) for person, ladder in computed.items() for step in ladder}
    pairs = [
        Difference(person, step, stored.get((person, step)), computed.get(person, {}).get(step))
        for person, step in sorted(keys)
    ]
    return [one for one in pairs if not is_equal(one)]


def is_equal(one: Difference) -> bool:
    row, found = one.stored, one.found
    if row is None or found is None or not one.is_same_evidence:
        return False
    return (row.facts, row.rule_id) == (found.facts, found.rule_id)


def refresh_steps(people: Collection[int], now: datetime.datetime | None = None) -> list[Difference]:
    """Make the stored rows of these people agree with the evidence; return what differed.

    What the evidence no longer shows is taken back with its reason. The evidence is read before the transaction; a row that
    another worker has written meanwhile stays, and the next count compares it.
    """
    found = list_differences(people, now)
    if not found:
        return []
    reasons = explain_losses(found)
    at = timezone.now()
    gone = [one for one in found if one.stored and not one.is_same_evidence]
    with transaction.atomic():
        for one in gone:
            assert one.stored is not None
            Step.objects.valid().filter(pk=one.stored.pk).update(
                taken_back_at=at, why_taken_back=reasons[one.stored.pk]
            )
        for one in found:
            if one.is_same_evidence and one.stored and one.found:
                Step.objects.filter(pk=one.stored.pk).update(facts=one.found.facts, rule=one.found.rule_id)
        Step.objects.bulk_create(
            (
                make_row(one.user, one.step, one.found)
                for one in found
                if one.found and not one.is_same_evidence
            ),
            ignore_conflicts=True,
        )
        new = [
            (one.user, one.step)
            for one in found
            if one.found and not one.stored and one.found.at > at - NEWS_LASTS
        ]
        notices.write_step_notices(new)
    return found


@issuance.register_follower
def refresh_soon(people: Collection[int]) -> None:
    """Make the rows of these people agree with the evidence once it is committed; the hourly round does what fails here."""
    if people:
        transaction.on_commit(partial(refresh_in_batches, sorted(people)), robust=True)


def refresh_in_batches(people: list[int]) -> None:
    for start in range(0, len(people), BATCH):
        refresh_steps(people[start : start + BATCH])


def make_row(user: int, step: str, one: Reached) -> Step:
    return Step(
        user_id=user,
        step=step,
        reached_at=one.at,
        evidence_kind=one.kind,
        evidence_id=one.id,
        facts=one.facts,
        rule_id=one.rule_id,
    )


OWN_REASONS: dict[str, str] = {
    Kind.LESSON: Reason.LESSON,
    Kind.CERTIFICATE: Reason.CERTIFICATE,
    Kind.ORDER: Reason.ORDER,
    Kind.SALES: Reason.SALES,
    Kind.MONTH: Reason.LEDGER,
}


def explain_losses(found: Iterable[Difference]) -> dict[int, str]:
    """Return {row's id: why it is taken back} of the stored rows that the evidence no longer shows. At most two queries."""
    lost = [one for one in found if one.stored and not one.is_same_evidence]
    rows = [one.stored for one in lost if one.stored]
    reviews = {row.facts.get("review") for row in rows} - {None}
    signed = set(Review.objects.counting().filter(pk__in=reviews).values_list("pk", flat=True))
    taught = {row.evidence_id for row in rows if row.evidence_kind == Kind.TEACHING}
    counting = set(Teaching.objects.counting().filter(pk__in=taught).values_list("pk", flat=True))

    def explain(one: Difference, row: Step) -> str:
        if one.found and one.found.at < row.reached_at:
            return Reason.EARLIER
        if row.evidence_kind in OWN_REASONS:
            return OWN_REASONS[row.evidence_kind]
        if row.evidence_kind == Kind.TEACHING:
            return Reason.PUPIL if row.evidence_id in counting else Reason.TEACHING
        return Reason.LIVE if row.facts.get("review") in signed else Reason.REVIEW

    return {one.stored.pk: explain(one, one.stored) for one in lost if one.stored}


# --- everybody ---


def list_batches() -> Iterator[list[int]]:
    """Yield the ids of everybody, a batch at a time."""
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(people), BATCH):
        yield people[start : start + BATCH]


def check_all() -> Iterator[Difference]:
    for people in list_batches():
        yield from list_differences(people)


def rebuild_all() -> Iterator[Difference]:
    """Record the classes' teachers, then make everybody's rows agree with the evidence; yield what differed."""
    lineage.record_classes()
    for people in list_batches():
        yield from refresh_steps(people)


def count_everybody() -> int:
    """Make all stored rows agree with the evidence: a round of the worker. Return how many differed."""
    return sum(1 for _difference in rebuild_all())
