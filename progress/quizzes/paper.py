"""Draw the paper of one try, read it, and score the answers on it.

{"seed", "pass_percent", "mastery": [right, of] or null, "items": [snapshots of questions], "order": [index of an item, …]}
An index of the order is a position, counted from 1; in mastery mode an item is in the order more than once.
A paper of which a module's questions must reach a mark of their own has "floor": {"module", "percent"}; that of a placement
test has "placement" (progress.quizzes.placement_paper).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Any

from courses import questions
from courses.models import Objective, Question, QuestionPicture, Quiz
from progress.quizzes import placement_paper
from progress.quizzes.draw import choose_by_weight, choose_questions

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
    # Of papers of the whole course: the module of its objective.
    module: int | None = None
    # Of a placement test: one in how many blind answers is right, and whether its objective is the module's hardest.
    guesses: int = 0
    is_key: bool = False


@dataclass(frozen=True)
class Floor:
    """How the questions of one module were answered, which must reach a mark of their own."""

    module: int
    right: int
    total: int
    needed: int

    @property
    def is_reached(self) -> bool:
        return self.right >= self.needed


@dataclass(frozen=True)
class Score:
    right: int
    total: int
    passed: bool
    is_over: bool
    # The number of right answers that were missing to pass.
    missing: int = 0
    floor: Floor | None = None

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
        self.floor: dict | None = stored.get("floor")
        self.placement: dict | None = stored.get("placement")

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
        if self.placement:
            return placement_paper.find_next(self.items, self.placement, answers)
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
        if self.placement:
            is_over = placement_paper.find_next(self.items, self.placement, answers) is None
            return Score(right, len(answers), False, is_over)
        needed = ceil(self.pass_percent * len(self) / 100)
        floor = self.measure_floor(answers)
        passed = right >= needed and (floor is None or floor.is_reached)
        return Score(right, len(self), passed, len(answers) >= len(self), max(0, needed - right), floor)

    def measure_floor(self, answers: Mapping[int, bool]) -> Floor | None:
        if not self.floor:
            return None
        module, percent = self.floor["module"], self.floor["percent"]
        positions = [n for n in range(1, len(self) + 1) if self.item(n).module == module]
        right = sum(answers.get(n, False) for n in positions)
        return Floor(module, right, len(positions), ceil(percent * len(positions) / 100))


def draw_paper(quiz: Quiz, form: str, seed: int, asked: Mapping[int, int] | None = None) -> dict:
    """Draw questions and store a snapshot of them; `asked` as in `choose_questions`.

    Four queries at most: the questions, the objectives or modules, the photos. A question with errors is left out,
    so that a paper can always be answered. Raises NoQuestions, TooFewQuestions.
    """
    rng = Random(seed)
    rows = quiz.list_questions().select_related("objective").order_by("position", "pk")
    able = [
        row
        for row in rows
        if (not form or row.form == form) and not questions.find_problems(row.kind, row.content)
    ]
    if not able:
        raise NoQuestions
    if quiz.kind == Quiz.Kind.PLACEMENT:
        return draw_placement(quiz, able, seed, rng, asked or {})
    if quiz.kind == Quiz.Kind.FINAL:
        weights = {
            row.objective_id: row.objective.weight for row in able if row.objective and row.objective_id
        }
        return store_paper(quiz, choose_by_weight(able, quiz.draw, rng, weights, asked), seed, rng)
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
    return store_paper(quiz, taken, seed, rng)


def store_paper(quiz: Quiz, taken: list[Question], seed: int, rng: Random) -> dict:
    photos = find_photos(row for row in taken if row.kind == Question.Kind.PICTURE)
    paper: dict[str, Any] = {
        "seed": seed,
        "pass_percent": quiz.pass_percent,
        "mastery": [quiz.master_right, quiz.master_of] if quiz.is_mastery else None,
        "items": [snapshot_question(row, rng, photos) for row in taken],
        "order": deal_rounds(len(taken), rng) if quiz.is_mastery else list(range(len(taken))),
    }
    if quiz.floor_module_id and quiz.floor_percent:
        paper["floor"] = {"module": quiz.floor_module_id, "percent": quiz.floor_percent}
    if quiz.kind in Quiz.OF_WHOLE_COURSE:
        for item, row in zip(paper["items"], taken, strict=True):
            item["module"] = row.objective.module_id if row.objective else None
    return paper


def draw_placement(
    quiz: Quiz, able: list[Question], seed: int, rng: Random, asked: Mapping[int, int]
) -> dict:
    """Draw three questions of each module that may be skipped. Raises NoQuestions."""
    modules = list(quiz.course.modules.filter(always_taught=False).order_by("position", "pk"))
    rows = {row.pk: row for row in able}
    paper = store_paper(quiz, able, seed, rng)
    ready = [
        item
        | {
            "guesses": questions.count_guesses(item["kind"], item["shown"]),
            "is_key": rows[item["question"]].objective.is_key,  # type: ignore[union-attr]
        }
        for item in paper["items"]
    ]
    items = placement_paper.choose_items(ready, [module.pk for module in modules], rng, asked)
    if not items:
        raise NoQuestions
    places = {module: place for place, module in enumerate(dict.fromkeys(item["module"] for item in items))}
    return paper | {
        "items": items,
        "order": list(range(len(items))),
        "placement": {"most": quiz.draw or len(items), "guesses": placement_paper.BLIND * len(places)},
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
