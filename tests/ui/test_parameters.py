"""An invalid number, id or key names no row, and raises nothing."""

from uuid import UUID

import pytest
from django.test import RequestFactory

from ui.parameters import add_return_url, get_return_url, read_id, read_key, read_number

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


USUAL = "/me/shop/"


def back(address: str, **extra) -> str:
    return get_return_url(RequestFactory().get("/page/", {"next": address}, **extra), USUAL)


@pytest.mark.parametrize(
    "address", ["/live/6/", "/live/6/checklist/", "/live/6/?scripts=0", "/live/6/#missing"]
)
def test_a_page_of_this_site_is_gone_back_to(address):
    assert back(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/live/6/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "live/6/",
        "\x00/live/6/",
        "/live/" + "6" * 600,
    ],
)
def test_any_other_address_is_refused(address):
    assert back(address) == USUAL


def test_a_downgrade_to_plain_http_is_refused():
    assert back("http://testserver/live/6/", secure=True) == USUAL


def test_the_way_back_stands_before_the_part_of_the_page():
    assert (
        add_return_url("/me/shop/3/#id_address", "/live/6/") == "/me/shop/3/?next=%2Flive%2F6%2F#id_address"
    )
    assert (
        add_return_url("/freight/?shop=3", "/live/6/?a=1&b")
        == "/freight/?shop=3&next=%2Flive%2F6%2F%3Fa%3D1%26b"
    )
