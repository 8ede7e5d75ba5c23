"""Weigh how much a passage speaks like those that break a rule: by its characters, neighbours and concepts, and by what the
patterns and words of the rules found in it.

A pattern knows the words that it names, not the way they are said. The weights (tables/evidence.txt, made by
`python -m bench.evidence`) come from the labelled lines, the rules' own examples and the words of the rules: one sum for
each rule, and one for "breaks any rule", in which questions, refusals, lessons and plain reports weigh against a finding.
A concept (tables/concepts.txt) is a list of words for one thing, such as ailments or ways to say "cheaper than before":
a word that no labelled line has still weighs what its concept weighs. A sign is what is known of a passage beside its
characters: the kind of text, each rule and entry that was met, and which of them nothing excuses.
A finding by a pattern is dropped where the two sums are low; where they are high, a passage is found that no pattern knows.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, KeysView, Set
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from math import sqrt
from operator import attrgetter
from typing import NamedTuple
from zlib import crc32

from wording.matcher import Hit
from wording.rulebook.requirements import list_grams
from wording.rulebook.rules import Entry, Rule
from wording.sentences import read_sentences
from wording.tables.reader import read_concepts, read_evidence, read_feature

ANY, SIZE = "any", "size"  # sums beside those of the rules: of any rule, and of the passage's own size
SCALE = 100  # weights are stored as whole hundredths
LANE = 32  # bits of a sum; all sums of a passage are added as one number
HALF = 1 << (LANE - 2)
SHORT, LONGEST = 45, 110  # characters of a text that is one passage, and of the longest passage
LEAST = 10  # characters; of a shorter passage nothing is said
PLAIN = 4  # characters; a word of the rules that is as long is a sign of its own, and is dropped less easily
SIGN = "@"  # before a sign's name, to tell it from characters of a text

# Logarithms of odds. How the sums of a passage decide whether it breaks a rule, learned from what the weights of other authors'
# lines said of an author's lines (`python -m bench.decision`):
BASE = 1.3
OF_RULE, OF_ANY, OF_LOWER = 0.26, 0.18, 0.47  # of the rule's sum, of that of any, and of the lower of the two
OF_RIVAL = 0.47  # of how far the sum of another rule is above the rule's
OF_HIT = -1.75  # where a pattern or word of the rule stands: its sign weighs too much, as patterns know the lines learned from
UNLIKELY = -2.0  # where the sum of any is below this, nothing is found that no pattern met
CLEAR = 1.0  # no hit is dropped where both sums are above this in its clause of a long text
OFTEN = 4  # so many hits of a rule side by side in one passage are never dropped; nor of so many rules, where any is clear
LEAST_OF_CLAUSE = 4  # characters

CLAUSE_END = re.compile(r"[,\u3001:\u3002!?;\u2026\n]")
CLAUSE = re.compile(r"[^,\u3002!?;:\u2026\n]+")
GET_START = attrgetter("start")
HAN, LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[a-z]", re.IGNORECASE)

Sums = dict[str, float]
Part = tuple[int, int, set[str]]  # start, end and features of a passage


class Passage(NamedTuple):
    start: int  # in the normalised text, like `end`
    end: int
    sums: Weighed


@dataclass(frozen=True)
class WeighedText:
    """A normalised text and what was found in it by patterns and words.

    `met` are these hits but for what a fact of the goods allows, `stands` those of them that no context excuses; both are
    sorted by their start.
    """

    plain: str
    kind: str
    met: list[Hit]
    stands: list[Hit]
    clauses: dict[tuple[int, int], Weighed] = field(
        default_factory=dict
    )  # that were weighed, by start and end

    @cached_property
    def passages(self) -> list[Passage]:
        """Return the passages that are Chinese and long enough to be weighed."""
        return self.weigh_parts(
            [
                (start, end, complete_features(self.plain[start:end], grams))
                for start, end, grams in split_passages(self.plain)
            ]
        )

    @cached_property
    def sentences(self) -> list[Passage]:
        """Return the sentences of a short text of several: small talk beside an offence must not outweigh it."""
        spans = read_sentences(self.plain).spans
        if len(self.plain) > SHORT or len(spans) < 2:
            return []
        return self.weigh_parts([(start, end, list_features(self.plain[start:end])) for start, end in spans])

    def weigh_parts(self, parts: list[Part]) -> list[Passage]:
        return [
            Passage(start, end, weigh(features, signs))
            for (start, end, features), signs in zip(parts, self.list_signs(parts), strict=True)
            if end - start >= LEAST and is_chinese(self.plain[start:end])
        ]

    def list_signs(self, parts: list[Part]) -> list[set[str]]:
        """Return the signs of each part."""
        signs = []
        for start, end, _features in parts:
            of_part = {f"{SIGN}kind {self.kind}"}
            for is_standing, hits in ((False, self.met), (True, self.stands)):
                for hit in list_within(hits, start, end):
                    of_part.update(describe_hit(hit, self.kind, is_standing))
            signs.append(of_part)
        return signs

    def is_doubtful(self, hit: Hit) -> bool:
        """Return whether the passage of a pattern's or a word's hit speaks unlike those that break its rule.

        Of entries that were written or changed after the weights were made they know nothing: their hits are never doubtful.
        Neither is a long word that a rule names, where as little stands around it as in a name or an address.
        """
        passage = find_around(self.passages, hit.start)
        if passage is None or digest(hit.entry) not in read_known_entries():
            return False
        if is_plain(hit) and len(self.plain) - (hit.end - hit.start) < LEAST:
            return False
        name, of_any = hit.rule.id, passage.sums[ANY]
        if breaks(passage.sums, name, is_met=True):
            return False
        if len(self.plain) > SHORT:
            of_clause = self.weigh_clause(*find_clause_of(self.plain, passage, hit))
            if min(of_clause[name], of_clause[ANY]) > CLEAR:
                return False
            if is_plain(hit) and breaks(of_clause, name, is_met=True):
                return False
        elif (sentence := find_around(self.sentences, hit.start)) and breaks(
            sentence.sums, name, is_met=True
        ):
            return False
        beside = list_within(self.stands, passage.start, passage.end)
        if of_any > CLEAR and len({other.rule.id for other in beside}) >= OFTEN:
            return False
        return count_apart(other for other in beside if other.rule.id == name) < OFTEN

    def weigh_clause(self, start: int, end: int) -> Weighed:
        """Weigh the clause of a hit: a whole sentence of plain facts does not outweigh the one clause that is none."""
        if (start, end) not in self.clauses:
            features = list_features(self.plain[start:end])
            [signs] = self.list_signs([(start, end, features)])
            self.clauses[start, end] = weigh(features, signs)
        return self.clauses[start, end]


def find_around(passages: list[Passage], place: int) -> Passage | None:
    """Return that of the sorted passages in which the place is."""
    before = bisect_right(passages, place, key=GET_START) - 1
    return passages[before] if before >= 0 and place < passages[before].end else None


def list_within(hits: list[Hit], start: int, end: int) -> list[Hit]:
    """Return those of the sorted hits that begin between the two places."""
    return hits[bisect_left(hits, start, key=GET_START) : bisect_left(hits, end, key=GET_START)]


def count_apart(hits: Iterable[Hit]) -> int:
    """Count hits that do not overlap: as many as there can be."""
    count, last = 0, 0
    for hit in sorted(hits, key=attrgetter("end")):
        if hit.start >= last:
            count, last = count + 1, hit.end
    return count


def is_chinese(text: str) -> bool:
    """Return whether it has more Chinese characters than Latin letters: the weights were learned from Chinese lines."""
    if LATIN.search(text) is None:
        return HAN.search(text) is not None
    return len(HAN.findall(text)) > len(LATIN.findall(text))


def describe_hit(hit: Hit, kind: str, is_standing: bool) -> Iterator[str]:
    rule, entry = hit.rule.id, hit.entry
    if not is_standing:
        yield f"{SIGN}met {rule}"
        yield f"{SIGN}met {digest(entry)}"
        return
    yield f"{SIGN}stands {rule}"
    yield f"{SIGN}stands {digest(entry)}"
    yield f"{SIGN}{entry.severity[kind]}"
    if entry.source == "law":
        yield f"{SIGN}law {rule}"
    if is_plain(hit):
        yield f"{SIGN}long {rule}"


def is_plain(hit: Hit) -> bool:
    """Return whether it is a long word that the rule names."""
    return hit.entry.find is None and hit.end - hit.start >= PLAIN


def split_passages(plain: str) -> Iterator[Part]:
    """Yield the start, the end and the features of each passage: a short text is one, a longer one has one for each sentence;
    a sentence too short to be weighed is joined to the next of its line, a very long one is cut.
    """
    first = 0
    features: set[str] = set()
    sentences = read_sentences(plain)
    for (start, end), grams in zip(sentences.spans, sentences.grams, strict=True):
        features = features | grams if features else grams
        if plain[end - 1] != "\n" and (len(plain) <= SHORT or end - first < LEAST):
            continue
        if end - start <= LONGEST:
            yield first, end, features
        else:
            for cut in range(first, end, LONGEST):
                yield cut, min(cut + LONGEST, end), list_grams(plain[cut : min(cut + LONGEST, end)])
        first, features = end, set()
    if features:
        yield first, len(plain), features


def list_features(text: str) -> set[str]:
    """Return the characters of a text, two and three neighbours of them, and its concepts."""
    return complete_features(text, list_grams(text))


def complete_features(text: str, grams: set[str]) -> set[str]:
    """Return `grams`, its characters and pairs of neighbours, with three neighbours and concepts."""
    concepts, longer = read_concepts()
    threes = [text[place : place + 3] for place in range(len(text) - 2)]
    found = grams.union(threes, *map(concepts.__getitem__, concepts.keys() & grams))
    for start in longer.keys() & grams:
        for word, names in longer[start]:
            if word in text:
                found |= names
    return found


class Weighed:
    """The logarithms of the odds that a passage breaks each rule, and any. That of any is reckoned at once; most passages are
    so unlike an offence that no other is asked for.
    """

    def __init__(self, features: Set[str], signs: tuple[int, ...]) -> None:
        table = read_weights()
        self.known, self.signs = table.known & features, signs
        total = sum(map(table.of_any.__getitem__, self.known))
        size = (total + HALF) >> LANE
        self.length = SCALE * sqrt(max(1, size) / SCALE)
        self.any = self.sum_up(ANY, total - (size << LANE))

    def __getitem__(self, name: str) -> float:
        """Return 0 for a rule that has no weights."""
        if name == ANY:
            return self.any
        place = read_weights().places.get(name)
        return 0 if place is None else self.sum_up(name, self.lanes[place] - HALF)

    def sum_up(self, name: str, hundredths: int) -> float:
        """Return the sum of a rule, of which the features of the passage have so many hundredths."""
        table = read_weights()
        of_signs = (self.signs[table.places[name]] - HALF) / SCALE
        return hundredths / self.length + of_signs + table.bases[name]

    @cached_property
    def lanes(self) -> tuple[int, ...]:
        return add_up(self.known)

    @cached_property
    def highest(self) -> float:
        """Return the sum of the rule that is likeliest."""
        return max(self[name] for name in read_weights().places if name != ANY)


def weigh(features: Set[str], signs: Set[str]) -> Weighed:
    """Weigh characters, pairs of neighbours and concepts, a longer passage no more than a short one, and the signs; what has
    a figure in it has no weight.
    """
    return Weighed(features, add_up_signs(frozenset(signs)))


@lru_cache(maxsize=256)
def add_up_signs(signs: frozenset[str]) -> tuple[int, ...]:
    """Add up the signs; most passages of a text have the same few."""
    return add_up(read_weights().known & signs)


def add_up(known: Set[str]) -> tuple[int, ...]:
    """Return the sums of features that have weights, each with `HALF` added, in the order of their places."""
    table = read_weights()
    total = sum(map(table.packed.__getitem__, known), table.zero)
    return table.layout.unpack(total.to_bytes(table.layout.size, "little"))


class PackedWeights(dict[str, int]):
    """Of each feature that a text had so far, its weights for the rules that have a place, side by side as one number."""

    def __init__(self, places: dict[str, int]) -> None:
        self.places = places

    def __missing__(self, feature: str) -> int:
        weights = read_feature(feature)
        packed = self[feature] = sum(
            weight << LANE * self.places[name] for name, weight in weights.items() if name in self.places
        )
        return packed


@dataclass(frozen=True)
class Weights:
    bases: Sums  # the rules, and ANY, with the odds of a passage of which nothing is known
    known: KeysView[str]  # the features that have weights
    packed: PackedWeights
    of_any: PackedWeights  # the weights for ANY and the size alone
    zero: int
    layout: struct.Struct
    places: dict[str, int]


@cache
def read_weights() -> Weights:
    bases, _known, features = read_evidence()
    places = {name: number for number, name in enumerate((*bases, SIZE))}
    return Weights(
        bases={name: hundredths / SCALE for name, hundredths in bases.items()},
        known=features.keys(),
        packed=PackedWeights(places),
        of_any=PackedWeights({ANY: 0, SIZE: 1}),
        zero=sum(HALF << LANE * place for place in places.values()),
        layout=struct.Struct(f"<{len(places)}I"),
        places={name: place for name, place in places.items() if name != SIZE},
    )


def breaks(sums: Weighed, name: str, is_met: bool) -> bool:
    """Return whether a passage speaks like those that break this rule; of a rule without weights each does.

    `is_met`: a pattern or word of the rule stands in it.
    """
    if name not in read_weights().bases:
        return True
    of_rule, of_any = sums[name], sums[ANY]
    score = BASE + OF_RULE * of_rule + OF_ANY * of_any + OF_LOWER * min(of_rule, of_any)
    return score + OF_RIVAL * (of_rule - sums.highest) + OF_HIT * is_met > 0


def find_clause_of(plain: str, passage: Passage, hit: Hit) -> tuple[int, int]:
    """Return the clause of the hit, with those before it until it is long enough to be weighed."""
    marked = CLAUSE_END.search(plain, hit.end, passage.end)
    end = marked.start() if marked else passage.end
    start = hit.start
    while start > passage.start and (not CLAUSE_END.match(plain[start - 1]) or end - start < LEAST_OF_CLAUSE):
        start -= 1
    return start, end


def digest(entry: Entry) -> str:
    return digest_written(entry.words, entry.find.pattern if entry.find else "")


@cache
def digest_written(words: tuple[str, ...], pattern: str) -> str:
    return f"{crc32(chr(10).join((*words, pattern)).encode()):08x}"


def find_evident(
    plain: str, passages: list[Passage], rules: dict[str, Rule], stands: list[Hit]
) -> Iterator[Hit]:
    """Yield the passages that speak like those that break a rule of which nothing else was found there.

    `stands` are the hits that count.
    """
    met: dict[str, list[int]] = {}
    for hit in sorted(stands, key=GET_START):
        met.setdefault(hit.rule.id, []).append(hit.start)
    weighed = read_weights().bases.keys() - {ANY}
    asked = sorted(weighed & rules.keys())
    for passage in passages:
        of_any = passage.sums[ANY]
        if of_any < UNLIKELY:
            continue
        found = [
            name
            for name in asked
            if not is_met(met.get(name, []), passage) and breaks(passage.sums, name, is_met=False)
        ]
        for name in found:
            start, end = find_clause(plain, passage, name)
            yield Hit(start, end, rules[name], make_entry(rules[name]), {})


def is_met(starts: list[int], passage: Passage) -> bool:
    place = bisect_left(starts, passage.start)
    return place < len(starts) and starts[place] < passage.end


def find_clause(plain: str, passage: Passage, name: str) -> tuple[int, int]:
    """Return the clause of the passage that weighs most for the rule."""
    clauses = [found.span() for found in CLAUSE.finditer(plain, passage.start, passage.end)]
    return max(
        clauses or [(passage.start, passage.end)],
        key=lambda span: sum(read_feature(one).get(name, 0) for one in list_features(plain[slice(*span)])),
    )


def read_known_entries() -> frozenset[str]:
    return read_evidence()[1]


def make_entry(rule: Rule) -> Entry:
    """Return the entry of a finding by evidence: only a person can say it in other words."""
    return Entry(
        severity=rule.severity,
        proof=(),
        provable=True,
        reason=rule.reason,
        rewrite=None,
        exempt=(),
        source="example",
        certificate="",
    )
