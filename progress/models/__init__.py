"""What people have learnt. Facts only grow, and each may be sent again."""

from progress.models.asking import Ask, Reply
from progress.models.attempts import Answer, Attempt
from progress.models.enrolment import Enrolment, EnrolmentQuerySet, LessonDone
from progress.models.watching import LearningChoice, Watch, WatchTime

__all__ = [
    "Answer",
    "Ask",
    "Attempt",
    "Enrolment",
    "EnrolmentQuerySet",
    "LearningChoice",
    "LessonDone",
    "Reply",
    "Watch",
    "WatchTime",
]
