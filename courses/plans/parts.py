"""The shape of a lesson plan: its stages in order, its minutes, its faults. No database is needed to check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

STAGES = {
    "intro": pgettext_lazy("stage", "导入"),
    "show": pgettext_lazy("stage", "示范"),
    "practise": pgettext_lazy("stage", "练"),
    "review": pgettext_lazy("stage", "讲评"),
}
# A long lesson practises twice.
ORDERS = (["intro", "show", "practise", "review"], ["intro", "show", "practise", "practise", "review"])
FAULTS = 3
PART, FAULT = {"stage": str, "minutes": int, "do": str, "say": str}, {"see": str, "do": str}
# The most characters of each text; an English plan takes two to three times those of a Chinese one.
MOST = {"goal": 400, "kit": 2000, "safety": 1200, "simple": 1200, "ask": 500, "answer": 800}
MOST |= {"do": 2000, "say": 600, "see": 300, "fault_do": 600}
MOST_KIT, MOST_KIT_LINE = 20, 95


def find_plan_problems(parts: object, faults: object, minutes: int | None) -> Iterator[str]:
    """Yield what is wrong with the parts and faults of a plan for a lesson of so many minutes (None: not known)."""
    rows = parts if isinstance(parts, list) else []
    if not rows or not all(is_row(row, PART) for row in rows):
        yield _("每一步要写清楚：哪一步、几分钟、做什么、说什么。")
        return
    if [row["stage"] for row in rows] not in ORDERS:
        order = _("、").join(str(STAGES.get(row["stage"], row["stage"]))[:20] for row in rows)
        yield _("四步要照这个次序：导入、示范、练、讲评，练可以分两回。现在是：%(order)s。") % {
            "order": order
        }
    yield from find_empty_parts(rows)
    total = sum_minutes(rows)
    if minutes is not None and total != minutes:
        sentence = _("四步合起来 %(total)s 分钟，这一课是 %(minutes)s 分钟，要一样多。")
        yield sentence % {"total": total, "minutes": minutes}
    yield from find_fault_problems(faults)


def find_kit_problems(lines: list[str]) -> Iterator[str]:
    """Yield what is wrong with the list of what to bring, a line each."""
    if len(lines) > MOST_KIT:
        yield _("要备的东西最多 %(most)s 样，现在是 %(n)s 样。") % {"most": MOST_KIT, "n": len(lines)}
    if any(len(line) > MOST_KIT_LINE for line in lines):
        yield _("要备的东西一行一样，一行最多 %(most)s 个字。") % {"most": MOST_KIT_LINE}


def find_empty_parts(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        stage = {"stage": STAGES.get(row["stage"], row["stage"])}
        if row["minutes"] < 1:
            yield _("%(stage)s：几分钟没写。") % stage
        if not row["do"].strip():
            yield _("%(stage)s：做什么没写。") % stage
        if not row["say"].strip():
            yield _("%(stage)s：说什么没写。") % stage
        if len(row["do"]) > MOST["do"] or len(row["say"]) > MOST["say"]:
            yield _("%(stage)s：写得太长了。") % stage


def find_fault_problems(faults: object) -> Iterator[str]:
    rows = faults if isinstance(faults, list) else []
    if not all(is_row(row, FAULT) and row["see"].strip() and row["do"].strip() for row in rows):
        yield _("常见的错：每一条都要写看见什么、怎么办。")
    elif any(len(row["see"]) > MOST["see"] or len(row["do"]) > MOST["fault_do"] for row in rows):
        yield _("常见的错：写得太长了。")
    if len(rows) != FAULTS:
        yield _("常见的错要写 %(asked)s 条，现在是 %(n)s 条。") % {"asked": FAULTS, "n": len(rows)}


def is_row(row: object, shape: Mapping[str, type]) -> bool:
    """Return whether it is an object of exactly these keys and kinds."""
    return (
        isinstance(row, dict)
        and row.keys() == shape.keys()
        and all(
            isinstance(row[name], kind) and not isinstance(row[name], bool) for name, kind in shape.items()
        )
    )


def sum_minutes(parts: Iterable[dict[str, Any]]) -> int:
    return sum(part["minutes"] for part in parts)
