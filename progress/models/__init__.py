"""What people have learnt. Facts are only added, and each may be sent again."""

from progress.models.attempts import Answer, Attempt, EarlyOpening, Talk
from progress.models.classroom import ClassroomAnswer, ClassroomQuestion, ClassroomSession
from progress.models.enrolment import Enrolment, EnrolmentQuerySet, LessonDone, Transfer
from progress.models.questions import Ask, Reply
from progress.models.video_progress import LearningChoice, Watch, WatchTime
from progress.models.waiting_list import WaitingEntry, WaitingEntryQuerySet

__all__ = [
    "Answer",
    "Ask",
    "Attempt",
    "EarlyOpening",
    "ClassroomAnswer",
    "ClassroomQuestion",
    "ClassroomSession",
    "Enrolment",
    "EnrolmentQuerySet",
    "LearningChoice",
    "LessonDone",
    "Reply",
    "Talk",
    "Transfer",
    "WaitingEntry",
    "WaitingEntryQuerySet",
    "Watch",
    "WatchTime",
]
