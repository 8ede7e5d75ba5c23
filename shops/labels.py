"""How names of places and categories, and changes of a number, are shown to this reader."""

from __future__ import annotations

from django.utils.translation import get_language

from accounts.models import Place

SHOWN = (Place.Kind.VILLAGE, Place.Kind.TOWNSHIP, Place.Kind.COUNTY)


def in_language(name: str, name_en: str) -> str:
    return name_en if name_en and get_language() == "en" else name


def whereabouts(place: Place) -> str:
    """柚山县青溪镇石榴冲村, or Shiliuchong Village, Qingxi Town, Youshan County where all have such names."""
    line = []
    while place and place.kind in SHOWN:
        line.append(place)
        place = place.parent
    if get_language() == "en" and all(place.name_en for place in line):
        return ", ".join(place.name_en for place in line)
    return "".join(place.name for place in reversed(line))


def signed(delta: int) -> str:
    """+5, −3, 0: the minus is the long one, as in amounts of money."""
    return f"+{delta:,}" if delta > 0 else f"−{-delta:,}" if delta < 0 else "0"
