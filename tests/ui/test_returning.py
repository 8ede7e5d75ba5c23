"""Where a page leads back to: only to a page of this site."""

import pytest
from django.test import RequestFactory

from ui.returning import going_back, way_back

USUAL = "/me/shop/"


def back(address: str, **extra) -> str:
    return way_back(RequestFactory().get("/page/", {"next": address}, **extra), USUAL)


@pytest.mark.parametrize(
    "address", ["/live/6/", "/live/6/checklist/", "/live/6/?scripts=0", "/live/6/#lacks"]
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
    assert going_back("/me/shop/3/#id_address", "/live/6/") == "/me/shop/3/?next=%2Flive%2F6%2F#id_address"
    assert (
        going_back("/freight/?shop=3", "/live/6/?a=1&b") == "/freight/?shop=3&next=%2Flive%2F6%2F%3Fa%3D1%26b"
    )
