"""Hand in a task, accept it, return it with one thing to do, and share it with the class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Assignment, Cohort, Course
from courses.permissions import can_edit
from live.models import Livestream
from media.models import Document, Photo, Upload, Video, Voice
from media.videos.services import join_recordings
from outbox.reception import make_receipt
from progress.enrolment import prerequisites
from progress.models import Enrolment
from rehearsals import notices
from rehearsals.models import Submission, TaskItem, TaskReview, TaskVersion, TaskWork
from rehearsals.permissions import can_review_task
from rehearsals.tasks import photos
from shops.models import Product
from ui.formats import day
from ui.text import tidy

MOST_FILMS = 6
MOST_PHOTOS = 9
MOST_REHEARSALS = 6
MOST_VERSIONS = 100
MOST_NEXT_STEP = 300
SALT = "rehearsals.task_criteria"
REFERENCE_PREFIX = "task "
Kind = Assignment.HandIn
Decision, Mark = TaskReview.Decision, TaskReview.Mark


class TaskNotFound(Exception):
    """Raised when the task is not there for this person."""


class NothingHandedIn(Exception):
    """Raised when what the task asks for is missing."""


class TooManyVersions(Exception):
    """Raised when the work has MOST_VERSIONS already."""


class FilmMissing(Exception):
    """Raised when a film has not arrived completely."""


class BelongsToAnother(Exception):
    """Raised when the id is that of somebody else's version, or of another task."""


class NotNewest(Exception):
    """Raised when the trainee has handed in again meanwhile: the newest version is to be answered."""


class AlreadyAnswered(Exception):
    """Raised when another trainer has answered this version."""


class ReviewNotAllowed(Exception):
    """Raised when the person does not lead the class of the work, or it is their own."""


class NextStepMissing(Exception):
    """Raised when a return does not say the one thing to do."""


@dataclass(frozen=True)
class HandedIn:
    """What is handed in; only what the task asks for (and a text beside it) is stored.

    `ticks`: the codes of the criteria that its owner ticked. `sealed`: the criteria as the page showed them, signed.
    `uploads`: complete recordings, a film each.
    """

    client_id: UUID
    text: str = ""
    ticks: frozenset[str] = frozenset()
    sealed: str = ""
    uploads: Sequence[Upload] = field(default_factory=list)
    photos: Sequence[Photo] = field(default_factory=list)
    document: Document | None = None
    product: Product | None = None
    rundown: Livestream | None = None
    submissions: Sequence[Submission] = field(default_factory=list)


# --- what a person may hand in ---


def find_tasks(user: User) -> QuerySet[Assignment]:
    """Return the tasks of the courses that the person may read."""
    courses = Course.objects.visible_to(user).order_by().values("pk")
    return Assignment.objects.filter(module__course__in=courses)


def is_closed(user: User, task: Assignment) -> bool:
    """Return whether the task's module is not open yet to the person, who does not write the course either."""
    return prerequisites.is_closed(user, task.module) and not can_edit(user, task.module.course)


def find_products(user: User) -> QuerySet[Product]:
    return Product.objects.sold_by(user)


def find_rundowns(user: User) -> QuerySet[Livestream]:
    """Return the person's plans that have a rundown."""
    return Livestream.objects.of(user).filter(items__isnull=False).distinct()


def find_submissions(user: User) -> QuerySet[Submission]:
    return Submission.objects.filter(user=user)


def find_choices(task: Assignment, user: User) -> QuerySet | None:
    """Return the person's own rows from which the task's hand-in is chosen, newest first; None for other kinds."""
    if task.hand_in == Kind.LISTING:
        return find_products(user).order_by("-pk")
    if task.hand_in == Kind.RUNDOWN:
        return find_rundowns(user).order_by("-pk")
    return find_submissions(user).order_by("-pk") if task.hand_in == Kind.REHEARSAL else None


def name_rehearsal(submission: Submission) -> str:
    """Return the plan, number and day of a rehearsal that was handed in."""
    title, on = submission.rehearsal.livestream.title, day(submission.received_at)
    facts = {"title": title, "n": submission.number, "day": on}
    return _("%(title)s · 第 %(n)s 遍 · %(day)s") % facts


def seal_criteria(task: Assignment) -> str:
    """Return the task's criteria signed, for its page: a page that stays open hands in by the rule that it showed."""
    return signing.dumps([task.pk, task.criteria], salt=SALT, compress=True)


