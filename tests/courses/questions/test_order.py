from random import Random

import pytest

from courses.questions import InvalidAnswer, order
from tests.courses.questions.kit import ORDER


def test_never_handed_out_solved():
    for seed in range(200):
        shown, key = order.freeze(ORDER, Random(seed))
        assert [step["id"] for step in shown["steps"]] != key["right"]


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        (["一", "二"], ["至少要有 3 步"]),
        (["一", "二", ""], ["有一步没写字"]),
        (["一", "二", "一"], ["“一”写了两遍"]),
        ([f"第{n}步" for n in range(9)], ["最多 8 步"]),
    ],
)
def test_steps_are_told_what_is_wrong(steps, problems):
    content = {"steps": [{"id": str(n), "text": text} for n, text in enumerate(steps)]}
    assert order.find_problems(content) == problems


@pytest.mark.parametrize("given", [["a", "b", "c"], ["a", "a", "b", "c"], ["a", "b", "c", "d", "d"]])
def test_missing_or_repeated_steps_are_refused(given):
    shown, _key = order.freeze(ORDER, Random(1))
    with pytest.raises(InvalidAnswer, match="步骤少了或者多了"):
        order.parse_json(shown, given)


@pytest.mark.parametrize(
    ("move", "result"),
    [
        ("b:up", "bacd"),
        ("b:down", "acbd"),
        ("a:up", "abcd"),
        ("d:down", "abcd"),
        ("x:up", "abcd"),
        ("", "abcd"),
    ],
)
def test_a_button_moves_one_step(move, result):
    shown, _key = order.freeze(ORDER, Random(1))
    assert "".join(step["id"] for step in order.move_step(shown, list("abcd"), move)) == result


def test_a_broken_order_starts_from_the_one_shown():
    shown, _key = order.freeze(ORDER, Random(1))
    assert order.move_step(shown, ["a", "zz"], "") == shown["steps"]


def test_told_says_where_each_step_belongs():
    shown, key = order.freeze(ORDER, Random(1))
    told = order.build_feedback(shown, key, list("bacd"))
    assert [(one["text"], one["place"], one["fits"]) for one in told["given"]] == [
        ("第b步", 2, False),
        ("第a步", 1, False),
        ("第c步", 3, True),
        ("第d步", 4, True),
    ]
    assert told["steps"] == ["第a步", "第b步", "第c步", "第d步"]
