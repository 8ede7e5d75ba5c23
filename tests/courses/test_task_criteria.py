"""The criteria of a task: their shape, and editing them as lines without losing which mark belongs to which."""

import pytest

from courses.task_criteria import find_criteria_problems, format_lines, parse_lines

ROWS = [{"code": "c1", "text": "竖着拍"}, {"code": "c2", "text": "20 秒以内"}]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (ROWS, 0),
        ([], 0),
        ("竖着拍", 1),
        ([{"code": "c1", "text": " "}], 1),
        ([{"code": "c 1", "text": "竖着拍"}], 1),
        ([{"code": "c1", "text": "字" * 121}], 1),
        ([{"code": f"c{n}", "text": f"第 {n} 条"} for n in range(9)], 1),
        ([ROWS[0], ROWS[0] | {"code": "c2"}], 1),
        ([ROWS[0], ROWS[1] | {"code": "c1"}], 1),
    ],
)
def test_criteria_have_a_shape(rows, problems):
    assert len(list(find_criteria_problems(rows))) == problems


def test_a_line_that_stays_keeps_its_code():
    assert format_lines(ROWS) == "竖着拍\n20 秒以内"
    assert parse_lines(" 不拍孩子\r\n\n20 秒以内 \n声音清楚", ROWS) == [
        {"code": "c3", "text": "不拍孩子"},
        {"code": "c2", "text": "20 秒以内"},
        {"code": "c4", "text": "声音清楚"},
    ]
