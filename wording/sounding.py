"""Terms written by their sound: other characters of the same syllables, or pinyin in Latin letters.

A character that belongs to a normal word where it stands (the mouth of "sweet mouth"), or that is common by
itself, is no disguise: every replaced character must be out of place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wording.book import Book, Entry, Rule
from wording.tables.reading import everyday, syllables, words

LATIN = re.compile(r"(?<![a-z0-9@./:])[a-z]{2,24}(?![a-z0-9@/:])")
Unit = tuple[str, int, int]  # a syllable and where it stands
LONGEST_WORD = 3


class Sounds:
    """All terms that are also looked for by sound, by their first two syllables."""

    def __init__(self, book: Book) -> None:
        self.terms: dict[tuple[str, str], list[tuple[tuple[str, ...], str, Rule, Entry]]] = {}
        for rule in book.rules:
            for entry in rule.entries:
                for word in entry.sounded:
                    said = tuple(syllables().get(char, "") for char in word)
                    if not all(said):
                        continue  # letters and digits have no other spelling
                    self.terms.setdefault(said[:2], []).append((said, word, rule, entry))
        self.named = frozenset(word for found in self.terms.values() for _said, word, *_ in found)
        self.known = {name for found in self.terms.values() for said, *_ in found for name in said}
        for found in self.terms.values():
            found.sort(key=lambda term: -len(term[0]))

    def find(self, plain: str) -> Iterator[tuple[int, int, Rule, Entry]]:
        """Spans in `plain`, each with the rule and the entry whose term it sounds like."""
        units = self.units(plain)
        names = [unit[0] for unit in units] if units else list(map(syllables().get, plain))
        pairs = enumerate(zip(names, names[1:], strict=False))
        for index, pair in [(index, pair) for index, pair in pairs if pair in self.terms]:
            for said, word, rule, entry in self.terms[pair]:
                if tuple(names[index : index + len(said)]) != said:
                    continue
                run = units[index : index + len(said)] or [
                    (name, index + at, index + at + 1) for at, name in enumerate(said)
                ]
                if self.is_disguise(plain, run, word):
                    yield run[0][1], run[-1][2], rule, entry
                    break

    def is_disguise(self, plain: str, run: list[Unit], word: str) -> bool:
        replaced = [unit for unit, char in zip(run, word, strict=True) if plain[unit[1] : unit[2]] != char]
        return bool(replaced) and all(
            out_of_place(plain, start, end, self.named) for _said, start, end in replaced
        )

    def units(self, plain: str) -> list[Unit]:
        """Nothing where every character is a unit of its own."""
        if " " not in plain and not LATIN.search(plain):
            return []
        get = syllables().get
        units = [(get(char, ""), index, index + 1) for index, char in enumerate(plain)]
        latin = [(found, self.spelt(found[0])) for found in LATIN.finditer(plain)]
        for found, parts in reversed(latin):
            if parts:
                at, run = found.start(), []
                for part in parts:
                    run.append((part, at, at + len(part)))
                    at += len(part)
                units[found.start() : found.end()] = run
        return [unit for unit in units if unit[0] or plain[unit[1]] != " "]

    def spelt(self, letters: str) -> tuple[str, ...]:
        """Latin letters cut into syllables of the terms, or nothing."""
        if not letters:
            return ()
        for size in range(min(6, len(letters)), 1, -1):
            if letters[:size] in self.known:
                rest = self.spelt(letters[size:])
                if rest or size == len(letters):
                    return (letters[:size], *rest)
        return ()


def out_of_place(plain: str, start: int, end: int, known: frozenset[str]) -> bool:
    if end - start > 1:  # Latin letters
        return True
    if plain[start] in everyday():
        return False
    return not any(
        plain[begin : begin + size] in known or plain[begin : begin + size] in words()
        for size in range(2, LONGEST_WORD + 1)
        for begin in range(max(0, start - size + 1), start + 1)
    )
