"""The cases of the written programme: each has a source or says that it was made up, and repeats no other text of the course.

`case_findings.tsv` lists what the checker of words finds in them as on a course's page, each with the reason why it may stand
there: a case tells what was fined. What is not listed, or no longer found, fails.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.courses.import_export.test_programme_plans import (
    COURSE,
    COURSES,
    PLANS,
    QUOTED,
    SENTENCE_ENDS,
    list_texts,
)
from wording.checker import check

CASES = {case["code"]: case for case in COURSE["cases"]}
ENGLISH = {case["code"]: case for case in COURSES["en"]["cases"]}
FINDINGS = Path(__file__).with_name("case_findings.tsv")
# A long line of a sum or table, and the name of a law, may stand twice: neither is a sentence.
NO_SENTENCE = re.compile("《[^》]*》|[|>]")
READ = re.compile(r"2026-11-29 读")
# A sum: two numbers with a sign between them.
SUM = re.compile(r"[\d.]+ [−×÷] [\d.]+")
MARKS = " -“”*>|#，：:"


def list_case_texts(case: dict) -> Iterator[str]:
    yield from (case["title"], *case["ask"], case["body"])


def list_all_texts() -> Iterator[tuple[str, str]]:
    """Yield each text of the course that people read, with what it belongs to."""
    for code, case in CASES.items():
        yield from (("case " + code, text) for text in list_case_texts(case))
    for name, (_minutes, plan) in PLANS.items():
        yield from (("plan " + name, text) for text in list_texts(plan))
    for module in COURSE["modules"]:
        for lesson in module["lessons"]:
            name = f"lesson {module['number']}/{lesson['code']}"
            yield from ((name, text) for text in (lesson["body"], lesson["do_now"]))


def test_there_are_cases_of_each_kind_and_of_the_modules_that_need_them():
    kinds = Counter(case["kind"] for case in CASES.values())
    assert kinds == {"fine": 8, "live": 4, "aftersale": 6, "packing": 3, "failed": 3}
    numbers = {COURSE["modules"][place]["number"] for case in CASES.values() for place in case["modules"]}
    assert numbers >= {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}


def test_a_fine_has_its_source_with_the_day_on_which_it_was_read():
    sourced = [case for case in CASES.values() if case["kind"] == "fine" or not case["made_up"]]
    assert len(sourced) == 13
    assert [case["code"] for case in sourced if case["made_up"] or not READ.search(case["source"])] == []


def test_a_case_is_one_page():
    for cases, least, most in ((CASES, 400, 1000), (ENGLISH, 1500, 3000)):
        sizes = {code: len(case["body"]) for code, case in cases.items()}
        assert {code: size for code, size in sizes.items() if not least <= size <= most} == {}


def test_the_english_course_has_the_same_cases_with_the_same_sums():
    alike = ("kind", "modules", "made_up")
    assert {code: [case[name] for name in alike] for code, case in ENGLISH.items()} == {
        code: [case[name] for name in alike] for code, case in CASES.items()
    }
    for code, case in CASES.items():
        ours, english = ({*SUM.findall(one["body"])} for one in (case, ENGLISH[code]))
        assert ours - english == set(), code
        assert ("2026-11-29" in case["source"]) == ("2026-11-29" in ENGLISH[code]["source"])


def test_no_sentence_of_a_case_stands_elsewhere_in_the_course():
    where = defaultdict(set)
    for name, text in list_all_texts():
        for sentence in SENTENCE_ENDS.split(text):
            if not NO_SENTENCE.search(sentence[:1]):
                where[sentence.strip(MARKS)].add(name)
    repeated = [(text, names) for text, names in where.items() if len(text) > 12 and len(names) > 1]
    assert [row for row in repeated if any(name.startswith("case ") for name in row[1])] == []


def test_cases_say_nin_only_in_words_to_buyers():
    texts = [(code, QUOTED.sub("", case["body"])) for code, case in CASES.items()]
    assert [code for code, text in texts if "您" in text] == []


@pytest.mark.parametrize("codes", [["04-egg-green-label"], pytest.param(list(CASES), marks=pytest.mark.long)])
def test_what_the_checker_finds_in_cases_is_listed_with_its_reason(codes):
    """The suite reads the case with the most findings; `long` reads all."""
    found = {
        (code, one.rule, one.words)
        for code in codes
        for one in check("\n\n".join(list_case_texts(CASES[code])), "course_page")
    }
    rows = [
        line.split("\t")
        for line in FINDINGS.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert found == {(code, rule, words) for code, rule, words, _reason in rows if code in codes}
    assert all(len(reason) >= 10 for *_found, reason in rows)
