"""One picture of several is right. `picture` is the name by which the question's photo is found."""

from __future__ import annotations

from random import Random

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.questions import choices
from courses.questions.answers import text_in


def problems(content: dict) -> list[str]:
    names = [text_in(choice, "picture") for choice in choices.of(content)]
    missing = [] if all(names) else [_("有一个选项还没有图")]
    return missing + choices.problems(content, "alt") + choices.one_right(content)


def frozen(content: dict, rng: Random) -> tuple[dict, dict]:
    return choices.frozen(content, rng, "picture", "alt")


def posted(shown: dict, data: QueryDict) -> str:
    return choices.one(shown, data.get("answer"))


def accepted(shown: dict, given: object) -> str:
    return choices.one(shown, given)


def judged(key: dict, given: str) -> bool:
    return given in key["right"]


def told(shown: dict, key: dict, given: str) -> dict:
    return choices.told(shown, key, [given])
