"""Find terms written by their sound: by other characters of the same syllables, or by pinyin in Latin letters.

There are two ways: a whole term that the rules look for by sound (`Sounds`), and one character of a word that patterns need,
which is replaced by the intended one so that patterns find it (运肺, 县掌, 月如过万). A character that belongs to a normal
word in its place, or that is common by itself, is no disguise: every replaced character must be out of place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from wording.disguises.normalisation import NormalisedText
from wording.rulebook.rules import Entry, Rule, RuleBook
from wording.tables.reader import read_everyday, read_syllables, read_tricks, read_words

LATIN = re.compile(r"(?<![a-z0-9@./:])[a-z]{2,24}(?![a-z0-9@/:])")
FIRST_CODE = 0xE100  # each syllable is one character of private use, which no normalised text contains
Unit = tuple[str, int, int]  # the code of a syllable, or another character, and its position
LONGEST_WORD = 3


class Sounds:
    """All terms that are also found by sound, by their first two syllables."""

    def __init__(self, book: RuleBook) -> None:
        self.terms: dict[str, list[tuple[str, str, Rule, Entry]]] = {}
        self.known: set[str] = set()  # the syllables of the terms
        for rule in book.rules:
            for entry in rule.entries:
                for word in entry.sounded:
                    syllables = [read_syllables().get(char, "") for char in word]
                    if not all(syllables):
                        continue  # letters and digits have no other spelling
                    self.known.update(syllables)
                    heard = word.translate(load_codes())
                    self.terms.setdefault(heard[:2], []).append((heard, word, rule, entry))
        self.named = frozenset(word for found in self.terms.values() for _heard, word, *_ in found)
        for found in self.terms.values():
            found.sort(key=lambda term: -len(term[0]))

    def find(self, plain: str) -> Iterator[tuple[int, int, Rule, Entry]]:
        """Yield spans of `plain` with the rule and the entry whose term they sound like."""
        units = self.list_units(plain)
        sounds, pairs = hear("".join(unit[0] for unit in units)) if units else hear(plain)
        for index in list_places(sounds, self.terms.keys() & pairs):
            for heard, word, rule, entry in self.terms[sounds[index : index + 2]]:
                if not sounds.startswith(heard, index):
                    continue
                run = units[index : index + len(heard)] or [
                    (code, index + at, index + at + 1) for at, code in enumerate(heard)
                ]
                if self.is_disguise(plain, run, word):
                    yield run[0][1], run[-1][2], rule, entry
                    break

    def is_disguise(self, plain: str, run: list[Unit], word: str) -> bool:
        replaced = [unit for unit, char in zip(run, word, strict=True) if plain[unit[1] : unit[2]] != char]
        return bool(replaced) and all(
            is_out_of_place(plain, start, end, self.named) for _said, start, end in replaced
        )

    def list_units(self, plain: str) -> list[Unit]:
        """Return the sounds and their positions; nothing if every character is a unit of its own."""
        if " " not in plain and not LATIN.search(plain):
            return []
        units = [(char, index, index + 1) for index, char in enumerate(plain.translate(load_codes()))]
        latin = [(found, self.spelt(found[0])) for found in LATIN.finditer(plain)]
        codes = load_syllable_codes()
        for found, parts in reversed(latin):
            if parts:
                at, run = found.start(), []
                for part in parts:
                    run.append((codes[part], at, at + len(part)))
                    at += len(part)
                units[found.start() : found.end()] = run
        return [unit for unit in units if unit[0] != " "]

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


@cache
def load_syllable_codes() -> dict[str, str]:
    """Return the character of private use that stands for each syllable."""
    return {name: chr(code) for code, name in enumerate(sorted(set(read_syllables().values())), FIRST_CODE)}


@cache
def load_codes() -> dict[int, str]:
    """Return the code of each character's syllable, as `str.translate` reads it."""
    codes = load_syllable_codes()
    return {ord(char): codes[syllable] for char, syllable in read_syllables().items()}


@lru_cache(maxsize=1)
def hear(plain: str) -> tuple[str, set[str]]:
    """Return the sound of each character, and the pairs of neighbours; kept, because two searches of one text need them."""
    sounds = plain.translate(load_codes())
    return sounds, {sounds[place : place + 2] for place in range(len(sounds) - 1)}


def list_places(sounds: str, pairs: Iterable[str]) -> list[int]:
    """Return where one of the pairs begins, sorted."""
    places = []
    for pair in pairs:
        place = sounds.find(pair)
        while place >= 0:
            places.append(place)
            place = sounds.find(pair, place + 1)
    return sorted(places)


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


@cache
def load_heard_words() -> dict[str, list[tuple[str, str]]]:
    """Return the words of `also_heard` with their sounds, by the first two of these."""
    found: dict[str, list[tuple[str, str]]] = {}
    for word in read_tricks()["also_heard"]:
        heard = word.translate(load_codes())
        found.setdefault(heard[:2], []).append((heard, word))
    return found


@cache
def load_names() -> frozenset[str]:
    return frozenset(read_tricks()["also_heard"])


def replace_homophones(folded: NormalisedText) -> NormalisedText:
    words, plain = load_heard_words(), folded.plain
    sounds, pairs = hear(plain)
    meant = {
        place: char
        for index in list_places(sounds, words.keys() & pairs)
        for heard, word in words[sounds[index : index + 2]]
        if sounds.startswith(heard, index)
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
