"""Measure the wording rules: precision, recall and false alarms on the labelled corpus, and ms per 2,000 characters.

`--misses` prints instead each wrong and missed rule of half 0, the lines that may be read while the rules are changed;
a file of labelled lines prints the figures of that file alone.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from zlib import crc32

from wording.checker import check
from wording.facts import Facts
from wording.rulebook.loader import load_rules

CORPUS = Path(__file__).resolve().parents[2] / "tests" / "wording" / "corpus"
BLOCKING = ("A1", "A2", "A3", "A4", "A6", "A7", "B1", "B3", "B5", "C2", "C3", "C4", "D6", "E8", "E9")
GOODS = ("fruit", "eggs", "tea", "rice", "vegetables", "nuts", "honey", "meat", None)
# What is asked of the lines that nobody reads while the rules are changed:
PRECISION, RECALL, ALARMS, MILLISECONDS = 0.95, 0.92, 0.01, 5
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
ENGLISH = (
    "Good evening, I’m Zhou Meiying of Shiliu village, and these are the oranges of our own three mu. Picked after the first "
    "frost, thin peel, plenty of juice, sweet with a touch of sharpness. One box is net 5 jin, 29.9 yuan, that is 5.98 a jin. "
    "I measured ten of them this morning: 11.7 on average, the lowest 10.8. If any come bad, send a photo within 24 hours, and "
    "each one is paid for. Freight is free, Xinjiang and Tibet 8 yuan more. Best eaten within seven days, kept cool. "
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

    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    lawful: int = 0
    alarms: int = 0

    def precision(self, rules: Iterable[str]) -> float:
        found, wrong = (sum(counts[rule] for rule in rules) for counts in (self.found, self.wrong))
        return found / (found + wrong) if found + wrong else 1.0

    def recall(self, rules: Iterable[str]) -> float:
        found, missed = (sum(counts[rule] for rule in rules) for counts in (self.found, self.missed))
        return found / (found + missed) if found + missed else 1.0

    @property
    def alarm_rate(self) -> float:
        return self.alarms / self.lawful if self.lawful else 0.0


def lines(*paths: Path) -> list[dict]:
    return [
        json.loads(line)
        for path in paths or sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def get_half(line: dict) -> int:
    """Return 0 for the lines that may be read while the rules are changed, 1 for those that may not."""
    return crc32(line["id"].encode()) % 2


def is_by_goods(line: dict) -> bool:
    """Tell the lines of the files by kind of goods, courses and comments from the older ones."""
    return "goods" in line and not is_english(line)


def is_english(line: dict) -> bool:
    return line.get("lang") == "en"


@cache
def blocking() -> tuple[str, ...]:
    """Return the rules that prevent publishing: those named above, and what the rule files of N1 to N5 say of theirs."""
    added = (
        rule.id
        for rule in load_rules().rules
        if rule.id.startswith("N") and any("block" in entry.severity.values() for entry in rule.entries)
    )
    return (*BLOCKING, *added)


def find_rules(line: dict) -> set[str]:
    facts = Facts.of(line["facts"]) if line.get("facts") else None
    return {finding.rule for finding in check(line["text"], line["kind"], facts)}


def measured(corpus: Iterable[dict]) -> Score:
    """Return the counts; a rule that stands in `may` of a line is neither right nor wrong there."""
    score = Score()
    for line in corpus:
        found = find_rules(line)
        expected = set(line["expect"])
        score.found.update(found & expected)
        score.wrong.update(found - expected - set(line.get("may", ())))
        score.missed.update(expected - found)
        score.lines += 1
        if not expected:
            score.lawful += 1
            score.alarms += not found.isdisjoint(blocking())
    return score


def table(score: Score) -> str:
    rows = [f"{'rule':6}{'found':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}"]
    rows += [
        f"{rule:6}{score.found[rule]:>7}{score.wrong[rule]:>7}{score.missed[rule]:>8}"
        f"{score.precision([rule]):>11.2f}{score.recall([rule]):>8.2f}"
        for rule in sorted({*score.found, *score.wrong, *score.missed})
    ]
    every = {*score.found, *score.wrong, *score.missed}
    return "\n".join([*rows, summary("all rules", score, every), summary("blocking rules", score)])


def summary(name: str, score: Score, rules: Collection[str] | None = None) -> str:
    rules = rules or blocking()
    return (
        f"{name:46}{score.precision(rules):>10.3f}{score.recall(rules):>8.3f}"
        f"{score.alarms:>7} of {score.lawful:<4}{score.alarm_rate:>6.1%}{score.lines:>7}"
    )


def show_corpus() -> None:
    english = [line for line in lines() if is_english(line)]
    corpus = [line for line in lines() if not is_english(line)]
    newer = [line for line in corpus if is_by_goods(line)]
    halves: dict[str, Callable[[dict], bool]] = {
        "": lambda line: True,
        ", half 0 (read)": lambda line: get_half(line) == 0,
        ", half 1 (not read)": lambda line: get_half(line) == 1,
    }
    print(f"\nRule by rule, all lines\n{table(measured(corpus))}")
    print(
        f"\nRule by rule, lines by goods, half 1\n{table(measured(filter(halves[', half 1 (not read)'], newer)))}"
    )
    print(f"\n{'blocking rules':46}{'precision':>10}{'recall':>8}{'false alarms':>19}{'lines':>7}")
    for name, some in (("all lines", corpus), ("lines by goods", newer), ("English lines", english)):
        for half, is_in in halves.items():
            print(summary(name + half, measured(filter(is_in, some))))
    for goods in GOODS:
        for half, is_in in halves.items():
            of_goods = [line for line in newer if line["goods"] == goods and is_in(line)]
            print(summary(f"  {goods or 'none (courses, comments)'}{half}", measured(of_goods)))
    unread = measured(filter(halves[", half 1 (not read)"], newer))
    reached = (
        unread.precision(blocking()) >= PRECISION,
        unread.recall(blocking()) >= RECALL,
        unread.alarm_rate <= ALARMS,
    )
    print(
        f"asked of half 1 by goods: precision ≥ {PRECISION}, recall ≥ {RECALL}, false alarms ≤ {ALARMS:.0%}: "
        + ", ".join("reached" if yes else "not reached" for yes in reached)
    )


def show_misses() -> None:
    for line in lines():
        if get_half(line) == 0:
            found, expected = find_rules(line), set(line["expect"])
            wrong = found - expected - set(line.get("may", ()))
            if wrong or expected - found:
                print(
                    f"{line['id']:22} missed {sorted(expected - found)} wrong {sorted(wrong)}  {line['text']}"
                )


def spent(texts: Iterable[str], facts: Facts | None = None) -> tuple[float, float]:
    """Return milliseconds of CPU: the best and the median of the texts. What is kept of a text is forgotten before each."""
    each = []
    for text in texts:
        check("好")
        start = process_time()
        check(text, "script", facts)
        each.append((process_time() - start) * 1000)
    return min(each), median(each)


def join_lines(corpus: Iterable[dict]) -> list[str]:
    """Return texts of 2,000 characters, each of other lines of sellers."""
    whole = "\n".join(line["text"] for line in corpus if line["kind"] != "course_page")
    return [whole[start : start + 2000] for start in range(0, len(whole) - 2000, 2000)]


def main() -> None:
    start = perf_counter()
    check("好")
    print(
        f"\nWording: rules loaded in {(perf_counter() - start) * 1000:.0f} ms; then ms of CPU per 2,000 characters"
    )
    print(f"{'':22}{'best':>8}{'median':>8}{'100,000 characters, per 2,000':>34}")
    took = {}
    for name, piece in [("typical", TYPICAL), ("typical English", ENGLISH), *HOSTILE.items()]:
        took[name], middle = spent([(piece * 2000)[:2000]] * 50, FACTS)
        long = spent([(piece * 100_000)[:100_000]], FACTS)[0]
        print(f"{name:22}{took[name]:>8.2f}{middle:>8.2f}{long / 50:>34.2f}", flush=True)
    chinese = [one for one in lines() if not is_english(one)]
    for name, corpus in (
        ("lawful lines", [one for one in chinese if not one["expect"]]),
        ("lines", chinese),
        ("English lines", [one for one in lines() if is_english(one)]),
    ):
        texts = join_lines(corpus)
        spent(texts, FACTS)  # compiles the patterns that they need
        best, middle = spent(texts, FACTS)
        print(f"{f'{len(texts)} texts of {name}':22}{best:>8.2f}{middle:>8.2f}", flush=True)
    reached = "reached" if took["typical"] <= MILLISECONDS else "not reached"
    print(f"asked of the typical text on a computer that is not busy: at most {MILLISECONDS} ms: {reached}")
    show_corpus()


if __name__ == "__main__":
    if "--misses" in sys.argv[1:]:
        show_misses()
    elif sys.argv[1:]:
        print(table(measured(lines(*map(Path, sys.argv[1:])))))
    else:
        main()
