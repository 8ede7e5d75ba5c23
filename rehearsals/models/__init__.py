"""Recorded rehearsals, their submissions and reviews. Facts are only added, and each may be sent again."""

from rehearsals.models.rehearsal import Rehearsal, RehearsalQuerySet, Submission, SubmissionQuerySet, Take
from rehearsals.models.review import NoteAnswer, Review, ReviewQuerySet, TimedNote

__all__ = [
    "NoteAnswer",
    "Rehearsal",
    "RehearsalQuerySet",
    "Review",
    "ReviewQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "Take",
    "TimedNote",
]
