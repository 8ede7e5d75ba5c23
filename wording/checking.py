"""What known rules a text hits. `check` is the whole interface; its core knows no Django.

It never says that a text is lawful: no finding means that no known rule (of `rules_date()`) was hit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from wording.comparing import backed, compared
from wording.deleting import span_to_delete
from wording.exempting import Surroundings, proven
from wording.facts import Facts
from wording.folding import Folded, fold
from wording.hearing import unheard
from wording.loading import KINDS, load
from wording.matching import Hit, matcher
from wording.spelling import unspelt

RANK = {"block": 2, "warn": 1, "info": 0}


@dataclass(frozen=True)
class Finding:
    """`start` and `end` index the text as given. `rewrite` replaces it whole: "" deletes, None asks a person.

    `deletes`: the words are to go, with as much around them as `deleting.span_to_delete` says; `rewrite` is "" only where
    that is no more than the words themselves.
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
    deletes: bool = False


def check(text: str, kind: str = "listing", facts: Facts | None = None, lang: str = "zh") -> list[Finding]:
    """The findings, sorted by where they start. Raises ValueError for an unknown kind, nothing for any text."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    lang = "en" if lang[:2] == "en" else "zh"
    folded = unheard(unspelt(fold(text)))
    around = Surroundings(folded.plain, kind, load().contexts)
    hits = [hit for hit in matcher().hits(folded.plain, kind) if hit.entry.severity[kind] != "off"]
    kept = longest(standing(hits, around, facts), kind)
    if facts is not None:
        kept += [hit for hit in compared(folded.plain, facts) if not around.exempts(hit)]
    found = {told(folded, hit, kind, lang) for hit in kept if hit.entry.severity[kind] != "off"}
    return sorted(found, key=lambda one: (one.start, one.end, one.rule))


def rules_date() -> date:
    """The newest day on which somebody read a rule against the law."""
    return max(rule.as_of for rule in load().rules)


def standing(hits: list[Hit], around: Surroundings, facts: Facts | None) -> list[Hit]:
    """Without the lawful ones, and without what stands within a lawful one of the same rule."""
    stands, excused = [], []
    for hit in hits:
        if proven(hit, facts) or backed(hit, facts) or around.exempts(hit):
            excused.append(hit)
        elif not around.ruled_out(hit):
            stands.append(hit)
    covered: dict[str, set[int]] = {}
    for hit in excused:
        covered.setdefault(hit.rule.id, set()).update(range(hit.start, hit.end))
    return [
        hit for hit in stands if not covered.get(hit.rule.id, set()).issuperset(range(hit.start, hit.end))
    ]


def longest(hits: list[Hit], kind: str) -> list[Hit]:
    """Of one rule's hits that overlap only the longest stands; of two as long, the graver.

    Hits of different rules may overlap, but a warning within a block of another rule adds nothing.
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


def told(folded: Folded, hit: Hit, kind: str, lang: str) -> Finding:
    start, end = folded.span(hit.start, hit.end)
    entry = hit.entry
    rewrite = filled(entry.rewrite[lang], hit.parts) if entry.rewrite else None
    deletes = rewrite == ""
    if deletes and span_to_delete(folded.text, start, end) != (start, end):
        rewrite = None
    return Finding(
        rule=hit.rule.id,
        severity=entry.severity[kind],
        start=start,
        end=end,
        law=hit.rule.law[lang],
        article=hit.rule.article,
        reason=filled(entry.reason[lang], hit.parts),
        rewrite=rewrite,
        proof=entry.proof,
        words=folded.text[start:end],
        deletes=deletes,
    )


def filled(written: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        written = written.replace("{" + name + "}", part or "")
    return written
