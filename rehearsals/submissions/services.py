"""Hand in a rehearsal: the person's own score first, a receipt, and the film as soon as all of it has arrived; or give it
up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from courses.models import Drill, Rubric
from live.planning import schedule
from media.models import Video
from media.uploads import recordings
from media.videos.services import MOST_PARTS, join_recordings
from outbox.reception import make_receipt
from progress.models import Enrolment
from rehearsals import scoring
from rehearsals.models import NoteAnswer, Rehearsal, Submission, Take, TimedNote
from rehearsals.recordings.edit_list import find_kept_stretches
from rehearsals.recordings.reports import bind_uploads, has_arrived

AT_ONCE = 100
ONE_IN = 10


@dataclass(frozen=True)
class OwnScore:
    """The owner's own review: marks by the rubric, one thing to keep and two to change.

    `note` is the note that this rehearsal answers, when a part was recorded again.
    """

    key: UUID
    marks: dict
    keep: str = ""
    change_one: str = ""
    change_two: str = ""
    for_peers: bool = False
    note: UUID | None = None


def find_rubric(user: User, drill: Drill | None) -> Rubric | None:
    """Return the rubric of the drill's course, or without a drill of the course that the user is learning."""
    if drill is not None:
        return Rubric.objects.filter(course=drill.course_id).order_by("pk").first()
    learning = Enrolment.objects.active().filter(user=user).order_by("-enrolled_at", "-pk").values("course")
    return Rubric.objects.filter(course__in=learning).order_by("-course", "pk").first()


def is_drawn_for_second_score(key: UUID) -> bool:
    """Return whether this submission, one in ten, is scored twice.

    The keyed hash of its key decides: it is always the same, and a phone cannot make a key that is never drawn.
    """
    digest = salted_hmac("progress.second_look", key.bytes, algorithm="sha256").digest()
    return int.from_bytes(digest[:4]) % ONE_IN == 0


@transaction.atomic
def hand_in(rehearsal: Rehearsal, own: OwnScore, happened_at: datetime, now: datetime) -> Submission:
    """Hand in the rehearsal; a second call returns the submission that exists. The current rubric is copied into it.

    Call it with the user's row locked, or inside the outbox: tries are counted.
    """
    if known := Submission.objects.filter(rehearsal=rehearsal).first():
        return known
    user, rubric = rehearsal.user, find_rubric(rehearsal.user, rehearsal.drill)
    content = rubric.content if rubric else {}
    marks = scoring.clean_marks(content, own.marks)
    before = Submission.objects.filter(user=user, drill=rehearsal.drill_id)
    Rehearsal.objects.filter(pk=rehearsal.pk).update(dropped_at=None)
    key = (
        uuid4() if Submission.objects.filter(key=own.key).exists() else own.key
    )  # another person's id: no reason to drop this submission
    submission = Submission.objects.create(
        key=key, rehearsal=rehearsal, user=user, cohort_id=rehearsal.cohort_id,
        drill_id=rehearsal.drill_id, number=(before.aggregate(most=Max("number"))["most"] or 0) + 1,
        receipt=make_receipt(user.pk, [key]), rubric=rubric, rubric_content=content,
        rubric_hash=scoring.hash_rubric(content), self_marks=marks,
        self_total=scoring.calculate_total(content, marks).total, keep=own.keep, change_one=own.change_one,
        change_two=own.change_two, for_peers=own.for_peers, needs_second=is_drawn_for_second_score(key),
        happened_at=happened_at, received_at=now,
    )  # fmt: skip
    schedule.mark_practised(rehearsal.livestream_id, now)
    answer_note(submission, own.note, now)
    join_film(submission)
    return submission


def answer_note(submission: Submission, note: UUID | None, now: datetime) -> None:
    """Answer a note on the same author's submission; if the note no longer exists, the submission is stored without it."""
    found = TimedNote.objects.filter(key=note, review__submission__user=submission.user) if note else None
    if found and (row := found.first()):
        facts = {"note": row, "author": submission.user, "rehearsal": submission.rehearsal, "at": now}
        NoteAnswer.objects.get_or_create(key=submission.key, defaults=facts)


