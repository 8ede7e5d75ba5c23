"""Normalise a disguised text to the form a reader would hear, and store each character's position.

Full-width, circled and traditional characters become plain ones; invisible characters, and decoration between two Chinese
characters, are removed. Punctuation between clauses stays, because rules and exemptions read clauses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from wording.rulebook.regex import Regex
from wording.tables.reader import read_lookalikes, read_never_last, read_simplified, read_tricks

STRUCK = Regex("(?<=[0-9])[\u0335-\u0338]")  # a line through a figure, for rule C2
GONE = "\ue000"  # replaces a dropped character until all positions are known
HAN = r"\u3007\u3400-\u9fff"
KEEP = "\u2026\u2103\u2109\u2605\n"
DECORATION = rf"{GONE} \t\r`*\u00b7\u2022\u30fb\-_~/\\|^#&.\u2027\u25cf\u25cb\u25a0\u25a1\u2606"
PER = "(?<=[元块钱斤克])/(?=[公千]?[斤克箱件袋包个只枚颗盒份提筐桶捆棵株])"  # 元/斤: not decoration, it means "per"
NOISE = Regex(
    rf"(?=[{DECORATION}\u2605])(?:"  # each of the following begins with one of these
    rf"{GONE}+"
    rf"|(?<=[{HAN}])(?!{PER})[{DECORATION}]+(?=[{HAN}])"
    rf"|(?<=[{HAN}])[ \t\r{GONE}]+|[ \t\r{GONE}]+(?=[{HAN}%])"
    r"|(?<=[ \t])[ \t]+"
    r"|(?<!\u2605)\u2605{1,4}(?!\u2605)"  # five of them are a rating
    rf"|(?<=\d)[ \t]+(?=k ?g(?![a-z])|[a-z]{{2,6}}[{HAN}])|(?<=\d [k])[ \t]+(?=g(?![a-z])))"
)
MARKS = r",\u3001.;:!?\u3002/|+=\u2014\u2013"
# Typed with a mark between characters (one character, one mark, one character …), at least three of them.
SPELT = Regex(rf"(?<![{HAN}])(?:[{HAN}][{MARKS}]{{1,3}}){{2,40}}[{HAN}](?![{HAN}])")
MARK = Regex(f"[{MARKS}]")

# One character or one syllable in brackets next to other characters, or several of them.
OPENED, CLOSED = (
    '[(\\[<{\u300c\u300e\u3010\u300a\u201c\u2018"]',
    '[)\\]>}\u300d\u300f\u3011\u300b\u201d\u2019"]',
)
WRAPPED = rf"{OPENED}(?:[{HAN}]|[a-z]{{2,6}}){CLOSED}"
WRAPPING = Regex(
    rf"(?<=[{HAN}])(?:{WRAPPED})+(?=[{HAN}])|(?:{WRAPPED}){{2,}}|(?<![{HAN}])(?:{WRAPPED})(?=[{HAN}])|(?<=[{HAN}])(?:{WRAPPED})"
)
BRACKET = Regex(f"{OPENED}|{CLOSED}")

APOSTROPHE = Regex("(?<=[a-z])'")  # we've: the rules write \u2019
ROUND = Regex(r"(?<=\d)o(?=[\d.\u65a4\u5143\u5757\u7bb1])")  # 1O斤: a letter instead of a zero


class Table(dict):
    """A cache of normalised characters; most texts use some three thousand."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = normalise_char(chr(code))
        return folded


def normalise_char(char: str) -> str:
    if char in KEEP:
        return char
    form: Literal["NFKD", "NFKC"] = (
        "NFKD" if ord(char) < 0x300 or 0x1E00 <= ord(char) < 0x1F00 else "NFKC"
    )  # letters lose their tone marks
    plain = unicodedata.normalize(form, char).lower()
    plain = "".join(read_lookalikes().get(one) or read_simplified().get(one, one) for one in plain)
    return "".join(one if is_text(one) else GONE for one in plain) or GONE


