from random import Random

import pytest

from courses.questions import InvalidAnswer, Unanswered, number
from tests.courses.questions.kit import NUMBER


def shown(unit: str = "元/斤") -> dict:
    return {"unit": unit}


@pytest.mark.parametrize(
    ("typed", "unit", "given"),
    [
        ("5.98", "元/斤", "5.98"),
        (" 5.98 元/斤 ", "元/斤", "5.98"),
        ("５．９８元", "元/斤", "5.98"),
        ("￥5.98", "元/斤", "5.98"),
        ("5。98块钱", "元/斤", "5.98"),
        ("5,98", "元/斤", "5.98"),
        ("5，98", "元/斤", "5.98"),
        ("1,234.5", "元", "1234.5"),
        ("１，２３４", "元", "1234"),
        ("12,345,678", "", "12345678"),
        ("30%", "%", "30"),
        ("30％", "%", "30"),
        ("-5", "", "-5"),
        ("−5", "", "-5"),
        ("+5", "", "5"),
        (".5", "", "0.5"),
        ("5.", "", "5"),
        ("5.98 yuan/jin", "yuan/jin", "5.98"),
        ("007", "", "7"),
    ],
)
def test_what_people_type_is_read(typed, unit, given):
    assert number.parse_json(shown(unit), typed) == given


def test_numbers_from_json_are_read_too():
    assert number.parse_json(shown(), 5) == "5"
    assert number.parse_json(shown(), 5.98) == "5.98"


@pytest.mark.parametrize(
    "typed", ["五块", "5.9.8", "1,23,4", "5公斤", "1e3", "NaN", "Infinity", "5-3", "²", "9" * 21]
)
def test_what_is_no_number_is_refused_with_the_unit(typed):
    with pytest.raises(InvalidAnswer) as refused:
        number.parse_json(shown(), typed)
    assert str(refused.value) == "只填数字，单位是元/斤"


def test_without_a_unit_an_example_is_given():
    with pytest.raises(InvalidAnswer, match="只填数字，比如 5.98"):
        number.parse_json(shown(""), "很多")


def test_spaces_alone_are_no_answer():
    with pytest.raises(Unanswered):
        number.parse_json(shown(), "  ")


@pytest.mark.parametrize(
    ("given", "right"), [("5.97", True), ("5.99", True), ("5.969", False), ("5.991", False), ("5.980", True)]
)
def test_tolerance_is_exact(given, right):
    _shown, key = number.freeze(NUMBER, Random(1))
    assert number.grade(key, given) is right


def test_no_float_creeps_in():
    _shown, key = number.freeze({"answer": "0.3", "tolerance": "0"}, Random(1))
    assert number.grade(key, "0.3") is True
    assert number.grade(key, "0.30000000000000004") is False


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ({"answer": "五", "tolerance": "0"}, ["答案要是一个数"]),
        ({"answer": "5", "tolerance": "-1"}, ["误差不能是负数"]),
        ({"answer": "5", "tolerance": "一点"}, ["误差要是一个数"]),
        ({"answer": "NaN"}, ["答案要是一个数"]),
        ({"answer": "5"}, []),
        ({"answer": 5.98, "tolerance": 0.01}, []),
    ],
)
def test_number_is_told_what_is_wrong(content, problems):
    assert number.find_problems(content) == problems


@pytest.mark.parametrize("answer", ["1e3", "1E-30000000", "1_000", "５", "9" * 41])
def test_right_answer_is_written_out_because_phones_compare_digits(answer):
    assert number.find_problems({"answer": answer, "tolerance": "0"}) == ["答案要是一个数"]
    assert number.find_problems({"answer": "5", "tolerance": answer}) == ["误差要是一个数"]
