"""Find what waits for a trainer, the oldest first: rehearsals and the work of tasks in one list; separately what has no
playable film yet.

Both are read from their indexes by the same cursor and merged, then one page of rows is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
)
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from media.models import Video
from rehearsals.leases import get_lease_holder, match_free
from rehearsals.models import Submission, TaskItem, TaskReview, TaskVersion, TaskWork
from ui.pagination import Page, cut_page, read_cursor

A_PAGE = 20
# Rehearsals before works of the same moment; any order would do that stays the same.
REHEARSAL, TASK = 0, 1
ORDER = ("at", "source", "pk")
# What the filter by kind calls rehearsals; the kinds of tasks are those of Assignment.HandIn.
PRACTICE = "practice"
# And tasks of every kind.
TASKS = "tasks"
PLAYS = Q(video__status=Video.Status.READY, video_gone_at=None)
# Large fields that lists do not show.
HEAVY_FIELDS = ("rubric_content", "evidence", "self_marks")
# Submissions, and works of tasks.
Sources = tuple[QuerySet[Any], QuerySet[Any]]


# --- what waits ---


@dataclass(frozen=True)
class Filter:
    """What of the queue is shown: of one class, of one kind, only what comes again after it was returned."""

    cohort: Cohort | None = None
    kind: str = ""
    again: bool = False


EVERYTHING = Filter()


def find_queued(user: User, cohort: Cohort | None = None) -> QuerySet[Submission]:
    """Return the rehearsals that a trainer can review now."""
    rows = Submission.objects.reviewable_by(user).queued().filter(PLAYS)
    return rows.filter(cohort=cohort) if cohort else rows


def find_waiting_works(user: User) -> QuerySet[Any]:
    """Return the works of tasks that a trainer can look at now."""
    return TaskWork.objects.reviewable_by(user).waiting().exclude(is_film_being_made())


def was_returned() -> Exists:
    """Return whether a version of the work was returned."""
    return Exists(
        TaskReview.objects.filter(version__work=OuterRef("pk"), decision=TaskReview.Decision.RETURNED)
    )


def is_film_being_made() -> Exists:
    films = TaskItem.objects.filter(version__work=OuterRef("pk"), video__status=Video.Status.WAITING)
    return Exists(films)


def find_without_film(user: User) -> Sources:
    """Return what waits for the trainee or the worker: the film has not arrived, is being made, failed or was deleted."""
    rehearsals = Submission.objects.reviewable_by(user).queued().exclude(PLAYS)
    return rehearsals, TaskWork.objects.reviewable_by(user).waiting().filter(is_film_being_made())


def find_sources(user: User, chosen: Filter = EVERYTHING) -> Sources:
    """Return what waits of both sources, as filtered."""
    rehearsals, works = find_queued(user, chosen.cohort), find_waiting_works(user)
    if chosen.cohort:
        works = works.filter(cohort=chosen.cohort)
    if chosen.kind == PRACTICE:
        works = works.none()
    elif chosen.kind == TASKS:
        rehearsals = rehearsals.none()
    elif chosen.kind:
        rehearsals, works = rehearsals.none(), works.filter(assignment__hand_in=chosen.kind)
    if chosen.again:
        rehearsals, works = rehearsals.none(), works.filter(was_returned())
    return rehearsals, works


# --- one page ---


@dataclass(frozen=True)
class Waiting:
    """One line of the queue: a submission, or the work of a task with its newest version."""

    row: Submission | TaskWork
    again: bool = False

    @property
    def submission(self) -> Submission | None:
        return self.row if isinstance(self.row, Submission) else None

    @property
    def work(self) -> TaskWork | None:
        return self.row if isinstance(self.row, TaskWork) else None

    @property
    def user(self) -> User:
        return self.row.user

    @property
    def since(self) -> datetime | None:
        return self.row.received_at if isinstance(self.row, Submission) else self.row.waiting_since

    @property
    def number(self) -> int:
        """Return which try or version it is."""
        if isinstance(self.row, Submission):
            return self.row.number
        return max((one.number for one in self.row.versions.all()), default=1)

    @property
    def holder(self) -> User | None:
        return get_lease_holder(self.row)

    @property
    def url(self) -> str:
        if isinstance(self.row, Submission):
            return reverse("rehearsals:review", args=[self.row.key])
        return reverse("rehearsals:task_review", args=[self.row.pk])

    @property
    def take_url(self) -> str:
        return get_take_url(self.row)


def get_take_url(row: Submission | TaskWork) -> str:
    """Return where somebody opens it for themselves."""
    if isinstance(row, Submission):
        return reverse("rehearsals:review_take", args=[row.key])
    return reverse("rehearsals:task_take", args=[row.pk])


def load_page(sources: Sources, after: str = "", size: int = A_PAGE) -> Page:
    """Load one page of what waits. Four queries at most, one of each source for the ids and one for the rows."""
    places: list[dict] = []
    for source, rows in ordered(sources):
        marked = rows.annotate(source=Value(source, IntegerField()))
        values = read_cursor(marked, ORDER, after)
        if values:
            rows = rows.filter(match_behind(source, *values))
        found = rows.order_by("at", "pk").values("at", "pk")[: size + 1]
        places.extend({"at": row["at"], "source": source, "pk": row["pk"]} for row in found)
    places.sort(key=lambda place: (place["at"], place["source"], place["pk"]))
    page = cut_page(places[: size + 1], ORDER, size)
    return Page(load_rows(page.items), page.after)


def ordered(sources: Sources) -> Iterable[tuple[int, QuerySet]]:
    """Yield both sources with `at`, since when a row waits."""
    rehearsals, works = sources
    if not rehearsals.query.is_empty():
        yield REHEARSAL, rehearsals.annotate(at=F("received_at"))
    if not works.query.is_empty():
        yield TASK, works.annotate(at=F("waiting_since"))


def match_behind(source: int, at: datetime, after_source: int, pk: int) -> Q:
    """Match the rows of a source behind a place of the merged list."""
    if source == after_source:
        return Q(at__gte=at) & (Q(at__gt=at) | Q(pk__gt=pk))
    return Q(at__gte=at) if source > after_source else Q(at__gt=at)


def match_before(source: int, at: datetime, before_source: int, pk: int) -> Q:
    """Match the rows of a source in front of a place of the merged list."""
    if source == before_source:
        return Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=pk))
    return Q(at__lte=at) if source < before_source else Q(at__lt=at)


def load_rows(places: list[dict]) -> list[Waiting]:
    submissions = [place["pk"] for place in places if place["source"] == REHEARSAL]
    works = [place["pk"] for place in places if place["source"] == TASK]
    rows: dict[tuple[int, int], Waiting] = {}
    if submissions:
        found = Submission.objects.select_related("user", "drill", "cohort", "lease_by", "video")
        for one in found.filter(pk__in=submissions).defer(*HEAVY_FIELDS, "video__measures"):
            rows[REHEARSAL, one.pk] = Waiting(one)
    if works:
        versions = Prefetch("versions", TaskVersion.objects.defer("text", "ticks"))
        related = TaskWork.objects.select_related(
            "user", "assignment__module__course", "cohort", "lease_by"
        ).defer("assignment__text", "assignment__criteria")
        for work in related.filter(pk__in=works).prefetch_related(versions):
            rows[TASK, work.pk] = Waiting(work, any(one.number > 1 for one in work.versions.all()))
    keys = [(place["source"], place["pk"]) for place in places]
    return [rows[key] for key in keys if key in rows]


# --- how much waits ---


@dataclass(frozen=True)
class WaitingClass:
    """A class with the number of what waits in it."""

    cohort: Cohort
    count: int


@dataclass(frozen=True)
class Counts:
    """What waits for a trainer: by class, the one whose oldest has waited longest first; by kind and what comes again, of the
    class that was chosen."""

    classes: list[WaitingClass]
    kinds: dict[str, int]
    again: int
    chosen: Cohort | None

    @property
    def total(self) -> int:
        return sum(one.count for one in self.classes)


def count_waiting(user: User, number: str = "") -> Counts:
    """Count what waits, and find the class with this number among those in which something does. Three queries."""
    rows: list[Any] = [
        {**row, "kind": PRACTICE, "again": False}
        for row in find_queued(user)
        .order_by()
        .values("cohort")
        .annotate(n=Count("pk"), oldest=Min("received_at"))
    ]
    works = find_waiting_works(user).order_by().annotate(kind=F("assignment__hand_in"), again=was_returned())
    rows += works.values("cohort", "kind", "again").annotate(n=Count("pk"), oldest=Min("waiting_since"))
    counted: Counter[int] = Counter()
    for row in sorted(rows, key=lambda row: row["oldest"]):
        counted[row["cohort"]] += row["n"]
    found = Cohort.objects.select_related("place").in_bulk(list(counted))
    chosen = next((one for pk, one in found.items() if str(pk) == number), None)
    shown = [row for row in rows if chosen is None or row["cohort"] == chosen.pk]
    kinds: Counter[str] = Counter()
    for row in shown:
        kinds[row["kind"]] += row["n"]
    return Counts(
        [WaitingClass(found[pk], n) for pk, n in counted.items() if pk in found],
        dict(kinds),
        sum(row["n"] for row in shown if row["again"]),
        chosen,
    )


@dataclass(frozen=True)
class QueuePosition:
    """The position of a row in the queue, and the next one that no other trainer has open: after a task a task and after a
    rehearsal a rehearsal while one waits; after the last comes the first."""

    number: int
    total: int
    next: Waiting | None


def get_position(user: User, row: Submission | TaskWork) -> QueuePosition:
    """Return where it stands in the whole queue. Six queries at most."""
    source = REHEARSAL if isinstance(row, Submission) else TASK
    at = row.received_at if isinstance(row, Submission) else row.waiting_since or timezone.now()
    before = total = 0
    following = None
    for other, rows in sorted(ordered(find_sources(user)), key=lambda one: one[0] != source):
        counted = rows.aggregate(n=Count("pk"), before=Count("pk", match_before(other, at, source, row.pk)))
        total, before = total + counted["n"], before + counted["before"]
        if following is None:
            columns = ("key", "received_at") if other == REHEARSAL else ("waiting_since",)
            free = rows.filter(match_free(user)).only(*columns).order_by("at", "pk")
            free = free.exclude(pk=row.pk) if other == source else free
            following = free.filter(match_behind(other, at, source, row.pk)).first() or free.first()
    return QueuePosition(before + 1, total, Waiting(following) if following else None)
