"""How the classes of a trainer stand with one quiz."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from accounts.models import User
from courses.models import Cohort, Quiz
from progress.models import Attempt, Enrolment

MOST_CLASSES = 6


@dataclass(frozen=True)
class ClassResult:
    """How many people of a class have passed a quiz, and how many have handed it in at least once."""

    cohort: int
    name: str
    people: int
    passed: int
    tried: int

    @property
    def failed(self) -> int:
        return self.tried - self.passed

    @property
    def missing(self) -> int:
        return self.people - self.tried


def count_results(user: User, quiz: Quiz) -> list[ClassResult]:
    """Count for the newest MOST_CLASSES of the classes with people in them that the person guides. One query."""
    classes = Cohort.objects.guided_by(user).filter(course=quiz.course_id).order_by().values("pk")
    mine = Attempt.objects.filter(user=OuterRef("user"), quiz=quiz, finished_at__isnull=False)
    rows = Enrolment.objects.active().filter(cohort__in=classes, course=quiz.course_id)
    counted = rows.values("cohort", "cohort__name", "cohort__ends_on").annotate(
        people=Count("pk"),
        passed=Count("pk", filter=Exists(mine.filter(passed=True))),
        tried=Count("pk", filter=Exists(mine)),
    )
    columns = ("cohort", "cohort__name", "people", "passed", "tried")
    newest = counted.order_by("-cohort__ends_on", "-cohort")[:MOST_CLASSES]
    return [ClassResult(*row) for row in newest.values_list(*columns)]
