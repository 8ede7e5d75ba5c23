"""The rules of each kind of question; they use no database.

A kind is a module of seven functions:

    find_problems(content)             what is wrong with a question as written, in sentences; [] when it can be asked
    freeze(content, rng)               (shown, key): what the learner sees, choices shuffled, and what answers are graded by
    parse_form(shown, data)            the answer in a form's fields (a QueryDict)
    parse_json(shown, given)           the answer in a phone's JSON; both raise Unanswered or InvalidAnswer
    grade(key, given)                  whether the answer is right
    count_guesses(shown)               one in how many blind answers is right
    build_feedback(shown, key, given)  what the page shows afterwards: the learner's answer, the right one and why

`shown` never contains anything of `key`. All values are plain JSON.
"""

from __future__ import annotations

from random import Random
from types import ModuleType

from django.http import QueryDict

from courses.questions import multiple, number, order, picture, single, true_false, violations
from courses.questions.errors import InvalidAnswer, Unanswered

__all__ = [
    "KINDS",
    "InvalidAnswer",
    "Unanswered",
    "build_feedback",
    "count_guesses",
    "find_problems",
    "freeze",
    "grade",
    "parse_form",
    "parse_json",
]

KINDS: dict[str, ModuleType] = {
    "single": single,
    "multiple": multiple,
    "true_false": true_false,
    "order": order,
    "number": number,
    "picture": picture,
    "spot": violations,
}


def find_problems(kind: str, content: dict) -> list[str]:
    return KINDS[kind].find_problems(content)


def freeze(kind: str, content: dict, rng: Random) -> tuple[dict, dict]:
    return KINDS[kind].freeze(content, rng)


def parse_form(kind: str, shown: dict, data: QueryDict) -> object:
    return KINDS[kind].parse_form(shown, data)


def parse_json(kind: str, shown: dict, given: object) -> object:
    return KINDS[kind].parse_json(shown, given)


def grade(kind: str, key: dict, given: object) -> bool:
    return KINDS[kind].grade(key, given)


def count_guesses(kind: str, shown: dict) -> int:
    """Return one in how many blind answers to this question is right; low rather than high."""
    return KINDS[kind].count_guesses(shown)


def build_feedback(kind: str, shown: dict, key: dict, given: object) -> dict:
    return KINDS[kind].build_feedback(shown, key, given)
