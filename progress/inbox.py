"""What waits for a trainee who practises: reviews not read yet, what a trainer asked to have again, recordings broken off.

The pages of practising show these; a home that lists what is to be done takes them from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from progress import practising
from progress.models import NoteAnswer, Review, Submission, TimedNote
from progress.watching import clock

SHOWN = 5


def unread_reviews(user: User) -> QuerySet[Submission]:
    """Submissions with a trainer's review signed since their owner read last, the newest first."""
    since = Review.objects.counting().filter(submission=OuterRef("pk"))
    fresh = since.filter(
        Q(submission__review_read_at=None) | Q(signed_at__gt=F("submission__review_read_at"))
    )
    rows = Submission.objects.filter(Exists(fresh), user=user).select_related(
        "drill", "rehearsal__livestream"
    )
    return rows.order_by("-received_at", "-pk")


def read(submission: Submission, now: datetime) -> None:
    """Its owner has the review before them. Absolute, and only grows."""
    unread = Q(review_read_at=None) | Q(review_read_at__lt=now)
    Submission.objects.filter(unread, pk=submission.pk).update(review_read_at=now)


@dataclass(frozen=True)
class Returned:
    """What a trainer asked for, in a sentence, and the one button that leads there."""

    submission: Submission
    words: str
    button: str
    url: str


def returned(user: User) -> list[Returned]:
    """Tasks that came back and were not done again since, the newest first; at most three queries."""
    later = whole_tries(user).filter(drill=OuterRef("drill"), number__gt=OuterRef("number"))
    bits = asked_again().filter(review__submission=OuterRef("pk"))
    whole = Review.objects.counting().filter(submission=OuterRef("pk"), wants_again=True)
    rows = Submission.objects.filter(Exists(whole) | Exists(bits), ~Exists(later), user=user)
    rows = rows.select_related("drill", "rehearsal__livestream").order_by("-received_at", "-pk")[:SHOWN]
    reviews: dict[int, list[Review]] = {}
    for review in Review.objects.counting().filter(submission__in=[row.pk for row in rows]):
        reviews.setdefault(review.submission_id, []).append(review)
    notes = list(asked_again().filter(review__submission__in=[row.pk for row in rows]))
    found = [what_is_asked(row, reviews.get(row.pk, []), notes) for row in rows]
    return [one for one in found if one]


def whole_tries(user: User) -> QuerySet[Submission]:
    """Without those that are a bit recorded again."""
    return Submission.objects.filter(user=user, drill__isnull=False, rehearsal__answers=None)


def asked_again() -> QuerySet[TimedNote]:
    """Bits that are to be recorded again and were not yet."""
    done = NoteAnswer.objects.filter(note=OuterRef("pk"), rehearsal__isnull=False)
    signed = TimedNote.objects.filter(review__in=Review.objects.counting(), removed_at=None, asks_again=True)
    return signed.filter(~Exists(done)).order_by("at_ms", "pk")


def returned_of(submission: Submission, reviews: list[Review], notes: list[TimedNote]) -> Returned | None:
    """The same of one, from its signed reviews and their notes with answers as its page has read them; one query where
    something is asked for."""
    reviews = [review for review in reviews if review.kind != Review.Kind.PEER]
    left = [
        note
        for note in notes
        if note.asks_again and not any(each.rehearsal_id for each in note.answers.all())
    ]
    asked = what_is_asked(submission, reviews, sorted(left, key=lambda note: note.at_ms))
    later = whole_tries(submission.user).filter(drill=submission.drill_id, number__gt=submission.number)
    return None if asked and later.exists() else asked


def is_unread(submission: Submission, reviews: list[Review]) -> bool:
    read_at = submission.review_read_at
    signed = [review.signed_at for review in reviews if review.kind != Review.Kind.PEER]
    return any(read_at is None or at > read_at for at in signed)


def what_is_asked(submission: Submission, reviews: list[Review], notes: list[TimedNote]) -> Returned | None:
    """From reviews by trainers and the notes that ask for a bit again, in order. The whole goes before its bits: who records
    all of it again has recorded those too."""
    if any(review.wants_again for review in reviews):
        return Returned(submission, _("老师请您整段重录一遍。"), _("整段重录"), again_url(submission))
    own = {review.pk for review in reviews}
    mine = [note for note in notes if note.review_id in own]
    if not mine or submission.rehearsal.livestream.removed_at:
        return None
    first = mine[0]
    times = {"at": clock(first.at_ms), "until": clock(first.until_ms or first.at_ms)}
    words = _("老师请您把 %(at)s–%(until)s 这一段再来一遍。") % times
    return Returned(submission, words, _("重录这一段"), f"{again_url(submission)}?note={first.key}")


def again_url(submission: Submission) -> str:
    """The studio with the same plan; where that was taken away, its drill, from which another is made."""
    live = submission.rehearsal.livestream
    if live.removed_at is None:
        return reverse("progress:studio", args=[live.pk])
    if submission.drill_id:
        return reverse("progress:drill", args=[submission.drill_id])
    return reverse("progress:practise")


def unfinished(user: User) -> list[practising.Recorded]:
    """Recordings that were broken off and can be gone on with, the newest first; three queries."""
    rows = practising.mine(user).filter(submission=None, livestream__removed_at=None)
    return [one for one in practising.recorded(rows[: practising.REHEARSALS_SHOWN]) if one.is_cut_off]
