from random import Random

import pytest

from courses.questions import violations
from tests.courses.questions.kit import SPOT

SCRIPT = "乡亲们好，今天给大家带来自家种的冰糖橙。全网最低价，只要29块9一箱，吃了能降血压。坏果包赔，今天下午四点前下单当天发货。"
ENGLISH = "Hello everyone, this is the cheapest price in the country, and a spoiled fruit is refunded."


def test_forbidden_phrases_are_pieces_and_nothing_is_lost():
    pieces = violations.cut_script(SCRIPT, ["能降血压", "全网最低价"])
    assert "".join(text for text, _wrong in pieces) == SCRIPT
    assert [text for text, wrong in pieces if wrong] == ["全网最低价，", "能降血压。"]
    assert [text for text, wrong in pieces if not wrong][:4] == [
        "乡亲们好，",
        "今天",
        "给大家带来自家种的",
        "冰糖橙。",
    ]


def test_lawful_text_is_cut_as_finely_as_forbidden():
    longest = max(len(text) for text, wrong in violations.cut_script(SCRIPT, ["能降血压"]) if not wrong)
    assert longest <= 10


def test_english_is_cut_between_words():
    pieces = violations.cut_script(ENGLISH, ["the cheapest price in the country"])
    assert "".join(text for text, _wrong in pieces) == ENGLISH
    assert [text for text, _wrong in pieces] == [
        "Hello everyone, ",
        "this is ",
        "the cheapest price in the country, ",
        "and a spoiled fruit ",
        "is refunded.",
    ]


def test_phrase_with_marks_inside_is_one_piece():
    assert violations.cut_script("最好，最好吃，顶", ["最好，最好吃"]) == [
        ("最好，最好吃，", True),
        ("顶", False),
    ]


def test_phrases_beside_each_other_stay_apart():
    assert violations.cut_script("第一，最好。", ["第一", "，最好"]) == [("第一", True), ("，最好。", True)]


@pytest.mark.parametrize(
    ("script", "wrong", "problems"),
    [
        ("", ["x"], ["还没有写话术", "话术里没有“x”，要一字不差"]),
        ("全是好话。", [], ["还没有标出违规的话"]),
        ("全是好话。", ["坏话"], ["话术里没有“坏话”，要一字不差"]),
        ("最好最好", ["最好"], ["“最好”出现了不止一次，写长一点，只让它出现一次"]),
        ("第一名", ["第一", "第一"], ["“第一”出现了不止一次，写长一点，只让它出现一次"]),
        ("全国第一名", ["全国第一", "第一名"], ["两处违规的话叠在一起了，分开写"]),
        ("全国第一名", ["全国第一"], []),
    ],
)
def test_spot_is_told_what_is_wrong(script, wrong, problems):
    assert (
        violations.find_problems({"script": script, "wrong": [{"text": text} for text in wrong]}) == problems
    )


def test_a_wrong_tap_counts_against():
    shown, key = violations.freeze(SPOT, Random(1))
    assert [piece["text"] for piece in shown["pieces"]] == [
        "乡亲们好，",
        "全网最低价，",
        "吃了",
        "能降血压。",
        "坏果包赔。",
    ]
    assert violations.grade(key, ["3", "1"]) is True
    assert violations.grade(key, ["1", "2", "3"]) is False


def test_told_counts_found_and_amiss_and_says_why():
    shown, key = violations.freeze(SPOT, Random(1))
    told = violations.build_feedback(shown, key, ["0", "1"])
    assert (told["found"], told["all"], told["amiss"]) == (1, 2, 1)
    assert [piece["why"] for piece in told["pieces"]] == ["", "没有凭据", "", "水果不是药", ""]


def test_text_of_many_lines_survives():
    script = '第一行\n\n第二行：全网最低价\n"好"  '
    assert "".join(text for text, _wrong in violations.cut_script(script, ["全网最低价"])) == script