# --- the film ---


def join_film(submission: Submission) -> Video | None:
    """Join the film once all of its takes have arrived; None until then. Call inside a transaction."""
    if submission.video_id or submission.video_gone_at:
        return submission.video
    takes = [take for take in bind_uploads(submission.rehearsal) if not take.is_left_out]
    if not takes or not all(has_arrived(take) for take in takes):
        return None
    parts = [
        (upload, 0, one.until_ms)
        for one in find_kept_stretches([take.marks for take in takes])
        if (upload := takes[one.take].upload)
    ]
    if not parts:
        return None
    parts = parts[:MOST_PARTS]  # with more parts, a film of the first ones is better than no film at all
    submission.video = join_recordings(submission.user, get_film_title(submission), parts, measures=True)
    submission.save(update_fields=["video"])
    return submission.video


def get_film_title(submission: Submission) -> str:
    return f"{submission.rehearsal.livestream.title} {submission.number}"


def filter_without_film() -> QuerySet[Submission]:
    return Submission.objects.filter(video=None, video_gone_at=None)


def join_arrived_films(rehearsal: Rehearsal) -> None:
    """Join the films of the rehearsal's submissions whose takes have all arrived. Call whenever a take has arrived."""
    with transaction.atomic():
        waiting = filter_without_film().select_for_update(of=("self",)).filter(rehearsal=rehearsal)
        for submission in waiting.select_related("user", "rehearsal__livestream"):
            join_film(submission)


def join_due_films() -> int:
    """Join the films of submissions whose takes have arrived: a task of the worker, so that no phone need come back."""
    whole = filter_without_film().filter(rehearsal__takes__isnull=False).distinct().order_by("-received_at")
    before = set(whole.values_list("pk", flat=True)[:AT_ONCE])
    for rehearsal in Rehearsal.objects.filter(submission__in=before):
        join_arrived_films(rehearsal)
    return len(before) - filter_without_film().filter(pk__in=before).count()


def retry_film(submission: Submission) -> bool:
    """Try again to make a film that failed; return whether there was one."""
    failed = Submission.objects.filter(pk=submission.pk, video__status=Video.Status.FAILED)
    if not failed.update(video=None):
        return False
    join_arrived_films(submission.rehearsal)
    return True


def hand_in_form(rehearsal: Rehearsal, own: OwnScore) -> Submission:
    """Hand in by a form. The person's row is locked, because tries are counted."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=rehearsal.user_id)
        now = timezone.now()
        return hand_in(rehearsal, own, now, now)


# --- recordings that will not arrive ---


def drop_rehearsal(rehearsal: Rehearsal) -> bool:
    """Delete a rehearsal; return False if it was handed in, and then it stays."""
    rows = Rehearsal.objects.not_dropped().filter(pk=rehearsal.pk, submission__isnull=True)
    if not rows.update(dropped_at=timezone.now()):
        return False
    forget_uploads(rehearsal)
    return True


def forget_uploads(rehearsal: Rehearsal) -> None:
    recordings.drop_recordings([take.upload for take in bind_uploads(rehearsal) if take.upload])


def close_incomplete(rehearsal: Rehearsal) -> int:
    """Close the rehearsal with what has arrived of its takes, keeping their beginnings; return how many are left."""
    with transaction.atomic():
        left = 0
        for take in bind_uploads(rehearsal):
            if take.is_left_out:
                continue
            if has_arrived(take) or (take.upload and recordings.end_recording(take.upload)):
                left += 1
            else:
                Take.objects.filter(pk=take.pk).update(is_left_out=True)
        Rehearsal.objects.filter(pk=rehearsal.pk).update(on_phone_bytes=0, on_phone_at=timezone.now())
        join_arrived_films(rehearsal)
    return left
