"""Check a text by the known rules. `check` is the whole interface; its core imports no Django.

It never says that a text is lawful: no finding means that no known rule (of `get_rules_date()`) was broken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import attrgetter

from wording.consistency import find_contradictions, find_rule, is_backed
from wording.disguises.broken_words import join_broken_words
from wording.disguises.homophones import replace_homophones
from wording.disguises.normalisation import NormalisedText, normalise
from wording.disguises.pinyin import replace_pinyin
from wording.evidence import WeighedText, find_evident
from wording.exemptions import Surroundings, is_proven, is_settled_for
from wording.facts import Facts
from wording.matcher import Hit, get_matcher
from wording.rewrites import find_span_to_delete, fit_degree
from wording.rulebook.fields import KINDS
from wording.rulebook.loader import load_rules
from wording.rulebook.rules import Rule
from wording.rulebook.statements import (
    Offer,
    fill,
    find_gaps,
    find_goods,
    list_statements,
    name_goods,
    needs_goods,
)

HAN = re.compile(r"[\u4e00-\u9fff]")
# Rules whose words are statements, never an attribute of something that remains without them.
CLAUSES_ONLY = ("A6", "A7", "B5", "C2", "C3", "D6", "E7", "E8", "E9")
TWO_DIGITS = re.compile("[0-9]{2}")
LONGEST_NUMBER = 20  # digits on each side of an edge of the words
LONGEST_ATTRIBUTE = 8  # characters of a pattern's words
RANK = {"block": 2, "warn": 1, "info": 0}


@dataclass(frozen=True)
class Finding:
    """A broken rule. `start` and `end` index the text as given. `rewrite` replaces that part: "" deletes it, None needs a
    person.

    `offers`: what one tap may do, the best first (`rewrites.propose_changes`). If it is to delete the words, with as much
    around them as `rewrites.find_span_to_delete` says, `rewrite` is "" only if that is exactly the words themselves.
    """

    rule: str
    severity: str
    start: int
    end: int
    law: str
    article: str
    reason: str
    rewrite: str | None
    proof: tuple[str, ...]
    words: str = field(default="")
    offers: tuple[Offer, ...] = ()


def check(text: str, kind: str = "listing", facts: Facts | None = None, lang: str = "zh") -> list[Finding]:
    """Return the findings, sorted by their start. Raises ValueError for an unknown kind, nothing for any text."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    lang = "en" if lang[:2] == "en" else "zh"
    folded = fold(text)
    around = Surroundings(folded.plain, kind, load_rules().contexts)
    hits = find_hits(folded.plain, kind)
    weighed = WeighedText(
        folded.plain,
        kind,
        met=[hit for hit in hits if not is_allowed(hit, facts, folded.plain)],
        stands=remove_lawful(hits, around, facts),
    )
    stands = [hit for hit in weighed.stands if not weighed.is_doubtful(hit)]
    rules = {
        rule.id: rule
        for rule in load_rules().rules
        if rule.severity[kind] != "off" and not is_settled_for(rule, facts)
    }
    contradictions = [] if facts is None else find_contradictions(folded.plain, facts)
    unlike_facts = [hit for hit in contradictions if not around.exempts(hit)]
    gaps = list(find_gaps(text))
    evident: list[Hit] = []
    if not gaps:  # unfinished lines say nothing yet
        evident = list(find_evident(folded.plain, weighed.passages, rules, [*weighed.stands, *unlike_facts]))
        if not stands and not unlike_facts and not evident:
            evident = list(find_evident(folded.plain, weighed.sentences, rules, weighed.stands))
    kept = keep_longest([*stands, *evident], kind) + unlike_facts
    checked = CheckedText(folded, kind, lang, facts)
    found = {build_finding(checked, hit) for hit in kept if hit.entry.severity[kind] != "off"}
    if rule := find_rule("F1"):
        found.update(build_gap_finding(rule, text, span, kind, lang) for span in gaps)
    return sorted(
        (one for one in found if one.severity != "off"), key=lambda one: (one.start, one.end, one.rule)
    )


def fold(text: str) -> NormalisedText:
    """Return the text as a reader would hear it."""
    return replace_homophones(replace_pinyin(join_broken_words(normalise(text))))


def get_rules_date() -> date:
    """Return the newest day on which somebody compared a rule with the law."""
    return max(rule.as_of for rule in load_rules().rules)


def find_hits(plain: str, kind: str) -> list[Hit]:
    """Return the hits of patterns and words that are asked for in this kind of text, by their start."""
    hits = [hit for hit in get_matcher().hits(plain, kind) if hit.entry.severity[kind] != "off"]
    return sorted(hits, key=attrgetter("start"))


def remove_lawful(hits: list[Hit], around: Surroundings, facts: Facts | None) -> list[Hit]:
    """Remove the lawful hits, and those within a lawful one of the same rule."""
    stands, excused = [], []
    for hit in hits:
        if is_allowed(hit, facts, around.plain) or around.exempts(hit):
            excused.append(hit)
        elif not around.ruled_out(hit):
            stands.append(hit)
    covered: dict[str, set[int]] = {}
    for hit in excused:
        covered.setdefault(hit.rule.id, set()).update(range(hit.start, hit.end))
    return [
        hit for hit in stands if not covered.get(hit.rule.id, set()).issuperset(range(hit.start, hit.end))
    ]


