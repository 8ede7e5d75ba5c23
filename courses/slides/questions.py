"""The questions that a whole class answers from the wall: which of them fit there, with which choices, and in which lesson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

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


def find_taught(objectives: Sequence[int], nth: int, lessons: int) -> list[int]:
    """Return the objectives of a module that are taught when its n-th lesson (from 0) of so many ends, the newest first.

    They are spread evenly over the lessons; one that two lessons share counts as taught after the second.
    """
    return [one for k, one in enumerate(objectives) if (k + 1) * lessons <= (nth + 1) * len(objectives)][::-1]


def choose_questions(questions: Iterable[Question], taught: Sequence[int | None]) -> list[Question]:
    """Return up to QUESTIONS of these objectives, of the first one before those of the next; of others none.

    Of an earlier objective those come first that its own lesson has not asked.
    """
    by_objective: dict[int | None, list[Question]] = {one: [] for one in taught}
    for row in questions:
        if row.objective_id in by_objective and fits_wall(row):
            by_objective[row.objective_id].append(row)
    rows = list(by_objective.values())
    chosen = [*chain(*rows[:1])][:QUESTIONS]
    earlier = zip_all([*of_it[QUESTIONS:], *of_it[:QUESTIONS]] for of_it in rows[1:])
    return [*chosen, *chain(*earlier)][:QUESTIONS]


def zip_all(lists: Iterable[list[Question]]) -> Iterator[list[Question]]:
    """Yield the first of each list, then the second of each, until all are through."""
    rows = list(lists)
    for n in range(max(map(len, rows), default=0)):
        yield [row[n] for row in rows if n < len(row)]
