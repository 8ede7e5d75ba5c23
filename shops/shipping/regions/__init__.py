"""Provinces, cities and counties by GB/T 2260 code; read from the file once a process, when first needed (see README.md)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

Choice = tuple[str, str]


@cache
def get_tree() -> dict[str, tuple[str, dict[str, tuple[str, dict[str, str]]]]]:
    """Return {province code: (name, {city code: (name, {county code: name})})}."""
    rows = json.loads(Path(__file__).with_name("regions.json").read_text())
    return {
        province: (name, {city: (called, dict(counties)) for city, called, counties in cities})
        for province, name, cities in rows
    }


def list_provinces() -> list[Choice]:
    return [(code, name) for code, (name, _cities) in get_tree().items()]


def get_province_name(code: str) -> str:
    """Empty for a code that is none."""
    return get_tree()[code][0] if code in get_tree() else ""


def list_cities(province: str) -> list[Choice]:
    """List the cities of a province; empty for an unknown code."""
    return [(code, name) for code, (name, _counties) in get_tree().get(province, ("", {}))[1].items()]


def list_counties(city: str) -> list[Choice]:
    found = get_tree().get(f"{city[:2]}0000", ("", {}))[1].get(city, ("", {}))[1]
    return list(found.items())


def format_region(province: str, city: str, county: str) -> str:
    """Return the full name, 湖南省长沙市岳麓区; a municipality is named once. Empty unless each code belongs to the one
    before.
    """
    province_called, found = get_tree().get(province, ("", {}))
    city_called, counties = found.get(city, ("", {}))
    county_called = counties.get(county)
    if not county_called:
        return ""
    return province_called + ("" if city_called == province_called else city_called) + county_called
