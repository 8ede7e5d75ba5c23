"""Find terms written by their sound: by other characters of the same syllables, or by pinyin in Latin letters.

There are two ways: a whole term that the rules look for by sound (`Sounds`), and one character of a word that patterns need,
which is replaced by the intended one so that patterns find it (运肺, 县掌, 月如过万). A character that belongs to a normal
word in its place, or that is common by itself, is no disguise: every replaced character must be out of place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import repeat

from wording.disguises.normalisation import NormalisedText
from wording.rulebook.rules import Entry, Rule, RuleBook
from wording.tables.reader import read_everyday, read_syllables, read_tricks, read_words

LATIN = re.compile(r"(?<![a-z0-9@./:])[a-z]{2,24}(?![a-z0-9@/:])")
Unit = tuple[str, int, int]  # a syllable and its position
LONGEST_WORD = 3


class Sounds:
    """All terms that are also found by sound, by their first two syllables."""

    def __init__(self, book: RuleBook) -> None:
        self.terms: dict[tuple[str, ...], list[tuple[tuple[str, ...], str, Rule, Entry]]] = {}
        for rule in book.rules:
            for entry in rule.entries:
                for word in entry.sounded:
                    syllables = tuple(read_syllables().get(char, "") for char in word)
                    if not all(syllables):
                        continue  # letters and digits have no other spelling
                    self.terms.setdefault(syllables[:2], []).append((syllables, word, rule, entry))
        self.named = frozenset(word for found in self.terms.values() for _said, word, *_ in found)
        self.known = {name for found in self.terms.values() for syllables, *_ in found for name in syllables}
        for found in self.terms.values():
            found.sort(key=lambda term: -len(term[0]))

    def find(self, plain: str) -> Iterator[tuple[int, int, Rule, Entry]]:
        """Yield spans of `plain` with the rule and the entry whose term they sound like."""
        units = self.units(plain)
        if units:
            names = [unit[0] for unit in units]
        elif self.terms.keys().isdisjoint(list_sounds(plain)[1]):
            return
        else:
            names = list_sounds(plain)[0]
        pairs = enumerate(zip(names, names[1:], strict=False))
        for index, pair in [(index, pair) for index, pair in pairs if pair in self.terms]:
            for syllables, word, rule, entry in self.terms[pair]:
                if tuple(names[index : index + len(syllables)]) != syllables:
                    continue
                run = units[index : index + len(syllables)] or [
                    (name, index + at, index + at + 1) for at, name in enumerate(syllables)
                ]
                if self.is_disguise(plain, run, word):
                    yield run[0][1], run[-1][2], rule, entry
                    break

    def is_disguise(self, plain: str, run: list[Unit], word: str) -> bool:
        replaced = [unit for unit, char in zip(run, word, strict=True) if plain[unit[1] : unit[2]] != char]
        return bool(replaced) and all(
            is_out_of_place(plain, start, end, self.named) for _said, start, end in replaced
        )

    def units(self, plain: str) -> list[Unit]:
        """Return the syllables; nothing if every character is a unit of its own."""
        if " " not in plain and not LATIN.search(plain):
            return []
        get = read_syllables().get
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
        """Return Latin letters cut into syllables of the terms, or nothing."""
        if not letters:
            return ()
        for size in range(min(6, len(letters)), 1, -1):
            if letters[:size] in self.known:
                rest = self.spelt(letters[size:])
                if rest or size == len(letters):
                    return (letters[:size], *rest)
        return ()


@lru_cache(maxsize=1)
def list_sounds(plain: str) -> tuple[list[str], set[tuple[str, str]]]:
    """Return the syllable of each character, and the pairs of neighbours; kept, because two searches of one text need them."""
    names = list(map(read_syllables().get, plain, repeat("")))
    return names, set(zip(names, names[1:], strict=False))


def is_out_of_place(plain: str, start: int, end: int, known: frozenset[str]) -> bool:
    if end - start > 1:  # Latin letters
        return True
    if plain[start] in read_everyday():
        return False
    return not any(
        plain[begin : begin + size] in known or plain[begin : begin + size] in read_words()
        for size in range(2, LONGEST_WORD + 1)
        for begin in range(max(0, start - size + 1), start + 1)
    )


Heard = dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]]


@cache
def load_heard_words() -> Heard:
    """Return the words of `also_heard` with their syllables, by the first two of these."""
    found: Heard = {}
    for word in read_tricks()["also_heard"]:
        syllables = tuple(read_syllables()[char] for char in word)
        found.setdefault(syllables[:2], []).append((syllables, word))
    return found


@cache
def load_names() -> frozenset[str]:
    return frozenset(read_tricks()["also_heard"])


def replace_homophones(folded: NormalisedText) -> NormalisedText:
    words, plain = load_heard_words(), folded.plain
    names, pairs = list_sounds(plain)
    if words.keys().isdisjoint(pairs):
        return folded
    meant = {
        place: char
        for index, pair in enumerate(zip(names, names[1:], strict=False))
        if pair in words
        for syllables, word in words[pair]
        if tuple(names[index : index + len(syllables)]) == syllables
        for place, char in find_replacement(plain, index, word)
    }
    if not meant:
        return folded
    plain = "".join(meant.get(place, char) for place, char in enumerate(plain))
    return NormalisedText(folded.text, plain, folded.at, folded.until)


def find_replacement(plain: str, index: int, word: str) -> list[tuple[int, str]]:
    """Return where one character replaces one of the word, and which."""
    differ = [place for place, char in enumerate(word, index) if plain[place] != char]
    if len(differ) == 1 and is_out_of_place(plain, differ[0], differ[0] + 1, load_names()):
        return [(differ[0], word[differ[0] - index])]
    return []
