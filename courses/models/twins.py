"""Which quizzes are one test written in two languages, so that failures in one count in the other; and which tasks are one.

They stand in courses that are each other's twin (`Course.twin`, said by either of the two), and have the same code, or permit
the same thing (`Quiz.clears`); tasks ask for the same thing, too. The written programme gives both languages' quizzes and tasks
the same code.
"""

from __future__ import annotations

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from courses.models import Assignment, Quiz


def pair_courses(path: str, course: object) -> Q:
    """Match rows whose course, at this path ("" for a course itself), is the twin of this course (a key or an OuterRef)."""
    return Q(**{f"{path}twin": course}) | Q(**{f"{path}course": course})


def find_twin(path: str) -> QuerySet[Quiz]:
    """Return the other language's quiz, for a subquery; `path` leads from the outer row to its quiz ("" or "quiz__")."""
    same_role = Q(clears=OuterRef(f"{path}clears")) & ~Q(clears="")
    same = Q(code=OuterRef(f"{path}code")) | same_role
    return Quiz.objects.filter(pair_courses("course__", OuterRef(f"{path}course")), same).order_by("pk")


def build_test_key(path: str) -> Least:
    """Build the expression of the test's key: the smaller of both quizzes' keys."""
    own = F(f"{path}pk")
    return Least(own, Coalesce(Subquery(find_twin(path).values("pk")[:1]), own))


def find_same_test(quiz: Quiz) -> QuerySet[Quiz]:
    """Return the quiz and the same test in the other language."""
    same = Q(code=quiz.code) | Q(clears=quiz.clears) if quiz.clears else Q(code=quiz.code)
    return Quiz.objects.filter(Q(pk=quiz.pk) | pair_courses("course__", quiz.course_id) & same)


def find_same_tasks(course: int) -> QuerySet[Assignment]:
    """Return the tasks of the other language's course that the course has too, annotated with the id of its own as `same`."""
    own = Assignment.objects.filter(
        module__course=course, code=OuterRef("code"), hand_in=OuterRef("hand_in")
    ).order_by("pk")
    rows = Assignment.objects.filter(pair_courses("module__course__", course)).exclude(code="").order_by()
    return rows.annotate(same=Subquery(own.values("pk")[:1])).filter(same__isnull=False)
