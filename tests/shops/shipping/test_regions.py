"""The list of provinces, cities and counties."""

import pytest

from shops.shipping import regions


def test_all_provinces_and_the_three_special_ones_are_there():
    codes = [code for code, _name in regions.list_provinces()]
    assert len(codes) == 34
    assert codes[:2] == ["110000", "120000"]
    assert {"430000", "810000", "820000", "710000"} <= set(codes)


def test_every_code_lies_in_the_one_above_it():
    for province, _name in regions.list_provinces():
        cities = regions.list_cities(province)
        assert cities
        for city, _called in cities:
            assert city[:2] == province[:2]
            counties = regions.list_counties(city)
            assert counties
            assert {code[:4] for code, _called in counties} == {city[:4]}


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("430000", "430100", "430104"), "湖南省长沙市岳麓区"),
        (("110000", "110100", "110108"), "北京市海淀区"),
        (("430000", "430100", "440106"), ""),
        (("440000", "430100", "430104"), ""),
        (("430000", "", ""), ""),
        (("x", "'; --", "🍊"), ""),
    ],
)
def test_named_says_only_what_belongs_together(codes, said):
    assert regions.format_region(*codes) == said


def test_unknown_codes_have_nothing_below_them():
    assert (
        regions.list_cities("999999"),
        regions.list_counties("430199"),
        regions.get_province_name(""),
    ) == ([], [], "")
