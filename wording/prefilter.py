"""Tell which of many patterns may match in which sentences of a text, so that only these are tried.

Each alternative of a pattern has four bits of one number, its slots: the first for the words that it needs, the others for what
else it asks for, the rarest first. For every character and pair of neighbours there is the number of the slots that it fills;
a sentence may match the alternatives of which all slots are filled by what it contains. What a pattern asks for is read from it
when a text first contains a word that it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

from wording.rulebook.regex import Regex
from wording.sentences import Sentences, Span

SLOTS = 4  # of each alternative


class Prefilter:
    """Patterns with the words of which each match contains one (`needs`)."""

    def __init__(self, patterns: Sequence[tuple[Regex, Iterable[str]]]) -> None:
        self.patterns = [(pattern, group_by_start(needs)) for pattern, needs in patterns]
        self.is_long = [any(len(one) > 2 for one in needs) for _pattern, needs in patterns]
        self.numbers: list[int] = []  # the pattern of each alternative
        self.asked: dict[str, int] = {}  # of each character and pair, the slots that it fills
        self.free = 0  # the slots of alternatives that require no more
        self.firsts = 0  # the first slot of each alternative
        self.unread: dict[str, set[int]] = {}
        for number, (_pattern, starts) in enumerate(self.patterns):
            for start in starts:
                self.unread.setdefault(start, set()).add(number)
        self.read: set[int] = set()
        self.lock = Lock()

    def find(self, sentences: Sentences) -> dict[int, list[Span]]:
        """Return the sentences in which each pattern may match, by the number of the pattern."""
        self.read_patterns(sentences.all_grams)
        found: dict[int, list[Span]] = {}
        plain = sentences.plain
        there: dict[int, list[str]] = {}  # the words of the text that a pattern needs
        for span, grams in zip(sentences.spans, sentences.grams, strict=True):
            for number in self.find_possible(grams):
                if self.is_long[number]:
                    if number not in there:
                        there[number] = self.list_needed(number, sentences)
                    if not any(plain.find(need, *span) >= 0 for need in there[number]):
                        continue
                found.setdefault(number, []).append(span)
        return found

    def find_possible(self, grams: set[str]) -> list[int]:
        """Return the patterns that a sentence of these characters and pairs may match."""
        filled = self.free
        for gram in self.asked.keys() & grams:
            filled |= self.asked[gram]
        two = filled & filled >> 1
        possible = two & two >> 2 & self.firsts  # all four slots are filled
        numbers = self.numbers
        found: list[int] = []
        while possible:
            lowest = possible & -possible
            possible ^= lowest
            number = numbers[lowest.bit_length() // SLOTS]
            if not found or found[-1] != number:  # the alternatives of one pattern are side by side
                found.append(number)
        return found

    def list_needed(self, number: int, sentences: Sentences) -> list[str]:
        """Return the words that the pattern needs and the text contains."""
        starts = self.patterns[number][1]
        return [
            need
            for start in starts.keys() & sentences.all_grams
            for need in starts[start]
            if need in sentences.plain
        ]

    def read_patterns(self, grams: set[str]) -> None:
        """Read what the patterns require that need a word with such a beginning."""
        if self.unread.keys().isdisjoint(grams):
            return
        with self.lock:
            for start in self.unread.keys() & grams:
                for number in sorted(self.unread[start] - self.read):
                    self.read_pattern(number)
                del self.unread[start]  # last: until then another thread waits for the lock

    def read_pattern(self, number: int) -> None:
        pattern, starts = self.patterns[number]
        for others in pattern.requirements:
            first, required = SLOTS * len(self.numbers), (starts.keys(), *others)
            self.numbers.append(number)
            self.firsts |= 1 << first
            for place in range(SLOTS):
                slot = 1 << first + place
                if place >= len(required):
                    self.free |= slot
                    continue
                for gram in required[place]:
                    self.asked[gram] = self.asked.get(gram, 0) | slot
        self.read.add(number)


def group_by_start(needs: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for need in needs:
        found.setdefault(need[:2], []).append(need)
    return found
