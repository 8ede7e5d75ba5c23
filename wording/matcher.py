"""Find the rules' words and patterns in a normalised text, before exemptions are checked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple

from wording.disguises.homophones import LONGEST_WORD, Sounds
from wording.rulebook.loader import load_rules
from wording.rulebook.regex import Regex
from wording.rulebook.requirements import Alternative, is_possible, list_grams, list_possible
from wording.rulebook.rules import Entry, Rule, RuleBook
from wording.tables.reader import read_words

ENDS = re.compile(r"[\u3002!?;\u2026\n]")
# Forty digits end one too: they are no number, and patterns try each of them as the first of one.
PARTS = re.compile(rf"{ENDS.pattern}|[\d.]{{40}}")


DIGITS = str.maketrans("\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d", "0123456789")


Span = tuple[int, int]
REACH = 120  # characters; a pattern's repetitions are limited, and none finds more


class Hit(NamedTuple):
    start: int  # in the normalised text, like `end`
    end: int
    rule: Rule
    entry: Entry
    parts: dict[str, str]  # the contents of a pattern's named groups, for the rewrite


class Matcher:
    """One rule book's words and the words that its patterns need, by their first two characters.

    A pattern runs only over sentences that contain a word it needs, or over these and what is near them if it can match
    across the end of a sentence.
    """

    def __init__(self, book: RuleBook) -> None:
        self.words: dict[str, list[tuple[str, Rule, Entry]]] = {}
        self.needs: dict[str, dict[str, list[int]]] = {}
        self.patterns: list[tuple[Rule, Entry, Regex]] = []
        self.sounds = Sounds(book)
        for rule in book.rules:
            for entry in rule.entries:
                for word in dict.fromkeys(
                    spelt for named in entry.words for spelt in (named, named.translate(DIGITS))
                ):
                    self.words.setdefault(word[:2], []).append((word, rule, entry))
                for need in entry.needs:
                    self.needs.setdefault(need[:2], {}).setdefault(need, []).append(len(self.patterns))
                if entry.find:
                    self.patterns.append((rule, entry, entry.find))
        self.starts = self.words.keys() | self.needs.keys()

    def hits(self, plain: str, kind: str) -> Iterator[Hit]:
        sentences = list_sentences(plain)
        grams = list_text_grams(plain)
        wanted: dict[int, set[int]] = {}  # the places of sentences, by the number of the pattern
        possible: dict[int, list[Alternative]] = {}  # in this text, by the number of the pattern
        # Sorted, so that of two hits that are alike every process keeps the same.
        for start in sorted(self.starts & grams):
            for word, rule, entry in self.words.get(start, ()):
                yield from find_word(plain, word, rule, entry)
            for need, numbers in self.needs.get(start, {}).items():
                if need in plain and (
                    numbers := [one for one in numbers if self.is_possible(one, possible, grams)]
                ):
                    places = find_sentences(plain, sentences, need)
                    for number in numbers:
                        wanted.setdefault(number, set()).update(places)
        yield from self.by_pattern(plain, kind, wanted, possible)
        for first, last, rule, entry in self.sounds.find(plain):
            yield Hit(first, last, rule, entry, {})

    def is_possible(self, number: int, possible: dict[int, list[Alternative]], grams: set[str]) -> bool:
        if number not in possible:
            possible[number] = list_possible(self.patterns[number][2].requirements, grams)
        return bool(possible[number])

    def by_pattern(
        self, plain: str, kind: str, wanted: dict[int, set[int]], possible: dict[int, list[Alternative]]
    ) -> Iterator[Hit]:
        sentences, of_sentences = list_sentences(plain), list_sentence_grams(plain)
        spoken: dict[str, bool] = {}
        for number, places in sorted(wanted.items()):
            rule, entry, pattern = self.patterns[number]
            if not places or not is_about(plain, kind, rule, entry, spoken):
                continue
            if crosses_sentences(pattern):
                spans = widen([sentences[place] for place in sorted(places)], sentences)
            else:
                spans = [
                    sentences[place]
                    for place in sorted(places)
                    if is_possible(possible[number], of_sentences[place])
                ]
            for first, last in spans:
                for found in pattern.finditer(plain, first, last):
                    parts = found.groupdict()
                    start, end = found.span("span") if "span" in parts else found.span()
                    if start < end:
                        yield Hit(start, end, rule, entry, parts)


def find_sentences(plain: str, sentences: list[Span], word: str) -> list[int]:
    """Return the places of the sentences that contain the word."""
    places = []
    at = plain.find(word)
    while at >= 0:
        place = bisect_right(sentences, at, key=itemgetter(0)) - 1
        if at + len(word) <= sentences[place][1]:
            places.append(place)
            at = plain.find(word, sentences[place][1])
        else:
            at = plain.find(word, at + 1)
    return places


def widen(spans: list[Span], sentences: list[Span]) -> list[Span]:
    """Return the spans with the sentences near them, as few spans as possible."""
    wide: list[Span] = []
    for first, last in spans:
        begin = bisect_right(sentences, max(0, first - REACH), key=itemgetter(0)) - 1
        end = bisect_right(sentences, last + REACH, key=itemgetter(0)) - 1
        first, last = sentences[begin][0], sentences[end][1]
        if wide and first <= wide[-1][1]:
            first, _last = wide.pop()
        wide.append((first, last))
    return wide


@lru_cache(maxsize=1)
def list_sentences(plain: str) -> list[Span]:
    """Return the start and end of each sentence; kept, because the comparisons with a listing ask for those of one text."""
    return list(split_sentences(plain))


@lru_cache(maxsize=1)
def list_sentence_grams(plain: str) -> list[set[str]]:
    """Return the characters and pairs of neighbours of each sentence; kept for the same reason."""
    return [list_grams(plain[first:last]) for first, last in list_sentences(plain)]


@lru_cache(maxsize=1)
def list_text_grams(plain: str) -> set[str]:
    return list_grams(plain)


def split_sentences(plain: str) -> Iterator[Span]:
    """Yield the start and end of each sentence, with its end mark."""
    first = 0
    for found in PARTS.finditer(plain):
        yield first, found.end()
        first = found.end()
    if first < len(plain):
        yield first, len(plain)


@cache
def crosses_sentences(find: Regex) -> bool:
    """Return whether the pattern can match across the end of a sentence: it contains an end mark other than to exclude it or
    to end there.
    """
    written = re.sub(r"\[\^[^\]]*\]|\(\?[=!][^()]*\)", "", find.pattern)
    return bool(re.search(r"[\u3002;\u2026\n]|\\n|\\\?|\[[^\]]*[!?][^\]]*\]", written))


def find_word(plain: str, word: str, rule: Rule, entry: Entry) -> Iterator[Hit]:
    start = plain.find(word)
    while start >= 0:
        end = start + len(word)
        # 真空包装 does not contain 空包: normal words overlap both edges of it.
        if stands_alone(plain, start, end) and not (is_straddled(plain, start) and is_straddled(plain, end)):
            yield Hit(start, end, rule, entry, {})
        start = plain.find(word, end)


def is_about(plain: str, kind: str, rule: Rule, entry: Entry, spoken: dict[str, bool]) -> bool:
    """Return whether the whole text is about what the entry requires; true for every text of the rule's own kind."""
    asked = entry.checks.get("text_has")
    if asked is None or kind in rule.always_in:
        return True
    if asked.pattern not in spoken:
        spoken[asked.pattern] = bool(asked.search(plain))
    return spoken[asked.pattern]


LATIN = re.compile("[a-z0-9]")


def stands_alone(plain: str, start: int, end: int) -> bool:
    """Return whether a term in Latin letters is a whole word, not a part of one."""
    return not (
        (start and LATIN.match(plain[start]) and LATIN.match(plain[start - 1]))
        or (end < len(plain) and LATIN.match(plain[end - 1]) and LATIN.match(plain[end]))
    )


def is_straddled(plain: str, edge: int) -> bool:
    """Return whether a normal word begins before the edge and ends after it."""
    return any(
        begin + size <= len(plain) and plain[begin : begin + size] in read_words()
        for size in range(2, LONGEST_WORD + 1)
        for begin in range(max(0, edge - size + 1), edge)
    )


@cache
def get_matcher() -> Matcher:
    return Matcher(load_rules())
