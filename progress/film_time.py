"""Where in the joined film a moment of a take stands. Milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

from progress.models import Submission, Take


@dataclass(frozen=True)
class Stretch:
    """A piece of a take, from and until by that take's own clock, and where it begins in the film."""

    take: Take
    from_ms: int
    until_ms: int | None
    starts_ms: int

    def place(self, at_ms: int) -> int | None:
        if at_ms < self.from_ms or (self.until_ms is not None and at_ms >= self.until_ms):
            return None
        return self.starts_ms + at_ms - self.from_ms


def stretches(submission: Submission) -> list[Stretch]:
    """In the film's order: the parts it was joined of, or without them one take behind the other. Two queries."""
    takes = list(submission.rehearsal.takes.filter(is_left_out=False).order_by("number"))
    by_upload = {take.upload_id: take for take in takes if take.upload_id}
    parts = submission.video.parts.all() if submission.video_id else []
    found = [
        Stretch(by_upload[part.upload_id], part.from_ms, part.until_ms, part.starts_ms or 0)
        for part in parts
        if part.upload_id in by_upload
    ]
    if found:
        return found
    at = 0
    for take in takes:
        found.append(Stretch(take, 0, take.lasted_ms, at))
        at += take.lasted_ms or 0
    return found


def marks(submission: Submission) -> list[dict]:
    """All marks of what was handed in, with `film_ms`, in the order in which a viewer meets them; what does not read as
    a mark is passed over, because phones wrote it."""
    found = []
    for stretch in stretches(submission):
        for mark in stretch.take.marks if isinstance(stretch.take.marks, list) else []:
            at = mark.get("at_ms") if isinstance(mark, dict) else None
            if type(at) is int and (place := stretch.place(at)) is not None:
                found.append(mark | {"film_ms": place})
    return sorted(found, key=lambda mark: mark["film_ms"])
