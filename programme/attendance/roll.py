"""Build the roll of a session: everybody of the class by pinyin, with what holds of them now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from programme.attendance.marks import find_people
from programme.models import Attendance, Mark, TrainingSession, WalkIn
from progress.names import get_initial, sort_by_name

PEOPLE_A_PART = 400


@dataclass(frozen=True)
class Row:
    """One person of the roll; `letter` is set on the first of each letter."""

    user: int
    name: str
    mark: str
    number: int
    letter: str = ""


@dataclass(frozen=True)
class Roll:
    session: TrainingSession
    rows: list[Row]
    walk_ins: list[WalkIn]
    # How many are on the whole roll, of which `rows` may be a part.
    size: int = 0

    @cached_property
    def counts(self) -> dict[str, int]:
        """Count people by mark; walk-ins who were not merged count as present."""
        counted = Counter(row.mark for row in self.rows)
        counted[Mark.PRESENT] += len(self.waiting)
        return {mark: counted[mark] for mark in Mark.values}

    @cached_property
    def waiting(self) -> list[WalkIn]:
        """Return the walk-ins who came and are not merged yet."""
        return [walk_in for walk_in in self.walk_ins if walk_in.attended and walk_in.merged_at is None]


def load_roll(session: TrainingSession) -> Roll:
    """Load the roll. Three queries."""
    marks = dict(Attendance.objects.filter(session=session).order_by().values_list("user", "mark"))
    people = User.objects.filter(find_people(session)).order_by().values_list("pk", "name")
    rows, before = [], ""
    for number, (pk, name) in enumerate(sort_by_name(people, lambda one: (one[1], one[0])), 1):
        initial = get_initial(name)
        rows.append(Row(pk, name, marks.get(pk, Mark.OPEN), number, "" if initial == before else initial))
        before = initial
    walk_ins = WalkIn.objects.filter(session=session).select_related("merged_into").order_by("pk")
    return Roll(session, rows, list(walk_ins), len(rows))


def cut_roll(roll: Roll, first: int) -> Roll:
    """Return the part of a long roll that begins with this number: a form has so many fields only."""
    part = max(0, first - 1) // PEOPLE_A_PART
    rows = roll.rows[part * PEOPLE_A_PART : (part + 1) * PEOPLE_A_PART]
    return Roll(roll.session, rows or roll.rows[:PEOPLE_A_PART], roll.walk_ins, roll.size)


def list_parts(roll: Roll) -> list[tuple[int, int]]:
    """Return the first and last numbers of the parts; none where the whole roll is one."""
    firsts = range(1, roll.size + 1, PEOPLE_A_PART) if roll.size > PEOPLE_A_PART else ()
    return [(first, min(first + PEOPLE_A_PART - 1, roll.size)) for first in firsts]
