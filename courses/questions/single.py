"""One of several choices is right."""

from __future__ import annotations

from random import Random

from django.http import QueryDict

from courses.questions import choices


def find_problems(content: dict) -> list[str]:
    return choices.find_problems(content, "text") + choices.check_one_right(content)


def freeze(content: dict, rng: Random) -> tuple[dict, dict]:
    return choices.freeze(content, rng, "text")


def parse_form(shown: dict, data: QueryDict) -> str:
    return choices.parse_one(shown, data.get("answer"))


def parse_json(shown: dict, given: object) -> str:
    return choices.parse_one(shown, given)


def grade(key: dict, given: str) -> bool:
    return given in key["right"]


def count_guesses(shown: dict) -> int:
    return len(shown["choices"])


def build_feedback(shown: dict, key: dict, given: str) -> dict:
    return choices.build_feedback(shown, key, [given])
