"""The per-character tables, read once when the first text is checked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    path = HERE / name
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@cache
def simplified() -> dict[str, str]:
    return {pair[0]: pair[1] for pair in lines("simplified.txt")}


@cache
def syllables() -> dict[str, str]:
    """Character → pinyin without its tone."""
    return {
        char: name
        for name, _, chars in (line.partition(" ") for line in lines("syllables.txt"))
        for char in chars
    }


@cache
def words() -> frozenset[str]:
    return frozenset((*lines("words.txt"), *tricks()["normal"]))


@cache
def tricks() -> dict:
    return tomllib.loads((HERE / "tricks.toml").read_text(encoding="utf-8"))


def lookalikes() -> dict[str, str]:
    return tricks()["lookalikes"]


def never_last() -> str:
    return tricks()["never_last"]


@cache
def everyday() -> frozenset[str]:
    """Characters so common on their own that sounding like a term means nothing."""
    return frozenset(tricks()["everyday"])
