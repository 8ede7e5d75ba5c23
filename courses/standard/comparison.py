"""The written course beside the national occupational standard: courses/programme/<language>/standard.toml, read and checked.

{"occupation", "code", "read_on", "missing", "source": [{"code", "title", "url", "says"}], "level": [{"number", "name", "hours",
"source"}], "task": [{"code", "title", "sources", "cover": full, part or none, "objectives", "lacks"}], "beyond": [{"title",
"objectives"}], "test": [{"title", "theirs", "ours", "sources"}], "gap": [{"text"}]}. Every level and task names its source.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from courses.import_export.own_law import is_own_law
from courses.models import Course, Objective

ROOT = Path(__file__).parent.parent / "programme"


@dataclass
class Row:
    """A task of the occupation, or what is taught besides, with the course's own objectives that serve it, by module."""

    title: str
    cover: str = ""
    lacks: str = ""
    sources: list[int] = field(default_factory=list)
    modules: list[tuple[int, str, list[Objective]]] = field(default_factory=list)


@cache
def read_all() -> dict[str, dict]:
    """Return {slug of the written course: what its standard.toml says}."""
    found = {}
    for path in sorted(ROOT.glob("*/standard.toml")):
        head = tomllib.loads((path.parent / "course.toml").read_text(encoding="utf-8"))
        found[head["slug"]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def find_standard(course: Course) -> dict | None:
    """Return what is written about this course, None about another one, or where China's standard does not hold."""
    return None if is_own_law() else read_all().get(course.slug)


def find_problems(standard: Mapping, codes: set[str]) -> list[str]:
    """Return what is wrong with the file: an unknown objective, a line without a source, a source that nothing names."""
    sources = {one["code"] for one in standard["source"]}
    named: set[str] = set()
    found = []
    for kind in ("level", "task", "test"):
        for row in standard[kind]:
            own = row["sources"] if "sources" in row else [row["source"]]
            named |= set(own)
            name = row.get("title") or row.get("name")
            if not own or set(own) - sources:
                found.append(f"{kind} {name}: source")
    for row in [*standard["task"], *standard["beyond"]]:
        found += [f"{row['title']}: {code}" for code in row["objectives"] if code not in codes]
    found += [
        f"{row['title']}: {row['cover']}, lacks “{row['lacks']}”"
        for row in standard["task"]
        if row["cover"] not in ("full", "part", "none") or (row["cover"] == "full") == bool(row["lacks"])
    ]
    return found + [f"{code}: not named" for code in sorted(sources - named)]


def build_rows(standard: Mapping, course: Course) -> tuple[list[Row], list[Row], list[Objective]]:
    """Return the tasks, what is taught besides, and the objectives in neither, with the course's present words. One query."""
    rows = Objective.objects.filter(course=course, module__isnull=False).select_related("module")
    by_code = {one.code: one for one in rows}
    numbers = {one["code"]: n for n, one in enumerate(standard["source"], 1)}

    def build(row: Mapping) -> Row:
        modules: dict[int, tuple[int, str, list[Objective]]] = {}
        for one in (by_code[code] for code in row["objectives"] if code in by_code):
            module = one.module
            if module is not None:
                modules.setdefault(module.number, (module.number, module.title, []))[2].append(one)
        sources = [numbers[code] for code in row.get("sources", ())]
        return Row(
            row["title"],
            row.get("cover", ""),
            row.get("lacks", ""),
            sources,
            [modules[number] for number in sorted(modules)],
        )

    tasks, beyond = [build(row) for row in standard["task"]], [build(row) for row in standard["beyond"]]
    used = {code for row in [*standard["task"], *standard["beyond"]] for code in row["objectives"]}
    left = sorted((one for one in by_code.values() if one.code not in used), key=lambda one: one.code)
    return tasks, beyond, left
