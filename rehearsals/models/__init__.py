"""Recorded rehearsals, their submissions and reviews. Facts are only added, and each may be sent again."""

from rehearsals.models.rehearsal import Rehearsal, RehearsalQuerySet, Submission, SubmissionQuerySet, Take
from rehearsals.models.review import NoteAnswer, Review, ReviewQuerySet, TimedNote
from rehearsals.models.task import (
    TaskItem,
    TaskNote,
    TaskReview,
    TaskVersion,
    TaskVersionQuerySet,
    TaskWork,
    TaskWorkQuerySet,
)

__all__ = [
    "NoteAnswer",
    "Rehearsal",
    "RehearsalQuerySet",
    "Review",
    "ReviewQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "Take",
    "TaskItem",
    "TaskNote",
    "TaskReview",
    "TaskVersion",
    "TaskVersionQuerySet",
    "TaskWork",
    "TaskWorkQuerySet",
    "TimedNote",
]
