"""A placement test's paper: what it asks of each module, what comes next, and which modules the answers show as known.

It asks of each module that may be skipped, first one question of its hardest objective; only where that was answered right, a
second and, if two prove too little, a third of other objectives. A module is known when all its questions that were asked,
two at least, one of the hardest objective among them, were answered right, and somebody who answers blindly would manage
that for any module at all in less than one test of a hundred: the product of "one in so many" must reach 100 × the number
of modules. What is not asked, for lack of time or because enough was asked, is not known.

In the stored paper: "placement": {"most": questions, "guesses": the product that is needed}; the items are the first of each
module, then the second of each, then the third.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from progress.quizzes.paper import Item

# Of so many people who answer blindly one at most skips anything.
BLIND = 100
MOST_A_MODULE, LEAST_A_MODULE = 3, 2
# The answer "I don't know", which is wrong.
NOT_KNOWN: dict = {}
# A question that one blind answer in so many gets right is hard to guess.
HARD = 100


@dataclass(frozen=True)
class ModuleVerdict:
    """What a placement test shows of one module. `missed`: the objective of the first question answered wrong, if any."""

    module: int
    asked: int
    right: int
    is_known: bool
    key_right: bool
    missed: tuple[int | None, ...] = ()


def choose_items(
    ready: Sequence[dict], modules: Sequence[int], rng: Random, asked: Mapping[int, int]
) -> list[dict]:
    """Choose up to three questions of each module, in the order described above; a module without two is left out.

    Questions that the person has not met (`asked`) come first, of those the ones that are hard to guess.
    """
    needed = BLIND * len(modules)
    by_module: dict[int, list[dict]] = {module: [] for module in modules}
    for item in rng.sample(ready, len(ready)):
        if item["module"] in by_module:
            by_module[item["module"]].append(item)
    chosen = []
    for of_it in by_module.values():
        three = choose_of_module(of_it, needed, asked)
        if len(three) >= LEAST_A_MODULE:
            chosen.append(three)
    return [three[n] for n in range(MOST_A_MODULE) for three in chosen if len(three) > n]


def choose_of_module(items: list[dict], needed: int, asked: Mapping[int, int]) -> list[dict]:
    """Choose of one module: the hardest objective first, then others that together cannot be guessed."""

    def rank(item: dict, enough: int) -> tuple[int, int]:
        return asked.get(item["question"], 0), -min(item["guesses"], enough)

    keys = sorted((item for item in items if item["is_key"]), key=lambda item: rank(item, HARD))
    if not keys:
        return []
    chosen = keys[:1]
    while len(chosen) < MOST_A_MODULE:
        met = {item["objective"] for item in chosen}
        others = [item for item in items if item["objective"] not in met and not item["is_key"]]
        left = -(-needed // prod(item["guesses"] for item in chosen))
        if not others or (left == 1 and len(chosen) >= LEAST_A_MODULE):
            break
        chosen.append(min(others, key=lambda item: rank(item, max(left, 2))))
    return chosen


def find_next(items: Sequence[Item], rule: Mapping[str, int], answers: Mapping[int, bool]) -> int | None:
    """Return the position to be asked next; None when enough was asked."""
    if len(answers) >= rule["most"]:
        return None
    by_module = list_positions(items)
    firsts = [positions[0] for positions in by_module.values()]
    if left := [n for n in firsts if n not in answers]:
        return left[0]
    for positions in by_module.values():
        given = [n for n in positions if n in answers]
        left = [n for n in positions if n not in answers]
        if left and all(answers[n] for n in given) and not is_proven(items, rule, given):
            return left[0]
    return None


def list_positions(items: Sequence[Item]) -> dict[int, list[int]]:
    """Return the positions of each module's questions, in the order of the modules."""
    found: dict[int, list[int]] = {}
    for position, item in enumerate(items, 1):
        found.setdefault(item.module or 0, []).append(position)
    return found


def is_proven(items: Sequence[Item], rule: Mapping[str, int], positions: Sequence[int]) -> bool:
    """Return whether right answers to these show that a module is known."""
    asked = [items[n - 1] for n in positions]
    enough = prod(item.guesses for item in asked) >= rule["guesses"]
    return len(asked) >= LEAST_A_MODULE and enough and any(item.is_key for item in asked)


def judge_modules(
    items: Sequence[Item], rule: Mapping[str, int], answers: Mapping[int, bool]
) -> list[ModuleVerdict]:
    """Return the verdict on each module, in the order of the modules; unanswered questions count for nothing."""
    found = []
    for module, positions in list_positions(items).items():
        given = [n for n in positions if n in answers]
        right = [n for n in given if answers[n]]
        is_known = len(right) == len(given) and is_proven(items, rule, given)
        key_right = any(items[n - 1].is_key for n in right)
        missed = tuple(items[n - 1].objective for n in given if not answers[n])
        found.append(ModuleVerdict(module, len(given), len(right), is_known, key_right, missed))
    return found
