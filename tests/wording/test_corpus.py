"""What the rules find in the labelled corpus (its README says who labelled it, and how)."""

from functools import cache

from bench.scenarios.wording import (
    BLOCKING,
    Score,
    blocking,
    is_by_goods,
    is_english,
    lines,
    measured,
    table,
)


@cache
def older() -> Score:
    return measured(line for line in lines() if not is_by_goods(line) and not is_english(line))


@cache
def by_goods() -> Score:
    return measured(line for line in lines() if is_by_goods(line))


def test_blocking_findings_are_right():
    assert older().precision(BLOCKING) >= 0.95, table(older())


def test_blocking_findings_are_found():
    assert older().recall(BLOCKING) >= 0.92, table(older())


def test_lawful_lines_raise_few_alarms():
    assert older().alarm_rate <= 0.03, table(older())


def test_each_blocking_rule_finds_most_of_its_lines():
    weak = [rule for rule in BLOCKING if older().recall([rule]) < 0.7 or older().precision([rule]) < 0.8]
    assert weak == [], table(older())


def test_lines_by_goods_are_found_no_worse_than_before():
    # first meeting: 0.83, 0.62, 0.061; a change of the rules that finds more raises these
    assert by_goods().precision(blocking()) >= 0.93, table(by_goods())
    assert by_goods().recall(blocking()) >= 0.9, table(by_goods())
    assert by_goods().alarm_rate <= 0.03, table(by_goods())


def test_english_lines_are_found_and_lawful_ones_pass():
    # first meeting: 0.39, 0.09, 0.088
    english = measured(line for line in lines() if is_english(line))
    assert english.precision(blocking()) >= 0.95, table(english)
    assert english.recall(blocking()) >= 0.9, table(english)
    assert english.alarm_rate <= 0.03, table(english)
