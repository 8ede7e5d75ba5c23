"""Judge how good questions are by the answers given to them (classical item analysis).

Difficulty is the share of people who answered right. Discrimination is the corrected point-biserial correlation between
answering this question right and the share of the rest of the paper that was right, without the question itself (Crocker &
Algina, Introduction to Classical and Modern Test Theory, 1986, ch. 14). Its bounds follow Ebel's rule of thumb (Ebel &
Frisbie, Essentials of Educational Measurement, 1991): below 0.20 a question does not distinguish those who know from those
who do not, below 0 it does so the wrong way round.

Only everybody's first try counts: before later ones people have seen the explanations.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from django.db.models import Avg, Case, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from courses.models import Bank, Question, Quiz
from progress.models import Answer

# With fewer people the figures mean nothing.
ENOUGH = 10
TOO_EASY, TOO_HARD, TELLS = 0.95, 0.25, 0.20


@dataclass(frozen=True)
class ItemFigures:
    """Figures of one question; `share` and `tells` are None if nobody answered, or if all answered alike."""

    question: Question
    people: int
    share: float | None
    tells: float | None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(self.share * 100)

    @property
    def flags(self) -> list[str]:
        """Return what is wrong with the question, in plain words."""
        if self.people < ENOUGH or self.share is None:
            return []
        found = []
        if self.tells is not None and self.tells < 0:
            found.append(_("会的人反而答错：多半是答案写错了，或者题有两种理解。"))
        elif self.tells is not None and self.tells < TELLS:
            found.append(_("分不出谁会谁不会：看看错的选项是不是太假，或者题太绕。"))
        if self.share > TOO_EASY:
            found.append(_("几乎人人答对：太容易，考不出什么。"))
        elif self.share < TOO_HARD:
            found.append(_("答对的人太少：看看课里讲没讲清楚，答案对不对。"))
        return found


def get_bank_figures(bank: Bank) -> list[ItemFigures]:
    answers = Answer.objects.filter(question__bank=bank)
    # A placement test asks beginners, who guess, and stops where they are wrong.
    return calculate_figures(
        bank.questions.order_by("position", "pk"), answers.exclude(attempt__quiz__kind=Quiz.Kind.PLACEMENT)
    )


def get_quiz_figures(quiz: Quiz) -> list[ItemFigures]:
    answers = Answer.objects.filter(attempt__quiz=quiz)
    if quiz.bank:
        return calculate_figures(quiz.bank.questions.order_by("position", "pk"), answers)
    met = answers.order_by().values("question")
    return calculate_figures(Question.objects.filter(pk__in=met).order_by("bank", "position", "pk"), answers)


def calculate_figures(asked: QuerySet[Question], answers: QuerySet[Answer]) -> list[ItemFigures]:
    """Return the figures of each of these questions, the worst first. Two queries, whatever the number of answers."""
    sums = {row["question"]: row for row in sum_answers(answers)}
    rows = [build_item_figures(question, sums.get(question.pk)) for question in asked]
    return sorted(rows, key=lambda one: (not one.flags, one.tells is None, one.tells or 0))


def sum_answers(answers: QuerySet[Answer]):
    """Return by question the number of answers, of right ones, and the sums that a correlation needs."""
    earlier = Answer.objects.filter(
        attempt=OuterRef("attempt"), question=OuterRef("question"), position__lt=OuterRef("position")
    )
    first = answers.filter(attempt__number=1, attempt__finished_at__isnull=False, attempt__total__gte=2)
    mark = Case(When(right=True, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    rest = (Cast(F("attempt__right"), FloatField()) - mark) / Cast(F("attempt__total") - 1, FloatField())
    counted = first.filter(~Exists(earlier), question__isnull=False).annotate(mark=mark, rest=rest)
    return (
        counted.order_by()
        .values("question")
        .annotate(
            n=Count("pk"),
            right_n=Count("pk", Q(right=True)),
            mean=Avg("rest"),
            squares=Sum(F("rest") * F("rest")),
            right_mean=Avg("rest", filter=Q(right=True)),
        )
    )


def build_item_figures(question: Question, row: dict | None) -> ItemFigures:
    if not row:
        return ItemFigures(question, 0, None, None)
    share = row["right_n"] / row["n"]
    return ItemFigures(question, row["n"], share, calculate_point_biserial(row, share))


def calculate_point_biserial(row: dict, share: float) -> float | None:
    """Return (M₁ − M) / s · √(p / q) with the standard deviation of the whole group; None when all are alike."""
    variance = row["squares"] / row["n"] - row["mean"] ** 2
    if share in (0, 1) or variance < 1e-12:
        return None
    found = (row["right_mean"] - row["mean"]) / sqrt(variance) * sqrt(share / (1 - share))
    return max(-1.0, min(1.0, found))
