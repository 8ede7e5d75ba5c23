"""Any number of several are right; an answer is right when it names exactly these."""

from __future__ import annotations

from random import Random

from django.http import QueryDict

from courses.questions import choices


def problems(content: dict) -> list[str]:
    return choices.problems(content, "text")


def frozen(content: dict, rng: Random) -> tuple[dict, dict]:
    return choices.frozen(content, rng, "text")


def posted(shown: dict, data: QueryDict) -> list[str]:
    return choices.some(shown, data.getlist("answer"))


def accepted(shown: dict, given: object) -> list[str]:
    return choices.some(shown, given)


def judged(key: dict, given: list[str]) -> bool:
    return set(given) == set(key["right"])


def told(shown: dict, key: dict, given: list[str]) -> dict:
    return choices.told(shown, key, given)
