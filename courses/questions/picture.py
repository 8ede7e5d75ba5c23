"""One picture of several is right. `picture` is the name of the question's photo."""

from __future__ import annotations

from random import Random

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.questions import choices
from courses.questions.errors import get_text


def find_problems(content: dict) -> list[str]:
    names = [get_text(choice, "picture") for choice in choices.list_choices(content)]
    missing = [] if all(names) else [_("有一个选项还没有图")]
    return missing + choices.find_problems(content, "alt") + choices.check_one_right(content)


def freeze(content: dict, rng: Random) -> tuple[dict, dict]:
    return choices.freeze(content, rng, "picture", "alt")


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
