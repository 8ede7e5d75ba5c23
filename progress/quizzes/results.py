"""Build the result of a try (its score by objective, and each question with the given answer, the right one and why), and count
how the classes of a trainer stand with a quiz.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from accounts.models import User
from courses import questions
from courses.models import Cohort, Quiz
from progress.models import Answer, Attempt, Enrolment
from progress.quizzes.paper import Item, Paper, Score
from progress.quizzes.placement_paper import NOT_KNOWN

MOST_CLASSES = 6


@dataclass(frozen=True)
class QuestionResult:
    """One position of the paper; `after` is None if it was not answered, or by "I don't know" (`is_not_known`)."""

    position: int
    item: Item
    right: bool
    after: dict | None
    is_not_known: bool = False


@dataclass
class ObjectiveResult:
    text: str
    right: int = 0
    total: int = 0


@dataclass(frozen=True)
class Result:
    score: Score
    questions: list[QuestionResult]

    @property
    def aims(self) -> list[ObjectiveResult]:
        """Return the results by learning objective, in the order in which they first occur."""
        found: dict[str, ObjectiveResult] = {}
        for one in self.questions:
            if one.item.aim:
                aim = found.setdefault(one.item.aim, ObjectiveResult(one.item.aim))
                aim.right += one.right
                aim.total += 1
        return list(found.values())


def explain_question(paper: Paper, position: int, answer: Answer | None) -> QuestionResult:
    item = paper.item(position)
    given = answer.given if answer else NOT_KNOWN
    after = None if given == NOT_KNOWN else questions.build_feedback(item.kind, item.shown, item.key, given)
    return QuestionResult(
        position, item, bool(answer and answer.right), after, bool(answer and after is None)
    )


def build_result(attempt: Attempt, answers: dict[int, Answer]) -> Result:
    """Build the result from the attempt and its answers, without a query."""
    paper = Paper(attempt.paper)
    marks = {position: row.right for position, row in answers.items()}
    shown = sorted(answers) if paper.mastery or paper.placement else range(1, len(paper) + 1)
    return Result(
        paper.score(marks), [explain_question(paper, position, answers.get(position)) for position in shown]
    )


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
