"""The written programme that comes with the house: courses/programme/<language>/, read into plain values.

A course.toml names its modules' folders, a module.toml its lessons' files; a lesson is Markdown below a TOML
head between two lines of +++.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent / "programme"
HEAD = "+++\n"
PICTURE = re.compile(r"!\[([^\]]*)\]\(picture:([^)\s]+)\)")


@dataclass(frozen=True)
class PictureText:
    name: str
    alt: str


@dataclass(frozen=True)
class LessonText:
    title: str
    phrases: tuple[str, ...]
    minutes: int
    do_now: str
    body: str

    @property
    def pictures(self) -> tuple[PictureText, ...]:
        return tuple(PictureText(name, alt) for alt, name in PICTURE.findall(self.body))


@dataclass(frozen=True)
class ModuleText:
    number: int
    title: str
    summary: str
    hours: int
    proof: str
    lessons: tuple[LessonText, ...]


@dataclass(frozen=True)
class CourseText:
    title: str
    slug: str
    language: str
    summary: str
    audience: str
    modules: tuple[ModuleText, ...]


def load(language: str) -> CourseText:
    """The course written in this language ("zh-hans", "en"); raises FileNotFoundError if there is none."""
    folder = ROOT / language
    head = toml(folder / "course.toml")
    modules = tuple(read_module(folder / name) for name in head.pop("modules"))
    return CourseText(**head, modules=modules)


def read_module(folder: Path) -> ModuleText:
    head = toml(folder / "module.toml")
    lessons = tuple(read_lesson(folder / name) for name in head.pop("lessons"))
    return ModuleText(**head, lessons=lessons)


def read_lesson(path: Path) -> LessonText:
    empty, head, body = path.read_text(encoding="utf-8").split(HEAD, 2)
    if empty:
        raise ValueError(f"{path}: text before the head")
    fields = tomllib.loads(head)
    return LessonText(**fields | {"phrases": tuple(fields["phrases"])}, body=body.strip() + "\n")


def toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))
