"""What the pages of a review show, read off one submission and its reviews; no query of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict

from courses.models import QuickPhrase
from progress import evidence_words, scoring
from progress.models import Review, Submission, TimedNote
from progress.watching import clock

CSS = {QuickPhrase.Tone.KEEP: "keep", QuickPhrase.Tone.CHANGE: "fix", QuickPhrase.Tone.STOP: "stop"}


def half(points: int) -> str:
    return str(points // 2) if points % 2 == 0 else f"{points / 2:.1f}"


@dataclass(frozen=True)
class Level:
    code: str
    points: str
    is_on: bool
    words: str = ""


@dataclass(frozen=True)
class Line:
    """One criterion."""

    code: str
    title: str
    levels: list[Level]
    seen: str
    own: str

    @property
    def level(self) -> str:
        return next((level.code for level in self.levels if level.is_on), "")


@dataclass(frozen=True)
class Part:
    """One dimension: what one tap marks. `level` is that of all its lines, "" where they differ or some have none."""

    number: int
    title: str
    points: int
    earned: int
    own: int
    marked: int
    lines: list[Line]
    is_gate: bool = False

    @property
    def level(self) -> str:
        found = {line.level for line in self.lines}
        return found.pop() if len(found) == 1 else ""

    @property
    def levels(self) -> list[Level]:
        return levels(self.points, self.level)

    @property
    def is_whole(self) -> bool:
        return self.marked == len(self.lines)

    @property
    def is_mixed(self) -> bool:
        return self.marked > 0 and not self.level

    @property
    def seen(self) -> str:
        """The first thing the program says about any of them."""
        return next((line.seen for line in self.lines if line.seen), "")


def levels(points: int, level: str, words: dict | None = None) -> list[Level]:
    worth = {"none": "0", "half": half(points), "full": str(points)}
    words = words or {}
    return [Level(code, worth[code], code == level, words.get(code, "")) for code in scoring.LEVELS]


def parts(content: dict, marks: dict, own: dict, seen: dict) -> list[Part]:
    beside = evidence_words.beside(seen)
    marks, own = scoring.clean(content, marks), scoring.clean(content, own)
    mine = {one.title: one.earned for one in scoring.dimensions(content, own)}
    gate = (content.get("gate") or {}).get("criterion")
    found = []
    for number, one in enumerate(scoring.dimensions(content, marks)):
        lines = [
            Line(
                row["code"],
                row["title"],
                levels(row["points"], marks.get(row["code"], ""), row),
                beside.get(row["code"], ""),
                own.get(row["code"], ""),
            )
            for row in one.criteria
        ]
        is_gate = any(line.code == gate for line in lines)
        facts = (one.points, one.earned, mine.get(one.title, 0), one.marked)
        found.append(Part(number, one.title, *facts, lines, is_gate))
    return found


def marks_from(data: QueryDict, content: dict, saved: dict) -> dict[str, str]:
    """What a form says: a line's own mark; a whole part's where it was changed and its lines were left as they stood,
    which is what a browser without script sends."""
    found: dict[str, str] = {}
    saved = scoring.clean(content, saved)
    for number, one in enumerate(scoring.dimensions(content, saved)):
        codes = [row["code"] for row in one.criteria]
        said = {code: data[f"mark-{code}"] for code in codes if data.get(f"mark-{code}") in scoring.LEVELS}
        stood = {code: saved[code] for code in codes if code in saved}
        whole = data.get(f"part-{number}")
        was = set(stood.values()) if len(stood) == len(codes) else set()
        if whole in scoring.LEVELS and said == stood and was != {whole}:
            said = dict.fromkeys(codes, whole)
        found |= said
    return found


@dataclass(frozen=True)
class Mark:
    """A note where it stands."""

    note: TimedNote
    title: str
    percent: float
    is_mine: bool = False

    @property
    def css(self) -> str:
        return CSS[self.note.tone]

    @property
    def at(self) -> str:
        return clock(self.note.at_ms)

    @property
    def until(self) -> str:
        return clock(self.note.until_ms) if self.note.until_ms is not None else ""

    @property
    def seconds(self) -> int:
        return self.note.at_ms // 1000


def on_line(notes: list[TimedNote], submission: Submission, mine: Review | None = None) -> list[Mark]:
    titles = {one["code"]: one["title"] for one in scoring.criteria(submission.rubric_content)}
    length = max(submission.video.duration_ms if submission.video_id else 0, 1)
    return [
        Mark(
            note,
            titles.get(note.criterion, ""),
            round(min(note.at_ms * 100 / length, 100), 2),
            mine is not None and note.review_id == mine.pk and mine.signed_at is None,
        )
        for note in notes
    ]


@dataclass
class Shown:
    """One signed or begun review as a page shows it."""

    review: Review
    submission: Submission
    marks: list[Mark] = field(default_factory=list)

    @cached_property
    def score(self) -> scoring.Score:
        review = self.review
        return scoring.total(
            self.submission.rubric_content, review.marks, review.slips_fixed, review.slips_left
        )

    @property
    def total(self) -> int:
        """As signed; while it is a draft, as it stands."""
        signed = self.review.signed_at and self.review.total is not None
        return self.review.total if signed else self.score.total

    @property
    def grade(self) -> scoring.Grade | None:
        return scoring.grade(self.submission.rubric_content, self.total)

    @property
    def counted(self) -> tuple[int, int]:
        """How many parts there are, and how many are scored."""
        found = self.score.dimensions
        return len(found), sum(one.marked == len(one.criteria) for one in found)

    @property
    def left(self) -> int:
        """Parts with something that has no mark yet."""
        return self.counted[0] - self.counted[1]

    @property
    def rest(self) -> list[Level]:
        """What one button gives to all of these."""
        return levels(0, "")
