"""The rules of each kind of question, without a database: is it written right, what is shown, is an answer right.

A kind is a module of five functions:

    problems(content)          what is wrong with a question as written, in sentences; [] when it can be asked
    frozen(content, rng)       (shown, key): what the learner sees, choices shuffled, and what an answer is held against
    posted(shown, data)        the answer in a form's fields (a QueryDict)
    accepted(shown, given)     the answer from a phone's JSON; both raise Unanswered or Unreadable
    judged(key, given)         whether it is right
    told(shown, key, given)    what the page says afterwards: one's answer, the right one, why

`shown` never holds anything of `key`. All values are plain JSON.
"""

from __future__ import annotations

from random import Random
from types import ModuleType

from django.http import QueryDict

from courses.questions import multiple, number, order, picture, single, spot, truth
from courses.questions.answers import Unanswered, Unreadable

__all__ = ["KINDS", "Unanswered", "Unreadable", "accepted", "frozen", "judged", "posted", "problems", "told"]

KINDS: dict[str, ModuleType] = {
    "single": single,
    "multiple": multiple,
    "true_false": truth,
    "order": order,
    "number": number,
    "picture": picture,
    "spot": spot,
}


def problems(kind: str, content: dict) -> list[str]:
    return KINDS[kind].problems(content)


def frozen(kind: str, content: dict, rng: Random) -> tuple[dict, dict]:
    return KINDS[kind].frozen(content, rng)


def posted(kind: str, shown: dict, data: QueryDict) -> object:
    return KINDS[kind].posted(shown, data)


def accepted(kind: str, shown: dict, given: object) -> object:
    return KINDS[kind].accepted(shown, given)


def judged(kind: str, key: dict, given: object) -> bool:
    return KINDS[kind].judged(key, given)


def told(kind: str, shown: dict, key: dict, given: object) -> dict:
    return KINDS[kind].told(shown, key, given)
