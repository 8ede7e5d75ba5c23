"""Find what a trainer asked to be recorded again, all of it or a part, and where its owner can do so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils.translation import gettext as _

from progress.lessons.player import format_clock
from rehearsals.models import Review, Submission, TimedNote


@dataclass(frozen=True)
class RetakeRequest:
    """A request as a sentence, and the button that leads to recording."""

    words: str
    button: str
    url: str


def find_retake_request(
    submission: Submission, reviews: list[Review], notes: list[TimedNote]
) -> RetakeRequest | None:
    """Return the request of these signed reviews and notes with answers; None if nothing is asked for or it was done since.
    At most one query.

    A request for all of it comes before requests for parts, which a full recording includes.
    """
    trainers = {review.pk: review for review in reviews if review.kind != Review.Kind.PEER}
    if any(review.wants_again for review in trainers.values()):
        if was_retaken(submission):
            return None
        return RetakeRequest(_("老师请你整段重录一遍。"), _("整段重录"), get_retake_url(submission))
    bits = [
        note
        for note in notes
        if note.review_id in trainers and note.asks_again and not is_answered_by_retake(note)
    ]
    if not bits or submission.rehearsal.livestream.removed_at or was_retaken(submission):
        return None
    first = min(bits, key=lambda note: note.at_ms)
    times = {"at": format_clock(first.at_ms), "until": format_clock(first.until_ms or first.at_ms)}
    words = _("老师请你把 %(at)s–%(until)s 这一段再来一遍。") % times
    return RetakeRequest(words, _("重录这一段"), f"{get_retake_url(submission)}?note={first.key}")


def is_answered_by_retake(note: TimedNote) -> bool:
    """Return whether a recording has answered the note."""
    return any(answer.rehearsal_id for answer in note.answers.all())


def was_retaken(submission: Submission) -> bool:
    return Submission.objects.filter(has_later_try(), pk=submission.pk).exists()


def has_later_try(submission: str = "") -> Exists:
    """Return whether all of it was handed in again, as an Exists.

    A later try is of the same drill; without a drill of the same plan, and if that was deleted, of any other without a
    drill. The recording of a part is a submission too, and does not count.

    `submission` is the lookup from the rows to their submission, such as "submission__".
    """

    def its(name: str) -> OuterRef:
        return OuterRef(f"{submission}{name}")

    same_plan = Q(rehearsal__livestream=its("rehearsal__livestream"))
    has_no_plan = Q(IsNull(its("rehearsal__livestream__removed_at"), False))
    without_drill = Q(IsNull(its("drill"), True), drill=None) & (same_plan | has_no_plan)
    later = Submission.objects.filter(user=its("user"), number__gt=its("number"), rehearsal__answers=None)
    return Exists(later.filter(Q(drill=its("drill")) | without_drill))


def get_retake_url(submission: Submission) -> str:
    """Return the studio with the same plan; where that was removed, its drill, from which another is made."""
    live = submission.rehearsal.livestream
    if live.removed_at is None:
        return reverse("rehearsals:studio", args=[live.pk])
    if submission.drill_id:
        return reverse("rehearsals:drill", args=[submission.drill_id])
    return reverse("rehearsals:practise")
