"""Tell which of many patterns may match in which sentences of a text, so that only these are tried.

A set of patterns is a number: each bit stands for one alternative of a pattern. For every character and pair of
neighbours there is the set of the alternatives that ask for it; what a sentence may match is the union of those of what it
contains. What a pattern asks for is read from it when a text first contains a word that it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

from wording.rulebook.regex import Regex
from wording.sentences import Sentences, Span

SLOTS = 3  # of an alternative's needs and the sets that it requires, the rarest first, so many are asked for


class Prefilter:
    """Patterns with the words of which each match contains one (`needs`)."""

    def __init__(self, patterns: Sequence[tuple[Regex, Iterable[str]]]) -> None:
        self.patterns = [(pattern, group_by_start(needs)) for pattern, needs in patterns]
        self.is_long = [any(len(one) > 2 for one in needs) for _pattern, needs in patterns]
        self.numbers: list[int] = []  # the pattern of each bit
        self.slots: list[dict[str, int]] = [{} for _slot in range(SLOTS)]
        self.free = [0] * SLOTS  # the alternatives that require nothing more
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
        possible = -1
        for slot, there in zip(self.slots, self.free, strict=True):
            for gram in slot.keys() & grams:
                there |= slot[gram]
            possible &= there
            if not possible:
                return []
        numbers = self.numbers
        found: list[int] = []
        while possible:
            lowest = possible & -possible
            possible ^= lowest
            number = numbers[lowest.bit_length() - 1]
            if not found or found[-1] != number:  # the bits of one pattern are side by side
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
            bit, required = 1 << len(self.numbers), (starts.keys(), *others)
            self.numbers.append(number)
            for place, slot in enumerate(self.slots):
                if place >= len(required):
                    self.free[place] |= bit
                    continue
                for gram in required[place]:
                    slot[gram] = slot.get(gram, 0) | bit
        self.read.add(number)


def group_by_start(needs: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for need in needs:
        found.setdefault(need[:2], []).append(need)
    return found
