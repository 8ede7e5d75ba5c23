"""Seed the county, its villages and their pages."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from accounts.models import Place
from shops.models import Village

DATA = Path(__file__).parent.parent / "data"
Kind = Place.Kind


def read(name: str) -> dict:
    with open(DATA / f"{name}.toml", "rb") as file:
        return tomllib.load(file)


@dataclass
class DemoPlaces:
    county: Place
    township: Place
    villages: dict[str, Place]
    elsewhere: Place


def seed_places() -> DemoPlaces:
    data = read("places")
    province = make_place(data["province"], "Hunan", Kind.PROVINCE, None)
    county = make_place(data["county"]["name"], data["county"]["name_en"], Kind.COUNTY, province)
    township = make_place(data["township"]["name"], data["township"]["name_en"], Kind.TOWNSHIP, county)
    villages = {}
    for entry in data["villages"]:
        village = make_place(entry["name"], entry["name_en"], Kind.VILLAGE, township)
        Village.objects.get_or_create(
            place=village, defaults={"slug": entry["slug"], "story": entry["story"]}
        )
        villages[entry["name"]] = village
    far = data["elsewhere"]
    other = make_place(far["county"], far["county_en"], Kind.COUNTY, province)
    other = make_place(far["township"], far["township_en"], Kind.TOWNSHIP, other)
    other = make_place(far["village"], far["village_en"], Kind.VILLAGE, other)
    return DemoPlaces(county, township, villages, other)


def make_place(name: str, name_en: str, kind: str, parent: Place | None) -> Place:
    found, _new = Place.objects.get_or_create(
        name=name, parent=parent, defaults={"name_en": name_en, "kind": kind}
    )
    return found
