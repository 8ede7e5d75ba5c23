"""Several choices may be right; an answer is right when it names exactly these."""

from __future__ import annotations

from random import Random

from django.http import QueryDict

from courses.questions import choices


def find_problems(content: dict) -> list[str]:
    return choices.find_problems(content, "text")


def freeze(content: dict, rng: Random) -> tuple[dict, dict]:
    return choices.freeze(content, rng, "text")


def parse_form(shown: dict, data: QueryDict) -> list[str]:
    return choices.parse_several(shown, data.getlist("answer"))


def parse_json(shown: dict, given: object) -> list[str]:
    return choices.parse_several(shown, given)


def grade(key: dict, given: list[str]) -> bool:
    return set(given) == set(key["right"])


def count_guesses(shown: dict) -> int:
    return choices.count_subsets(len(shown["choices"]))


def build_feedback(shown: dict, key: dict, given: list[str]) -> dict:
    return choices.build_feedback(shown, key, given)
