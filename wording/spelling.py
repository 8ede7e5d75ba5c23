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

    def meant(self, before: str, letters: str, after: str) -> str | None:
        for ahead, hidden, behind in self.hidden.get(letters, ()):
            if before.endswith(ahead) and after.startswith(behind):
                return hidden
        return None

    def undo(self, folded: Folded) -> Folded:
        plain, at, until = folded.plain, folded.at, dict(folded.until)
        pieces, places, last, before = [], [], 0, ""
        for found in RUN.finditer(plain):
            start, end = found.span()
            before = (before + plain[last:start])[-LONGEST:]
            meant = self.meant(before, found[0], plain[end : end + LONGEST]) or ""
            if meant:
                until[at[start]] = at[end - 1] + 1
            before += meant or found[0]
            pieces += [plain[last:start], meant or found[0]]
            places += at[last:start] + ([at[start]] * len(meant) or at[start:end])
            last = end
        return Folded(folded.text, "".join(pieces) + plain[last:], places + at[last:], until)


@cache
def spellings() -> Spellings:
    return Spellings(load())


def unspelt(folded: Folded) -> Folded:
    return spellings().undo(folded) if RUN.search(folded.plain) else folded
