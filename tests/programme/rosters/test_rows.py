"""Rows as they are typed in villages: mended where it is clear what is meant, else refused with what to do."""

import pytest
from django.utils import translation

from programme.models import RosterRow
from programme.rosters.columns import Columns
from programme.rosters.problems import describe_problem
from programme.rosters.rows import check_lines, read_people
from programme.rosters.table import Line, Table

COLUMNS = Columns(name=0, phone=1, village=2, note=3, id_number=4)


def read(*rows: list, formulas: tuple[int, ...] = ()) -> list:
    lines = [Line(number, cells, list(formulas)) for number, cells in enumerate(rows, 2)]
    return read_people(Table(COLUMNS, lines))


def say(person) -> str:
    return describe_problem(RosterRow(problem=person.problem, facts=person.facts))


@pytest.mark.parametrize(
    ("name", "phone", "found"),
    [
        ("田巧云", "13800000001", ("田巧云", "+8613800000001")),
        (" 田　巧 云 ", "１３８　００００　０００１", ("田巧云", "+8613800000001")),
        ("阿依古丽 • 买买提", "138-0000-0001", ("阿依古丽·买买提", "+8613800000001")),
        ("Mary-Ann O'Neil", "+86 138 0000 0001", ("Mary-Ann O'Neil", "+8613800000001")),
        ("田巧云", 13800000001.0, ("田巧云", "+8613800000001")),
        ("田巧云", "13800000001.0", ("田巧云", "+8613800000001")),
        ("田巧云", "'13800000001", ("田巧云", "+8613800000001")),
        ("𬱖𠮷", 8613800000001, ("𬱖𠮷", "+8613800000001")),
    ],
)
def test_names_and_numbers_are_mended_where_it_is_clear_what_is_meant(name, phone, found):
    [person] = read([name, phone])
    assert (person.name, person.phone, person.problem) == (*found, "")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["", "13800000001"], "没写姓名。补上再传。"),
        (["田3", "13800000001"], "“田3”不像姓名。姓名至少两个字，只写字，不写数字和符号。"),
        (["田巧云", ""], "没写手机号。补上再传；没有手机号的人开不了账号。"),
        (["田巧云", "0745-8812345"], "“0745-8812345”是座机。换成本人的手机号。"),
        (["田巧云", "1380000000"], "“1380000000”有 10 位，手机号是 11 位。对一下，补齐。"),
        (["田巧云", "12800000001"], "“12800000001”不像手机号。找本人对一下。"),
        (["田巧云", "13800000001/13800000002"], "“13800000001/13800000002”里有别的字。一格只写一个手机号，只写数字。"),
        (["田巧云", "+1 202 555 0100"], "“+12025550100”是外面的号码。现在只能用中国大陆的手机号。"),
        (["田巧云", "1.38E+10"], "手机号变成了“1.38E+10”，后面几位没了。把这一列设成“文本”，再填一遍。"),
        (
            ["田巧云", "13800000001", "", "", 4.312261990010113e17],
            "E2 的身份证号是数字格式，后几位已经丢了。把这一列设成“文本”再填；这里不存身份证号，整列删掉也行。",
        ),
        (["=1", "13800000001"], "“=1”不像姓名。姓名至少两个字，只写字，不写数字和符号。"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_says_how_to_mend_it(row, sentence):
    [person] = read(row)
    assert say(person) == sentence


def test_a_formula_is_never_taken_for_its_value():
    [person] = read(["田巧云", "13800000001"], formulas=(1,))
    assert say(person) == "B2 是公式，不收。把算好的字或数直接写进去。"
    [person] = read(["田巧云", "13800000001", "", "", "", "=1"], formulas=(5,))
    assert person.problem == ""


def test_an_identity_number_is_kept_nowhere():
    number = "43122619900101123X"
    [one, two] = read(["田巧云", "13800000001", "", f"证{number}", number], ["曾春生", number])
    assert (one.note, one.problem) == ("证＊", "")
    assert number not in repr([one, two])
    assert two.facts["typed"] == "＊"


def test_empty_rows_and_repeated_headers_are_left_out_and_an_unknown_column_is_not_read():
    rows = [["", None], ["姓名", "手机号"], ["", "", "", "", "", "合计"], ["田巧云", "13800000001"]]
    assert [person.number for person in read(*rows)] == [5]


def test_one_number_with_two_names_is_refused_in_both_rows_and_the_same_person_twice_is_one():
    people = read(
        ["田巧云", "13800000001"],
        ["田 巧 云", "138 0000 0001"],
        ["曾春生", "13800000002"],
        ["曾冬生", "13800000002"],
    )
    assert [(one.repeats, say(one)) for one in people] == [
        (0, ""),
        (2, ""),
        (0, "和第 5 行的曾冬生是同一个手机号，名字不一样。一人一个号码，改对一行再传。"),
        (0, "和第 4 行的曾春生是同一个手机号，名字不一样。一人一个号码，改对一行再传。"),
    ]


def test_sentences_are_in_the_readers_language():
    [person] = check_lines(Table(COLUMNS, [Line(2, ["", "13800000001"])]))
    with translation.override("en"):
        assert say(person) == "The name is missing. Add it and send the file again."
