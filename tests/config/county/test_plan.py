"""What a county's plan and its sheet may be, and the sentences for what they may not."""

import pytest
from openpyxl import Workbook

from config.county.plan import (
    MOST_VILLAGES,
    BadPlan,
    PersonPlan,
    arrange,
    find_county,
    list_counties,
    read_plan,
    read_sheet,
)

PEOPLE = """
[administrator]
name = "向建国"
phone = "138 0000 1000"
[organiser]
name = "周梅英"
phone = "+86 139-0000-1000"
"""


@pytest.fixture
def write(tmp_path):
    """write(text) → the path of a plan's file with this text."""

    def write_file(text: str, name: str = "county.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def save_xlsx(path, rows) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_plan_with_a_sheet_is_read(write, tmp_path):
    save_xlsx(
        tmp_path / "places.xlsx",
        [
            ["邵阳县行政区划", None],
            [],
            ["乡镇/街道", "村（社区）"],
            ["谷洲镇", " 石榴冲村 "],
            [None, "柑子坪村"],
            ["塘渡口镇"],
        ],
    )
    plan = read_plan(write('county = "430523"\nplaces = "places.xlsx"\n' + PEOPLE))
    assert (str(plan.county), plan.county.code) == ("湖南省邵阳市邵阳县", "430523")
    assert plan.townships == {"谷洲镇": ["石榴冲村", "柑子坪村"], "塘渡口镇": []}
    assert plan.administrator == PersonPlan("向建国", "+8613800001000")
    assert plan.organiser.phone == "+8613900001000"


def test_townships_may_stand_in_the_plan_itself(write):
    places = '[[townships]]\nname = "谷洲镇"\nvillages = ["石榴冲村"]\n[[townships]]\nname = "塘渡口镇"\n'
    plan = read_plan(write('county = "邵阳县"\n' + places + PEOPLE))
    assert plan.townships == {"谷洲镇": ["石榴冲村"], "塘渡口镇": []}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_sheet_with_commas_is_read_in_the_encodings_of_spreadsheets(tmp_path, encoding):
    path = tmp_path / "places.csv"
    path.write_bytes("乡镇,村\r\n谷洲镇,石榴冲村\r\n".encode(encoding))
    assert arrange(read_sheet(path)) == {"谷洲镇": ["石榴冲村"]}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("430523", "湖南省邵阳市邵阳县"),
        ("湖南省邵阳县", "湖南省邵阳市邵阳县"),
        ("湖南省 邵阳市 邵阳县", "湖南省邵阳市邵阳县"),
        ("５００１０１", "重庆市万州区"),
        ("仙桃市", "湖北省仙桃市"),
    ],
)
def test_county_is_found_by_code_and_by_name(typed, found):
    assert str(find_county(typed)) == found


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("430500", "430500 is 邵阳市; a site is started for a county"),
        ("43", "43 is not the code of a county"),
        ("999999", "999999 is not the code of a county"),
        ("朝阳区", "“朝阳区” is the name of several: 北京市朝阳区 (110105), 吉林省长春市朝阳区 (220104)"),
        ("柚山县", "There is no county “柚山县”"),
        ("", "There is no county “”"),
    ],
)
def test_what_is_no_county_is_refused_in_a_sentence(typed, sentence):
    with pytest.raises(BadPlan) as refused:
        find_county(typed)
    assert str(refused.value).startswith(sentence)


def test_every_county_has_a_code_of_its_own():
    counties = list_counties()
    assert len({one.code for one in counties}) == len(counties) > 2_800


def test_every_row_that_is_wrong_is_named_at_once(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(
        f"乡镇,村\n,无镇村\n谷洲镇,石榴冲村\n谷洲镇,石榴冲村\n谷洲镇,{'长' * 41}\n", encoding="utf-8"
    )
    with pytest.raises(BadPlan) as refused:
        arrange(read_sheet(path))
    assert str(refused.value).splitlines() == [
        "Row 2: 无镇村 has no township.",
        "Rows 3 and 4 are both 谷洲镇 石榴冲村.",
        f"Row 5: “{'长' * 40}” is no name of a place.",
    ]


def test_villages_of_one_name_in_two_townships_are_two(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("乡镇,村\n谷洲镇,新村\n塘渡口镇,新村\n", encoding="utf-8")
    assert arrange(read_sheet(path)) == {"谷洲镇": ["新村"], "塘渡口镇": ["新村"]}


@pytest.mark.long
def test_sheet_of_more_villages_than_a_county_has_is_refused(tmp_path):
    path = tmp_path / "places.csv"
    rows = "".join(f"谷洲镇,{n}村\n" for n in range(MOST_VILLAGES + 1))
    path.write_text("乡镇,村\n" + rows, encoding="utf-8")
    with pytest.raises(BadPlan, match="20,001 villages are too many for a county: 20,000 at most"):
        arrange(read_sheet(path))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("places.csv", b"a,b\n1,2\n", "places.csv has no row of headings with 乡镇 and 村"),
        ("places.csv", b"\xff\xff\xff", "places.csv is neither in UTF-8 nor in GB 18030"),
        ("places.csv", b"x" * 5_000_001, "places.csv is too large"),
        ("places.xlsx", b"no zip", "places.xlsx: This is no .xlsx sheet"),
        ("places.xlsx", b"", "places.xlsx: This is no .xlsx sheet"),
    ],
)
def test_file_that_is_no_sheet_is_refused_in_a_sentence(tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadPlan) as refused:
        read_sheet(path)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("county = ", ["county.toml is not TOML"]),
        ("", ["county.toml has no “county”.", "county.toml has no “administrator”.", "county.toml has no “organiser”."]),
        ('county = "430523"\ncountry = 1\n' + PEOPLE, ["county.toml has “country”, which means nothing here."]),
        ('county = "430523"\nplaces = "none.csv"\n' + PEOPLE, ["/none.csv cannot be read: No such file or directory."]),
        ('county = "430523"\ntownships = 3\n' + PEOPLE, ["“townships” is a list of tables"]),
        (
            'county = "430500"\n' + PEOPLE.replace("138 0000 1000", "12345"),
            ["430500 is 邵阳市", "administrator: A mobile number has 11 digits; you entered 5."],
        ),
        ('county = "430523"\n' + PEOPLE.replace("周梅英", ""), ["organiser: "]),
        ('county = "430523"\nadministrator = "向"\norganiser = 1', ["“administrator” needs a name and a phone."]),
        (
            'county = "430523"\n' + PEOPLE.replace("+86 139-0000-1000", "13800001000"),
            ["向建国 and 周梅英 have the same number."],
        ),
    ],
)  # fmt: skip
def test_plan_that_is_wrong_says_all_of_it(write, text, sentences):
    with pytest.raises(BadPlan) as refused:
        read_plan(write(text))
    for sentence in sentences:
        assert sentence in str(refused.value)
