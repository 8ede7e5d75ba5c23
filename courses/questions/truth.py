"""A sentence that is true or not."""

from __future__ import annotations

from random import Random

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.questions.answers import Unanswered, Unreadable


def problems(content: dict) -> list[str]:
    known = isinstance(content, dict) and isinstance(content.get("answer"), bool)
    return [] if known else [_("还没有说这句话是对还是错")]


def frozen(content: dict, rng: Random) -> tuple[dict, dict]:
    return {}, {"right": content["answer"]}


def posted(shown: dict, data: QueryDict) -> bool:
    return accepted(shown, {"true": True, "false": False}.get(data.get("answer", ""), data.get("answer")))


def accepted(shown: dict, given: object) -> bool:
    if given in (None, "", []):
        raise Unanswered(_("选“对”或者“错”再交"))
    if not isinstance(given, bool):
        raise Unreadable(_("只能选“对”或者“错”"))
    return given


def judged(key: dict, given: bool) -> bool:
    return given is key["right"]


def told(shown: dict, key: dict, given: bool) -> dict:
    return {"picked": given, "right": key["right"]}
