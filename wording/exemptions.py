"""Decide whether a word that a rule names is lawful in its context."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any

from wording.facts import Facts
from wording.matcher import Hit
from wording.rulebook.regex import Regex
from wording.rulebook.rules import Rule
from wording.sentences import ENDS
from wording.tables.reader import read_tricks

BULLET = re.compile(
    r"\s*(?:[-*\u2022\u00b7\u00d7]|[0-9\u4e00-\u5341]{1,2}[.\u3001)\uff09]|[\u201c\u300c\"])?"
)
OPEN, CLOSE = read_tricks()["quotes"]
# Marks that need a certificate, as texts name them.
MARKS = {"绿色": "green", "绿标": "green", "有机": "organic", "硒": "selenium", "地理": "gi", "地标": "gi"}
LOOK_BACK, LOOK_ON = 32, 40
SENTENCE = 160  # of a longer one, so many characters on each side are used


class Surroundings:
    """A normalised text with its sentences, quotations and lists, found once for all hits."""

    def __init__(self, plain: str, kind: str, contexts: dict[str, dict[str, Any]]) -> None:
        self.plain, self.kind, self.contexts = plain, kind, contexts
        self.ends = [found.start() for found in ENDS.finditer(plain)]
        self.seen: dict[tuple[str, int, int], bool] = {}
        self.near: dict[tuple[tuple[str, ...], str, str], list[dict[str, Any]]] = {}

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        before, after = bisect_left(self.ends, start), bisect_left(self.ends, end)
        first = self.ends[before - 1] + 1 if before else 0
        last = self.ends[after] + 1 if after < len(self.ends) else len(self.plain)
        # For a very long one, the blocks around it: all hits of a block share the result.
        block, end_block = start // SENTENCE * SENTENCE, end // SENTENCE * SENTENCE
        return max(first, block - SENTENCE), min(last, end_block + 2 * SENTENCE)

    def line(self, start: int, end: int) -> tuple[int, int]:
        last = self.plain.find("\n", end)
        first = max(self.plain.rfind("\n", 0, start) + 1, start // SENTENCE * SENTENCE - SENTENCE)
        end_block = end // SENTENCE * SENTENCE + 2 * SENTENCE
        return first, min(end_block, last if last >= 0 else len(self.plain))

    def exempts(self, hit: Hit) -> bool:
        start, end, plain = hit.start, hit.end, self.plain
        key = (hit.entry.exempt, plain[max(0, start - LOOK_BACK) : start], plain[end : end + LOOK_ON])
        if (contexts := self.near.get(key)) is None:
            contexts = self.near[key] = [
                context
                for context in map(self.contexts.__getitem__, hit.entry.exempt)
                if self.kind in context["kinds"] and fits_context(context, key[1], key[2])
            ]
        return any(
            (not context["quoted"] or self.is_quoted(start, end))
            and ("sentence" not in context or self.is_said_around(context, start, end))
            and (
                "not_sentence" not in context or not self.is_in_sentence(context["not_sentence"], start, end)
            )
            for context in contexts
        )

    def ruled_out(self, hit: Hit) -> bool:
        """Return whether the entry's own conditions exclude the hit."""
        checks, plain = hit.entry.checks, self.plain
        if not checks:
            return False
        before = plain[max(0, hit.start - LOOK_BACK) : hit.start]
        if "unless_before" in checks and checks["unless_before"].search(before):
            return True
        if "unless_after" in checks and checks["unless_after"].match(plain, hit.end):
            return True
        if "near" in checks or "unless_near" in checks:
            first, last = self.sentence(hit.start, hit.end)
            if "near" in checks and not self.said_in(checks["near"], first, last):
                return True
            if "unless_near" in checks and self.said_in(checks["unless_near"], first, last):
                return True
        return self.of_the_text(hit, "text_has") is False or self.of_the_text(hit, "text_lacks") is True

    def of_the_text(self, hit: Hit, name: str) -> bool | None:
        """Return whether the whole text is about this; None if the entry does not ask."""
        if (regex := hit.entry.checks.get(name)) is None or self.kind in hit.rule.always_in:
            return None
        return self.said_in(regex, 0, len(self.plain))

    def is_in_sentence(self, regex: Regex, start: int, end: int) -> bool:
        return self.said_in(regex, *self.sentence(start, end))

    def said_in(self, regex: Regex, first: int, last: int) -> bool:
        key = (regex.pattern, first, last)
        if key not in self.seen:
            self.seen[key] = bool(regex.search(self.plain, first, last))
        return self.seen[key]

    def is_said_around(self, context: dict[str, Any], start: int, end: int) -> bool:
        first, last = self.line(start, end) if context["line"] else self.sentence(start, end)
        regex = context["sentence"]
        return self.said_in(regex, first, last) or (context["listed"] and self.is_listed_under(regex, first))

    def is_listed_under(self, regex: Regex, first: int) -> bool:
        """Return whether the line is in a list whose heading, at most 12 lines above, ends with a colon and matches."""
        lines = self.plain[max(0, first - 600) : first].rstrip().split("\n")
        for line in reversed(lines[-12:]):
            if line.rstrip().endswith(":"):
                return bool(regex.search(line))
            bullet = BULLET.match(line)
            if not bullet or not bullet[0]:
                return False
        return False

    def is_quoted(self, start: int, end: int) -> bool:
        plain = self.plain
        before = plain[max(0, start - SENTENCE) : start].rpartition("\n")[2]
        after = plain[end : end + SENTENCE].partition("\n")[0]
        opened = max(before.rfind(mark) for mark in OPEN)
        if opened >= 0 and opened > max(before.rfind(mark) for mark in CLOSE):
            return any(mark in after for mark in CLOSE)
        return before.count('"') % 2 == 1 and '"' in after


def fits_context(context: dict[str, Any], before: str, after: str) -> bool:
    """Return whether the words right before and after fit the context."""
    if "before" in context:
        if context["first"] and context["first"].isdisjoint(before):
            return False
        if not context["before"].search(before):
            return False
    if "not_before" in context and context["not_before"].search(before):
        return False
    if "after" in context and not context["after"].match(after):
        return False
    return "not_after" not in context or not context["not_after"].match(after)


def is_proven(hit: Hit, facts: Facts | None, words: str) -> bool:
    """Return whether the stored facts make the words lawful.

    An entry of several marks (its certificate is "other") is lawful where each mark that the words name has its certificate.
    """
    if facts is None:
        return False
    rule, entry = hit.rule, hit.entry
    if entry.certificate:
        named = (
            {kind for mark, kind in MARKS.items() if mark in words} if entry.certificate == "other" else ()
        )
        return set(named or (entry.certificate,)) <= set(facts.certificates or ())
    if entry.provable and rule.id in (facts.proven or ()):
        return True
    return bool(entry.off_with) and is_settled(facts, entry.off_with)


def is_settled_for(rule: Rule, facts: Facts | None) -> bool:
    """Return whether the stored facts settle the rule, or a part of it, for these goods."""
    return facts is not None and (
        rule.id in (facts.proven or ())
        or any(entry.off_with and is_settled(facts, entry.off_with) for entry in rule.entries)
        or bool(facts.certificates and any(entry.certificate for entry in rule.entries))
    )


def is_settled(facts: Facts, name: str) -> bool:
    """Return whether a field is filled and true; after "not " known to be false; after "known " known at all."""
    how, _, field = name.rpartition(" ")
    value = getattr(facts, field)
    if how == "not":
        return value is False
    return value is not None if how == "known" else bool(value)
