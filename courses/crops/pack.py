"""The pack of one kind of goods: how it is measured, spoken about, asked about, packed and listed, read strictly from a file.

A file with a mistake is refused by UnreadablePack, which names the file, the line and what is wrong there. The form is
described in docs/course-format.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from ui.text import HAN, HAN_RANGE

# The five parts of a script, in the order of the lesson on them.
PARTS = ("who", "what", "proof", "price", "promise")
MINUTES = (1, 3, 5)
# Characters a minute, as taught in that lesson; a script may be so much shorter or longer (per cent).
RATE, TOLERANCE = 200, 15
WORD = 1.6  # an English word takes as long as so many Chinese characters, as in live.scripts.speech
GOODS = {
    "fruit": _("水果"),
    "vegetable": _("蔬菜"),
    "nut": _("干果"),
    "egg": _("鸡鸭蛋"),
    "tea": _("茶叶"),
    "rice": _("大米"),
    "honey": _("蜂蜜"),
    "meat": _("腊味"),
    "preserve": _("做好装瓶的"),
}
# Papers without any of which such goods may not be sold: a licence to make or sell food, a filing for prepacked food.
PAPERS = {"licence": _("食品生产或经营许可证"), "filing": _("预包装食品备案")}
# Facts of a product that the site may hold, by the English names of the blanks of a script.
FACTS = ("net", "origin", "picked", "sugar", "variety")
HARDEST = 3
HEADER = re.compile(r"\s*\[{1,2}\s*([a-z_]+)\s*\]{1,2}")
CODE = re.compile(r"[a-z][a-z-]{1,28}[a-z]")
SPOKEN = re.compile(rf"[{HAN_RANGE}0-9]|[A-Za-z][A-Za-z'’-]*")


class UnreadablePack(ValueError):
    """Raised for a file that is no pack: "pomelo.toml:31: …"."""


@dataclass(frozen=True)
class SpecRow:
    """A line of the spec sheet: what is measured, how, and an example; `fact`: one of FACTS, or ""."""

    name: str
    how: str
    example: str
    fact: str = ""


@dataclass(frozen=True)
class Script:
    """A script of so many minutes: its five parts, with blanks in braces."""

    minutes: int
    title: str
    who: str
    what: str
    proof: str
    price: str
    promise: str

    @property
    def parts(self) -> dict[str, str]:
        return {part: getattr(self, part) for part in PARTS}


@dataclass(frozen=True)
class Fault:
    see: str
    say: str


@dataclass(frozen=True)
class Question:
    question: str
    answer: str


@dataclass(frozen=True)
class Packing:
    step: str


@dataclass(frozen=True)
class Forbidden:
    """What sellers of it like to say and must not, why, and what is lawful instead (empty where nothing is)."""

    no: str
    why: str
    yes: str


@dataclass(frozen=True)
class Month:
    months: str
    work: str
    film: str


@dataclass(frozen=True)
class ModelListing:
    title: str
    text: str
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Comment:
    """What a viewer types; `hard` from 1 to HARDEST; `wants`: what a good answer does."""

    name: str
    text: str
    hard: int
    wants: str


@dataclass(frozen=True)
class Pack:
    """A pack. `words`: a name with one of them means these goods, but for a name with one of `unless`; `kinds`: slugs of the
    categories that hold nothing else. `needs`: in words, the papers that the law asks for; `papers`: their kinds (PAPERS).
    """

    code: str
    language: str
    title: str
    goods: str
    words: tuple[str, ...]
    unless: tuple[str, ...]
    kinds: tuple[str, ...]
    papers: tuple[str, ...]
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    season: str
    spec: tuple[SpecRow, ...]
    scripts: tuple[Script, ...]
    faults: tuple[Fault, ...]
    questions: tuple[Question, ...]
    packing: tuple[Packing, ...]
    forbidden: tuple[Forbidden, ...]
    months: tuple[Month, ...]
    listing: ModelListing
    comments: tuple[Comment, ...]

    @property
    def goods_name(self) -> str:
        return str(GOODS[self.goods])

    def find_script(self, minutes: int) -> Script | None:
        return next((script for script in self.scripts if script.minutes == minutes), None)


# Each table of the file: the field, the class of a row, and how many rows it has at least and at most.
TABLES: dict[str, tuple[str, Any, int, int]] = {
    "spec": ("spec", SpecRow, 8, 12),
    "script": ("scripts", Script, 3, 3),
    "fault": ("faults", Fault, 4, 6),
    "ask": ("questions", Question, 15, 15),
    "packing": ("packing", Packing, 5, 8),
    "forbidden": ("forbidden", Forbidden, 5, 8),
    "month": ("months", Month, 6, 12),
    "comment": ("comments", Comment, 12, 12),
}
LISTS = {"words": 1, "unless": 0, "kinds": 0, "papers": 0, "needs": 0, "sources": 1}
TEXTS = ("code", "title", "goods", "season")
# The most characters of each text in Chinese; what is not named here may have 300. In another language a text may have LONGER
# times as many, a part of a script no more than what the form of scripts takes (live.scripts.services).
LONGER, MOST_OF_PART = 4, 2000
MOST = {
    "title": 60,
    "no": 80,
    "season": 400,
    "name": 40,
    "text": 80,
    "wants": 200,
    "question": 60,
    "answer": 300,
}
MOST |= dict.fromkeys(PARTS, 800) | {"needs": 400}
MOST_LISTING = {"title": 60, "text": 1600}
MAY_BE_EMPTY = {"yes", "fact"}


@dataclass(frozen=True)
class Problem:
    """What is wrong, in the table `table` (its row `row`, counted from 0) at `key`; the table "" is the head of the file."""

    words: str
    table: str = ""
    row: int = 0
    key: str = ""


def read_pack(path: Path) -> Pack:
    """Read a pack; its language is the folder above `crops`. Raises UnreadablePack."""
    text = path.read_text(encoding="utf-8")
    try:
        head = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadablePack(f"{path.name}: {error}") from error
    problem = next(find_problems(head, path.stem), None)
    if problem:
        raise UnreadablePack(f"{path.name}:{find_line(text, problem)}: {problem.words}")
    return build_pack(head, path.parent.parent.name)


def build_pack(head: Mapping[str, Any], language: str) -> Pack:
    facts: dict[str, Any] = {name: head[name].strip() for name in TEXTS}
    facts |= {name: tuple(head[name]) for name in LISTS}
    for table, (field, row, _least, _most) in TABLES.items():
        facts[field] = tuple(
            row(**{name: strip(value) for name, value in one.items()}) for one in head[table]
        )
    listing = head["listing"]
    facts["listing"] = ModelListing(listing["title"], listing["text"].strip(), tuple(listing["photos"]))
    return Pack(language=language, **facts)


def strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


# --- what may be wrong ---


def find_problems(head: Mapping[str, Any], stem: str) -> Iterator[Problem]:
    """Yield what is wrong with the content of a file of this name."""
    yield from find_wrong_names(head, {*TEXTS, *LISTS, *TABLES, "listing"})
    for name in TEXTS:
        yield from find_text_problems(head[name], "", 0, name, MOST.get(name, 300))
    for name, least in LISTS.items():
        yield from find_list_problems(head[name], "", name, least)
    for table, (_field, row, least, most) in TABLES.items():
        yield from find_table_problems(head[table], table, row, least, most)
    yield from find_listing_problems(head["listing"])
    yield from find_value_problems(head, stem)


def find_wrong_names(found: object, wanted: set[str], table: str = "", row: int = 0) -> Iterator[Problem]:
    if not isinstance(found, dict):
        yield Problem(f"{table} must be a table", table, row)
        return
    for name in sorted(wanted - found.keys()):
        yield Problem(f"{name} is missing", table, row)
    for name in sorted(found.keys() - wanted):
        yield Problem(f"{name} is unknown", table, row, name)


def find_text_problems(value: object, table: str, row: int, key: str, most: int) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(f"{key} must be a text", table, row, key)
    elif not value.strip() and key not in MAY_BE_EMPTY:
        yield Problem(f"{key} is empty", table, row, key)
    elif len(value) > (most := allow_length(value, key, most)):
        yield Problem(f"{key} has {len(value)} characters, more than {most}", table, row, key)


def allow_length(value: str, key: str, most: int) -> int:
    """Return how many characters a text may have, which is Chinese if a quarter of it is."""
    if len(HAN.findall(value)) * 4 > len(value):
        return most
    return min(most * LONGER, MOST_OF_PART) if key in PARTS else most * LONGER


def find_list_problems(value: object, table: str, key: str, least: int) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(f"{key} must be a list", table, 0, key)
        return
    if len(value) < least:
        yield Problem(f"{key} has {len(value)} lines, fewer than {least}", table, 0, key)
    for line in value:
        yield from find_text_problems(line, table, 0, key, MOST.get(key, 300))


def find_table_problems(rows: object, table: str, row: Any, least: int, most: int) -> Iterator[Problem]:
    if not isinstance(rows, list):
        yield Problem(f"[[{table}]] must be written with two brackets", table)
        return
    for number, one in enumerate(rows):
        fields = row.__annotations__
        if isinstance(one, dict) and row is SpecRow:
            one = {"fact": ""} | one
        yield from find_wrong_names(one, set(fields), table, number)
        for name, kind in fields.items():
            if kind == "int" and (not isinstance(one[name], int) or isinstance(one[name], bool)):
                yield Problem(f"{name} must be a whole number", table, number, name)
            elif kind == "str":
                yield from find_text_problems(one[name], table, number, name, MOST.get(name, 300))
    if not least <= len(rows) <= most:
        asked = least if least == most else f"{least} to {most}"
        yield Problem(f"[[{table}]] comes {len(rows)} times, not {asked}", table)


def find_listing_problems(listing: object) -> Iterator[Problem]:
    yield from find_wrong_names(listing, {"title", "text", "photos"}, "listing")
    assert isinstance(listing, dict)  # else the line above has yielded
    for name, most in MOST_LISTING.items():
        yield from find_text_problems(listing[name], "listing", 0, name, most)
    yield from find_list_problems(listing["photos"], "listing", "photos", 5)


def find_value_problems(head: Mapping[str, Any], stem: str) -> Iterator[Problem]:
    """Yield what no type can say: codes, kinds, minutes and the length of the scripts."""
    if head["code"] != stem or not CODE.fullmatch(stem):
        yield Problem(f"code must be the name of the file, {stem}: small letters and dashes", key="code")
    if head["goods"] not in GOODS:
        yield Problem(f"goods must be one of {', '.join(GOODS)}", key="goods")
    for name in head["papers"]:
        if name not in PAPERS:
            yield Problem(f"papers: {name} is none of {', '.join(PAPERS)}", key="papers")
    if head["papers"] and not head["needs"]:
        yield Problem("needs must say in words which papers these are", key="needs")
    for number, row in enumerate(head["spec"]):
        if row.get("fact", "") not in ("", *FACTS):
            yield Problem(f"fact must be one of {', '.join(FACTS)}", "spec", number, "fact")
    for number, script in enumerate(head["script"]):
        if script["minutes"] != MINUTES[number]:
            yield Problem(f"minutes must be {MINUTES[number]} here", "script", number, "minutes")
        spoken, full = count_spoken("".join(script[part] for part in PARTS)), script["minutes"] * RATE
        if abs(spoken - full) * 100 > TOLERANCE * full:
            yield Problem(
                f"the five parts have {spoken} characters, not {full} ± {TOLERANCE} %", "script", number
            )
    for number, comment in enumerate(head["comment"]):
        if not 1 <= comment["hard"] <= HARDEST:
            yield Problem(f"hard must be 1 to {HARDEST}", "comment", number, "hard")


def count_spoken(text: str) -> int:
    """Return the length as spoken, in Chinese characters; the name of a blank stands for its fact."""
    return round(sum(WORD if unit[0].isascii() and unit[0].isalpha() else 1 for unit in SPOKEN.findall(text)))


def find_line(text: str, problem: Problem) -> int:
    """Return the number of the line on which a problem stands; that of its table, or 1, if no line has its key."""
    best, row, is_inside = 1, -1, problem.table == ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            row += header[1] == problem.table
            is_inside = header[1] == problem.table and row == problem.row
            best = number if is_inside else best
        elif is_inside and problem.key and re.match(rf"\s*{re.escape(problem.key)}\s*=", line):
            return number
    return best
