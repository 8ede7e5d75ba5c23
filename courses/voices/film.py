"""List the lines of a lesson's film that a trainer says over it: one for each caption. No database."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import NamedTuple

from courses.voices.paragraphs import make_digest
from media.videos import captions

# A line of the film has another digest than the same words in the text, which are read more slowly.
FILM = "film\x1f"
# A recording may last this much longer than its picture: phones add some silence.
SLACK_MS = 500
BREAK = re.compile(r"\s*\n\s*")
BREAK_OF_HAN = re.compile(r"(?<=[^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])")


class Cue(NamedTuple):
    """A caption: when it begins and ends in the film, and what is seen there, where a NOTE says so."""

    digest: str
    text: str
    starts_ms: int
    ends_ms: int
    seen: str = ""

    @property
    def seconds(self) -> float:
        return round((self.ends_ms - self.starts_ms) / 1000, 1)


@lru_cache(100)
def list_cues(vtt: str) -> tuple[Cue, ...]:
    """Return the captions of a film in their order; what is repeated word for word is one recording."""
    seen = {start: note for start, note, _said in captions.list_shots(vtt)}
    return tuple(
        Cue(make_digest(FILM + text), text, start, end, seen.get(start, ""))
        for start, end, words in captions.parse_cues(vtt)
        if (text := join_lines(html.unescape(words)))
    )


def join_lines(text: str) -> str:
    """Join the lines of a caption: with a space in an alphabet, without one between Chinese characters."""
    return BREAK.sub(" ", BREAK_OF_HAN.sub("", text)).strip()


def measure_excess(cue: Cue, duration_ms: int) -> int:
    """Return by how many whole seconds a recording lasts longer than its picture; 0 if it fits."""
    excess = duration_ms - (cue.ends_ms - cue.starts_ms)
    return max(1, round(excess / 1000)) if excess > SLACK_MS else 0
