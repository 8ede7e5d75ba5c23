"""Divide a text into sentences, with the characters and pairs of neighbours in each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from operator import itemgetter

from wording.rulebook.requirements import list_grams

# A full stop ends an English sentence: after two letters or figures and before a space or a closing quotation mark.
ENDS = re.compile(r"[\u3002!?;\u2026\n]|\.(?:(?<=[a-z\d%]{2}\.)|(?<=\d\.\d\.))(?<!\bno\.)(?=[\s\"\u201d)]|$)")
# Forty digits end one too: they are no number, and patterns try each of them as the first of one.
PARTS = re.compile(rf"{ENDS.pattern}|[\d.]{{40}}")
REACH = 120  # characters; a pattern's repetitions are limited, and none finds more

Span = tuple[int, int]


class Sentences:
    """The sentences of a text: `spans` with their end marks, and `grams`, the characters and pairs in each."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.spans = list(split_sentences(plain))
        self.grams = [list_grams(plain[first:last]) for first, last in self.spans]

    @cached_property
    def all_grams(self) -> set[str]:
        """Return those of the whole text, the pairs across the end of a sentence too."""
        plain = self.plain
        return {plain[last - 1 : last + 1] for _first, last in self.spans}.union(*self.grams)

    def find_places(self, words: list[str]) -> list[int]:
        """Return the places of the sentences that contain one of the words."""
        plain, spans, places = self.plain, self.spans, set()
        for word in words:
            at = plain.find(word)
            while at >= 0:
                place = bisect_right(spans, at, key=itemgetter(0)) - 1
                if at + len(word) <= spans[place][1]:
                    places.add(place)
                    at = plain.find(word, spans[place][1])
                else:
                    at = plain.find(word, at + 1)
        return sorted(places)

    def widen(self, places: list[int]) -> list[Span]:
        """Return the spans of sentences and those near them, as few spans as possible."""
        wide: list[Span] = []
        for first, last in map(self.spans.__getitem__, places):
            begin = bisect_right(self.spans, max(0, first - REACH), key=itemgetter(0)) - 1
            end = bisect_right(self.spans, last + REACH, key=itemgetter(0)) - 1
            first, last = self.spans[begin][0], self.spans[end][1]
            if wide and first <= wide[-1][1]:
                first, _last = wide.pop()
            wide.append((first, last))
        return wide


@lru_cache(maxsize=1)
def read_sentences(plain: str) -> Sentences:
    """Return the sentences; kept, because patterns, weights and the comparisons with a listing ask for those of one text."""
    return Sentences(plain)


def split_sentences(plain: str) -> Iterator[Span]:
    """Yield the start and end of each sentence, with its end mark."""
    first = 0
    for found in PARTS.finditer(plain):
        yield first, found.end()
        first = found.end()
    if first < len(plain):
        yield first, len(plain)
