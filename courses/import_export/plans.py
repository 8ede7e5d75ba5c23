"""Lesson plans: read from the written programme, exported, imported. A document without them leaves what a course has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from courses.import_export.document import Document, UnreadableFile, describe_shape_error, get_validator
from courses.import_export.drills import upsert
from courses.models import Lesson, LessonPlan
from courses.plans.parts import find_plan_problems

SUFFIX = ".plan.toml"
TEXTS = ("goal", "safety", "simple")
COLUMNS = (*TEXTS, "kit", "parts", "faults", "check_ask", "check_answer", "updated_at")
# The tables of a plan's file by their names in the document.
TABLES = {"parts": "part", "faults": "fault"}
HEADER = re.compile(r"\s*\[{1,2}\s*([a-z_]+)\s*\]{1,2}")


# --- from a file ---


def read_plan(path: Path, minutes: int) -> Document:
    """Read the plan of a lesson of so many minutes; raise UnreadableFile with file, line and what is wrong."""
    text = path.read_text(encoding="utf-8")
    try:
        head = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(f"{path}: {error}") from error
    plan = {name: head.pop(table) for name, table in TABLES.items() if table in head} | head
    problems = [
        f"{path}:{find_line(text, list(error.absolute_path))}: {describe_shape_error(error, path.name)}"
        for error in get_validator("plan").iter_errors(plan)
    ]
    if not problems:
        plan["parts"] = [part | {"do": part["do"].strip()} for part in plan["parts"]]
        found = find_plan_problems(plan["parts"], plan["faults"], minutes)
        problems = [f"{path}:{find_line(text, ['parts'])}: {problem}" for problem in found]
    if problems:
        raise UnreadableFile(*problems)
    return plan


def find_line(text: str, at: list[str | int]) -> int:
    """Return the number of the line where this part of the document stands: ["parts", 2, "minutes"]. 1 if none says it."""
    name = str(at[0]) if at else ""
    table, nth = TABLES.get(name, name), at[1] if len(at) > 1 and isinstance(at[1], int) else 0
    key = str(at[-1]) if at else ""
    best, count, is_inside = 1, -1, False
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            count += header[1] == table
            is_inside = header[1] == table and count == nth
            best = number if is_inside else best
        elif re.match(rf"\s*{re.escape(key)}\s*=", line) and (is_inside or (count < 0 and len(at) == 1)):
            return number
    return best


# --- out and in ---


def export_plan(plan: LessonPlan) -> Document:
    return {name: getattr(plan, name) for name in (*TEXTS, "parts", "faults")} | {
        "kit": plan.list_kit(),
        "check": {"ask": plan.check_ask, "answer": plan.check_answer},
    }


def build_plan(lesson: Lesson, text: Document) -> LessonPlan:
    """Return the row of a plan, not stored."""
    return LessonPlan(
        lesson=lesson,
        kit="\n".join(text["kit"]),
        check_ask=text["check"]["ask"],
        check_answer=text["check"]["answer"],
        **{name: text[name] for name in (*TEXTS, "parts", "faults")},
    )


def import_plans(plans: Iterable[LessonPlan]) -> None:
    """Store new plans, or put them in the place of those that the lessons have. One statement."""
    upsert(list(plans), ("lesson",), COLUMNS)


def is_same_plan(lesson: Lesson, text: Document) -> bool:
    """Return whether importing this lesson would leave its plan as it is; `lesson.plan` has been read."""
    if "plan" not in text:
        return True
    plan = getattr(lesson, "plan", None)
    return plan is not None and export_plan(plan) == text["plan"]
