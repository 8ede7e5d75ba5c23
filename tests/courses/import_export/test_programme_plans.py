"""The lesson plans of the written programme: every lesson has one that fits it, can be said and done, and repeats no other.

`plan_findings.tsv` (of the English ones `plan_findings_en.tsv`) lists what the checker of words finds in them as on a course's
page, each with the reason why it may stand there: a plan names what trainees must not say. What is not listed, or no longer
found, fails.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from courses.import_export.programme import load_programme
from wording.checker import check

COURSES = {language: load_programme(language) for language in ("zh-hans", "en")}
COURSE = COURSES["zh-hans"]


def list_plans(language: str) -> dict[str, tuple[int, dict]]:
    """Return minutes and plan of each lesson by the module's number and the lesson's code."""
    return {
        f"{module['number']}/{lesson['code']}": (lesson["minutes"], lesson["plan"])
        for module in COURSES[language]["modules"]
        for lesson in module["lessons"]
        if "plan" in lesson
    }


PLANS, ENGLISH_PLANS = list_plans("zh-hans"), list_plans("en")
BOTH = {"zh-hans": PLANS, "en": ENGLISH_PLANS}
FINDINGS = {"zh-hans": "plan_findings.tsv", "en": "plan_findings_en.tsv"}
SENTENCE_ENDS = re.compile(r"[。！？；\n]+")
ENDS = {"zh-hans": SENTENCE_ENDS, "en": re.compile(r"(?<=[.!?;:])[”’]?\s+|\n+")}
# As much as a trainer reads before the lesson: characters of the whole, of what is done and what is said in a part.
SIZES = {
    "zh-hans": {"whole": (700, 1300), "do": (80, 260), "say": (20, 90)},
    "en": {"whole": (3500, 4800), "do": (240, 800), "say": (70, 180)},
}
LONGEST_REPEATED = {"zh-hans": 12, "en": 40}
QUOTED = re.compile("“[^”]*”")
DECIMAL = re.compile(r"\d[\d,]*\.\d+")


def list_texts(plan: dict) -> Iterator[str]:
    yield from (plan["goal"], *plan["kit"], plan["safety"], plan["simple"], *plan["check"].values())
    yield from (part[name] for part in plan["parts"] for name in ("do", "say"))
    yield from (fault[name] for fault in plan["faults"] for name in ("see", "do"))


@pytest.mark.parametrize("language", BOTH)
def test_lessons_of_a_module_have_plans_all_or_none(language):
    modules = COURSES[language]["modules"]
    planned = [("plan" in lesson for lesson in module["lessons"]) for module in modules]
    assert [len(set(each)) for each in planned] == [1] * len(modules)
    assert len(BOTH[language]) >= 58


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


def test_english_plans_have_the_same_parts_minutes_things_and_figures():
    assert PLANS.keys() == ENGLISH_PLANS.keys()
    shapes = [
        {
            name: (
                minutes,
                [(part["stage"], part["minutes"], part["do"].count("\n- ")) for part in plan["parts"]],
                len(plan["kit"]),
                len(plan["faults"]),
            )
            for name, (minutes, plan) in plans.items()
        }
        for plans in BOTH.values()
    ]
    assert shapes[0] == shapes[1]
    missing = {name: list_decimals(PLANS[name][1]) - list_decimals(ENGLISH_PLANS[name][1]) for name in PLANS}
    assert {name: figures for name, figures in missing.items() if figures} == {}


def list_decimals(plan: dict) -> set[Decimal]:
    """Return the prices, weights and shares that a plan states, 59.9 as 59.90."""
    return {Decimal(figure.replace(",", "")) for figure in DECIMAL.findall("\n".join(list_texts(plan)))}


@pytest.mark.parametrize("language", BOTH)
def test_plans_are_as_long_as_a_trainer_reads_before_the_lesson(language):
    wrong = []
    for name, (_minutes, plan) in BOTH[language].items():
        sizes = [("whole", sum(map(len, list_texts(plan))))]
        sizes += [(key, len(part[key])) for part in plan["parts"] for key in ("do", "say")]
        limits = SIZES[language]
        wrong += [(name, key, n) for key, n in sizes if not limits[key][0] <= n <= limits[key][1]]
        if not 3 <= len(plan["kit"]) <= 9:
            wrong.append((name, "kit", len(plan["kit"])))
    assert wrong == []


@pytest.mark.parametrize("language", BOTH)
def test_no_sentence_stands_in_two_plans(language):
    where = defaultdict(set)
    for name, (_minutes, plan) in BOTH[language].items():
        for text in list_texts(plan):
            for sentence in ENDS[language].split(text):
                where[sentence.strip(" -“”")].add(name)
    most = LONGEST_REPEATED[language]
    assert [(text, names) for text, names in where.items() if len(text) > most and len(names) > 1] == []


def test_plans_say_nin_only_in_words_to_buyers():
    texts = [(name, text) for name, (_minutes, plan) in PLANS.items() for text in list_texts(plan)]
    assert [(name, text) for name, text in texts if "您" in QUOTED.sub("", text)] == []


@pytest.mark.parametrize(
    ("language", "module"),
    [
        ("zh-hans", "8/"),
        ("en", "8/05"),
        *(pytest.param(language, "", marks=pytest.mark.long) for language in BOTH),
    ],
)
def test_what_a_trainer_says_breaks_no_rule_for_course_pages(language, module):
    """The suite reads plans about law, where it is hardest; `long` reads all."""
    said = [
        part["say"]
        for name, (_minutes, plan) in BOTH[language].items()
        if name.startswith(module)
        for part in plan["parts"]
    ]
    assert len(said) >= 4
    assert [(text, one.rule, one.words) for text in said for one in check(text, "course_page")] == []


@pytest.mark.long
@pytest.mark.parametrize("language", BOTH)
def test_what_else_the_checker_finds_in_plans_is_listed_with_its_reason(language):
    found = {
        (name, one.rule, one.words)
        for name, (_minutes, plan) in BOTH[language].items()
        for text in list_texts(plan)
        for one in check(text, "course_page")
    }
    rows = [
        line.split("\t")
        for line in Path(__file__).with_name(FINDINGS[language]).read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert found == {(name, rule, words) for name, rule, words, _reason in rows}
    assert all(len(reason) >= 10 for *_found, reason in rows)
