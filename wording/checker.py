"""Check a text by the known rules. `check` is the whole interface; its core imports no Django.

It never says that a text is lawful: no finding means that no known rule (of `get_rules_date()`) was broken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from wording.consistency import find_contradictions, is_backed
from wording.exemptions import Surroundings, is_proven
from wording.facts import Facts
from wording.homophones import replace_homophones
from wording.loader import KINDS, load_rules
from wording.matcher import Hit, get_matcher
from wording.normalisation import NormalisedText, normalise
from wording.pinyin import replace_pinyin
from wording.rewrites import find_span_to_delete

RANK = {"block": 2, "warn": 1, "info": 0}


@dataclass(frozen=True)
class Finding:
    """A broken rule. `start` and `end` index the text as given. `rewrite` replaces that part: "" deletes it, None needs a
    person.

    `deletes`: the words should be deleted, with as much around them as `rewrites.find_span_to_delete` says; `rewrite` is ""
    only if that is exactly the words themselves.
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
    """Return the findings, sorted by their start. Raises ValueError for an unknown kind, nothing for any text."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    lang = "en" if lang[:2] == "en" else "zh"
    folded = replace_homophones(replace_pinyin(normalise(text)))
    around = Surroundings(folded.plain, kind, load_rules().contexts)
    hits = [hit for hit in get_matcher().hits(folded.plain, kind) if hit.entry.severity[kind] != "off"]
    kept = keep_longest(remove_lawful(hits, around, facts), kind)
    if facts is not None:
        kept += [hit for hit in find_contradictions(folded.plain, facts) if not around.exempts(hit)]
    found = {build_finding(folded, hit, kind, lang) for hit in kept if hit.entry.severity[kind] != "off"}
    return sorted(found, key=lambda one: (one.start, one.end, one.rule))


def get_rules_date() -> date:
    """Return the newest day on which somebody compared a rule with the law."""
    return max(rule.as_of for rule in load_rules().rules)


def remove_lawful(hits: list[Hit], around: Surroundings, facts: Facts | None) -> list[Hit]:
    """Remove the lawful hits, and those within a lawful one of the same rule."""
    stands, excused = [], []
    for hit in hits:
        if is_proven(hit, facts) or is_backed(hit, facts) or around.exempts(hit):
            excused.append(hit)
        elif not around.ruled_out(hit):
            stands.append(hit)
    covered: dict[str, set[int]] = {}
    for hit in excused:
        covered.setdefault(hit.rule.id, set()).update(range(hit.start, hit.end))
    return [
        hit for hit in stands if not covered.get(hit.rule.id, set()).issuperset(range(hit.start, hit.end))
    ]


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


def build_finding(folded: NormalisedText, hit: Hit, kind: str, lang: str) -> Finding:
    start, end = folded.span(hit.start, hit.end)
    entry = hit.entry
    rewrite = fill_template(entry.rewrite[lang], hit.parts) if entry.rewrite else None
    deletes = rewrite == ""
    if deletes and find_span_to_delete(folded.text, start, end) != (start, end):
        rewrite = None
    return Finding(
        rule=hit.rule.id,
        severity=entry.severity[kind],
        start=start,
        end=end,
        law=hit.rule.law[lang],
        article=hit.rule.article,
        reason=fill_template(entry.reason[lang], hit.parts),
        rewrite=rewrite,
        proof=entry.proof,
        words=folded.text[start:end],
        deletes=deletes,
    )


def fill_template(written: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        written = written.replace("{" + name + "}", part or "")
    return written
