"""What a trainer sent back to be recorded again, all of it or a bit, and where its owner does so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils.translation import gettext as _

from progress.models import Review, Submission, TimedNote
from progress.watching import clock


@dataclass(frozen=True)
class Returned:
    """What is asked for, in a sentence, and the one button that leads there."""

    words: str
    button: str
    url: str


def returned(submission: Submission, reviews: list[Review], notes: list[TimedNote]) -> Returned | None:
    """From its signed reviews and their notes with answers, as its page has read them; None where nothing is asked for or it
    was done since. The whole goes before its bits: who records all of it again has recorded those too. At most one query.
    """
    trainers = {review.pk: review for review in reviews if review.kind != Review.Kind.PEER}
    if any(review.wants_again for review in trainers.values()):
        if was_tried_again(submission):
            return None
        return Returned(_("老师请您整段重录一遍。"), _("整段重录"), again_url(submission))
    bits = [note for note in notes if note.review_id in trainers and note.asks_again and not is_done(note)]
    if not bits or submission.rehearsal.livestream.removed_at or was_tried_again(submission):
        return None
    first = min(bits, key=lambda note: note.at_ms)
    times = {"at": clock(first.at_ms), "until": clock(first.until_ms or first.at_ms)}
    words = _("老师请您把 %(at)s–%(until)s 这一段再来一遍。") % times
    return Returned(words, _("重录这一段"), f"{again_url(submission)}?note={first.key}")


def is_done(note: TimedNote) -> bool:
    """A recording has answered it."""
    return any(answer.rehearsal_id for answer in note.answers.all())


def was_tried_again(submission: Submission) -> bool:
    return Submission.objects.filter(tried_again(), pk=submission.pk).exists()


def tried_again(submission: str = "") -> Exists:
    """Whether all of it was handed in once more: of the drill; without one, of the same plan, and where that was taken
    away, of any other without a drill. A bit recorded again is a submission too, and is not meant.

    `submission` leads from the rows asked about to theirs, as in a lookup: "submission__".
    """

    def its(name: str) -> OuterRef:
        return OuterRef(f"{submission}{name}")

    same_plan = Q(rehearsal__livestream=its("rehearsal__livestream"))
    has_no_plan = Q(IsNull(its("rehearsal__livestream__removed_at"), False))
    without_drill = Q(IsNull(its("drill"), True), drill=None) & (same_plan | has_no_plan)
    later = Submission.objects.filter(user=its("user"), number__gt=its("number"), rehearsal__answers=None)
    return Exists(later.filter(Q(drill=its("drill")) | without_drill))


def again_url(submission: Submission) -> str:
    """The studio with the same plan; where that was taken away, its drill, from which another is made."""
    live = submission.rehearsal.livestream
    if live.removed_at is None:
        return reverse("progress:studio", args=[live.pk])
    if submission.drill_id:
        return reverse("progress:drill", args=[submission.drill_id])
    return reverse("progress:practise")
