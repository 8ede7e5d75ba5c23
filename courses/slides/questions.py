"""The questions that a whole class answers from the wall: which of them fit there, with which choices, and in which lesson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import pgettext

from courses.models import Question
from courses.slides.slide import Choice, Slide, measure

# A question on the wall is read in a few seconds; longer ones are for the phone.
MOST_QUESTION, MOST_CHOICE, MOST_CHOICES, MOST_QUIZ = 60, 40, 4, 150
QUESTIONS = 4
LETTERS = "ABCD"


def make_question_slide(question: Question) -> Slide:
    """Return the question with its choices."""
    choices = list_choices(question)
    return Slide("quiz", question.text, "review", question=question, choices=choices, notes=question.explain)


def list_choices(question: Question) -> tuple[Choice, ...]:
    """Return the choices; the right one is where the writer has put it, moved by the question's number.

    Banks often write the right choice at the same place, and a room notices.
    """
    if question.kind == Question.Kind.TRUE_FALSE:
        right = question.content["answer"]
        return (
            Choice("A", pgettext("answer", "对"), right),
            Choice("B", pgettext("answer", "错"), not right),
        )
    rows = question.content["choices"]
    turn = question.pk % len(rows)
    turned = [*rows[turn:], *rows[:turn]]
    return tuple(
        Choice(letter, row["text"], bool(row.get("right")))
        for letter, row in zip(LETTERS, turned, strict=False)
    )


def fits_wall(question: Question) -> bool:
    """Return whether a room can read it at a glance and answer by one letter."""
    if measure(question.text) > MOST_QUESTION:
        return False
    if question.kind == Question.Kind.TRUE_FALSE:
        return isinstance(question.content.get("answer"), bool)
    rows = question.content.get("choices") if question.kind == Question.Kind.SINGLE else None
    return (
        isinstance(rows, list)
        and 2 <= len(rows) <= MOST_CHOICES
        and all(isinstance(row.get("text"), str) and measure(row["text"]) <= MOST_CHOICE for row in rows)
        and sum(bool(row.get("right")) for row in rows) == 1
        and sum(measure(row["text"]) for row in rows) + measure(question.text) <= MOST_QUIZ
    )


def choose_questions(questions: Iterable[Question], nth: int) -> list[Question]:
    """Return up to QUESTIONS for the n-th lesson of a module, counted from 0: objective by objective in turn.

    Each lesson gets other questions, as far as there are enough.
    """
    by_objective: dict[int | None, list[Question]] = {}
    for row in questions:
        if fits_wall(row):
            by_objective.setdefault(row.objective_id, []).append(row)
    dealt = [row for turn in zip_all(by_objective.values()) for row in turn]
    each = min(QUESTIONS, len(dealt))
    return [dealt[(nth * each + n) % len(dealt)] for n in range(each)]


def zip_all(lists: Iterable[list[Question]]) -> Iterator[list[Question]]:
    """Yield the first of each list, then the second of each, until all are through."""
    rows = list(lists)
    for n in range(max(map(len, rows), default=0)):
        yield [row[n] for row in rows if n < len(row)]
