"""Score the marks of a rubric, without the database.

A rubric's `content` is {"total", "pass_points", "grades" or "grade": [{"code", "title", "from"}], "gate": {"criterion",
"level", "cap", "text", "half_is_slip"}, "criteria": [{"code", "dimension", "title", "points", "none", "half", "full",
"prefill"}], "short": {"gate", "criteria"}}; marks are {criterion code: "none" | "half" | "full"}.

`short` is a second form of the same rubric for practice in class: one criterion with a `label` for each dimension, of the
same points. A rubric without it has only the long form.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

LEVELS = ("none", "half", "full")
# In half points, so that half of an odd number is exact until the sum is made.
HALVES = {"none": 0, "half": 1, "full": 2}
MOST = 100
# The deduction for a blocking phrase that was corrected on the spot.
SLIP_POINTS = 2
SHORT, LONG = "short", "long"


class Grade(NamedTuple):
    code: str
    title: str
    starts: int


@dataclass(frozen=True)
class Dimension:
    """The score of one dimension. `halves`: half points earned; `marked`: how many of its criteria have a mark."""

    title: str
    points: int
    halves: int
    marked: int
    criteria: list[dict]

    @property
    def earned(self) -> int:
        return round_half(self.halves)


@dataclass(frozen=True)
class Score:
    """The score of a review. `total` includes all deductions; `slips` are the points deducted for corrected phrases.

    `capped`: the gate limits the total, or would if it were higher. `missing`: codes without a mark, which count as 0.
    """

    total: int
    dimensions: list[Dimension]
    slips: int
    capped: bool
    missing: list[str]


def has_short_form(content: dict) -> bool:
    return bool((content.get("short") or {}).get("criteria"))


def get_form(content: dict, form: str) -> dict:
    """Return the rubric in this form; in the long one if it has no short one."""
    if form != SHORT or not has_short_form(content):
        return content
    return content | {"criteria": content["short"]["criteria"], "gate": content["short"].get("gate") or {}}


def list_criteria(content: dict) -> list[dict]:
    return content.get("criteria", [])


def clean_marks(content: dict, marks: object) -> dict[str, str]:
    """Return the marks of this rubric's criteria that name an existing level."""
    if not isinstance(marks, dict):
        return {}
    codes = [one["code"] for one in list_criteria(content)]
    return {code: marks[code] for code in codes if code in marks and marks[code] in LEVELS}


def calculate_total(content: dict, marks: dict, slips_fixed: int = 0, slips_left: int = 0) -> Score:
    """Compute the score.

    Each corrected phrase costs 2 points, less what the gate's own criterion lost for it already. A phrase that was not
    corrected, or that criterion at the gate's level, limits the total to the gate's cap (59). Never below 0 or above 100.
    """
    marks = clean_marks(content, marks)
    parts = calculate_dimensions(content, marks)
    gate = content.get("gate") or {}
    slips = max(0, SLIP_POINTS * max(slips_fixed, 0) - count_lost(content, gate, marks))
    came_to = round_half(sum(part.halves for part in parts)) - slips
    is_level = bool(gate) and marks.get(gate["criterion"]) == gate["level"]
    capped = bool(gate) and (slips_left > 0 or is_level)
    most = min(MOST, gate["cap"]) if capped else MOST
    missing = [one["code"] for one in list_criteria(content) if one["code"] not in marks]
    return Score(max(0, min(came_to, most)), parts, slips, capped, missing)


def is_half_a_slip(gate: dict) -> bool:
    """Return whether half of the gate's criterion means that a blocking phrase was corrected, and so deducts its points."""
    return gate.get("half_is_slip", True)


def count_lost(content: dict, gate: dict, marks: dict[str, str]) -> int:
    """Return the points that the gate's criterion, once marked, has taken off for corrected phrases."""
    if not is_half_a_slip(gate):
        return 0
    for one in list_criteria(content):
        if gate and one["code"] == gate["criterion"] and one["code"] in marks:
            return round_half((2 - HALVES[marks[one["code"]]]) * one["points"])
    return 0


def calculate_dimensions(content: dict, marks: dict[str, str]) -> list[Dimension]:
    """Return the dimensions in the rubric's order; a criterion without a dimension gets its own title."""
    found = []
    for title, group in groupby(list_criteria(content), key=lambda one: one.get("dimension") or one["title"]):
        rows = list(group)
        halves = sum(HALVES[marks[one["code"]]] * one["points"] for one in rows if one["code"] in marks)
        marked = sum(one["code"] in marks for one in rows)
        found.append(Dimension(title, sum(one["points"] for one in rows), halves, marked, rows))
    return found


def round_half(halves: int) -> int:
    """Round half points up."""
    return (halves + 1) // 2


def grade(content: dict, total: int) -> Grade | None:
    """Return the highest grade that the total reaches; None below all of them."""
    given = content.get("grades") or content.get("grade") or []
    reached = [Grade(one["code"], one["title"], one["from"]) for one in given if total >= one["from"]]
    return max(reached, key=lambda one: one.starts, default=None)


def hash_rubric(content: dict) -> str:
    """Return a hash of the rubric, the same however its keys are ordered."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
