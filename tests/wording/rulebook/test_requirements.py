"""What a text must contain for a pattern to match, so that most sentences need not be searched."""

import pytest

from wording.rulebook.loader import load_rules
from wording.rulebook.requirements import list_grams, list_possible, list_requirements


@pytest.mark.parametrize(
    ("written", "required"),
    [
        ("最甜", {(("最甜",), ("最",), ("甜",))}),
        ("甜(?:度|分)?", {(("甜",),)}),
        ("[包保]邮(?!费)", {(("保邮", "包邮"), ("邮",), ("保", "包"))}),
        ("(?:甲乙|丙)(?:丁|戊己){1,2}", {(("甲乙", "丙"), ("丁", "戊己"))}),
        ("最甜|酸{2}", {(("最甜",), ("最",), ("甜",)), (("酸",),)}),
        ("最甜|\\d+", {()}),
        ("(?i)vip", {()}),
        ("(?<=不)[^甜].", {()}),
    ],
)
def test_requirements_are_read_from_the_expression(written, required):
    assert {*list_requirements(written)} == {tuple(map(frozenset, every)) for every in required}


def test_a_text_fulfils_one_alternative_only_with_all_that_it_requires():
    alternatives = list_requirements("最(?:甜|香)的(?:果|橙)|零农残")
    assert [
        list_possible(alternatives, list_grams(text)) != []
        for text in ("最甜的橙", "零农残", "最甜的", "农残零")
    ] == [
        True,
        True,
        False,
        False,
    ]


def test_what_each_pattern_finds_in_its_examples_fulfils_its_requirements():
    missed = [
        (entry.find.where, example)
        for rule in load_rules().rules
        for entry in rule.entries
        if entry.find
        for example in entry.hits
        if entry.find.search(example) and not list_possible(entry.find.requirements, list_grams(example))
    ]
    assert missed == []
