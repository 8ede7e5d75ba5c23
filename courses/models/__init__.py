"""What trainers author: courses of modules and lessons, questions about them, and the classes that follow them."""

from courses.models.case import Case
from courses.models.cohort import (
    CODE_LETTERS,
    Announcement,
    Cohort,
    CohortQuerySet,
    Opening,
    make_join_code,
)
from courses.models.course import Course, CourseQuerySet, CourseVersion, Module, State
from courses.models.drill import Drill, QuickPhrase, ViewerComment
from courses.models.lesson import Lesson, LessonPicture, LessonQuerySet
from courses.models.plan import LessonPlan
from courses.models.quiz import Bank, Objective, Question, QuestionPicture, Quiz, QuizQuerySet
from courses.models.task import Assignment, Rubric
from courses.models.voice import LessonVoice, VoicePart

__all__ = [
    "CODE_LETTERS",
    "Announcement",
    "Assignment",
    "Bank",
    "Case",
    "Cohort",
    "CohortQuerySet",
    "Course",
    "CourseQuerySet",
    "CourseVersion",
    "Drill",
    "Lesson",
    "LessonPicture",
    "LessonPlan",
    "LessonQuerySet",
    "LessonVoice",
    "Module",
    "Objective",
    "Opening",
    "Question",
    "QuestionPicture",
    "QuickPhrase",
    "Quiz",
    "QuizQuerySet",
    "Rubric",
    "State",
    "ViewerComment",
    "VoicePart",
    "make_join_code",
]
