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
