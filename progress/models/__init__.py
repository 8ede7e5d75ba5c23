"""What people earn. Facts only grow, and each is safe to send again."""

from progress.models.asking import Ask, Reply
from progress.models.attempts import Answer, Attempt
from progress.models.enrolment import Enrolment, EnrolmentQuerySet, LessonDone
from progress.models.rehearsal import (
    Rehearsal,
    RehearsalQuerySet,
    Submission,
    SubmissionQuerySet,
    Take,
)
from progress.models.review import NoteAnswer, Review, ReviewQuerySet, TimedNote
from progress.models.watching import LearningChoice, Watch, WatchTime

__all__ = [
    "Answer",
    "Ask",
    "Attempt",
    "Enrolment",
    "EnrolmentQuerySet",
    "LearningChoice",
    "LessonDone",
    "NoteAnswer",
    "Rehearsal",
    "RehearsalQuerySet",
    "Reply",
    "Review",
    "ReviewQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "Take",
    "TimedNote",
    "Watch",
    "WatchTime",
]
