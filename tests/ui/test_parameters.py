"""What is no number, id or key names nothing; nothing of it raises."""

from uuid import UUID

import pytest

from ui.parameters import read_id, read_key, read_number

NOTHING = [
    "",
    " 7",
    "7 ",
    "-7",
    "+7",
    "7.0",
    "1e3",
    "７",
    "٧",
    "²",
    "a",
    "\0",
    "9" * 19,
    "9" * 5000,
    None,
    7,
    ["7"],
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_number_is_none(text):
    assert (read_number(text), read_id(text)) == (None, 0)


def test_numbers_are_read_up_to_the_most():
    assert [read_number(text) for text in ("0", "007", "9" * 18)] == [0, 7, 10**18 - 1]
    assert (read_number("40", most=40), read_number("41", most=40)) == (40, None)
    assert (read_id("0"), read_id("42")) == (0, 42)


@pytest.mark.parametrize("text", ["", "f", "\0", "f" * 31, "f" * 5000, "g" * 32, None, 7, ["f" * 32]])
def test_what_is_no_key_is_none(text):
    assert read_key(text) is None


def test_keys_are_read_with_and_without_hyphens():
    key = UUID(int=7)
    assert [read_key(text) for text in (str(key), key.hex)] == [key, key]
