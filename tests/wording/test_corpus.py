"""What the rules find in the labelled corpus (its README says who labelled it, and how)."""

from functools import cache

from bench.scenarios.wording import BLOCKING, Score, lines, measured, table


@cache
def score() -> Score:
    return measured(lines())


def test_blocking_findings_are_right():
    assert score().precision(BLOCKING) >= 0.95, table(score())


def test_blocking_findings_are_found():
    assert score().recall(BLOCKING) >= 0.92, table(score())


def test_lawful_lines_raise_few_alarms():
    assert score().alarm_rate <= 0.03, table(score())


def test_each_blocking_rule_finds_most_of_its_lines():
    weak = [rule for rule in BLOCKING if score().recall([rule]) < 0.7 or score().precision([rule]) < 0.8]
    assert weak == [], table(score())
