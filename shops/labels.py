"""Show names of places and categories, and changes of a number, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from accounts.models import Place

SHOWN = (Place.Kind.VILLAGE, Place.Kind.TOWNSHIP, Place.Kind.COUNTY)


def choose_name(name: str, name_en: str) -> str:
    return name_en if name_en and get_language() == "en" else name


def format_place(place: Place) -> str:
    """Return the place with its county: 柚山县青溪镇石榴冲村, or on an English page, if all have English names, "Shiliuchong
    Village, Qingxi Town, Youshan County".
    """
    line = []
    here: Place | None = place
    while here and here.kind in SHOWN:
        line.append(here)
        here = here.parent
    if get_language() == "en" and all(place.name_en for place in line):
        return ", ".join(place.name_en for place in line)
    return "".join(place.name for place in reversed(line))


def format_change(delta: int) -> str:
    """Format a change: +5, −3, 0. The minus is the long sign, as in amounts of money."""
    return f"+{delta:,}" if delta > 0 else f"−{-delta:,}" if delta < 0 else "0"
