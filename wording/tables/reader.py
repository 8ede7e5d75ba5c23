"""Read the tables of characters, once, when the first text is checked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


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
def read_evidence() -> tuple[dict[str, int], frozenset[str], dict[str, dict[str, int]]]:
    """Return the base of each rule, the digests of the entries that were weighed, and the weights of each feature for the
    rules, all numbers in hundredths.
    """
    bases, known, *rows = read_lines("evidence.txt") or ("", "")
    return (
        read_pairs(bases),
        frozenset(known.split()),
        {feature: read_pairs(weights) for feature, _, weights in (row.partition("\t") for row in rows)},
    )


def read_pairs(written: str) -> dict[str, int]:
    return {name: int(value) for name, _, value in (one.partition("=") for one in written.split())}