def is_text(char: str) -> bool:
    """Return whether it is text, not a control or format character (zero width, direction), a mark on a letter, or a
    picture.
    """
    kind = unicodedata.category(char)
    return char in "\n\t\r\u2605" or not (kind[0] == "C" or kind in ("Mn", "Me", "Mc", "So", "Sk"))


@cache
def get_char_table() -> Table:
    return Table()


@dataclass(slots=True)
class NormalisedText:
    text: str
    plain: str
    at: list[int]  # the position of each character of `plain` in `text`
    until: dict[int, int] = field(default_factory=dict)  # where a longer original of a character ends

    def span(self, start: int, end: int) -> tuple[int, int]:
        last = self.at[end - 1]
        return self.at[start], self.until.get(last, last + 1)


def normalise(given: str) -> NormalisedText:
    text = replace_pictures(given)
    plain = text.translate(get_char_table())
    if len(plain) == len(text):  # dropped characters are still there, so nothing has moved
        at = list(range(len(text)))
    else:
        pieces = [get_char_table()[ord(char)] for char in text]
        at = [index for index, piece in enumerate(pieces) for _char in piece]
        plain = "".join(pieces)
    if "'" in plain:
        plain = APOSTROPHE.sub("\u2019", plain)  # the length stays
    plain, at = remove_matches(NOISE, plain, at)
    if BRACKET.search(plain) and (wrapped := list(WRAPPING.finditer(plain))):
        plain, at = drop_places(
            plain, at, {one.start() for m in wrapped for one in BRACKET.finditer(plain, *m.span())}
        )
    if spelt := list(SPELT.finditer(plain)):
        plain, at = drop_places(
            plain, at, {one.start() for m in spelt for one in MARK.finditer(plain, *m.span())}
        )
    for pattern in compile_disguises():
        plain, at = remove_matches(pattern, plain, at)
    plain = ROUND.sub("0", compile_first().sub(read_tricks()["first"][1], plain))  # the length stays
    return NormalisedText(given, plain, at)


def replace_pictures(text: str) -> str:
    """Replace a picture that completes a word by its character; elsewhere it is decoration and is removed later."""
    text = STRUCK.sub("\u00ac", text)
    for picture, completes in load_pictures().items():
        if picture in text:
            text = completes.sub(read_tricks()["pictures"][picture]["means"], text)
    return text


@cache
def load_pictures() -> dict[str, re.Pattern]:
    """Return each picture with the characters around it in the words that it completes."""
    found = {}
    for picture, read in read_tricks()["pictures"].items():
        sides = [word.split(read["means"]) for word in read["words"]]
        found[picture] = re.compile(
            "|".join(
                f"(?<={before}){picture}(?={after})" if before else f"{picture}(?={after})"
                for before, after in sides
            )
        )
    return found


@cache
def compile_first() -> re.Pattern:
    return re.compile(read_tricks()["first"][0])


@cache
def compile_disguises() -> list[re.Pattern]:
    """Return patterns of a mark after a character that never ends a clause, which hides a term and is removed."""
    return [
        re.compile(
            rf"(?<=[{read_never_last()}])[{MARKS}\n \[(<{{\u300c\u300e\u3010\u300a\u201c\"]+(?=[{HAN}])"
        )
    ]


def drop_places(plain: str, at: list[int], gone: set[int]) -> tuple[str, list[int]]:
    kept = [index for index in range(len(plain)) if index not in gone]
    return "".join(plain[index] for index in kept), [at[index] for index in kept]


def remove_matches(pattern: re.Pattern | Regex, plain: str, at: list[int]) -> tuple[str, list[int]]:
    kept, places, last = [], [], 0
    for found in pattern.finditer(plain):
        kept.append(plain[last : found.start()])
        places += at[last : found.start()]
        last = found.end()
    if not last:
        return plain, at
    return "".join(kept) + plain[last:], places + at[last:]
