"""Cases: read from the written programme, exported, imported. A document without them leaves what a course has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from courses.cases.parts import find_case_problems
from courses.import_export.document import Document, UnreadableFile, describe_shape_error, get_validator
from courses.import_export.drills import upsert
from courses.models import Case, Course, Module

FENCE = "+++\n"
COLUMNS = ("position", "kind", "title", "source", "is_made_up", "body", "ask", "updated_at")


# --- from files ---


def read_cases(folder: Path, numbers: Sequence[int]) -> list[Document]:
    """Read the cases of a course whose modules have these numbers; none if there is no such folder.

    Raise UnreadableFile with file, line and what is wrong.
    """
    return [read_case(path, numbers) for path in sorted(folder.glob("*.md"))]


def read_case(path: Path, numbers: Sequence[int]) -> Document:
    text = path.read_text(encoding="utf-8")
    parts = text.split(FENCE, 2)
    if len(parts) != 3 or parts[0]:
        raise UnreadableFile(f"{path}:1: no head between two lines of +++")
    try:
        head = tomllib.loads(parts[1])
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(f"{path}: {error}") from error
    case: Document = {"source": "", "made_up": False} | head | {"code": path.stem, "body": parts[2].strip()}
    named = case.get("modules")
    if isinstance(named, list):
        case["modules"] = [numbers.index(one) if one in numbers else -1 for one in named]
    problems = [
        f"{path}:{find_line(text, error.absolute_path)}: {describe_shape_error(error, path.name)}"
        for error in get_validator("case").iter_errors(case)
    ]
    if not problems:
        found = find_case_problems(case["source"], case["made_up"], case["ask"])
        problems = [f"{path}:{find_line(text, ['source'])}: {problem}" for problem in found]
    if problems:
        raise UnreadableFile(*problems)
    return case


def find_line(text: str, at: Sequence[str | int]) -> int:
    """Return the number of the line where this key of the head stands; 1 if none says it."""
    key = re.escape(str(at[0])) if at else ""
    found = re.search(rf"^{key}\s*=", text, re.M) if key else None
    return text.count("\n", 0, found.start()) + 1 if found else 1


# --- out and in ---


def export_cases(course: Course, places: dict[int | None, int]) -> list[Document]:
    """Return the course's cases; two queries."""
    return [export_case(case, places) for case in course.cases.prefetch_related("modules")]


def export_case(case: Case, places: dict[int | None, int]) -> Document:
    return {name: getattr(case, name) for name in ("code", "kind", "title", "source", "ask", "body")} | {
        "made_up": case.is_made_up,
        "modules": sorted(places[module.pk] for module in case.modules.all() if module.pk in places),
    }


def import_cases(course: Course, texts: list[Document], modules: list[Module]) -> None:
    """Create or update cases by their codes; those that trainers added stay. Three statements."""
    if not texts:
        return
    rows = [
        Case(
            course=course,
            position=position,
            is_made_up=text["made_up"],
            **{name: text[name] for name in ("code", "kind", "title", "source", "body", "ask")},
        )
        for position, text in enumerate(texts, 1)
    ]
    upsert(rows, ("course", "code"), COLUMNS)
    served = Case.modules.through
    served.objects.filter(case__in=rows).delete()
    served.objects.bulk_create(
        served(case_id=row.pk, module_id=modules[place].pk)
        for row, text in zip(rows, texts, strict=True)
        for place in text["modules"]
    )
