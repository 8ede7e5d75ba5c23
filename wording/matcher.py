"""Find the rules' words and patterns in a normalised text, before exemptions are checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from wording.disguises.homophones import LONGEST_WORD, Sounds
from wording.prefilter import Prefilter
from wording.rulebook.loader import load_rules
from wording.rulebook.regex import Regex
from wording.rulebook.requirements import is_possible
from wording.rulebook.rules import Entry, Rule, RuleBook
from wording.sentences import Sentences, read_sentences
from wording.tables.reader import read_words

DIGITS = str.maketrans("\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d", "0123456789")


class Hit(NamedTuple):
    start: int  # in the normalised text, like `end`
    end: int
    rule: Rule
    entry: Entry
    parts: dict[str, str]  # the contents of a pattern's named groups, for the rewrite


class Matcher:
    """One rule book's words, by their first two characters, and its patterns.

    A pattern runs only over sentences that contain a word it needs and what else it requires, or over these and what is
    near them if it can match across the end of a sentence.
    """

    def __init__(self, book: RuleBook) -> None:
        self.words: dict[str, list[tuple[str, Rule, Entry]]] = {}
        self.patterns: list[tuple[Rule, Entry, Regex]] = []
        self.crossing: list[int] = []  # the numbers of the patterns that match across the end of a sentence
        self.sounds = Sounds(book)
        for rule in book.rules:
            for entry in rule.entries:
                for word in dict.fromkeys(
                    spelt for named in entry.words for spelt in (named, named.translate(DIGITS))
                ):
                    self.words.setdefault(word[:2], []).append((word, rule, entry))
                if entry.find:
                    if crosses_sentences(entry.find):
                        self.crossing.append(len(self.patterns))
                    self.patterns.append((rule, entry, entry.find))
        self.prefilter = Prefilter(
            [
                (pattern, () if crosses_sentences(pattern) else entry.needs)
                for _rule, entry, pattern in self.patterns
            ]
        )

    def hits(self, plain: str, kind: str) -> Iterator[Hit]:
        sentences = read_sentences(plain)
        # Sorted, so that of two hits that are alike every process keeps the same.
        for start in sorted(self.words.keys() & sentences.all_grams):
            for word, rule, entry in self.words[start]:
                if word in plain:
                    yield from find_word(plain, word, rule, entry)
        yield from self.by_pattern(sentences, kind)
        for first, last, rule, entry in self.sounds.find(plain):
            yield Hit(first, last, rule, entry, {})

    def by_pattern(self, sentences: Sentences, kind: str) -> Iterator[Hit]:
        plain = sentences.plain
        spoken: dict[str, bool] = {}
        wanted = self.prefilter.find(sentences)
        for number in self.crossing:
            _rule, entry, pattern = self.patterns[number]
            if is_possible(pattern.requirements, sentences.all_grams) and (
                needed := [need for need in entry.needs if need in plain]
            ):
                wanted[number] = sentences.widen(sentences.find_places(needed))
        for number, spans in sorted(wanted.items()):
            rule, entry, pattern = self.patterns[number]
            if entry.severity[kind] == "off" or not is_about(plain, kind, rule, entry, spoken):
                continue
            for first, last in spans:
                for found in pattern.finditer(plain, first, last):
                    parts = found.groupdict()
                    start, end = found.span("span") if "span" in parts else found.span()
                    if start < end:
                        yield Hit(start, end, rule, entry, parts)


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
