from random import Random

import pytest

from courses.questions import multiple, picture, single
from tests.courses.questions.kit import MULTIPLE, PICTURE, SINGLE


def with_rights(*rights: bool) -> dict:
    return {"choices": [{"id": str(n), "text": f"选项{n}", "right": right} for n, right in enumerate(rights)]}


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (with_rights(True), ["至少要有两个选项"]),
        (with_rights(False, False), ["还没有标出哪个是对的"]),
        (with_rights(True, True, False), ["只能有一个是对的，现在标了 2 个"]),
        (with_rights(*[True] + [False] * 8), ["最多 8 个选项"]),
    ],
)
def test_single_is_told_what_is_wrong(content, problems):
    assert single.find_problems(content) == problems


def test_two_right_are_well_in_multiple():
    assert multiple.find_problems(with_rights(True, True, False)) == []


def test_same_words_twice_and_empty_words_are_told():
    content = with_rights(True, False, False)
    content["choices"][2]["text"] = "选项1"
    assert single.find_problems(content) == ["“选项1”写了两遍"]
    content["choices"][2]["text"] = " "
    assert single.find_problems(content) == ["有一个选项没写字"]


def test_same_id_twice_is_told():
    content = with_rights(True, False)
    content["choices"][1]["id"] = "0"
    assert single.find_problems(content) == ["选项的编号缺了或者重了"]


def test_picture_needs_a_picture_and_words_for_it():
    content = {"choices": [dict(choice) for choice in PICTURE["choices"]]}
    content["choices"][0]["picture"], content["choices"][1]["alt"] = "", ""
    assert picture.find_problems(content) == ["有一个选项还没有图", "有一张图没写图上有什么"]


def test_choices_are_shuffled():
    orders = {tuple(one["id"] for one in single.freeze(SINGLE, Random(n))[0]["choices"]) for n in range(50)}
    assert len(orders) == 6


def test_told_marks_what_was_picked_and_what_is_right():
    shown, key = single.freeze(SINGLE, Random(1))
    told = {
        one["id"]: (one["picked"], one["right"], one["why"])
        for one in single.build_feedback(shown, key, "a")["choices"]
    }
    assert told == {
        "a": (True, False, "比较级要有凭据"),
        "b": (False, True, ""),
        "c": (False, False, "水果不能说治病"),
    }


def test_multiple_wants_exactly_the_right_ones():
    _shown, key = multiple.freeze(MULTIPLE, Random(1))
    judged = {given: multiple.grade(key, list(given)) for given in ("ac", "ca", "a", "abc", "b")}
    assert judged == {"ac": True, "ca": True, "a": False, "abc": False, "b": False}
