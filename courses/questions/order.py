"""Steps to be put in their right order; shown shuffled."""

from __future__ import annotations

from math import factorial
from random import Random

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.questions.choices import find_repeated
from courses.questions.errors import InvalidAnswer, Unanswered, get_text

LEAST, MOST = 3, 8


def list_steps(content: dict) -> list[dict]:
    found = content.get("steps") if isinstance(content, dict) else None
    return [step for step in found if isinstance(step, dict)] if isinstance(found, list) else []


def find_problems(content: dict) -> list[str]:
    steps = list_steps(content)
    texts = [get_text(step, "text").strip() for step in steps]
    found = []
    if len(steps) < LEAST:
        found.append(ngettext("至少要有 %(n)d 步", "至少要有 %(n)d 步", LEAST) % {"n": LEAST})
    if len(steps) > MOST:
        found.append(ngettext("最多 %(n)d 步", "最多 %(n)d 步", MOST) % {"n": MOST})
    if not all(texts):
        found.append(_("有一步没写字"))
    found += [_("“%(text)s”写了两遍") % {"text": text} for text in find_repeated(texts)]
    ids = [step.get("id") for step in steps]
    if not all(isinstance(one, str) and one for one in ids) or len(set(ids)) < len(ids):
        found.append(_("步骤的编号缺了或者重了"))
    return found


def freeze(content: dict, rng: Random) -> tuple[dict, dict]:
    steps = [{"id": step["id"], "text": step["text"]} for step in list_steps(content)]
    mixed = rng.sample(steps, len(steps))
    if mixed == steps:  # never shown in the right order
        mixed = mixed[1:] + mixed[:1]
    return {"steps": mixed}, {"right": [step["id"] for step in steps]}


def parse_form(shown: dict, data: QueryDict) -> list[str]:
    return parse_json(shown, data.getlist("order"))


def parse_json(shown: dict, given: object) -> list[str]:
    if not given:
        raise Unanswered(_("排好顺序再交"))
    ids = [step["id"] for step in shown["steps"]]
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise InvalidAnswer(_("这个顺序读不出来，重新排一排"))
    if sorted(given) != sorted(ids):
        raise InvalidAnswer(_("步骤少了或者多了，重新排一排"))
    return given


def move_step(shown: dict, order: list[str], move: str) -> list[dict]:
    """Return the steps after one button ("b:up"), for a page without scripts; an invalid order counts as the one shown."""
    steps = {step["id"]: step for step in shown["steps"]}
    if sorted(order) != sorted(steps):
        order = list(steps)
    pk, _colon, way = move.partition(":")
    if pk in order:
        here = order.index(pk)
        there = max(0, min(len(order) - 1, here + (-1 if way == "up" else 1)))
        order = order[:here] + order[here + 1 :]
        order.insert(there, pk)
    return [steps[one] for one in order]


def grade(key: dict, given: list[str]) -> bool:
    return given == key["right"]


def count_guesses(shown: dict) -> int:
    return factorial(len(shown["steps"]))


def build_feedback(shown: dict, key: dict, given: list[str]) -> dict:
    """Return the learner's order, each step with its right position."""
    texts = {step["id"]: step["text"] for step in shown["steps"]}
    return {
        "given": [
            {"text": texts[one], "place": key["right"].index(one) + 1, "fits": key["right"][place] == one}
            for place, one in enumerate(given)
        ],
        "steps": [texts[one] for one in key["right"]],
    }
