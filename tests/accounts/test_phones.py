import pytest
from django.core.exceptions import ValidationError

from accounts import phones


@pytest.mark.parametrize(
    "typed",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        " 1380000 0001 ",
        "+8613800000001",
        "+86 138 0000 0001",
        "8613800000001",
        "0086 138 0000 0001",
        "１３８　００００　０００１",
        "＋８６１３８００００－０００１",
        "(+86)138.0000.0001",
        "\u202a138 0000 0001\u202c",
        "1\u200b3800000001",
    ],
)
def test_a_number_typed_in_any_way_is_one_number(typed):
    assert phones.normalise(typed) == "+8613800000001"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1380000001", "手机号是 11 位，您填了 10 位。"),
        ("138000000011", "手机号是 11 位，您填了 12 位。"),
        ("12800000001", "这不像手机号，再看一眼。"),
        ("0731 8888 8888", "座机不行，要填手机号。"),
        ("+1 202 555 0100", "现在只能用中国大陆的手机号。"),
        ("00852 5123 4567", "现在只能用中国大陆的手机号。"),
        ("一三八", "手机号里只写数字。"),
        ("138abc00001", "手机号里只写数字。"),
        ("<script>", "手机号里只写数字。"),
        ("١٣٨٠٠٠٠٠٠٠١", "手机号里只写数字。"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(typed, said):
    with pytest.raises(ValidationError) as raised:
        phones.normalise(typed)
    assert raised.value.messages == [said]


def test_a_number_is_shown_the_local_way(trainee):
    trainee.phone = "+8613800000001"
    assert phones.format_local(trainee.phone) == "138 0000 0001"
    assert phones.format_local("+12025550100") == "+12025550100"
    assert phones.format_local(None) == ""


def test_a_masked_number_shows_only_its_ends():
    assert phones.mask("+8613800000001") == "138****0001"
    assert phones.mask("") == "****"
