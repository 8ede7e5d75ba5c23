"""Names of places and kinds for this reader: the English one, where there is one, on an English page."""

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
