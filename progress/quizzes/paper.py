"""Draw the paper of one try, read it, and score the answers on it.

{"seed", "pass_percent", "mastery": [right, of] or null, "items": [snapshots of questions], "order": [index of an item, …]}
An index of the order is a position, counted from 1; in mastery mode an item is in the order more than once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from random import Random

from courses import questions
from courses.models import Objective, Question, QuestionPicture, Quiz
from progress.quizzes.draw import choose_questions

# A mastery quiz ends after so many questions, whatever the answers are.
LONGEST, ROUNDS = 40, 4


class NoQuestions(Exception):
    """Raised when the bank holds no question that can be asked."""


@dataclass(frozen=True)
class Item:
    question: int
    objective: int | None
    aim: str
    kind: str
    text: str
    explain: str
    shown: dict
    key: dict


@dataclass(frozen=True)
class Score:
    right: int
    total: int
    passed: bool
    is_over: bool
    # The number of right answers that were missing to pass.
    missing: int = 0

    @property
    def percent(self) -> int:
        return self.right * 100 // self.total if self.total else 0


class Paper:
    """Read the stored paper without a query."""

    def __init__(self, stored: dict) -> None:
        self.items = [Item(**item) for item in stored["items"]]
        self.order: list[int] = stored["order"]
        self.pass_percent: int = stored["pass_percent"]
        self.mastery: list[int] | None = stored["mastery"]

    def __len__(self) -> int:
        return len(self.order)

    @property
    def photo_keys(self) -> set[str]:
        shown = [choice.get("photo") for item in self.items for choice in item.shown.get("choices", [])]
        return {photo["key"] for photo in shown if photo}

    def has(self, position: int) -> bool:
        return 1 <= position <= len(self.order)

    def item(self, position: int) -> Item:
        return self.items[self.order[position - 1]]

    def next_after(self, answers: Mapping[int, bool]) -> int | None:
        """Return the first position without an answer; None when all are answered."""
        if self.score(answers).is_over:
            return None
        return next(n for n in range(1, len(self) + 1) if n not in answers)

    def score(self, answers: Mapping[int, bool]) -> Score:
        """Score these answers ({position: right}) by the rule stored in the paper."""
        right = sum(answers.values())
        if self.mastery:
            wanted, of = self.mastery
            # A skipped question counts as wrong, so that nobody passes a paper by choosing its easy questions.
            lately = [answers.get(n, False) for n in range(1, max(answers, default=0) + 1)][-of:]
            passed = sum(lately) >= wanted
            over = passed or len(answers) >= len(self)
            return Score(right, len(answers), passed, over, max(0, wanted - sum(lately)))
        needed = ceil(self.pass_percent * len(self) / 100)
        return Score(right, len(self), right >= needed, len(answers) >= len(self), max(0, needed - right))


def draw_paper(quiz: Quiz, form: str, seed: int, asked: Mapping[int, int] | None = None) -> dict:
    """Draw questions and store a snapshot of them; `asked` as in `choose_questions`.

    Three queries at most: the bank's questions, the objectives of its module, the photos. A question with errors is left out,
    so that a paper can always be answered. Raises NoQuestions, TooFewQuestions.
    """
    rng = Random(seed)
    rows = quiz.bank.questions.filter(is_retired=False).select_related("objective").order_by("position", "pk")
    able = [
        row
        for row in rows
        if (not form or row.form == form) and not questions.find_problems(row.kind, row.content)
    ]
    if not able:
        raise NoQuestions
    minimum = 0 if quiz.is_mastery else quiz.objective_minimum
    count = len(able) if quiz.is_mastery or not quiz.draw else quiz.draw
    taken = choose_questions(
        able,
        count if minimum else min(count, len(able)),
        rng,
        minimum,
        list_objectives(quiz, able) if minimum else (),
        asked,
    )
    photos = find_photos(row for row in taken if row.kind == Question.Kind.PICTURE)
    return {
        "seed": seed,
        "pass_percent": quiz.pass_percent,
        "mastery": [quiz.master_right, quiz.master_of] if quiz.is_mastery else None,
        "items": [snapshot_question(row, rng, photos) for row in taken],
        "order": deal_rounds(len(taken), rng) if quiz.is_mastery else list(range(len(taken))),
    }


def list_objectives(quiz: Quiz, able: Iterable[Question]) -> set[int | None]:
    """Return the objectives that each paper must ask: those of the quiz's module and those its bank has. One query."""
    module = Objective.objects.filter(module=quiz.module_id) if quiz.module_id else Objective.objects.none()
    return {*module.values_list("pk", flat=True), *(row.objective_id for row in able)} - {None}


def deal_rounds(count: int, rng: Random) -> list[int]:
    """Yield the bank again and again, shuffled anew each time, no question twice in a row."""
    order: list[int] = []
    for _round in range(ROUNDS):
        mixed = rng.sample(range(count), count)
        if order and count > 1 and mixed[0] == order[-1]:
            mixed.append(mixed.pop(0))
        order += mixed
    return order[: max(LONGEST, count)]


def snapshot_question(row: Question, rng: Random, photos: dict[tuple[int, str], dict]) -> dict:
    shown, key = questions.freeze(row.kind, row.content, rng)
    if row.kind == Question.Kind.PICTURE:
        for choice in shown["choices"]:
            choice["photo"] = photos.get((row.pk, choice["picture"]))
    return {
        "question": row.pk,
        "objective": row.objective_id,
        "aim": row.objective.text if row.objective else "",
        "kind": row.kind,
        "text": row.text,
        "explain": row.explain,
        "shown": shown,
        "key": key,
    }


def find_photos(rows: Iterable[Question]) -> dict[tuple[int, str], dict]:
    """Return {(question, name): what an <img> needs}; no query when no question has pictures."""
    ids = [row.pk for row in rows]
    found = QuestionPicture.objects.filter(question__in=ids).select_related("photo") if ids else []
    return {
        (row.question_id, row.name): {
            "key": row.photo.key, "width": row.photo.width, "height": row.photo.height, "status": row.photo.status,
        }
        for row in found
    }  # fmt: skip
