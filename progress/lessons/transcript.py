"""Turn a lesson's captions into text to read: paragraphs with the time at which each begins, and chapters.

A cue whose identifier is text, not a number, opens a chapter of that name.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import NamedTuple

from media.videos import captions

# The usual length of a paragraph; it ends where a sentence does.
PARAGRAPH_MS = 15_000
SENTENCE_END = re.compile(r"[。！？.!?…][”\"’]?$")


class Part(NamedTuple):
    start_ms: int
    end_ms: int
    text: str


@lru_cache(maxsize=256)
def split_paragraphs(vtt: str) -> tuple[Part, ...]:
    """Join neighbouring cues into paragraphs of PARAGRAPH_MS that end with a sentence."""
    found: list[Part] = []
    for start, end, words in captions.parse_cues(vtt):
        text = html.unescape(join_texts(*words.split("\n")))
        last = found[-1] if found else None
        if last is None or (last.end_ms - last.start_ms >= PARAGRAPH_MS and SENTENCE_END.search(last.text)):
            found.append(Part(start, end, text))
        else:
            found[-1] = Part(last.start_ms, end, join_texts(last.text, text))
    return tuple(found)


def join_texts(*texts: str) -> str:
    """Join texts with a space between words of an alphabet, none between Chinese characters."""
    whole = ""
    for text in filter(None, (each.strip() for each in texts)):
        whole += " " + text if whole[-1:].isascii() and whole and text[0].isascii() else text
    return whole


@lru_cache(maxsize=256)
def list_chapters(vtt: str, duration_ms: int) -> tuple[Part, ...]:
    """Return the chapters; each lasts until the next begins."""
    named = [(start, name) for start, name in read_names(vtt) if start < duration_ms]
    ends = [start for start, _name in named[1:]] + [duration_ms]
    return tuple(Part(start, end, name) for (start, name), end in zip(named, ends, strict=False))


def read_names(vtt: str) -> list[tuple[int, str]]:
    found = []
    for _line, lines in captions.split_blocks(vtt):
        name = lines[0].strip()
        times = captions.TIMES.match(lines[1].strip()) if len(lines) > 1 else None
        if times and "-->" not in name and not name.isdecimal():
            found.append((captions.to_milliseconds(times.groups()[:4]), html.unescape(name)))
    return found
