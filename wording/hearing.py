"""One character of a word that patterns ask for, written as another of the same sound (运肺, 县掌, 月如过万).

The meant character takes its place, so that patterns see it. As in sounding.py, a character that belongs to a
normal word where it stands, or that is common by itself, is no disguise.
"""

from __future__ import annotations

from functools import cache

from wording.folding import Folded
from wording.sounding import out_of_place
from wording.tables.reading import syllables, tricks

Heard = dict[tuple[str, str], list[tuple[tuple[str, ...], str]]]


@cache
def heard() -> Heard:
    """The words of `also_heard` with their syllables, by the first two of these."""
    found: Heard = {}
    for word in tricks()["also_heard"]:
        said = tuple(syllables()[char] for char in word)
        found.setdefault(said[:2], []).append((said, word))
    return found


@cache
def named() -> frozenset[str]:
    return frozenset(tricks()["also_heard"])


def unheard(folded: Folded) -> Folded:
    words, plain = heard(), folded.plain
    names = list(map(syllables().get, plain))
    meant = {
        place: char
        for index, pair in enumerate(zip(names, names[1:], strict=False))
        if pair in words
        for said, word in words[pair]
        if tuple(names[index : index + len(said)]) == said
        for place, char in replaced(plain, index, word)
    }
    if not meant:
        return folded
    plain = "".join(meant.get(place, char) for place, char in enumerate(plain))
    return Folded(folded.text, plain, folded.at, folded.until)


def replaced(plain: str, index: int, word: str) -> list[tuple[int, str]]:
    """Where one character stands for one of the word, and which."""
    differ = [place for place, char in enumerate(word, index) if plain[place] != char]
    if len(differ) == 1 and out_of_place(plain, differ[0], differ[0] + 1, named()):
        return [(differ[0], word[differ[0] - index])]
    return []
