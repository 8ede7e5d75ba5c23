"""Write, change and remove notes on moments of the film while the review is a draft; answer them once it is signed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from rehearsals.models import NoteAnswer, Review, TimedNote

MOST_NOTES = 100
MOST_ANSWERS = 20


class AlreadySigned(Exception):
    """Raised when the review is signed and cannot be changed."""


class NoteOfAnotherReview(Exception):
    """Raised when the id belongs to a note of another review."""


class TooManyNotes(Exception):
    pass


def find_notes(reviews: list[Review] | QuerySet[Review]) -> QuerySet[TimedNote]:
    """Return the notes of the reviews with voices and answers, by time. Three queries."""
    answers = NoteAnswer.objects.select_related("author", "rehearsal__submission")
    return (
        TimedNote.objects.filter(review__in=reviews, removed_at__isnull=True)
        .select_related("voice", "review")
        .prefetch_related(Prefetch("answers", answers))
        .order_by("at_ms", "id")
    )


def save_note(review: Review, key: UUID, **fields) -> TimedNote:
    """Create or change the note of that id; the last version counts. Raises AlreadySigned, NoteOfAnotherReview, TooManyNotes."""
    with transaction.atomic():
        review = Review.objects.select_for_update().get(pk=review.pk)
        if review.signed_at:
            raise AlreadySigned
        note = TimedNote.objects.filter(key=key).first()
        if note is None and review.notes.filter(removed_at__isnull=True).count() >= MOST_NOTES:
            raise TooManyNotes
        if note and note.review_id != review.pk:
            raise NoteOfAnotherReview
        note = note or TimedNote(key=key, review=review)
        for name, value in fields.items():
            setattr(note, name, value)
        note.save()
        Review.objects.filter(pk=review.pk).update(saved_at=timezone.now())
    return note


def remove_note(review: Review, key: UUID) -> bool:
    """Remove the note; return whether it was there. Raises AlreadySigned."""
    with transaction.atomic():
        if Review.objects.select_for_update().get(pk=review.pk).signed_at:
            raise AlreadySigned
        rows = TimedNote.objects.filter(review=review, key=key, removed_at__isnull=True)
        return bool(rows.update(removed_at=timezone.now()))


# --- the trainee's answers ---


class TooManyAnswers(Exception):
    pass


def answer_note(user: User, note: TimedNote, text: str, key: UUID | None = None) -> NoteAnswer:
    """Answer the note, once for a key however often it is sent. Raises TooManyAnswers."""
    with transaction.atomic():
        if key and (found := NoteAnswer.objects.filter(key=key, note=note, author=user).first()):
            return found
        if note.answers.count() >= MOST_ANSWERS:
            raise TooManyAnswers
        fields = {"key": key} if key and not NoteAnswer.objects.filter(key=key).exists() else {}
        return NoteAnswer.objects.create(note=note, author=user, text=text, **fields)
