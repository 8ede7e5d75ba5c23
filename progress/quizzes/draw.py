"""Choose the questions of a paper: so many of each objective, others than the last papers asked, true and false in balance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from random import Random

from courses.authoring.quiz_rules import share_out
from courses.models import Question, Quiz
from progress.models import Attempt

# A question of an older paper counts as one that was never asked.
PAPERS_LOOKED_AT = 12


class TooFewQuestions(Exception):
    """Raised when the bank cannot give what the quiz promises: so many questions, so many of each objective."""


def choose_questions(
    able: Sequence[Question],
    count: int,
    rng: Random,
    minimum: int = 0,
    objectives: Collection[int | None] = (),
    asked: Mapping[int, int] | None = None,
) -> list[Question]:
    """Choose `count` questions in a random order, `minimum` or more of each of `objectives`.

    `asked` tells for a question that the person has met in which of the last papers, counted from 1, that was: those never
    met come first, then those met longest ago. Raises TooFewQuestions.
    """
    if count == len(able) and not minimum:
        return rng.sample(able, count)
    met = asked or {}
    mixed = sorted(rng.sample(able, len(able)), key=lambda row: met.get(row.pk, 0))
    if minimum and (count > len(mixed) or count < minimum * len(objectives)):
        raise TooFewQuestions
    taken: list[Question] = []
    if minimum:
        for objective in rng.sample(sorted(objectives, key=str), len(objectives)):
            of_it = [row for row in mixed if row.objective_id == objective]
            if len(of_it) < minimum:
                raise TooFewQuestions
            take(of_it, minimum, taken, met)
    chosen = {row.pk for row in taken}
    rest = [row for row in mixed if row.pk not in chosen]
    take(spare_small_objectives(rest, met) if minimum else rest, count - len(taken), taken, met)
    return rng.sample(taken, len(taken))


def choose_by_weight(
    able: Sequence[Question],
    count: int,
    rng: Random,
    weights: Mapping[int, int],
    asked: Mapping[int, int] | None = None,
) -> list[Question]:
    """Choose `count` questions in a random order, of each objective in proportion to its weight.

    Which of several equal objectives gets the question that cannot be shared out evenly is drawn, too; `asked` as in
    `choose_questions`. Raises TooFewQuestions.
    """
    met = asked or {}
    mixed = sorted(rng.sample(able, len(able)), key=lambda row: met.get(row.pk, 0))
    drawn = {pk: weights[pk] for pk in rng.sample(sorted(weights), len(weights))}
    taken: list[Question] = []
    for objective, share in share_out(count, drawn).items():
        of_it = [row for row in mixed if row.objective_id == objective]
        if len(of_it) < share:
            raise TooFewQuestions
        take(of_it, share, taken, met)
    if len(taken) < count:
        raise TooFewQuestions
    return rng.sample(taken, len(taken))


def spare_small_objectives(rows: list[Question], met: Mapping[int, int]) -> list[Question]:
    """Order rows met equally long ago so that the objective with the most of them comes next, again and again.

    Each further paper needs the minimum of every objective: what is asked beyond it comes from where there is plenty.
    """
    ordered: list[Question] = []
    for _place, same in groupby(rows, key=lambda row: met.get(row.pk, 0)):
        groups: dict[int | None, list[Question]] = {}
        for row in same:
            groups.setdefault(row.objective_id, []).append(row)
        while group := max(groups.values(), key=len):
            ordered.append(group.pop(0))
    return ordered


def take(rows: list[Question], count: int, taken: list[Question], met: Mapping[int, int]) -> None:
    """Move `count` of the rows to `taken`, in their order, but true and false statements in turn.

    A statement that would make one answer lead by two waits as long as there is another question met as long ago.
    """
    waiting, lead = list(rows), sum(lean(row) for row in taken)
    for _n in range(count):
        first = met.get(waiting[0].pk, 0)
        fits = (row for row in waiting if met.get(row.pk, 0) == first and abs(lead + lean(row)) <= 1)
        row = next(fits, waiting[0])
        waiting.remove(row)
        taken.append(row)
        lead += lean(row)


def lean(question: Question) -> int:
    """Return 1 for a true statement, -1 for a false one, 0 for a question of another kind."""
    if question.kind != Question.Kind.TRUE_FALSE:
        return 0
    return 1 if question.content["answer"] else -1


def load_asked(user_id: int, quiz: Quiz) -> dict[int, int]:
    """Return {question: paper} of what this person was asked in the last papers of this quiz, the newest highest. One query."""
    papers = Attempt.objects.filter(user=user_id, quiz=quiz).order_by("-number")
    last = papers.values_list("paper", flat=True)[:PAPERS_LOOKED_AT]
    return {
        item["question"]: place for place, paper in enumerate(reversed(last), 1) for item in paper["items"]
    }
