"""What is wrong with a plan's parts, faults and list of what to bring, in the sentences that its writer reads."""

import pytest

from courses.plans.parts import find_kit_problems, find_plan_problems, is_row

UNCLEAR = "每一步要写清楚：哪一步、几分钟、做什么、说什么。"
FAULTS = [{"see": "秤漂了", "do": "先归零"}] * 3


def make_parts(*stages: str, **last) -> list[dict]:
    """Return parts of five minutes each, the last one with the given values."""
    stages = stages or ("intro", "show", "practise", "review")
    parts = [{"stage": stage, "minutes": 5, "do": "称一箱", "say": "看我的手"} for stage in stages]
    parts[-1] |= last
    return parts


def list_problems(parts: object = None, faults: object = FAULTS, minutes: int | None = None) -> list[str]:
    return list(find_plan_problems(make_parts() if parts is None else parts, faults, minutes))


@pytest.mark.parametrize("practices", [1, 2])
def test_a_plan_may_practise_once_or_twice(practices):
    parts = make_parts("intro", "show", *["practise"] * practices, "review")
    assert list_problems(parts, minutes=5 * len(parts)) == []


@pytest.mark.parametrize(
    "parts",
    [
        [],
        {},
        "intro",
        ["intro"],
        make_parts(minutes="5"),
        make_parts(minutes=True),
        make_parts(do=None),
        make_parts(more=1),
        [{"stage": "intro"}],
    ],
)
def test_parts_of_another_shape_are_one_problem(parts):
    assert list_problems(parts) == [UNCLEAR]


def test_stages_in_another_order_are_named_as_they_stand():
    said = "四步要照这个次序：导入、示范、练、讲评，练可以分两回。现在是：%s。"
    assert list_problems(make_parts("show", "intro", "review")) == [said % "示范、导入、讲评"]
    assert list_problems(make_parts("intro", "x" * 30)) == [said % f"导入、{'x' * 20}"]


def test_minutes_are_those_of_the_lesson_where_they_are_known():
    assert list_problems(minutes=25) == ["四步合起来 20 分钟，这一课是 25 分钟，要一样多。"]
    assert list_problems(minutes=20) == list_problems(minutes=None) == []


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        ({"minutes": 0}, "讲评：几分钟没写。"),
        ({"do": " \n"}, "讲评：做什么没写。"),
        ({"say": ""}, "讲评：说什么没写。"),
        ({"do": "做" * 2001}, "讲评：写得太长了。"),
        ({"say": "说" * 601}, "讲评：写得太长了。"),
        ({"do": "做" * 2000, "say": "说" * 600}, None),
    ],
)
def test_each_part_says_what_is_empty_or_too_long(empty, said):
    assert list_problems(make_parts(**empty)) == ([said] if said else [])


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (FAULTS[:2], ["常见的错要写 3 条，现在是 2 条。"]),
        (None, ["常见的错要写 3 条，现在是 0 条。"]),
        ([*FAULTS[:2], {"see": " ", "do": "先归零"}], ["常见的错：每一条都要写看见什么、怎么办。"]),
        ([*FAULTS[:2], {"see": "秤漂了"}], ["常见的错：每一条都要写看见什么、怎么办。"]),
        ([*FAULTS[:2], {"see": "看" * 301, "do": "先归零"}], ["常见的错：写得太长了。"]),
        ([*FAULTS[:2], {"see": "看" * 300, "do": "办" * 601}], ["常见的错：写得太长了。"]),
        ([*FAULTS[:2], {"see": "看" * 300, "do": "办" * 600}], []),
        (["秤漂了"], ["常见的错：每一条都要写看见什么、怎么办。", "常见的错要写 3 条，现在是 1 条。"]),
    ],
)
def test_three_faults_are_written_whole_and_short(faults, said):
    assert list_problems(faults=faults) == said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["秤 4 台"] * 20, []),
        (["秤 4 台"] * 21, ["要备的东西最多 20 样，现在是 21 样。"]),
        (["秤" * 95], []),
        (["秤" * 96], ["要备的东西一行一样，一行最多 95 个字。"]),
    ],
)
def test_what_to_bring_is_short(lines, said):
    assert list(find_kit_problems(lines)) == said


def test_a_number_is_no_text_and_yes_is_no_number():
    assert is_row({"n": 1}, {"n": int})
    assert not is_row({"n": True}, {"n": int})
    assert not is_row({"n": 1}, {"n": str})
