"""Where the rules' words and patterns stand in a folded text, before any exemption is weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from wording.book import Book, Entry, Rule
from wording.loading import load
from wording.sounding import LONGEST_WORD, Sounds
from wording.tables.reading import words


class Hit(NamedTuple):
    start: int  # in the folded text, as end
    end: int
    rule: Rule
    entry: Entry
    parts: dict[str, str]  # what a pattern's named groups caught, for the rewrite


class Matcher:
    """One book's words by their first two characters, its patterns by the words they need."""

    def __init__(self, book: Book) -> None:
        self.words: dict[str, list[tuple[str, Rule, Entry]]] = {}
        self.patterns: list[tuple[Rule, Entry]] = []
        self.needs: set[str] = set()
        self.sounds = Sounds(book)
        for rule in book.rules:
            for entry in rule.entries:
                for word in entry.words:
                    self.words.setdefault(word[:2], []).append((word, rule, entry))
                if entry.find:
                    self.patterns.append((rule, entry))
                    self.needs.update(entry.needs)
        for found in self.words.values():
            found.sort(key=lambda one: -len(one[0]))

    def hits(self, plain: str, kind: str) -> Iterator[Hit]:
        yield from self.by_word(plain)
        yield from self.by_pattern(plain, kind)
        for start, end, rule, entry in self.sounds.find(plain):
            yield Hit(start, end, rule, entry, {})

    def by_word(self, plain: str) -> Iterator[Hit]:
        get = self.words.get
        for index, pair in enumerate(map(str.__add__, plain, plain[1:])):
            for word, rule, entry in get(pair, ()):
                end = index + len(word)
                if plain.startswith(word, index) and stands_alone(plain, index, end):
                    if straddled(plain, index) and straddled(plain, end):
                        continue  # 真空包装 holds no 空包
                    yield Hit(index, index + len(word), rule, entry, {})

    def by_pattern(self, plain: str, kind: str) -> Iterator[Hit]:
        chars = set(plain)
        there = {word for word in self.needs if word[0] in chars and word in plain}
        for rule, entry in self.patterns:
            if not there.isdisjoint(entry.needs) and speaks_of(plain, kind, rule, entry):
                for found in entry.find.finditer(plain):
                    parts = found.groupdict()
                    start, end = found.span("span") if "span" in parts else found.span()
                    if start < end:
                        yield Hit(start, end, rule, entry, parts)


def speaks_of(plain: str, kind: str, rule: Rule, entry: Entry) -> bool:
    """The whole text is about what the entry asks for; where the rule is at home, every text is."""
    asked = entry.checks.get("text_has")
    return asked is None or kind in rule.always_in or bool(asked.search(plain))


LATIN = re.compile("[a-z0-9]")


def stands_alone(plain: str, start: int, end: int) -> bool:
    """A term in Latin letters is a word of its own, not a part of one."""
    return not (
        (start and LATIN.match(plain[start]) and LATIN.match(plain[start - 1]))
        or (end < len(plain) and LATIN.match(plain[end - 1]) and LATIN.match(plain[end]))
    )


def straddled(plain: str, edge: int) -> bool:
    """A normal word begins before the edge and ends after it."""
    return any(
        begin + size <= len(plain) and plain[begin : begin + size] in words()
        for size in range(2, LONGEST_WORD + 1)
        for begin in range(max(0, edge - size + 1), edge)
    )


@cache
def matcher() -> Matcher:
    return Matcher(load())
