"""The written questions are not answered by their looks: lengths of choices, true and false, how many phrases are wrong.

An examination that permits something reads these numbers too: who enlarges its bank raises LAW_QUESTIONS.
"""

import re
from collections import Counter

import pytest

from courses.import_export.programme import list_languages, load_programme

COURSES = {language: load_programme(language) for language in list_languages()}
LAW_QUESTIONS, LAW_OF_EACH_OBJECTIVE = 126, 24
COUNTED = re.compile(
    r"[一两二三四五六七八九十\d]\s*(处|句|个地方|个词)|"
    r"\b(one|two|three|four|five|\d+) (places?|phrases?|sentences?|words?|mistakes?|faults?)",
    re.IGNORECASE,
)


def questions(language: str, *kinds: str) -> list[dict]:
    rows = [row for bank in COURSES[language]["banks"] for row in bank["questions"]]
    return [row for row in rows if row["kind"] in kinds]


def law(language: str, *kinds: str) -> list[dict]:
    quiz = next(one for one in COURSES[language]["quizzes"] if one["clears"])
    rows = next(one for one in COURSES[language]["banks"] if one["code"] == quiz["bank"])["questions"]
    return [row for row in rows if not kinds or row["kind"] in kinds]


def lengths(question: dict) -> tuple[int, int]:
    """The length of the right choice, and of the longest wrong one."""
    choices = question["content"]["choices"]
    right = next(len(one["text"]) for one in choices if one["right"])
    return right, max(len(one["text"]) for one in choices if not one["right"])


def share_longest(rows: list[dict]) -> float:
    """The share of questions with one right answer in which no choice is as long as the right one: by chance a quarter."""
    return sum(right > wrong for right, wrong in map(lengths, rows)) / len(rows)


def share_true(rows: list[dict]) -> float:
    return sum(row["content"]["answer"] for row in rows) / len(rows)


@pytest.mark.parametrize("language", COURSES)
@pytest.mark.parametrize("part", [questions, law])
def test_the_right_choice_is_seldom_the_longest(language, part):
    assert share_longest(part(language, "single")) <= 0.25


@pytest.mark.parametrize("language", COURSES)
def test_no_right_choice_is_longest_by_far(language):
    far = [row["code"] for row in questions(language, "single") if lengths(row)[0] > 1.25 * lengths(row)[1]]
    assert far == []


@pytest.mark.parametrize("language", COURSES)
@pytest.mark.parametrize("part", [questions, law])
def test_statements_are_true_as_often_as_false(language, part):
    assert 0.4 <= share_true(part(language, "true_false")) <= 0.6


@pytest.mark.parametrize("language", COURSES)
def test_no_question_about_a_script_says_how_many_phrases_are_wrong(language):
    told = [row["code"] for row in questions(language, "spot") if COUNTED.search(row["text"])]
    assert told == []


@pytest.mark.parametrize(
    "text",
    ["有两处法律不许。点出来。", "点出 3 处", "Mark the three places.", "Two sentences may not stand."],
)
def test_a_number_of_phrases_is_recognised(text):
    """The control of the test above."""
    assert COUNTED.search(text)


@pytest.mark.parametrize("language", COURSES)
def test_there_are_four_choices_or_more(language):
    few = [
        row["code"] for row in questions(language, "single", "multiple") if len(row["content"]["choices"]) < 4
    ]
    assert few == []


@pytest.mark.parametrize("language", COURSES)
def test_both_forms_of_the_test_before_and_after_ask_about_every_module(language):
    course = COURSES[language]
    module = {one["code"]: one["module"] for one in course["objectives"]}
    rows = next(one for one in course["banks"] if one["code"] == "before-after")["questions"]
    asked = {form: {module[row["objective"]] for row in rows if row["form"] == form} for form in "AB"}
    assert asked == {"A": set(range(15)), "B": set(range(15))}


@pytest.mark.parametrize("language", COURSES)
def test_the_law_bank_is_large_enough(language):
    counted = Counter(row["objective"] for row in law(language))
    assert sum(counted.values()) >= LAW_QUESTIONS
    assert min(counted.values()) >= LAW_OF_EACH_OBJECTIVE
