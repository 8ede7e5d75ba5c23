"""What a text must contain for a pattern to match, so that most sentences need not be searched."""

import re

import pytest

from wording.rulebook.loader import load_rules
from wording.rulebook.requirements import is_possible, list_first, list_grams, list_requirements


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
        is_possible(alternatives, list_grams(text)) for text in ("最甜的橙", "零农残", "最甜的", "农残零")
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
        if entry.find.search(example) and not is_possible(entry.find.requirements, list_grams(example))
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("最甜|零农残", "最零"),
        ("(?:很|更)?(?<!不)[甜香]\\d", "很更甜香"),
        ("\\d{2,4}元|[一-三]块", "一-三\\d"),
        ("(?:甲乙)*", ""),
        ("[^,]甜|最", ""),
        ("[\u4e00-\u9fff]甜", ""),
        ("(?i)vip", ""),
    ],
)
def test_a_pattern_is_tried_only_where_a_match_can_begin(written, first):
    assert sorted(list_first(written)) == sorted(first)


def test_a_pattern_finds_the_same_with_and_without_its_first_characters():
    differ = [
        (entry.find.where, example)
        for rule in load_rules().rules
        for entry in rule.entries
        if entry.find
        for example in (*entry.hits, *entry.passes)
        if [one.span() for one in entry.find.finditer(example)]
        != [one.span() for one in re.finditer(entry.find.pattern, example)]
    ]
    assert differ == []
