"""What a trainee's page of one task shows: its state, the answer that counts, the versions, what is missing to begin."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Assignment, Course
from media.documents import office
from media.models import Upload
from progress.quizzes.quiz_status import TaskStanding
from rehearsals.models import TaskItem, TaskNote, TaskReview, TaskVersion, TaskWork
from rehearsals.models.task import MOST_TEXT
from rehearsals.tasks import retention, texts
from rehearsals.tasks.both_languages import find_accepted_elsewhere, find_same_task
from rehearsals.tasks.services import MOST_FILMS, MOST_PHOTOS, REFERENCE_PREFIX, Kind
from ui.database.orm import PreparedQuery

State = TaskWork.State
TONES = {State.HANDED_IN: "zest", State.RETURNED: "ask", State.ACCEPTED: "leaf"}
ITEM_PARTS = ("photo", "video", "document", "product", "rundown", "submission")
MOST_VERSIONS = 20
MOST: dict[str, int] = {Kind.VIDEO: MOST_FILMS, Kind.PHOTO: MOST_PHOTOS}  # of others one is handed in
UUID_HERE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class CriterionRow:
    code: str
    text: str
    ticked: bool
    mark: str = ""


@dataclass
class VersionRow:
    """One version with its answer; `notes` of things that are not there any more stay with the whole."""

    version: TaskVersion
    items: list[TaskItem]
    review: TaskReview | None
    notes: list[TaskNote] = field(default_factory=list)

    @property
    def criteria(self) -> list[CriterionRow]:
        marks = self.review.marks if self.review else {}
        return [
            CriterionRow(row["code"], row["text"], row["ticked"], marks.get(row["code"], ""))
            for row in self.version.ticks
        ]

    @property
    def files_until(self) -> datetime.date | None:
        """Return the day on which its photos, films and documents are deleted; None without any."""
        has_file = any(item.photo_id or item.video_id or item.document_id for item in self.items)
        return retention.get_deletion_day(self.version) if has_file else None

    def list_unmet(self) -> list[str]:
        return [row.text for row in self.criteria if row.mark == TaskReview.Mark.NOT_YET]


@dataclass
class Standing:
    """How a person stands with a task: `versions` from the newest; `same` was accepted in the course's other language."""

    work: TaskWork | None
    state: str
    versions: list[VersionRow] = field(default_factory=list)
    same: Assignment | None = None

    @property
    def words(self) -> str:
        return str(State(self.state).label)

    @property
    def tone(self) -> str:
        return TONES.get(State(self.state), "")

    @property
    def answered(self) -> VersionRow | None:
        """Return the version whose answer counts: the accepted one, else the newest if it was answered; None where that of
        the other language counts.
        """
        if self.same:
            return None
        accepted = TaskReview.Decision.ACCEPTED
        for row in self.versions:
            if row.review and row.review.decision == accepted:
                return row
        return self.versions[0] if self.versions and self.versions[0].review else None

    @property
    def can_hand_in(self) -> bool:
        return self.state != State.ACCEPTED


def load_standing(user: User, task: Assignment) -> Standing:
    """Return how the person stands; two queries before the first hand-in, else four or five whatever was handed in."""
    work: Any = (
        TaskWork.objects.with_state().select_related("cohort").filter(user=user, assignment=task).first()
    )
    if work is None:
        same = find_same_task(user, task)
        return Standing(None, State.ACCEPTED if same else State.NOT_BEGUN, same=same)
    standing = Standing(work, work.state, list(load_versions(work)))
    if work.state == State.ACCEPTED and not any(row.version.is_accepted for row in standing.versions):
        standing.same = find_same_task(user, task)
    return standing


def find_states(user: int, course: int) -> QuerySet:
    """Return (task, state, the one thing to do of the newest answer) of the tasks of a course that the person has begun."""
    rows = TaskWork.objects.with_state().filter(user=user, assignment__module__course=course).order_by()
    newest = TaskVersion.objects.filter(work=OuterRef("pk")).order_by("-number")
    rows = rows.annotate(step=Subquery(newest.values("review__next_step")[:1]))
    return rows.values_list("assignment", "state", "step")


def find_own_elsewhere(user: int, course: int) -> QuerySet:
    return find_accepted_elsewhere(course, User.objects.filter(pk=user).order_by().values("pk"))


