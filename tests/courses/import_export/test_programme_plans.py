"""The lesson plans of the written programme: every lesson has one that fits it, can be said and done, and repeats no other.

`plan_findings.tsv` lists what the checker of words finds in them as on a course's page, each with the reason why it may stand
there: a plan names what trainees must not say. What is not listed, or no longer found, fails.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from courses.import_export.programme import load_programme
from wording.checker import check

COURSE = load_programme("zh-hans")
PLANS = {
    f"{module['number']}/{lesson['code']}": (lesson["minutes"], lesson["plan"])
    for module in COURSE["modules"]
    for lesson in module["lessons"]
    if "plan" in lesson
}
FINDINGS = Path(__file__).with_name("plan_findings.tsv")
SENTENCE_ENDS = re.compile(r"[。！？；\n]+")
QUOTED = re.compile("“[^”]*”")


def list_texts(plan: dict) -> Iterator[str]:
    yield from (plan["goal"], *plan["kit"], plan["safety"], plan["simple"], *plan["check"].values())
    yield from (part[name] for part in plan["parts"] for name in ("do", "say"))
    yield from (fault[name] for fault in plan["faults"] for name in ("see", "do"))


def test_lessons_of_a_module_have_plans_all_or_none():
    planned = [("plan" in lesson for lesson in module["lessons"]) for module in COURSE["modules"]]
    assert [len(set(each)) for each in planned] == [1] * len(COURSE["modules"])
    assert len(PLANS) >= 58


def test_most_of_the_time_is_practice_and_only_a_long_lesson_practises_twice():
    wrong = []
    for name, (minutes, plan) in PLANS.items():
        spent: dict[str, int] = defaultdict(int)
        for part in plan["parts"]:
            spent[part["stage"]] += part["minutes"]
        if spent["practise"] < 0.4 * minutes or spent["practise"] < max(spent.values()):
            wrong.append((name, dict(spent)))
        if len(plan["parts"]) > 4 and minutes < 100:
            wrong.append((name, "practises twice"))
    assert wrong == []


def test_plans_are_as_long_as_a_trainer_reads_before_the_lesson():
    wrong = []
    for name, (_minutes, plan) in PLANS.items():
        sizes = {"whole": sum(map(len, list_texts(plan))), "kit": len(plan["kit"])}
        limits = {"whole": (700, 1300), "kit": (3, 9)}
        for part in plan["parts"]:
            sizes |= {f"{part['stage']} do": len(part["do"]), f"{part['stage']} say": len(part["say"])}
            limits |= {f"{part['stage']} do": (80, 260), f"{part['stage']} say": (20, 90)}
        wrong += [(name, key, n) for key, n in sizes.items() if not limits[key][0] <= n <= limits[key][1]]
    assert wrong == []


def test_no_sentence_stands_in_two_plans():
    where = defaultdict(set)
    for name, (_minutes, plan) in PLANS.items():
        for text in list_texts(plan):
            for sentence in SENTENCE_ENDS.split(text):
                where[sentence.strip(" -“”")].add(name)
    assert [(text, names) for text, names in where.items() if len(text) > 12 and len(names) > 1] == []


def test_plans_say_nin_only_in_words_to_buyers():
    texts = [(name, text) for name, (_minutes, plan) in PLANS.items() for text in list_texts(plan)]
    assert [(name, text) for name, text in texts if "您" in QUOTED.sub("", text)] == []


@pytest.mark.parametrize("module", ["8/", pytest.param("", marks=pytest.mark.long)])
def test_what_a_trainer_says_breaks_no_rule_for_course_pages(module):
    """The suite reads the plans about law, where it is hardest; `long` reads all."""
    said = [
        part["say"]
        for name, (_minutes, plan) in PLANS.items()
        if name.startswith(module)
        for part in plan["parts"]
    ]
    assert len(said) >= 28
    assert [(text, one.rule, one.words) for text in said for one in check(text, "course_page")] == []


@pytest.mark.long
def test_what_else_the_checker_finds_in_plans_is_listed_with_its_reason():
    found = {
        (name, one.rule, one.words)
        for name, (_minutes, plan) in PLANS.items()
        for text in list_texts(plan)
        for one in check(text, "course_page")
    }
    rows = [
        line.split("\t")
        for line in FINDINGS.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert found == {(name, rule, words) for name, rule, words, _reason in rows}
    assert all(len(reason) >= 10 for *_found, reason in rows)
