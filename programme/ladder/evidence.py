"""Find the evidence of each step, for many people at once, in the same number of queries for one as for five hundred.

Each function returns {person's id: Reached}, the first evidence in time. Nothing is written here and nothing depends on what
was found before. Times are those of the evidence, in UTC; a day or a month is one of Asia/Shanghai (the setting TIME_ZONE).
Money in fen.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Min, OuterRef, Q, Sum, Window
from django.db.models.functions import Cast, RowNumber
from django.utils import timezone

from accounts.models import Clearance
from courses.models import CourseVersion
from live.models import LASTS, Frozen, LiveRefund, LiveSale, Livestream, Settlement
from programme.ladder.rules import Rules
from programme.models import Step, StepRule, Teaching
from progress.models import Attempt, Enrolment, LessonDone
from progress.quizzes.clearances import name_record
from rehearsals.models import Review
from rehearsals.submissions.dashboard import PASS_POINTS
from shops.ledger import reports
from shops.models import Order

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


@dataclass(frozen=True)
class Learning:
    """What the people have learnt: `done` is {(person, course): {lesson: (when, row's id)}}, of courses they enrolled in."""

    done: dict[tuple[int, int], dict[int, tuple[Moment, int]]]

    @classmethod
    def load(cls, people: Collection[int]) -> Learning:
        """Two queries."""
        enrolled = set(Enrolment.objects.filter(user__in=people).order_by().values_list("user", "course"))
        done: dict[tuple[int, int], dict[int, tuple[Moment, int]]] = defaultdict(dict)
        rows = LessonDone.objects.filter(user__in=people).order_by()
        for person, course, lesson, at, pk in rows.values_list(
            "user", "lesson__module__course", "lesson", "happened_at", "pk"
        ):
            if (person, course) in enrolled:
                done[person, course][lesson] = at, pk
        return cls(dict(done))


def find_learners(learning: Learning) -> Found:
    """Return who is enrolled in a course and has done a first lesson of it."""
    return pick_first(
        (person, Reached(at, Kind.LESSON, pk, {"lesson": lesson, "course": course}))
        for (person, course), lessons in learning.done.items()
        for lesson, (at, pk) in lessons.items()
    )


def find_graduates(people: Collection[int], learning: Learning, passed: Found) -> Found:
    """Return who has finished a course: all its lessons, its examination on the law and a scored rehearsal that passed.

    Until certificates are rows of their own they are replaced by this one function. What counts as all lessons is what a
    version of the course had while it was the newest, so that a lesson added later takes nobody's step back. Three queries.
    """
    exams = find_examinations(people)
    versions = load_versions({course for _person, course in exams})

    def judge() -> Iterable[tuple[int, Reached]]:
        for (person, course), (examined_at, attempt) in exams.items():
            review = passed.get(person)
            finished = find_finish(learning.done.get((person, course), {}), versions.get(course, []))
            if review and finished:
                finished_at, version, count = finished
                facts = {"version": version, "lessons": count, "attempt": attempt, "review": review.id}
                at = max(finished_at, examined_at, review.at)
                yield person, Reached(at, Kind.COURSE, course, facts)

    return pick_first(judge())


def find_examinations(people: Collection[int]) -> dict[tuple[int, int], tuple[Moment, int]]:
    """Return {(person, course): (when, attempt's id)} of the first passed examination whose clearance was not withdrawn."""
    withdrawn = set(
        Clearance.objects.filter(user__in=people, withdrawn_at__isnull=False).values_list("record", flat=True)
    )
    rows = Attempt.objects.filter(
        user__in=people, passed=True, finished_at__isnull=False, quiz__clears=Clearance.Kind.FIRST_LIVE
    )
    first: dict[tuple[int, int], tuple[Moment, int]] = {}
    for person, course, key, at, pk in rows.order_by("finished_at", "pk").values_list(
        "user", "quiz__course", "key", "finished_at", "pk"
    ):
        if at is not None and name_record(Attempt(key=key)) not in withdrawn:
            first.setdefault((person, course), (at, pk))
    return first


Versions = list[tuple[int, Moment | None, Moment | None, set[int]]]


def load_versions(courses: Collection[int]) -> dict[int, Versions]:
    """Return (number, first and last moment, lessons) of each course's versions; one without lessons is left out.

    The first that was recorded stands for all before it: older sites did not record versions.
    """
    found: dict[int, list[tuple[int, Moment, set[int]]]] = defaultdict(list)
    rows = CourseVersion.objects.filter(course__in=courses).order_by("course", "number")
    for course, number, at, lessons in rows.values_list("course", "number", "published_at", "lessons"):
        found[course].append((number, at, {int(pk) for pk in lessons}))
    return {
        course: [
            (
                number,
                at if place else None,
                versions[place + 1][1] if place + 1 < len(versions) else None,
                lessons,
            )
            for place, (number, at, lessons) in enumerate(versions)
            if lessons
        ]
        for course, versions in found.items()
    }


def find_finish(done: dict[int, tuple[Moment, int]], versions: Versions) -> tuple[Moment, int, int] | None:
    """Return when all lessons of a version were done while it was the newest, with its number and how many they are."""
    for number, begins, ends, lessons in versions:
        if lessons <= done.keys():
            at = max(done[lesson][0] for lesson in lessons)
            at = max(begins, at) if begins else at
            if ends is None or at < ends:
                return at, number, len(lessons)
    return None


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


def find_streamers(people: Collection[int], passed: Found, rules: Rules, now: Moment) -> Found:
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


def find_sellers(people: Collection[int], rules: Rules, now: Moment) -> Found:
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


def find_settled_sales(people: Collection[int], rules: Rules, now: Moment) -> Iterable[tuple[int, Reached]]:
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


def find_earners(people: Collection[int], rules: Rules, now: Moment) -> Found:
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
    after = reports.find_month(first, -1)
    return timezone.make_aware(
        datetime.datetime.combine(after, datetime.time()), timezone.get_default_timezone()
    )


def number_month(first: datetime.date) -> int:
    """Return 202611 for November 2026."""
    return first.year * 100 + first.month


def read_month(number: int) -> datetime.date:
    return datetime.date(number // 100, number % 100, 1)


# --- mentor ---


def find_mentors(people: Collection[int], rules: Rules, now: Moment) -> Found:
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
