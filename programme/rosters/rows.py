"""Check each row of a roster by itself and against the other rows of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError

from accounts import phones
from accounts.fields import PersonNameField
from programme.rosters.columns import KINDS, plain_header
from programme.rosters.table import Cell, Line, Table
from ui.fields import to_ascii
from ui.text import HAN_RANGE, tidy

LONGEST_VILLAGE, LONGEST_NOTE, LONGEST_TYPED = 60, 200, 40
# From so many digits on a spreadsheet does not hold a number exactly.
LEAST_INEXACT = 10**15
POINT_ZERO = re.compile(r"\.0+")
SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
# The identity number (GB 11643), and the one of fifteen digits of before 1999.
ID_NUMBER = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")
BETWEEN_HAN = re.compile(rf"(?<=[{HAN_RANGE}·]) (?=[{HAN_RANGE}·])")
PLAIN_NAME = re.compile(rf"[{HAN_RANGE}]{{2,40}}")
NAME = PersonNameField()
PHONE_PROBLEMS = {"abroad", "not_digits", "landline", "length", "not_mobile"}


@dataclass
class Person:
    """What a row says. With a `problem` (a key of programme.rosters.problems) it is not written; `facts` fill its sentence.

    `repeats` is the row above that says the same person.
    """

    number: int
    name: str = ""
    phone: str = ""
    village: str = ""
    note: str = ""
    problem: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    repeats: int = 0

    def refuse(self, problem: str, **facts: Any) -> None:
        """Note the first problem; the others are found when it is mended."""
        if not self.problem:
            self.problem, self.facts = problem, facts


def read_people(table: Table) -> list[Person]:
    """Return one person a row, in the order of the file, without rows that repeat the header."""
    people = list(check_lines(table))
    compare_rows(people)
    return people


def check_lines(table: Table) -> Iterator[Person]:
    columns = table.columns
    for line in table.lines:
        name, phone = get_cell(line, columns.name), get_cell(line, columns.phone)
        if is_header(name, "name") and is_header(phone, "phone"):
            continue
        used = [columns.name, columns.phone, columns.village, columns.note, columns.id_number]
        cells = [get_cell(line, place) for place in used]
        formulas = [place for place in line.formulas if place in used]
        if not formulas and not any(to_text(cell) for cell in cells):
            continue
        person = Person(line.number)
        if formulas:
            person.refuse("formula", cell=name_cell(formulas[0], line.number))
        person.name = check_name(person, name)
        person.phone = check_phone(person, phone)
        check_id_number(person, get_cell(line, columns.id_number), columns.id_number)
        person.village = clean_text(to_text(get_cell(line, columns.village)))[:LONGEST_VILLAGE]
        note = to_text(get_cell(line, columns.note))
        person.note = ID_NUMBER.sub("＊", clean_text(note))[:LONGEST_NOTE] if note else ""
        yield person


@lru_cache(maxsize=1000)
def clean_text(text: str) -> str:
    """Return a text without invisible characters; villages are the same in many rows."""
    return tidy(text[: 2 * LONGEST_NOTE])


def get_cell(line: Line, place: int | None) -> Cell:
    return line.cells[place] if place is not None and place < len(line.cells) else None


def is_header(cell: Cell, kind: str) -> bool:
    return isinstance(cell, str) and KINDS.get(plain_header(cell)) == kind


def to_text(cell: Cell) -> str:
    """Return a cell as a text; a whole number without its .0."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**18:
        return str(int(cell))
    return str(cell).strip()


def name_cell(column: int, row: int) -> str:
    """Return a cell's name as a spreadsheet shows it: 0, 3 → "A3"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def clean_name(text: str) -> str:
    """Return the name as on the identity card: 田 巧 云 → 田巧云, 阿依古丽 • 买买提 → 阿依古丽·买买提. Raises ValidationError."""
    name = NAME.to_python(re.sub(r" ?([·•‧∙⋅・･．]) ?", r"\1", tidy(text[:200])))
    name = BETWEEN_HAN.sub("", name)
    NAME.validate(name)
    return name


def check_name(person: Person, cell: Cell) -> str:
    text = to_text(cell)
    if not text:
        person.refuse("no_name")
        return ""
    if PLAIN_NAME.fullmatch(text):
        return text
    try:
        return clean_name(text)
    except ValidationError:
        person.refuse("bad_name", typed=ID_NUMBER.sub("＊", text)[:LONGEST_TYPED])
        return ""


def check_phone(person: Person, cell: Cell) -> str:
    text = to_text(cell)
    if text.isascii() and phones.MOBILE.fullmatch(text):
        return f"+86{text}"
    text = to_ascii(tidy(text[:100])).lstrip("'’‘")
    typed = ID_NUMBER.sub("＊", text)[:LONGEST_TYPED]
    if not text:
        person.refuse("no_phone")
        return ""
    if SCIENTIFIC.fullmatch(text):
        person.refuse("scientific", typed=typed)
        return ""
    try:
        return phones.normalise(POINT_ZERO.sub("", text) if POINT_ZERO.fullmatch(text[-2:]) else text)
    except ValidationError as error:
        code = error.code if error.code in PHONE_PROBLEMS else "not_mobile"
        count = (error.params or {}).get("count", 0)
        person.refuse(f"phone_{code}", typed=typed, count=count)
        return ""


def check_id_number(person: Person, cell: Cell, column: int | None) -> None:
    """Refuse an identity number that was typed as a number: its last digits are gone. A whole one is not kept either."""
    if column is None or isinstance(cell, bool) or cell is None:
        return
    is_lost = isinstance(cell, int | float) and abs(cell) >= LEAST_INEXACT
    if is_lost or (isinstance(cell, str) and SCIENTIFIC.fullmatch(to_ascii(cell))):
        person.refuse("lost_digits", cell=name_cell(column, person.number))


def compare_rows(people: list[Person]) -> None:
    """Mark rows that say the same person again, and refuse all rows of a number that stands beside different names."""
    by_phone: dict[str, list[Person]] = {}
    for person in people:
        if person.phone and person.name:
            by_phone.setdefault(person.phone, []).append(person)
    for same in by_phone.values():
        if len(same) > 1:
            compare_same(same)


def compare_same(same: list[Person]) -> None:
    names = {spell_name(person.name) for person in same}
    if len(names) == 1:
        first = next((person for person in same if not person.problem), same[0])
        for person in same:
            if person is not first and not person.problem:
                person.repeats = first.number
        return
    for person in same:
        other = next(one for one in same if spell_name(one.name) != spell_name(person.name))
        person.refuse("two_names", row=other.number, name=other.name)


def spell_name(name: str) -> str:
    """Return a name to compare: letters only, in small ones."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
