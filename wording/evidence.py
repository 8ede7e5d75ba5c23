"""Weigh how much a passage speaks like those that break a rule, by its characters, pairs of neighbours and concepts.

A pattern knows the words that it names, not the way they are said. The weights (tables/evidence.txt, made by
`python -m bench.evidence`) come from the labelled lines, the rules' own examples and the words of the rules: one sum for
each rule, and one for "breaks any rule", in which questions, refusals, lessons and plain reports weigh against a finding.
A concept (tables/concepts.txt) is a list of words for one thing, such as ailments or ways to say "cheaper than before":
a word that no labelled line has still weighs what its concept weighs.
A finding by a pattern is dropped where both sums are low; where they are high, a passage is found that no pattern knows.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, KeysView
from dataclasses import dataclass
from functools import cache
from math import sqrt
from operator import attrgetter
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
PLAIN = 4  # characters; a word of the rules that is as long says by itself what it says

# Logarithms of odds, chosen by lines written after the weights were made:
LOW, SURE = -2.5, 3.0  # a finding is dropped if the sum of its rule is low, and that of any rule not sure
LOW_TOGETHER = -2.5  # or if both together are low
HIGH, HIGH_ANY = 0.0, 0.0  # a passage above both is a finding
BESIDE = 1.0  # by so much the sum of a rule must be higher where another rule has been found
# Where that of any rule is as high and nothing else was found, the passage is one of the rule whose sum is the highest.
EVIDENT, LIKELY = 1.2, -1.5
# Pages of courses talk about offences all the time; what only the weights find there must be clearer by so much.
OF_COURSES = 1.0

CLAUSE = re.compile(r"[^,\u3002!?;:\u2026\n]+")
HAN, LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[a-z]", re.IGNORECASE)

Sums = dict[str, float]


@dataclass(frozen=True)
class Passage:
    start: int  # in the normalised text, like `end`
    end: int
    sums: Weighed


def weigh_passages(plain: str) -> list[Passage]:
    """Return the passages that are Chinese and long enough to be weighed."""
    return [
        Passage(start, end, weigh(add_concepts(plain[start:end], features)))
        for start, end, features in split_passages(plain)
        if end - start >= LEAST and is_chinese(plain[start:end])
    ]


def is_chinese(text: str) -> bool:
    """Return whether it has more Chinese characters than Latin letters: the weights were learned from Chinese lines."""
    return len(HAN.findall(text)) > len(LATIN.findall(text))


def weigh_sentences(plain: str) -> list[Passage]:
    """Return the sentences of a short text of several: small talk beside an offence must not outweigh it."""
    if len(plain) > SHORT:
        return []
    spans = read_sentences(plain).spans
    return [
        Passage(start, end, weigh(list_features(plain[start:end])))
        for start, end in spans
        if len(spans) > 1 and end - start >= LEAST and is_chinese(plain[start:end])
    ]


def split_passages(plain: str) -> Iterator[tuple[int, int, set[str]]]:
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
    """Return the characters, the pairs of neighbours and the concepts of a text."""
    return add_concepts(text, list_grams(text))


def add_concepts(text: str, grams: set[str]) -> set[str]:
    concepts, longer = read_concepts()
    found = grams.union(*map(concepts.__getitem__, concepts.keys() & grams))
    for start in longer.keys() & grams:
        for word, names in longer[start]:
            if word in text:
                found |= names
    return found


class Weighed:
    """The logarithms of the odds that a passage breaks each rule, and any; each is reckoned when it is asked for."""

    def __init__(self, lanes: tuple[int, ...]) -> None:
        self.lanes = lanes
        self.length = SCALE * sqrt(max(1, lanes[-1] - HALF) / SCALE)

    def __getitem__(self, name: str) -> float:
        """Return 0 for a rule that has no weights."""
        table = read_weights()
        place = table.places.get(name)
        return 0 if place is None else (self.lanes[place] - HALF) / self.length + table.bases[name]


def weigh(features: set[str]) -> Weighed:
    """Weigh characters, pairs of neighbours and concepts; what has a figure in it has no weight."""
    table = read_weights()
    total = sum(map(table.packed.__getitem__, table.known & features), table.zero)
    return Weighed(table.layout.unpack(total.to_bytes(table.layout.size, "little")))


class PackedWeights(dict[str, int]):
    """Of each feature that a text had so far, its weights for all rules side by side as one number."""

    def __init__(self, places: dict[str, int]) -> None:
        self.places = places

    def __missing__(self, feature: str) -> int:
        weights = read_feature(feature)
        packed = self[feature] = sum(weight << LANE * self.places[name] for name, weight in weights.items())
        return packed


@dataclass(frozen=True)
class Weights:
    bases: Sums  # the rules, and ANY, with the odds of a passage of which nothing is known
    known: KeysView[str]  # the features that have weights
    packed: PackedWeights
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
        zero=sum(HALF << LANE * place for place in places.values()),
        layout=struct.Struct(f"<{len(places)}I"),
        places={name: place for name, place in places.items() if name != SIZE},
    )


def is_doubtful(hit: Hit, plain: str, passages: list[Passage]) -> bool:
    """Return whether the passage of a pattern's or a word's hit speaks unlike those that break its rule.

    Words of the law itself and long ones are never doubtful, nor is that of which the weights know nothing: words found by
    their sound, and entries that were written or changed after the weights were made.
    """
    entry = hit.entry
    if (
        entry.source == "law"
        or (entry.find is None and hit.end - hit.start >= PLAIN)
        or (entry.find is None and entry.sounded)
        or digest(entry) not in read_known_entries()
    ):
        return False
    place = bisect_right(passages, hit.start, key=attrgetter("start")) - 1
    passage = passages[place] if place >= 0 and hit.start < passages[place].end else None
    return (
        passage is not None
        and is_low(passage.sums, hit.rule.id)
        and (
            len(plain) <= SHORT
            or is_low(weigh(list_features(plain[slice(*find_window(plain, passage, hit))])), hit.rule.id)
        )
    )


def is_low(sums: Weighed, name: str) -> bool:
    of_rule, of_any = sums[name], sums[ANY]
    return (of_rule < LOW and of_any < SURE) or of_rule + of_any < LOW_TOGETHER


def find_window(plain: str, passage: Passage, hit: Hit) -> tuple[int, int]:
    """Return the clause of the hit, with those before it until it is long enough to be weighed: a whole sentence of plain
    facts does not outweigh the one clause that is none.
    """
    end = plain.find(",", hit.end, passage.end)
    end = end if end >= 0 else passage.end
    start = hit.start
    while start > passage.start and (plain[start - 1] not in ",、:" or end - start < LEAST):
        start -= 1
    return start, end


def digest(entry: Entry) -> str:
    return digest_written(entry.words, entry.find.pattern if entry.find else "")


@cache
def digest_written(words: tuple[str, ...], pattern: str) -> str:
    return f"{crc32(chr(10).join((*words, pattern)).encode()):08x}"


def find_evident(
    plain: str,
    kind: str,
    passages: list[Passage],
    rules: dict[str, Rule],
    hits: list[Hit],
    stands: list[Hit],
) -> Iterator[Hit]:
    """Yield the passages that speak like those that break a rule of which no pattern or word was met there, lawful or not."""
    more = OF_COURSES if kind == "course_page" else 0
    met: dict[str, list[int]] = {}
    for first, rule_id in sorted((hit.start, hit.rule.id) for hit in hits):
        met.setdefault(rule_id, []).append(first)
    stand = sorted(hit.start for hit in stands)
    if not stands and not any(passage.sums[ANY] > EVIDENT for passage in passages):
        passages = [*passages, *weigh_sentences(plain)]
    for passage in passages:
        if passage.sums[ANY] <= HIGH_ANY + more:
            continue
        sums = {name: passage.sums[name] for name in rules if name in read_evidence()[0]}
        high = HIGH + more + (BESIDE if is_met(stand, passage) else 0)
        found = [
            name
            for name, of_rule in sums.items()
            if of_rule > high and not is_met(met.get(name, []), passage)
        ]
        if not found and sums and passage.sums[ANY] > EVIDENT + more and not is_met(stand, passage):
            likeliest = max(sums, key=sums.__getitem__)
            if sums[likeliest] > LIKELY + more and not is_met(met.get(likeliest, []), passage):
                found = [likeliest]
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
