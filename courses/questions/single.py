"""One of several is right."""

from __future__ import annotations

from random import Random

from django.http import QueryDict

from courses.questions import choices


def problems(content: dict) -> list[str]:
    return choices.problems(content, "text") + choices.one_right(content)


def frozen(content: dict, rng: Random) -> tuple[dict, dict]:
    return choices.frozen(content, rng, "text")


def posted(shown: dict, data: QueryDict) -> str:
    return choices.one(shown, data.get("answer"))


def accepted(shown: dict, given: object) -> str:
    return choices.one(shown, given)


def judged(key: dict, given: str) -> bool:
    return given in key["right"]


def told(shown: dict, key: dict, given: str) -> dict:
    return choices.told(shown, key, [given])
