"""Make one total of the scores of two examiners, or of three, without the database.

Two that are at most ten points apart and agree on the gate give their mean, half a point rounded up. Otherwise a third examiner
scores, and the middle one of the three totals counts; or both examiners agree on a total between theirs. A banned phrase that
was not put right limits the total to the gate's cap where both of two say so, or two of three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Two totals further apart than this need a third examiner or a talk.
MOST_APART = 10
CAP = 59


@dataclass(frozen=True)
class Signed:
    """A signed score; `capped`: a banned phrase was left uncorrected. `agreed`: the total its examiner has agreed to."""

    total: int
    capped: bool = False
    agreed: int | None = None


@dataclass(frozen=True)
class Outcome:
    """`total` is None while something is missing; `way` as `ExamSeat.Way`; `is_apart`: a third or a talk is needed."""

    total: int | None = None
    way: str = ""
    is_apart: bool = False


def are_apart(one: Signed, two: Signed) -> bool:
    """Return whether two scores need a third one or a talk."""
    return abs(one.total - two.total) > MOST_APART or one.capped != two.capped


def judge(two: Sequence[Signed], third: Signed | None = None, cap: int = CAP) -> Outcome:
    """Return what the signed scores of the two examiners come to, and of a third one if there is one."""
    if len(two) < 2:
        return Outcome()
    one, other = two
    if not are_apart(one, other):
        return Outcome(limit((one.total + other.total + 1) // 2, one.capped, cap), "mean")
    if third is not None:
        middle = sorted((one.total, other.total, third.total))[1]
        return Outcome(limit(middle, sum((one.capped, other.capped, third.capped)) >= 2, cap), "third")
    if one.agreed is not None and one.agreed == other.agreed:
        return Outcome(one.agreed, "talk")
    return Outcome(is_apart=True)


def limit(total: int, capped: bool, cap: int) -> int:
    return min(total, cap) if capped else total


def list_agreeable(one: Signed, two: Signed) -> range:
    """Return the totals on which two examiners may agree: between theirs."""
    low, high = sorted((one.total, two.total))
    return range(low, high + 1)
