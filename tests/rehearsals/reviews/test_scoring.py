"""The score of marks: halves, deductions for corrected phrases, the cap of the gate, the limits of the grades."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from courses.import_export.programme import read_rubric
from rehearsals import scoring


def one(code: str, points: int, dimension: str = "") -> dict:
    return {"code": code, "dimension": dimension, "title": code, "points": points}


GATE = {"criterion": "law", "level": "none", "cap": 59}
GRADES = [
    {"code": "excellent", "title": "优秀", "from": 90},
    {"code": "good", "title": "良好", "from": 80},
    {"code": "pass", "title": "过关", "from": 60},
]
CONTENT = {
    "grades": GRADES,
    "gate": GATE,
    "criteria": [one("a", 40, "讲货"), one("b", 36, "讲货"), one("c", 20, "节奏"), one("law", 4, "用语")],
}
FULL = {"a": "full", "b": "full", "c": "full", "law": "full"}


def programme() -> dict:
    path = Path(settings.BASE_DIR, "courses/programme/zh-hans/rubric.toml")
    return read_rubric(tomllib.loads(path.read_text(encoding="utf-8")))["content"]


def points(marks: dict, **slips: int) -> int:
    return scoring.calculate_total(CONTENT, marks, **slips).total


def test_all_full_is_a_hundred_and_nothing_is_nought():
    assert points(FULL) == 100
    assert points(dict.fromkeys(FULL, "none")) == 0
    assert points({}) == 0


def test_half_gives_half_of_each_weight():
    assert points(FULL | {"a": "half"}) == 80
    assert points(FULL | {"b": "half"}) == 82
    assert points(dict.fromkeys(FULL, "half")) == 50


def test_none_takes_the_whole_weight():
    assert points(FULL | {"c": "none"}) == 80


def test_half_of_odd_points_is_rounded_once_and_for_whom_it_is_given():
    odd = {"criteria": [one("a", 5), one("b", 5), one("c", 5)]}
    assert scoring.calculate_total(odd, {"a": "half"}).total == 3
    assert scoring.calculate_total(odd, {"a": "half", "b": "half"}).total == 5
    assert scoring.calculate_total(odd, dict.fromkeys("abc", "half")).total == 8


def test_missing_marks_count_as_nothing_and_are_named():
    score = scoring.calculate_total(CONTENT, {"a": "full", "law": "full"})
    assert (score.total, score.missing, score.capped) == (44, ["b", "c"], False)


def test_marks_of_another_rubric_or_of_no_level_are_not_counted():
    marks = FULL | {"z": "full", "a": "double", "b": None, "c": ["full"]}
    assert scoring.calculate_total(CONTENT, marks).total == 4
    assert scoring.clean_marks(CONTENT, marks) == {"law": "full"}
    assert scoring.clean_marks(CONTENT, ["a"]) == {}


@pytest.mark.parametrize(("fixed", "expected"), [(0, 100), (1, 98), (2, 96), (50, 0), (51, 0), (-3, 100)])
def test_a_phrase_put_right_costs_two_each_and_never_below_nought(fixed, expected):
    assert points(FULL, slips_fixed=fixed) == expected


@pytest.mark.parametrize(("fixed", "expected"), [(0, 98), (1, 98), (2, 96), (3, 94)])
def test_what_the_gates_criterion_lost_is_not_taken_twice(fixed, expected):
    assert points(FULL | {"law": "half"}, slips_fixed=fixed) == expected


@pytest.mark.parametrize("left", [1, 2, 9])
def test_a_phrase_left_standing_caps_at_59(left):
    score = scoring.calculate_total(CONTENT, FULL, slips_left=left)
    assert (score.total, score.capped) == (59, True)


def test_gate_at_its_level_caps_at_59():
    score = scoring.calculate_total(CONTENT, FULL | {"law": "none"})
    assert (score.total, score.capped) == (59, True)


def test_gate_at_half_does_not_cap():
    score = scoring.calculate_total(CONTENT, FULL | {"law": "half"})
    assert (score.total, score.capped) == (98, False)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({"a": "half", "c": "none"}, 56),  # 60 without the gate's 4: below the cap by itself
        ({"a": "half", "c": "half"}, 59),
        ({"a": "none"}, 56),
        ({"b": "half", "c": "none", "a": "full"}, 58),
        ({"b": "none"}, 59),  # exactly 60 before
    ],
)
def test_cap_holds_down_only_what_is_above_it(marks, expected):
    assert scoring.calculate_total(CONTENT, FULL | {"law": "none"} | marks).total == expected


def test_cap_comes_after_what_slips_cost():
    assert scoring.calculate_total(CONTENT, FULL, slips_fixed=20, slips_left=1).total == 59  # 60 before
    assert scoring.calculate_total(CONTENT, FULL, slips_fixed=21, slips_left=1).total == 58


def test_a_gate_without_its_mark_stays_open():
    assert scoring.calculate_total(CONTENT, {"a": "full", "b": "full"}).capped is False


def test_a_rubric_without_a_gate_caps_nothing():
    free = {"criteria": CONTENT["criteria"]}
    score = scoring.calculate_total(free, FULL | {"law": "none"}, slips_left=3)
    assert (score.total, score.capped) == (96, False)


def test_more_than_a_hundred_points_stop_at_a_hundred():
    assert (
        scoring.calculate_total({"criteria": [one("a", 80), one("b", 80)]}, {"a": "full", "b": "full"}).total
        == 100
    )


def test_an_empty_rubric_is_nought():
    score = scoring.calculate_total({}, {})
    assert (score.total, score.dimensions, score.missing) == (0, [], [])


def test_dimensions_are_summed_in_the_rubrics_order():
    score = scoring.calculate_total(CONTENT, {"a": "half", "b": "full", "law": "half"})
    rows = [(part.title, part.points, part.earned, part.marked) for part in score.dimensions]
    assert rows == [("讲货", 76, 56, 2), ("节奏", 20, 0, 0), ("用语", 4, 2, 1)]


@pytest.mark.parametrize(
    ("total", "code"),
    [
        (100, "excellent"),
        (90, "excellent"),
        (89, "good"),
        (80, "good"),
        (79, "pass"),
        (60, "pass"),
        (59, None),
        (0, None),
    ],
)
def test_grades_begin_at_their_edges(total, code):
    found = scoring.grade(CONTENT, total)
    assert (found.code if found else None) == code


def test_hash_is_of_the_content_not_of_its_order():
    turned = dict(reversed(CONTENT.items()))
    assert scoring.hash_rubric(turned) == scoring.hash_rubric(CONTENT)
    changed = CONTENT | {"criteria": [one("a", 41, "讲货"), *CONTENT["criteria"][1:]]}
    assert scoring.hash_rubric(changed) != scoring.hash_rubric(CONTENT)
    assert len(scoring.hash_rubric({})) == 64


def test_the_programmes_rubric_adds_up():
    content = programme()
    codes = [row["code"] for row in scoring.list_criteria(content)]
    full = scoring.calculate_total(content, dict.fromkeys(codes, "full"))
    assert (full.total, [part.points for part in full.dimensions]) == (100, [10, 10, 8, 22, 12, 12, 8, 6, 12])
    assert scoring.calculate_total(content, dict.fromkeys(codes, "half")).total == 50
    assert (
        scoring.calculate_total(content, dict.fromkeys(codes, "full") | {"law-blocked": "none"}).total == 59
    )
    once = dict.fromkeys(codes, "full") | {"law-blocked": "half"}
    assert scoring.calculate_total(content, once, slips_fixed=1).total == 98
    assert scoring.grade(content, 80).code == "good"


# --- the short form ---


def short() -> dict:
    return scoring.get_form(programme(), scoring.SHORT)


def test_short_form_has_a_line_for_each_dimension_of_the_same_points():
    codes = [row["code"] for row in scoring.list_criteria(short())]
    assert len(codes) == 9
    shapes = [
        [(part.title, part.points) for part in scoring.calculate_dimensions(content, {})]
        for content in (programme(), short())
    ]
    assert shapes[0] == shapes[1]
    assert [
        scoring.calculate_total(short(), dict.fromkeys(codes, level)).total for level in scoring.LEVELS
    ] == [
        0,
        50,
        100,
    ]


def test_short_form_has_the_same_grades_and_its_own_gate():
    full = {row["code"]: "full" for row in scoring.list_criteria(short())}
    stood = scoring.calculate_total(short(), full | {"class-law": "none"})
    assert (stood.total, stood.capped, scoring.grade(short(), 59)) == (59, True, None)
    assert scoring.calculate_total(short(), full, slips_left=1).total == 59
    assert scoring.grade(short(), 60).code == "pass"
    # Half of its line is about sources: a corrected phrase costs its 2 points besides.
    assert scoring.calculate_total(short(), full | {"class-law": "half"}, slips_fixed=1).total == 92
    assert scoring.calculate_total(short(), full, slips_fixed=1).total == 98


def test_form_that_a_rubric_lacks_is_the_long_one():
    assert scoring.get_form(CONTENT, scoring.SHORT) is CONTENT
    assert scoring.get_form(programme(), scoring.LONG)["criteria"][0]["code"] == "prep-rundown"
    assert (scoring.has_short_form(CONTENT), scoring.has_short_form(programme())) == (False, True)