def is_allowed(hit: Hit, facts: Facts | None, plain: str) -> bool:
    """Return whether the facts of the goods make the words lawful."""
    return is_proven(hit, facts, plain[hit.start : hit.end]) or is_backed(hit, facts)


def keep_longest(hits: list[Hit], kind: str) -> list[Hit]:
    """Keep only the longest of one rule's overlapping hits; of two as long, the more severe one.

    Hits of different rules may overlap, but a warning within a block of another rule is dropped.
    """
    ordered = sorted(
        hits, key=lambda hit: (hit.start - hit.end, -RANK[hit.entry.severity[kind]], hit.start, hit.rule.id)
    )
    taken: dict[str, set[int]] = {}
    blocks: set[int] = set()
    kept = []
    for hit in ordered:
        span = range(hit.start, hit.end)
        of_rule = taken.setdefault(hit.rule.id, set())
        blocking = hit.entry.severity[kind] == "block"
        if of_rule.isdisjoint(span) and (blocking or not blocks.issuperset(span)):
            of_rule.update(span)
            if blocking:
                blocks.update(span)
            kept.append(hit)
    return kept


@dataclass(frozen=True)
class CheckedText:
    """A text with how it is checked, and what of it is found out only if a finding needs it."""

    folded: NormalisedText
    kind: str
    lang: str  # of the page
    facts: Facts | None

    @cached_property
    def written(self) -> str:
        """Return the language of the text."""
        return "zh" if HAN.search(self.folded.text) else "en"

    @cached_property
    def goods(self) -> str:
        return find_goods(load_rules(), self.facts, self.folded.plain)


def build_finding(checked: CheckedText, hit: Hit) -> Finding:
    text, entry, lang = checked.folded.text, hit.entry, checked.lang
    start, end = include_number(text, *checked.folded.span(hit.start, hit.end))
    offers = list_offers(checked, hit, start, end)
    parts = dict(hit.parts)
    if needs_goods(entry.reason[lang]):
        parts["goods"] = name_goods(load_rules(), checked.goods, lang)
    return Finding(
        rule=hit.rule.id,
        severity=entry.severity[checked.kind],
        start=start,
        end=end,
        law=hit.rule.law[lang],
        article=hit.rule.article,
        reason=fill(entry.reason[lang], parts),
        rewrite=choose_rewrite(text, start, end, offers),
        proof=entry.proof,
        words=text[start:end],
        offers=offers,
    )


def include_number(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the words with the rest of a number that they begin or end in: 加我微信138|12345678."""
    for _digit in range(LONGEST_NUMBER):
        if not (0 < start < end and TWO_DIGITS.fullmatch(text, start - 1, start + 1)):
            break
        start -= 1
    for _digit in range(LONGEST_NUMBER):
        if not (start < end < len(text) and TWO_DIGITS.fullmatch(text, end - 1, end + 1)):
            break
        end += 1
    return start, end


def list_offers(checked: CheckedText, hit: Hit, start: int, end: int) -> tuple[Offer, ...]:
    """Return what one tap may do, the best first; in the language of the text, whatever that of the page."""
    text, entry, lang = checked.folded.text, hit.entry, checked.written
    stated = list_statements(
        load_rules().statements,
        hit.rule.id,
        checked.folded.plain,
        (hit.start, hit.end),
        checked.facts,
        lambda: checked.goods,
        lang,
    )
    own = []
    if entry.rewrite is not None:
        put = fit_degree(text, start, end, fill(entry.rewrite[lang], hit.parts))
        own = [make_own_offer(put, hit, text[start:end], lang)]
    return tuple([*stated, *own] if stated and stated[0].how == "fact" else [*own, *stated])


def make_own_offer(put: str, hit: Hit, words: str, lang: str) -> Offer:
    """Return what the rule's own rewrite does; Latin letters between Chinese words are deleted instead of translated."""
    if put and not (lang == "zh" and not HAN.search(words)):
        return Offer("words", put)
    is_attribute = hit.rule.id not in CLAUSES_ONLY and (
        bool(hit.entry.words) or len(words) <= LONGEST_ATTRIBUTE
    )
    return Offer("delete", is_attribute=is_attribute)


def choose_rewrite(text: str, start: int, end: int, offers: tuple[Offer, ...]) -> str | None:
    """Return what replaces exactly the words, for programs that change nothing else; None where that is no sentence."""
    first = next((one for one in offers if one.how != "gap"), None)
    if first is None or first.more:
        return None
    if first.how == "delete":
        return "" if find_span_to_delete(text, start, end, first.is_attribute) == (start, end) else None
    return first.put


def build_gap_finding(rule: Rule, text: str, span: tuple[int, int], kind: str, lang: str) -> Finding:
    """Return the finding of rule F1 for a gap that is still to fill in."""
    start, end = span
    return Finding(
        rule=rule.id,
        severity=rule.severity[kind],
        start=start,
        end=end,
        law=rule.law[lang],
        article=rule.article,
        reason=rule.reason[lang],
        rewrite=None,
        proof=(),
        words=text[start:end],
        offers=(Offer("delete"),),
    )
