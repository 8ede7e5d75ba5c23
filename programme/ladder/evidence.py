"""Find the evidence of each step, for many people at once, in the same number of queries for one as for five hundred.

Each function returns {person's id: Reached}, the first evidence in time. Nothing is written here and nothing depends on what
was found before. Times are those of the evidence, in UTC; a day or a month is one of Asia/Shanghai (the setting TIME_ZONE).
Money in fen.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Min, OuterRef, Q, Sum, Window
from django.db.models.functions import Cast, RowNumber
from django.utils import timezone

from live.models import LASTS, Frozen, LiveRefund, LiveSale, Livestream, Settlement
from programme.models import Certificate, Step, StepRule, StepRules, Teaching
from progress.models import Enrolment, LessonDone
from rehearsals.models import Review
from rehearsals.submissions.dashboard import PASS_POINTS
from shops.ledger import reports
from shops.models import Order
from ui.days import begin_day

Kind = Step.Evidence
Moment = datetime.datetime


@dataclass(frozen=True)
class Reached:
    """A step that the evidence shows: when, by which row, the ids and numbers in it, and the rule it was judged by."""

    at: Moment
    kind: str
    id: int
    facts: dict[str, Any] = field(default_factory=dict)
    rule: StepRule | None = None

    @property
    def rule_id(self) -> int | None:
        return self.rule.pk if self.rule else None


Found = dict[int, Reached]


def pick_first(found: Iterable[tuple[int, Reached]]) -> Found:
    """Return the earliest of each person; of two at the same time the one with the smaller number."""
    first: Found = {}
    for person, one in found:
        if person not in first or (one.at, one.kind, one.id) < _order(first[person]):
            first[person] = one
    return first


def _order(one: Reached) -> tuple[Moment, str, int]:
    return one.at, one.kind, one.id


# --- learner, graduate ---


def find_learners(people: Collection[int]) -> Found:
    """Return who is enrolled in a course and has done a first lesson of it. Two queries."""
    enrolled = set(Enrolment.objects.filter(user__in=people).order_by().values_list("user", "course"))
    rows = LessonDone.objects.filter(user__in=people).order_by()
    return pick_first(
        (person, Reached(at, Kind.LESSON, pk, {"lesson": lesson, "course": course}))
        for person, course, lesson, at, pk in rows.values_list(
            "user", "lesson__module__course", "lesson", "happened_at", "pk"
        )
        if (person, course) in enrolled
    )


def find_graduates(people: Collection[int]) -> Found:
    """Return who holds a valid certificate, from the day on which it was first issued. One query.

    A certificate that was reissued keeps the step: the evidence is the first of its chain, the facts name the valid one.
    """
    names = ("pk", "user", "serial", "issued_at", "replaces", "revoked_at")
    rows = {row[0]: row for row in Certificate.objects.filter(user__in=people).order_by().values_list(*names)}
    before = {pk: row[4] for pk, row in rows.items()}

    def judge() -> Iterable[tuple[int, Reached]]:
        for pk, person, serial, _at, _replaces, revoked in rows.values():
            if revoked is None:
                first = find_root(pk, before)
                facts = {"certificate": pk, "serial": serial}
                yield person, Reached(rows[first][3], Kind.CERTIFICATE, first, facts)

    return pick_first(judge())


def find_root(pk: int, before: dict[int, int | None]) -> int:
    """Return the first certificate of a chain; `before` is {certificate: the one that it replaced}."""
    while (earlier := before.get(pk)) is not None:
        pk = earlier
    return pk


# --- streamer ---


def find_passed_rehearsals(people: Collection[int]) -> Found:
    """Return the first rehearsal that a trainer's signed review passed, by the submission's own rubric. One query."""
    rows = Review.objects.counting().filter(submission__user__in=people, kind=Review.Kind.FIRST)
    return pick_first(
        (person, Reached(at, "review", pk, {"total": total}))
        for person, pk, at, total, points in rows.order_by().values_list(
            "submission__user", "pk", "signed_at", "total", "submission__rubric_content__pass_points"
        )
        if at is not None and total is not None and total >= int(points or PASS_POINTS)
    )


def find_streamers(people: Collection[int], passed: Found, rules: StepRules, now: Moment) -> Found:
    """Return who passed a rehearsal and hosted a real live session to its end, long enough, with its pages kept. One query."""
    rows = Livestream.objects.filter(host__in=passed.keys() & set(people), kind=Livestream.Kind.REAL)
    rows = rows.filter(Exists(Frozen.objects.filter(livestream=OuterRef("pk"))), started_at__isnull=False)

    def judge() -> Iterable[tuple[int, Reached]]:
        for live in rows.order_by().only("host", "started_at", "ended_at"):
            began, over = live.started_at, live.over_at
            assert began is not None
            assert over is not None
            minutes = int((over - began).total_seconds()) // 60
            rule, review = rules.find(timezone.localdate(over)), passed[live.host_id]
            if over <= now and minutes >= rule.live_minutes:
                facts = {"review": review.id, "minutes": minutes, "asked_minutes": rule.live_minutes}
                yield live.host_id, Reached(max(over, review.at), Kind.LIVE, live.pk, facts, rule)

    return pick_first(judge())


# --- seller, earner ---


def find_sellers(people: Collection[int], rules: StepRules, now: Moment) -> Found:
    """Return whose shop had an order received, or a live session whose sales are settled. Four queries."""
    return pick_first([*find_received_orders(people).items(), *find_settled_sales(people, rules, now)])


def find_received_orders(people: Collection[int]) -> Found:
    """Return the first received order of each owner's shops of which not all the money went back. One query."""
    rows = Order.objects.filter(
        shop__owner__in=people,
        status=Order.Status.RECEIVED,
        received_at__isnull=False,
        refunded_fen__lt=F("total_fen"),
    )
    place = Window(RowNumber(), partition_by=[F("shop__owner")], order_by=["received_at", "pk"])
    first = rows.order_by().annotate(place=place).filter(place=1)
    return {
        owner: Reached(at, Kind.ORDER, pk)
        for owner, pk, at in first.values_list("shop__owner", "pk", "received_at")
        if at is not None
    }


