"""Decide which parts of the takes make up the film, and convert moments of takes to moments of the film."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rehearsals.models import Submission, Take

# A shorter part is an accident, and too short to make a film of.
SHORTEST_MS = 500


@dataclass
class Stretch:
    """The part of the take with this index from its beginning to `until_ms`; None means its end."""

    take: int
    until_ms: int | None = None


def find_kept_stretches(marks_of_takes: Iterable[list[dict]]) -> list[Stretch]:
    """Return the parts that make up the film, in order.

    "again" removes everything since its item last began, in whichever take; the take that contains it ends there.
    """
    remaining: list[Stretch] = []
    began: dict[int, tuple[int, int]] = {}
    for number, marks in enumerate(marks_of_takes):
        remaining.append(Stretch(number))
        for mark in marks:
            if mark["kind"] == "item" and not mark.get("goes_on"):
                began[mark.get("item", 0)] = (number, mark["at_ms"])
            elif mark["kind"] == "again" and (start := began.pop(mark.get("item", 0), None)):
                cut_back(remaining, *start)
                began = {item: at for item, at in began.items() if at < start}
                break
    return [one for one in remaining if one.until_ms is None or one.until_ms >= SHORTEST_MS]


def cut_back(remaining: list[Stretch], take: int, at_ms: int) -> None:
    while remaining and remaining[-1].take > take:
        remaining.pop()
    if remaining and remaining[-1].take == take:
        before = remaining[-1].until_ms
        remaining[-1].until_ms = at_ms if before is None else min(before, at_ms)


# --- moments of a take in the joined film, in milliseconds ---


@dataclass(frozen=True)
class FilmPiece:
    """A part of a take, from and until in that take's milliseconds, and where it begins in the film."""

    take: Take
    from_ms: int
    until_ms: int | None
    starts_ms: int

    def place(self, at_ms: int) -> int | None:
        if at_ms < self.from_ms or (self.until_ms is not None and at_ms >= self.until_ms):
            return None
        return self.starts_ms + at_ms - self.from_ms


def find_film_pieces(submission: Submission) -> list[FilmPiece]:
    """Return the pieces of the film in order: the parts it was joined of, else the takes one after another. Two queries."""
    takes = list(submission.rehearsal.takes.filter(is_left_out=False).order_by("number"))
    by_upload = {take.upload_id: take for take in takes if take.upload_id}
    parts = submission.video.parts.all() if submission.video else []
    found = [
        FilmPiece(by_upload[part.upload_id], part.from_ms, part.until_ms, part.starts_ms or 0)
        for part in parts
        if part.upload_id in by_upload
    ]
    if found:
        return found
    at = 0
    for take in takes:
        found.append(FilmPiece(take, 0, take.lasted_ms, at))
        at += take.lasted_ms or 0
    return found


def list_film_marks(submission: Submission) -> list[dict]:
    """Return all marks of the submission with `film_ms`, in the order of the film.

    Marks that cannot be read are left out, because phones wrote them.
    """
    found = []
    for stretch in find_film_pieces(submission):
        for mark in stretch.take.marks if isinstance(stretch.take.marks, list) else []:
            at = mark.get("at_ms") if isinstance(mark, dict) else None
            if type(at) is int and (place := stretch.place(at)) is not None:
                found.append(mark | {"film_ms": place})
    return sorted(found, key=lambda mark: mark["film_ms"])