STATES = PreparedQuery(find_states, 2)
ELSEWHERE = PreparedQuery(find_own_elsewhere, 2)


def list_states(user: User, course: Course) -> dict[int, TaskStanding]:
    """Return by task how the person stands with those of a course that were begun, in either language. Two queries."""
    found = {task: (State.ACCEPTED, "") for _user, task, _has_work in ELSEWHERE.rows(user.pk, course.pk)}
    for task, state, step in STATES.rows(user.pk, course.pk):
        found[task] = State(state), step or "" if state == State.RETURNED else ""
    return {task: TaskStanding(str(state.label), TONES[state], step) for task, (state, step) in found.items()}


def load_versions(work: TaskWork, drafts: bool = False) -> Iterator[VersionRow]:
    """Yield the newest MOST_VERSIONS of a work and the accepted one, each with items, review and notes, from the newest.

    Notes on a version that is not answered yet are `drafts` of its trainer.
    """
    items = TaskItem.objects.select_related(*ITEM_PARTS).order_by("position")
    notes = TaskNote.objects.filter(removed_at=None).select_related("author", "voice", "item")
    rows = work.versions.select_related("review__reviewer", "review__voice").order_by("-number")
    rows = rows.prefetch_related(
        Prefetch("items", queryset=items), Prefetch("notes", queryset=notes.order_by("item", "at_ms", "pk"))
    )
    newest = list(rows[:MOST_VERSIONS])
    if len(newest) == MOST_VERSIONS:
        earlier = rows.filter(number__lt=newest[-1].number, review__decision=TaskReview.Decision.ACCEPTED)
        newest += earlier
    for version in newest:
        review = getattr(version, "review", None)
        is_shown = review is not None or drafts
        noted = list(version.notes.all()) if is_shown else []
        yield VersionRow(version, list(version.items.all()), review, noted)


def list_coming(user: User, task: Assignment) -> list[int]:
    """Return how many percent of each film have arrived that is still on its way, from whatever phone. One query."""
    prefix = f"{REFERENCE_PREFIX}{task.pk} "
    rows = Upload.objects.filter(owner=user, reference__startswith=prefix, state=Upload.State.OPEN)
    return [100 * row.offset // row.size if row.size else 0 for row in rows.order_by("pk")[:MOST_FILMS]]


@dataclass(frozen=True)
class Emptiness:
    """Where a person without anything to choose from makes it."""

    title: str
    text: str
    button: str
    url: str
    mark: str


def describe_empty(task: Assignment) -> Emptiness | None:
    """Return what to make first; None for what needs nothing made elsewhere."""
    if task.hand_in == Kind.LISTING:
        return Emptiness(
            _("小店里还没有商品"),
            _("先在小店里上架一款，再回来选它。"),
            _("去小店"),
            reverse("shops:mine"),
            "shop",
        )
    if task.hand_in == Kind.RUNDOWN:
        return Emptiness(
            _("还没有排品表"),
            _("先排一张，放上几款货，再回来选它。"),
            _("去排一张"),
            reverse("live:new_plan"),
            "list",
        )
    if task.hand_in == Kind.REHEARSAL:
        return Emptiness(
            _("还没交过彩排"),
            _("先对着手机录一遍，打了分交了，再回来选它。"),
            _("去练习"),
            reverse("rehearsals:practise"),
            "practise",
        )
    return None


def get_script_data(user: User, task: Assignment) -> str:
    """Return as JSON what the page's script needs, also without a signal."""
    ticket = reverse("rehearsals:task_ticket", args=[task.pk, UUID_HERE, 0])
    facts = {
        "user": user.pk,
        "task": task.pk,
        "kind": task.hand_in,
        "page": reverse("rehearsals:task", args=[task.pk]),
        "begin": reverse("media:video_uploads"),
        "ticket": ticket.replace(UUID_HERE, "{version}").replace("/0/", "/{place}/"),
        "photos": f"{reverse('media:upload_photo')}?private=1",
        "documents": f"{reverse('media:upload_document')}?office=1",
        "most": MOST.get(task.hand_in, 1),
        "most_bytes": settings.VIDEO_MAX_BYTES if task.hand_in == Kind.VIDEO else settings.PHOTO_MAX_BYTES,
        "most_file": office.MOST_BYTES,
        "most_text": MOST_TEXT,
        "words": texts.get_texts(),
    }
    return json.dumps(facts, ensure_ascii=False)