def find_settled_sales(
    people: Collection[int], rules: StepRules, now: Moment
) -> Iterable[tuple[int, Reached]]:
    """Yield the live sessions that sold something of which money is left once their days have passed. Three queries.

    A session of which every unit was oversold counts from its first settlement on: before, nobody got any goods. A sale
    keyed in after those days counts from then on.
    """
    lives = find_sold(people)
    settled = {
        row["livestream"]: row
        for row in Settlement.objects.filter(livestream__in=lives)
        .order_by()
        .values("livestream")
        .annotate(back=Sum("fen"), first=Min("received_at"))
    }
    refunds = dict(
        LiveRefund.objects.filter(livestream__in=lives)
        .order_by()
        .values_list("livestream")
        .annotate(back=Sum("fen"))
    )
    for pk, sold in lives.items():
        over = sold["livestream__ended_at"] or sold["livestream__started_at"] + LASTS
        rule = rules.find(timezone.localdate(over))
        due = max(over + datetime.timedelta(days=rule.settle_days), sold["first"])
        given = settled.get(pk, {"back": 0, "first": None})
        if sold["units"] == sold["oversold"]:
            if given["first"] is None:
                continue
            due = max(due, given["first"])
        left = sold["fen"] - given["back"] - refunds.get(pk, 0)
        if due <= now and left > 0:
            facts = {"fen": left, "days": rule.settle_days}
            yield sold["livestream__shop__owner"], Reached(due, Kind.SALES, pk, facts, rule)


def find_sold(people: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return {live session: its sums} of the real ones in which these people's shops sold something. One query."""
    fen = Sum(Cast(F("price_fen"), BigIntegerField()) * F("quantity"))
    rows = LiveSale.objects.filter(
        livestream__shop__owner__in=people,
        livestream__kind=Livestream.Kind.REAL,
        livestream__started_at__isnull=False,
    ).order_by()
    names = ("livestream", "livestream__shop__owner", "livestream__started_at", "livestream__ended_at")
    kept = Q(undoes__isnull=True, undone_by__isnull=True)
    sums = rows.values(*names).annotate(
        fen=fen, units=Sum("quantity"), oversold=Sum("oversold"), first=Min("received_at", filter=kept)
    )
    return {row["livestream"]: row for row in sums if row["first"] is not None}


def find_earners(people: Collection[int], rules: StepRules, now: Moment) -> Found:
    """Return whose net income of a whole calendar month, over all their shops, reached the target. One query.

    A month is judged when it is over, by the rule of its first day, which everybody knew when it began.
    """

    def judge() -> Iterable[tuple[int, Reached]]:
        for person, months in reports.list_incomes(people).items():
            for month in months:
                rule, ends = rules.find(month.first), find_end(month.first)
                if ends <= now and month.net >= rule.target_fen:
                    facts = {"net_fen": month.net, "target_fen": rule.target_fen}
                    yield person, Reached(ends, Kind.MONTH, number_month(month.first), facts, rule)

    return pick_first(judge())


def find_end(first: datetime.date) -> Moment:
    """Return the moment at which the month of this first day is over."""
    return begin_day(reports.find_month(first, -1))


def number_month(first: datetime.date) -> int:
    """Return 202611 for November 2026."""
    return first.year * 100 + first.month


def read_month(number: int) -> datetime.date:
    return datetime.date(number // 100, number % 100, 1)


# --- mentor ---


def find_mentors(people: Collection[int], rules: StepRules, now: Moment) -> Found:
    """Return whose pupil first sold after they had begun to teach them. Five queries."""
    rows = list(
        Teaching.objects.counting()
        .filter(teacher__in=people)
        .order_by()
        .values_list("pk", "teacher", "pupil", "since")
    )
    sellers = find_sellers({pupil for _pk, _teacher, pupil, _since in rows}, rules, now)
    return pick_first(
        (teacher, Reached(sold.at, Kind.TEACHING, pk, {"pupil": pupil, "kind": sold.kind, "id": sold.id}))
        for pk, teacher, pupil, since in rows
        if (sold := sellers.get(pupil)) and timezone.localdate(sold.at) >= since
    )
