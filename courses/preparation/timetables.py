"""A timetable with the course's own lessons, tasks and drills: when each begins, how long it takes, and what is placed nowhere.

The file names codes (`1/01-steady-hands`, `1/task`, `drill/one`); titles and minutes come from the course's rows, so that the
sums are those of `courses.hours`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from courses.hours import Hours
from courses.models import Assignment, Course, Drill, Lesson, State

DRILL, TASK = "drill", "task"


class Part(NamedTuple):
    """A lesson, a task, a drill, or something else that takes time in the room."""

    kind: str
    title: str
    minutes: int
    lesson: int | None = None
    clock: str = ""


@dataclass(frozen=True)
class Session:
    name: str
    starts: str
    ends: str
    parts: list[Part]
    home: list[Part]
    note: str
    # Minutes that the parts take more than the session has.
    over: int

    @property
    def home_minutes(self) -> int:
        return sum(part.minutes for part in self.home)


@dataclass
class Round:
    """The sessions that follow each other; a second round comes weeks later."""

    number: int
    sessions: list[Session] = field(default_factory=list)

    @property
    def room_minutes(self) -> int:
        return sum(part.minutes for session in self.sessions for part in session.parts)

    @property
    def lesson_minutes(self) -> int:
        return sum(
            part.minutes for session in self.sessions for part in session.parts if part.kind == "lesson"
        )


@dataclass
class Timetable:
    rounds: list[Round]
    # What is placed, counted once.
    hours: Hours
    # Titles of what the course has and the timetable does not place.
    missing: list[str]
    # Codes that are in no row of the course.
    unknown: list[str]


def build_timetable(content: dict[str, Any], course: Course, twin: Course | None = None) -> Timetable:
    """Place the course's rows, by the titles of its twin if one is given; three queries, six with a twin."""
    known = list_parts(course)
    if twin:
        titles = {code: part.title for code, part in list_parts(twin).items()}
        known = {code: part._replace(title=titles.get(code, part.title)) for code, part in known.items()}
    placed: set[str] = set()
    unknown: list[str] = []
    rounds: dict[int, Round] = {}

    def find(code: str) -> Part | None:
        if code not in known:
            unknown.append(code)
            return None
        placed.add(code)
        return known[code]

    for row in content["session"]:
        rounds.setdefault(row["round"], Round(row["round"])).sessions.append(build_session(row, find))
    totals = dict.fromkeys(("lesson", TASK, DRILL), 0)
    for code in placed:
        totals[known[code].kind] += known[code].minutes
    return Timetable(
        [rounds[number] for number in sorted(rounds)],
        Hours(totals["lesson"], totals[TASK], totals[DRILL]),
        [part.title for code, part in known.items() if code not in placed],
        unknown,
    )


def build_session(row: dict[str, Any], find: Any) -> Session:
    hour, minute = map(int, row["start"].split(":"))
    begun = now = hour * 60 + minute
    parts = []
    for item in row["items"]:
        part = find(item) if isinstance(item, str) else make_other(item)
        if part:
            parts.append(part._replace(clock=format_clock(now)))
            now += part.minutes
    home = [part for code in row.get("home", []) if (part := find(code))]
    ends = max(now, begun + row["minutes"])
    over = now - begun - row["minutes"]
    return Session(
        row["name"], format_clock(begun), format_clock(ends), parts, home, row.get("note", ""), max(over, 0)
    )


def make_other(item: dict[str, Any]) -> Part:
    if "rest" in item:
        return Part("rest", _("歇一歇"), item["rest"])
    return Part("other", item["name"], item["minutes"])


def format_clock(minutes: int) -> str:
    """Return minutes after midnight as 8:30."""
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def list_parts(course: Course) -> dict[str, Part]:
    """Return the course's published lessons, its tasks by module and its drills, by their codes in a timetable."""
    lessons = Lesson.objects.filter(module__course=course, state=State.PUBLISHED).in_order()
    rows = lessons.values_list("module__number", "code", "pk", "title", "minutes")
    found = {
        f"{number}/{code or f'lesson-{pk}'}": Part("lesson", title, minutes, pk)
        for number, code, pk, title, minutes in rows
    }
    tasks = Assignment.objects.filter(module__course=course).order_by("module__position", "position", "id")
    for number, title, minutes in tasks.values_list("module__number", "title", "minutes"):
        code = f"{number}/{TASK}"
        before = found.get(code)
        found[code] = (
            before._replace(title=f"{before.title} · {title}", minutes=before.minutes + minutes)
            if before
            else Part(TASK, title, minutes)
        )
    drills = Drill.objects.filter(course=course).order_by("position", "id")
    for code, title, minutes in drills.values_list("code", "title", "minutes"):
        found[f"{DRILL}/{code}"] = Part(DRILL, title, minutes)
    return found
