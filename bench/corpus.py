"""How the wording rules do on the labelled corpus: what they find, miss and wrongly find, rule by rule."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from wording.checker import check
from wording.facts import Facts
from wording.loader import load_rules

CORPUS = Path(__file__).parent.parent / "tests" / "wording" / "corpus"
BLOCKING = ("A1", "A2", "A3", "A4", "A6", "A7", "B1", "B3", "B5", "C2", "C3", "C4", "D6", "E8", "E9")


@dataclass
class Score:
    """Counts of (line, rule); an alarm is a lawful line on which a blocking rule was found."""

    found: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    missed: Counter = field(default_factory=Counter)
    lawful: int = 0
    alarms: int = 0

    def precision(self, rules: Iterable[str]) -> float:
        found, wrong = (sum(counts[rule] for rule in rules) for counts in (self.found, self.wrong))
        return found / (found + wrong)

    def recall(self, rules: Iterable[str]) -> float:
        found, missed = (sum(counts[rule] for rule in rules) for counts in (self.found, self.missed))
        return found / (found + missed)

    @property
    def alarm_rate(self) -> float:
        return self.alarms / self.lawful


def lines() -> list[dict]:
    return [
        json.loads(line)
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def measured(corpus: list[dict]) -> Score:
    score = Score()
    blocks = set(BLOCKING)
    for line in corpus:
        facts = Facts.of(line["facts"]) if line.get("facts") else None
        found = {finding.rule for finding in check(line["text"], line["kind"], facts)}
        expected = set(line["expect"])
        score.found.update(found & expected)
        score.wrong.update(found - expected)
        score.missed.update(expected - found)
        if not expected:
            score.lawful += 1
            score.alarms += not blocks.isdisjoint(found)
    return score


def table(score: Score) -> str:
    rows = [f"{'rule':6}{'found':>7}{'wrong':>7}{'missed':>8}"]
    rows += [
        f"{rule.id:6}{score.found[rule.id]:>7}{score.wrong[rule.id]:>7}{score.missed[rule.id]:>8}"
        for rule in load_rules().rules
    ]
    rows.append(
        f"blocking rules: precision {score.precision(BLOCKING):.3f}, recall {score.recall(BLOCKING):.3f}; "
        f"false alarms on {score.lawful} lawful lines {score.alarm_rate:.1%}"
    )
    return "\n".join(rows)
