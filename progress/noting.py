"""Remarks tied to the second: written, changed and taken away while the review is a draft; read by time."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from progress.models import NoteAnswer, Review, TimedNote

MOST = 100


class Signed(Exception):
    """What is signed stays as it is."""


class NotMine(Exception):
    """The id belongs to a note of another review."""


class TooMany(Exception):
    pass


def standing(reviews: list[Review] | QuerySet[Review]) -> QuerySet[TimedNote]:
    """With voices and answers; three queries."""
    answers = NoteAnswer.objects.select_related("author", "rehearsal__submission")
    return (
        TimedNote.objects.filter(review__in=reviews, removed_at__isnull=True)
        .select_related("voice", "review")
        .prefetch_related(Prefetch("answers", answers))
        .order_by("at_ms", "id")
    )


def write(review: Review, key: UUID, **fields) -> TimedNote:
    """The note of that id as it is now; sent again or later, the last word counts. Raises Signed, NotMine, TooMany."""
    with transaction.atomic():
        review = Review.objects.select_for_update().get(pk=review.pk)
        if review.signed_at:
            raise Signed
        note = TimedNote.objects.filter(key=key).first()
        if note is None and review.notes.filter(removed_at__isnull=True).count() >= MOST:
            raise TooMany
        if note and note.review_id != review.pk:
            raise NotMine
        note = note or TimedNote(key=key, review=review)
        for name, value in fields.items():
            setattr(note, name, value)
        note.save()
        Review.objects.filter(pk=review.pk).update(saved_at=timezone.now())
    return note


def remove(review: Review, key: UUID) -> bool:
    """Whether it stood. Raises Signed."""
    with transaction.atomic():
        if Review.objects.select_for_update().get(pk=review.pk).signed_at:
            raise Signed
        rows = TimedNote.objects.filter(review=review, key=key, removed_at__isnull=True)
        return bool(rows.update(removed_at=timezone.now()))
