"""Read the tables of characters, once, when the first text is checked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CONCEPT = "\u00a7"  # before the name of a concept, to tell it from characters of a text
# How evidence.txt writes a number as one character: tenths from `FIRST` on, or around `MIDDLE` with a sign.
FIRST, MIDDLE, LAST, STEPS = 33, 79, 125, 10
PLACES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def read_lines(name: str) -> list[str]:
    path = HERE / name
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@cache
def read_simplified() -> dict[str, str]:
    return {pair[0]: pair[1] for pair in read_lines("simplified.txt")}


@cache
def read_syllables() -> dict[str, str]:
    """Return character → pinyin without its tone."""
    return {
        char: name
        for name, _, chars in (line.partition(" ") for line in read_lines("syllables.txt"))
        for char in chars
    }


@cache
def read_words() -> frozenset[str]:
    return frozenset((*read_lines("words.txt"), *read_tricks()["normal"]))


@cache
def read_tricks() -> dict:
    return tomllib.loads((HERE / "tricks.toml").read_text(encoding="utf-8"))


def read_lookalikes() -> dict[str, str]:
    return read_tricks()["lookalikes"]


def read_never_last() -> str:
    return read_tricks()["never_last"]


@cache
def read_everyday() -> frozenset[str]:
    """Return characters so common on their own that sounding like a term means nothing."""
    return frozenset(read_tricks()["everyday"])


@cache
def read_concepts() -> tuple[dict[str, frozenset[str]], dict[str, list[tuple[str, frozenset[str]]]]]:
    """Return the concepts of each word of one or two characters, and of the longer words by their first two characters."""
    words: dict[str, set[str]] = {}
    for row in read_lines("concepts.txt"):
        name, *said = row.split()
        for word in said:
            words.setdefault(word, set()).add(CONCEPT + name)
    longer: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for word, names in words.items():
        if len(word) > 2:
            longer.setdefault(word[:2], []).append((word, frozenset(names)))
    return {word: frozenset(names) for word, names in words.items() if len(word) <= 2}, longer


@cache
def read_evidence() -> tuple[dict[str, int], frozenset[str], dict[str, str]]:
    """Return the base of each rule in hundredths, the digests of the entries that were weighed, and each feature with its
    weights as they are written; a text needs few of them (`read_feature`).

    A row is a feature, a tab, its rarity as one character, and two characters for each weight: the place of the rule in the
    first row, and how much. A weight beyond what one character says stands as several.
    """
    with (HERE / "evidence.txt").open(encoding="utf-8") as rows:
        bases, known = next(rows), next(rows)
        same: dict[str, str] = {}  # half of the rows are written like another: kept once
        features = {
            feature: same.setdefault(written, written)
            for feature, _tab, written in (row.rstrip("\n").partition("\t") for row in rows)
        }
    return read_pairs(bases), frozenset(known.split()), features


def read_feature(feature: str) -> dict[str, int]:
    """Return the feature's weights for the rules, and its size, in hundredths; nothing for one that has none."""
    base, _known, features = read_evidence()
    written = features.get(feature)
    if not written:
        return {}
    names = list(base)
    rarity = (ord(written[0]) - FIRST) / STEPS
    weights: dict[str, float] = {}
    for place, amount in zip(written[1::2], written[2::2], strict=True):
        name = names[PLACES.index(place)]
        weights[name] = weights.get(name, 0) + (ord(amount) - MIDDLE) / STEPS
    return {
        **{name: round(weight * rarity * 100) for name, weight in weights.items()},
        "size": round(rarity**2 * 100),
    }


def read_pairs(written: str) -> dict[str, int]:
    return {name: int(value) for name, _, value in (one.partition("=") for one in written.split())}
