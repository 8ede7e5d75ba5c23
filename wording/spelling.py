"""Letters in the place of characters: a word that a rule names, written partly in pinyin (chou奖, 概bu负责, s单).

The letters go and the characters stand there, so that words and patterns both see them. At least one character
of the word must be written as it is, right beside the letters: that tells a disguise from a name or a unit.
"""

from __future__ import annotations

import re
from functools import cache

from wording.book import Book
from wording.folding import Folded
from wording.loading import load
from wording.tables.reading import syllables, tricks

HAN = "[\u3400-\u9fff]"
RUN = re.compile(rf"(?<={HAN})[a-z]{{1,14}}(?![a-z])|(?<![a-z])[a-z]{{1,14}}(?={HAN})")
LONGEST = 6
Hidden = tuple[str, str, str]  # what stands before the letters, what they stand for, what stands after


class Spellings:
    def __init__(self, book: Book) -> None:
        self.hidden: dict[str, list[Hidden]] = {}
        entries = [entry for rule in book.rules for entry in rule.entries]
        named = {word for entry in entries for word in (*entry.words, *entry.needs)}
        sounded = {word for entry in entries for word in entry.sounded}  # sounding.py hears them itself
        for word in sorted(named | sounded | set(tricks()["also_spelt"])):
            said = [syllables().get(char, "") for char in word]
            if 2 <= len(word) <= LONGEST and all(said):
                if word not in sounded:
                    self.learn(word, said)
                elif len(word) == 2:  # s单: the first letter alone
                    self.add(said[0][0], "", word[0], word[1])

    def learn(self, word: str, said: list[str]) -> None:
        for first in range(len(word)):
            for last in range(first + 1, len(word) + 1):
                if last - first < len(word):
                    self.add("".join(said[first:last]), word[:first], word[first:last], word[last:])

    def add(self, letters: str, *hidden: str) -> None:
        self.hidden.setdefault(letters, []).append(hidden)

    def meant(self, plain: str, start: int, end: int) -> str | None:
        for before, hidden, after in self.hidden.get(plain[start:end], ()):
            if plain.endswith(before, 0, start) and plain.startswith(after, end):
                return hidden
        return None

    def undo(self, folded: Folded) -> Folded:
        plain, at, until = folded.plain, folded.at, dict(folded.until)
        for found in reversed(list(RUN.finditer(plain))):
            start, end = found.span()
            if meant := self.meant(plain, start, end):
                until[at[start]] = at[end - 1] + 1
                plain = plain[:start] + meant + plain[end:]
                at = at[:start] + [at[start]] * len(meant) + at[end:]
        return Folded(folded.text, plain, at, until)


@cache
def spellings() -> Spellings:
    return Spellings(load())


def unspelt(folded: Folded) -> Folded:
    return spellings().undo(folded) if RUN.search(folded.plain) else folded
