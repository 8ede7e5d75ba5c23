"""A sentence that is true or false."""

from __future__ import annotations

from random import Random

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.questions.errors import InvalidAnswer, Unanswered


def find_problems(content: dict) -> list[str]:
    known = isinstance(content, dict) and isinstance(content.get("answer"), bool)
    return [] if known else [_("还没有说这句话是对还是错")]


def freeze(content: dict, rng: Random) -> tuple[dict, dict]:
    return {}, {"right": content["answer"]}


def parse_form(shown: dict, data: QueryDict) -> bool:
    return parse_json(shown, {"true": True, "false": False}.get(data.get("answer", ""), data.get("answer")))


def parse_json(shown: dict, given: object) -> bool:
    if given in (None, "", []):
        raise Unanswered(_("选“对”或者“错”再交"))
    if not isinstance(given, bool):
        raise InvalidAnswer(_("只能选“对”或者“错”"))
    return given


def grade(key: dict, given: bool) -> bool:
    return given is key["right"]


def count_guesses(shown: dict) -> int:
    return 2


def build_feedback(shown: dict, key: dict, given: bool) -> dict:
    return {"picked": given, "right": key["right"]}
