"""Join a word that a rule names and that is written over the end of a line (零农\\n残): a reader reads on.

Two characters that stand at the end of one line and the beginning of the next may be there by chance (土鸡放养, 胃口好): they are
joined only if neither belongs to a normal word of its own line.
"""

from __future__ import annotations

import re
from functools import cache

from wording.disguises.normalisation import NormalisedText, drop_places
from wording.rulebook.loader import load_rules
from wording.rulebook.rules import RuleBook
from wording.tables.reader import read_words

HAN = "[\u3007\u3400-\u9fff]"
LINE_END = re.compile(rf"(?<={HAN})\n{{1,2}}(?={HAN})")
# One character a line, at least two lines.
UPRIGHT = re.compile(rf"(?<![^\n]){HAN}(?:\n{HAN})+(?![^\n])")
WHOLE = re.compile(f"{HAN}{{2,8}}")
NUMBER = re.compile("[零一二三四五六七八九十百千万两几半]+")
LONGEST = 8
LONGEST_NORMAL = 3


class BreakableWords:
    """The words that rules name and patterns need, of Chinese characters only, with what each may begin with."""

    def __init__(self, book: RuleBook) -> None:
        entries = [entry for rule in book.rules for entry in rule.entries]
        named = {word for entry in entries for word in (*entry.words, *entry.needs, *entry.sounded)}
        self.words = {word for word in named if WHOLE.fullmatch(word) and not NUMBER.fullmatch(word)}
        self.beginnings = {word[:size] for word in self.words for size in range(1, len(word))}

    def is_broken(self, before: str, after: str) -> bool:
        """Return whether a word ends the line before and goes on in the line after."""
        for size in range(1, LONGEST):
            if size > len(before) or before[-size:] not in self.beginnings:
                continue
            for rest in range(1, min(LONGEST - size, len(after)) + 1):
                if before[-size:] + after[:rest] in self.words and (
                    size + rest > 2 or not is_normal(before, after)
                ):
                    return True
        return False


def is_normal(before: str, after: str) -> bool:
    """Return whether a normal word ends the line before or begins the line after."""
    sizes = range(2, LONGEST_NORMAL + 1)
    return any(before[-size:] in read_words() or after[:size] in read_words() for size in sizes)


@cache
def get_breakable_words() -> BreakableWords:
    return BreakableWords(load_rules())


def join_broken_words(folded: NormalisedText) -> NormalisedText:
    plain = folded.plain
    if "\n" not in plain:
        return folded
    words = get_breakable_words()
    gone = {
        place
        for found in LINE_END.finditer(plain)
        if words.is_broken(
            plain[max(0, found.start() - LONGEST) : found.start()].rpartition("\n")[2],
            plain[found.end() : found.end() + LONGEST].partition("\n")[0],
        )
        for place in range(*found.span())
    }
    for found in UPRIGHT.finditer(plain):
        gone.update(range(found.start() + 1, found.end(), 2))
    if not gone:
        return folded
    plain, at = drop_places(plain, folded.at, gone)
    return NormalisedText(folded.text, plain, at, folded.until)
