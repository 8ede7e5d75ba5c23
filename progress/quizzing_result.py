"""What a try came to: its score, each aim, each question with one's answer, the right one and why."""

from __future__ import annotations

from dataclasses import dataclass

from courses import questions
from progress.models import Answer, Attempt
from progress.quizzing_paper import Item, Paper, Score


@dataclass(frozen=True)
class Told:
    """One position of the paper; `after` is None where nothing was answered."""

    position: int
    item: Item
    right: bool
    after: dict | None


@dataclass
class Aim:
    text: str
    right: int = 0
    total: int = 0


@dataclass(frozen=True)
class Result:
    score: Score
    told: list[Told]

    @property
    def aims(self) -> list[Aim]:
        """By learning objective, in the order in which they first come; those of one alone say nothing new."""
        found: dict[str, Aim] = {}
        for one in self.told:
            if one.item.aim:
                aim = found.setdefault(one.item.aim, Aim(one.item.aim))
                aim.right += one.right
                aim.total += 1
        return list(found.values())


def told(paper: Paper, position: int, answer: Answer | None) -> Told:
    item = paper.item(position)
    after = questions.told(item.kind, item.shown, item.key, answer.given) if answer else None
    return Told(position, item, bool(answer and answer.right), after)


def result(attempt: Attempt, answers: dict[int, Answer]) -> Result:
    """No query: the attempt and its answers are there."""
    paper = Paper(attempt.paper)
    marks = {position: row.right for position, row in answers.items()}
    shown = sorted(answers) if paper.mastery else range(1, len(paper) + 1)
    return Result(paper.score(marks), [told(paper, position, answers.get(position)) for position in shown])