def read_criteria(task: Assignment, sealed: str) -> list[dict[str, str]]:
    """Return the criteria that the page showed, or without a valid seal those of today."""
    try:
        pk, criteria = signing.loads(sealed, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return task.criteria
    return criteria if pk == task.pk else task.criteria


def make_reference(task: Assignment, client_id: UUID, position: int) -> str:
    """Return the reference by which the upload of one film of a version is found."""
    return f"{REFERENCE_PREFIX}{task.pk} {client_id.hex} {position}"


# --- handing in ---


@transaction.atomic
def hand_in_task(
    user: User, task: Assignment, given: HandedIn, happened_at: datetime, now: datetime
) -> TaskVersion:
    """Store a version; a second copy of the same id returns the version that exists.

    Each version is kept, whoever was first: of two phones, before or after a review, and also when the class has ended
    (`is_after_class`) or the person is in none. Raises NothingHandedIn, FilmMissing, BelongsToAnother,
    TooManyVersions.
    """
    User.objects.select_for_update().get(pk=user.pk)  # one at a time: versions are numbered
    if known := TaskVersion.objects.select_related("work").filter(client_id=given.client_id).first():
        if known.work.user_id != user.pk or known.work.assignment_id != task.pk:
            raise BelongsToAnother
        return known
    refuse_missing(task, given)
    work = find_or_begin_work(user, task, now)
    number = (work.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    if number > MOST_VERSIONS:
        raise TooManyVersions
    version = TaskVersion.objects.create(
        client_id=given.client_id,
        work=work,
        number=number,
        receipt=make_receipt(user.pk, [given.client_id]),
        text=given.text,
        ticks=[row | {"ticked": row["code"] in given.ticks} for row in read_criteria(task, given.sealed)],
        is_after_class=work.cohort is not None and timezone.localdate(happened_at) > work.cohort.ends_on,
        happened_at=happened_at,
        received_at=now,
    )
    items = list(build_items(task, given, f"{task.title} {number}"))
    for position, item in enumerate(items, 1):
        item.version, item.position = version, position
    TaskItem.objects.bulk_create(items)
    if public := [item.photo.pk for item in items if item.photo and not item.photo.is_private]:
        photos.move_photos.enqueue(public)
    put_in_queue(work, now)
    return version


def put_in_queue(work: TaskWork, now: datetime) -> None:
    """Let the work wait for a trainer, unless it is accepted; what waits already keeps its place."""
    accepted = TaskReview.objects.filter(version__work=work, decision=Decision.ACCEPTED)
    if not accepted.exists():
        TaskWork.objects.filter(pk=work.pk, waiting_since=None).update(waiting_since=now)


def refuse_missing(task: Assignment, given: HandedIn) -> None:
    asked: dict[str, Any] = {
        Kind.VIDEO: given.uploads,
        Kind.PHOTO: given.photos,
        Kind.TEXT: given.text.strip(),
        Kind.FILE: given.document,
        Kind.LISTING: given.product,
        Kind.RUNDOWN: given.rundown,
        Kind.REHEARSAL: given.submissions,
    }
    if not asked[task.hand_in]:
        raise NothingHandedIn
    if task.hand_in == Kind.VIDEO and any(one.state != Upload.State.WHOLE for one in given.uploads):
        raise FilmMissing


def find_or_begin_work(user: User, task: Assignment, now: datetime) -> TaskWork:
    """Return the person's work on the task; it counts for the class in which they are now, if they are in one."""
    work, _new = TaskWork.objects.get_or_create(
        user=user, assignment=task, defaults={"begun_at": now, "cohort": find_class(user, task)}
    )
    cohort = find_class(user, task)
    if cohort and cohort != work.cohort:
        work.cohort = cohort
        work.shared_at, work.is_chosen = None, False  # the consent was for another class
        work.lease_by, work.lease_until = None, None  # a trainer of the other class had it open
        work.save(update_fields=["cohort", "shared_at", "is_chosen", "lease_by", "lease_until"])
    return work


def find_class(user: User, task: Assignment) -> Cohort | None:
    """Return the class for which the person's work on the task counts."""
    mine = Enrolment.objects.active().filter(user=user, course=task.module.course_id)
    found = mine.filter(cohort__isnull=False).select_related("cohort").first()
    return found.cohort if found else None


def build_items(task: Assignment, given: HandedIn, title: str) -> Iterable[TaskItem]:
    """Yield, unsaved, what the task asks for; films begin to be processed."""
    kind = task.hand_in
    if kind == Kind.VIDEO:
        for upload in given.uploads[:MOST_FILMS]:
            yield TaskItem(video=join_film(upload, title))
    elif kind == Kind.PHOTO:
        yield from (TaskItem(photo=photo) for photo in given.photos[:MOST_PHOTOS])
    elif kind == Kind.FILE:
        yield TaskItem(document=given.document)
    elif kind == Kind.LISTING and given.product:
        yield TaskItem(product=given.product, label=given.product.name[:120])
    elif kind == Kind.RUNDOWN and given.rundown:
        yield TaskItem(rundown=given.rundown, label=given.rundown.title[:120])
    elif kind == Kind.REHEARSAL:
        for one in given.submissions[:MOST_REHEARSALS]:
            yield TaskItem(submission=one, label=name_rehearsal(one)[:120])


def join_film(upload: Upload, title: str) -> Video:
    """Return the video of a complete recording, made by the worker."""
    return join_recordings(upload.owner, title, [(upload, 0, None)], measures=False)


# --- answering ---


def accept_task(
    reviewer: User,
    version: TaskVersion,
    *,
    marks: dict[str, str] | None = None,
    next_step: str = "",
    voice: Voice | None = None,
    key: UUID | None = None,
) -> TaskReview:
    """Accept a version; the work then counts as done. A second copy of the same key returns the review that exists.

    Raises ReviewNotAllowed, NotNewest, AlreadyAnswered.
    """
    return answer_version(reviewer, version, Decision.ACCEPTED, marks, next_step, voice, key)


def return_task(
    reviewer: User,
    version: TaskVersion,
    *,
    next_step: str,
    marks: dict[str, str] | None = None,
    voice: Voice | None = None,
    key: UUID | None = None,
) -> TaskReview:
    """Return a version with the one thing to do. Raises NextStepMissing, ReviewNotAllowed, NotNewest, AlreadyAnswered."""
    if not tidy(next_step):
        raise NextStepMissing
    return answer_version(reviewer, version, Decision.RETURNED, marks, next_step, voice, key)


@transaction.atomic
def answer_version(
    reviewer: User,
    version: TaskVersion,
    decision: TaskReview.Decision,
    marks: dict[str, str] | None,
    next_step: str,
    voice: Voice | None,
    key: UUID | None,
) -> TaskReview:
    """Write the review and its notice. The owner's row is locked, as when a version is handed in."""
    User.objects.select_for_update().get(pk=version.work.user_id)
    work = TaskWork.objects.select_related("cohort__place").get(pk=version.work_id)
    if not can_review_task(reviewer, work):
        raise ReviewNotAllowed
    known = TaskReview.objects.filter(version=version).first()
    if known and known.key == key:
        return known
    if known or TaskReview.objects.filter(version__work=work, decision=Decision.ACCEPTED).exists():
        raise AlreadyAnswered
    if work.versions.filter(number__gt=version.number).exists():
        raise NotNewest
    review = TaskReview.objects.create(
        key=key or uuid4(),
        version=version,
        reviewer=reviewer,
        decision=decision,
        marks=clean_marks(version, marks or {}),
        next_step=tidy(next_step)[:MOST_NEXT_STEP],
        voice=voice,
    )
    TaskWork.objects.filter(pk=work.pk).update(waiting_since=None, lease_by=None, lease_until=None)
    notices.write_task_review_notice(review)
    return review


def clean_marks(version: TaskVersion, marks: dict[str, str]) -> dict[str, str]:
    """Return the marks that name a criterion of the version."""
    codes = {row["code"] for row in version.ticks}
    return {code: mark for code, mark in marks.items() if code in codes and mark in Mark.values}


# --- sharing ---


def share_work(work: TaskWork) -> None:
    """Record that its owner allows the class to see it, with the time; a second time changes nothing."""
    TaskWork.objects.filter(pk=work.pk, shared_at=None).update(shared_at=timezone.now())


def withdraw_share(work: TaskWork) -> None:
    """Take the permission back: from now on the class does not see it."""
    TaskWork.objects.filter(pk=work.pk, shared_at__isnull=False).update(
        shared_at=None, unshared_at=timezone.now()
    )
