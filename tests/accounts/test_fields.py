from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts import fields
from accounts.fields import PersonNameField, PhoneField, VillageField
from tests.factories import make_county


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("田巧云", "田巧云"),
        ("  田　巧云 ", "田 巧云"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("\u202e田巧云", "田巧云"),
        ("田\u200b巧云", "田巧云"),
        ("䶮㛃", "䶮㛃"),
        ("Mary-Ann O'Neil", "Mary-Ann O'Neil"),
        ("字" * 40, "字" * 40),
    ],
)
def test_a_name_is_kept_as_on_the_card(typed, kept):
    assert PersonNameField().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "填一下姓名。"),
        ("\u202e\u200b", "填一下姓名。"),
        ("田", "姓名至少两个字。"),
        ("字" * 200, "最多 40 个字，多了 160 个"),
        ("巧云🍊", "这里不能用表情符号"),
        ("<script>alert(1)</script>", "姓名里只写字，不写数字和符号。"),
        ("田巧云2", "姓名里只写字，不写数字和符号。"),
        ("···", "姓名里只写字，不写数字和符号。"),
    ],
)
def test_a_name_that_is_none_says_why(typed, said):
    with pytest.raises(ValidationError) as raised:
        PersonNameField().clean(typed)
    assert raised.value.messages == [said]


def test_phone_field_gives_back_the_local_way():
    assert PhoneField().prepare_value("+8613800000001") == "138 0000 0001"
    assert PhoneField().prepare_value("138-000") == "138-000"


def test_villages_are_offered_under_their_township(county, other_village, django_assert_num_queries):
    make_county("石门县", "壶瓶镇", [])
    field = VillageField()
    with django_assert_num_queries(1):
        offered = [(group, labels) for group, labels in field.choices]
    assert offered[0] == ("", "选一个村")
    assert [(group, [label for _value, label in villages]) for group, villages in offered[1:]] == [
        ("柚山县青溪镇", ["石榴冲村", "柑子坪村"]),
        ("雾岭县云头镇", ["竹坪村"]),
    ]


def test_a_place_that_is_no_village_is_refused(county):
    with pytest.raises(ValidationError) as raised:
        VillageField().clean(str(county.pk))
    assert raised.value.messages == ["没有这个村，重新选一下。"]


@pytest.mark.both_databases
def test_name_of_a_village_as_long_as_a_book_is_none(village):
    """A LIKE of SQLite fails on more than 50,000 bytes."""
    assert fields.find_villages("橙" * 34_000) == []
    assert fields.find_villages(" " * 10 + village.name) == [village]


# --- months of birth ---


@pytest.mark.parametrize("typed", ["", "  ", "\u3000"])
def test_a_month_of_blanks_is_one_not_filled_in(typed):
    with pytest.raises(ValidationError) as raised:
        fields.BirthMonthField().clean(typed)
    assert raised.value.messages == ["填一下出生年月。"]
    assert fields.BirthMonthField(required=False).clean(typed) is None


@pytest.mark.parametrize(
    "typed", ["198506", "1985-06", "1985年6月", "1985年06月", "1985/6", "1985.6", "１９８５０６"]
)
def test_a_month_is_read_in_any_usual_way(typed):
    assert fields.read_month(typed) == date(1985, 6, 1)


@pytest.mark.parametrize("typed", ["85", "1985", "198513", "198500", "0000-01", "六月", "1985-06-01", "<b>"])
def test_what_is_no_month_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError) as raised:
        fields.read_month(typed)
    assert raised.value.messages == ["写成 198506 这样：四位年，两位月。"]


def test_fourteen_is_proven_only_when_the_month_is_over():
    born = date(2012, 11, 1)
    assert not fields.has_reached_age(born, 14, date(2026, 11, 30))
    assert fields.has_reached_age(born, 14, date(2026, 12, 1))


def test_fourteen_of_a_december_is_proven_in_january():
    born = date(2012, 12, 1)
    assert not fields.has_reached_age(born, 14, date(2026, 12, 31))
    assert fields.has_reached_age(born, 14, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2012, 12, 1), "满 14 岁才能注册。"),
        (date(2026, 12, 1), "这个年月不对，再看一眼。"),
        (date(1890, 1, 1), "这个年月不对，再看一眼。"),
    ],
)
def test_an_age_that_cannot_be_is_told(born, said):
    with pytest.raises(ValidationError) as raised:
        fields.check_age(born, date(2026, 11, 24))
    assert raised.value.messages == [said]
