"""Lines as sellers, hosts and trainers write them, with exactly the rules that each breaks."""

import json
from pathlib import Path

import pytest

from wording.checker import check
from wording.facts import Facts
from wording.rulebook.loader import load_rules

GOODS = {
    "name": "麻阳冰糖橙",
    "variety": "冰糖橙",
    "origin": "湖南省怀化市麻阳县石榴冲村",
    "unit": "box",
    "net_g": 2500,
    "price_fen": 2990,
    "stock": 40,
    "self_grown": True,
}
LINES = [
    (rules, kind, text.replace("\\n", "\n"), *facts)
    for rules, kind, text, *facts in (
        line.split("\t")
        for line in Path(__file__).with_name("examples.tsv").read_text().splitlines()
        if line and line[0] != "#"
    )
]


def hit(kind: str, text: str, *facts: str) -> set[str]:
    known = Facts.of(GOODS | json.loads(facts[0])) if facts else None
    return {found.rule for found in check(text, kind, known)}


@pytest.mark.parametrize("kind", ["listing", "script", "course_page"])
def test_line_hits_its_rules_and_no_other(kind):
    wrong = [
        (text, expected, found)
        for rules, its_kind, text, *facts in LINES
        if its_kind == kind
        for expected in [set(rules.split(",")) - {"-"}]
        for found in [hit(kind, text, *facts)]
        if found != expected
    ]
    assert wrong == []


def test_every_rule_has_a_line():
    said = {rule for rules, *_rest in LINES for rule in rules.split(",")} - {"-"}
    assert said == {rule.id for rule in load_rules().rules}
