"""Measure the wording rules: findings, misses and false alarms on the labelled corpus, and ms per 2,000 characters."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from wording.checker import check
from wording.facts import Facts
from wording.loader import load_rules

CORPUS = Path(__file__).resolve().parents[2] / "tests" / "wording" / "corpus"
BLOCKING = ("A1", "A2", "A3", "A4", "A6", "A7", "B1", "B3", "B5", "C2", "C3", "C4", "D6", "E8", "E9")
FACTS = Facts(
    name="麻阳冰糖橙",
    variety="冰糖橙",
    origin="湖南省怀化市麻阳县石榴冲村",
    unit="box",
    net_grams=2500,
    price_fen=2990,
    stock=40,
)
TYPICAL = (
    "家人们好，我是石榴冲村的周梅英，这是我家坡上的三亩冰糖橙。霜降以后摘的，皮薄、水多，回甘。一箱净重5斤，29.9元，"
    "合5.98元一斤。今早在园子里测的，糖度13度（3月2日实测）。收到有坏的，签收24小时内拍照，坏几个赔几个。"
    "新疆、西藏加8元运费，其他省包邮。最好七天内吃完，放阴凉通风的地方。有机会来我们村里走走，村口就是国道。"
)
HOSTILE = {
    "one character": "最",
    "half terms": "最第国家全网没有不能加微",
    "terms only": "全网最低价第一顶级最甜零农残养生治病",
    "spelt out": "最，甜、第。一",
    "invisible": "最\u200b甜\u200b",
    "digits": "一箱5斤29.9元一斤",
    "letters": "zuitiandiyibest ",
    "quotes": "“最甜”不能说",
}


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


def spent(text: str, times: int, facts: Facts | None = None) -> tuple[float, float]:
    """Return milliseconds: the best of `times` runs and their mean."""
    each = []
    for _ in range(times):
        start = perf_counter()
        check(text, "script", facts)
        each.append((perf_counter() - start) * 1000)
    return min(each), sum(each) / len(each)


def main() -> None:
    start = perf_counter()
    check("好")
    print(
        f"\nWording: rules loaded in {(perf_counter() - start) * 1000:.0f} ms; then ms per 2,000 characters"
    )
    print(f"{'':22}{'best':>8}{'mean':>8}{'100,000 characters, per 2,000':>34}")
    for name, piece, facts in [("typical", TYPICAL, FACTS), *((n, p, FACTS) for n, p in HOSTILE.items())]:
        best, mean = spent((piece * 2000)[:2000], 50, facts)
        long = spent((piece * 100_000)[:100_000], 1, facts)[0]
        print(f"{name:22}{best:>8.2f}{mean:>8.2f}{long / 50:>34.2f}", flush=True)
    print(f"\nOn the corpus of tests/wording/corpus\n{table(measured(lines()))}")


if __name__ == "__main__":
    main()
