"""Read letters that replace characters: a word that a rule names, written partly in pinyin (chou奖, 概bu负责, s单).

The letters are replaced by the characters, so that words and patterns both find them. At least one character of the word
must be written normally, right beside the letters: that distinguishes a disguise from a name or a unit. Words of
`also_spelt` may have the first letter of one character (y费). Letters alone are read only if they spell nothing but named
words and are beside a character (yunfei另议, xian zhang推荐).
"""

from __future__ import annotations

import re
from functools import cache

from wording.disguises.normalisation import NormalisedText
from wording.rulebook.loader import load_rules
from wording.rulebook.rules import RuleBook
from wording.tables.reader import read_syllables, read_tricks

HAN = "[\u3400-\u9fff]"
LETTERS = "[a-z]{2,24}(?: [a-z]{2,6}){0,7}"
SEVERAL = re.compile(rf"(?<={HAN}){LETTERS}(?![a-z0-9])|(?<![a-z0-9]){LETTERS}(?={HAN})")
RUN = re.compile(rf"(?<={HAN})[a-z]{{1,14}}(?![a-z])|(?<![a-z])[a-z]{{1,14}}(?={HAN})")
LONGEST = 6
SHORTEST = 5  # letters that may be read alone; fewer are a unit or a name
Hidden = tuple[str, str, str]  # the text before the letters, their meaning, the text after


class Spellings:
    def __init__(self, book: RuleBook) -> None:
        self.hidden: dict[str, list[Hidden]] = {}
        self.whole: dict[str, str] = {}
        entries = [entry for rule in book.rules for entry in rule.entries]
        named = {word for entry in entries for word in (*entry.words, *entry.needs)}
        sounded = {word for entry in entries for word in entry.sounded}  # homophones.py finds them
        places = set(book.goods["origin"]["places"]) | set(book.goods["variety"]["known"])
        for word in sorted(named | sounded | places | set(read_tricks()["also_spelt"])):
            syllables = [read_syllables().get(char, "") for char in word]
            if 2 <= len(word) <= LONGEST and all(syllables):
                if "".join(syllables) not in named:
                    self.whole["".join(syllables)] = word
                if word not in sounded:
                    self.learn(word, syllables)
                elif len(word) == 2:  # s单: the first letter alone
                    self.add_first(word, 0)
        for word in read_tricks()["also_spelt"]:
            for place in range(len(word)):
                self.add_first(word, place)

    def learn(self, word: str, syllables: list[str]) -> None:
        for first in range(len(word)):
            for last in range(first + 1, len(word) + 1):
                if last - first < len(word):
                    self.add("".join(syllables[first:last]), word[:first], word[first:last], word[last:])

    def add_first(self, word: str, place: int) -> None:
        """Add the character's first letter, unless it means something else there."""
        first = read_syllables()[word[place]][0]
        if word[:place] + first + word[place + 1 :] not in read_tricks()["not_letters"]:
            self.add(first, word[:place], word[place], word[place + 1 :])

    def add(self, letters: str, ahead: str, hidden: str, behind: str) -> None:
        self.hidden.setdefault(letters, []).append((ahead, hidden, behind))

    def meant(self, before: str, letters: str, after: str) -> str | None:
        for ahead, hidden, behind in self.hidden.get(letters, ()):
            if before.endswith(ahead) and after.startswith(behind):
                return hidden
        return None

    def read(self, letters: str) -> str:
        """Return what letters alone spell, read from the end, or nothing: only named words count."""
        meant = {len(letters): ""}
        for start in range(len(letters) - 2, -1, -1):
            for end in [end for end in meant if end > start]:
                if word := self.whole.get(letters[start:end]):
                    meant[start] = word + meant[end]
        return meant.get(0, "")

    def undo_whole(self, folded: NormalisedText) -> NormalisedText:
        plain, at, until = folded.plain, folded.at, dict(folded.until)
        pieces, places, last = [], [], 0
        for found in SEVERAL.finditer(plain):
            start, end = found.span()
            letters = found[0].replace(" ", "")
            if meant := self.read(letters) if len(letters) >= SHORTEST else "":
                until[at[start]] = at[end - 1] + 1
                pieces += [plain[last:start], meant]
                places += at[last:start] + [at[start]] * len(meant)
                last = end
        return NormalisedText(folded.text, "".join(pieces) + plain[last:], places + at[last:], until)

    def undo(self, folded: NormalisedText) -> NormalisedText:
        folded = self.undo_whole(folded)
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
        return NormalisedText(folded.text, "".join(pieces) + plain[last:], places + at[last:], until)


@cache
def get_spellings() -> Spellings:
    return Spellings(load_rules())


def replace_pinyin(folded: NormalisedText) -> NormalisedText:
    return get_spellings().undo(folded) if RUN.search(folded.plain) else folded
