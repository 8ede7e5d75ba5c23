"""What a county begins with, as `manage.py start_county` takes it: from a file, a sheet of places, or answers.

The file is TOML:

    county = "430523"                # GB/T 2260, or the name: "湖南省邵阳县"
    places = "places.xlsx"           # or .csv; beside this file

    [[townships]]                    # instead of the sheet, or besides it
    name = "谷洲镇"
    villages = ["石榴冲村", "柑子坪村"]

    [administrator]                  # who runs the site; sees all of it
    name = "向建国"
    phone = "138 0000 0000"

    [organiser]                      # the county's first organiser; may be the same person
    name = "周梅英"
    phone = "139 0000 0000"
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation

from accounts import phones
from accounts.fields import PersonNameField
from media import spreadsheets
from shops.shipping import regions
from ui.fields import to_ascii
from ui.text import tidy

LONGEST_NAME = 40  # as Place.name
MOST_VILLAGES = 20_000
# What a column may be called, without spaces and in lower case.
COLUMNS = {
    "township": ("乡镇", "乡镇街道", "镇", "乡", "街道", "township"),
    "village": ("村", "村名", "村居", "行政村", "村委会", "村社区", "village"),
}
# Cities of the table that no administration stands for: counties directly below their province.
NO_CITY = re.compile("直辖")
KEYS = {"county", "places", "townships", "administrator", "organiser"}


class BadPlan(Exception):
    """Raised with sentences about everything that is wrong, one a line; nothing has been written then."""


@dataclass(frozen=True)
class County:
    """A county of GB/T 2260 with the names above it; `city` is empty where the county is directly below its province."""

    code: str
    name: str
    city: str
    province: str

    def __str__(self) -> str:
        return f"{self.province}{self.city}{self.name}"


@dataclass(frozen=True)
class PersonPlan:
    name: str
    phone: str
    """E.164."""


@dataclass
class CountyPlan:
    county: County
    administrator: PersonPlan
    organiser: PersonPlan
    townships: dict[str, list[str]] = field(default_factory=dict)
    """The names of the villages by township, in the order of the sheet."""

    def count_villages(self) -> int:
        return sum(map(len, self.townships.values()))


# --- counties ---


def list_counties() -> list[County]:
    found = []
    for province, province_name in regions.list_provinces():
        for city, city_name in regions.list_cities(province):
            shown = "" if city_name == province_name or NO_CITY.search(city_name) else city_name
            found += [County(code, name, shown, province_name) for code, name in regions.list_counties(city)]
    return found


def find_county(typed: str) -> County:
    """Find a county by its code, or by its name with or without what is above it. Raises BadPlan."""
    text = re.sub(r"\s+", "", to_ascii(tidy(typed)))
    counties = list_counties()
    if re.fullmatch(r"\d+", text):
        for county in counties:
            if county.code == text:
                return county
        raise BadPlan(f"{explain_code(text)} It has six digits, such as 430523 for 邵阳县.")
    found = [county for county in counties if text in (str(county), county.province + county.name)]
    found = found or [county for county in counties if text in (county.name, county.city + county.name)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadPlan(
            f"There is no county “{typed}” in the table of GB/T 2260. Write its whole name, 湖南省邵阳县, or its code."
        )
    raise BadPlan(f"“{typed}” is the name of several: " + ", ".join(f"{one} ({one.code})" for one in found))


def explain_code(code: str) -> str:
    """Return a sentence about a code that is no county's."""
    cities = dict(regions.list_cities(f"{code[:2]}0000"))
    if name := regions.get_province_name(code) or cities.get(code):
        return f"{code} is {name}; a site is started for a county."
    return f"{code} is not the code of a county."


# --- places ---


@dataclass(frozen=True)
class PlaceRow:
    """A township's or a village's row; `number` is the row's in the sheet, which begins at 1."""

    number: int
    township: str
    village: str


def read_sheet(path: Path) -> list[PlaceRow]:
    """Read a sheet (.xlsx, or .csv in UTF-8 or GB 18030) with a column 乡镇 and a column 村. Raises BadPlan.

    An empty cell of a township takes the one above it, as in a sheet with merged cells. A row without a village is a township's
    alone.
    """
    try:
        cells = read_csv(path) if path.suffix.lower() == ".csv" else read_xlsx(path)
    except OSError as error:
        raise BadPlan(f"{path} cannot be read: {error.strerror}.") from error
    for place, row in enumerate(cells):
        names = [re.sub(r"[\s/、（）()]+", "", cell).lower() for cell in row]
        columns = {
            key: next((at for at, name in enumerate(names) if name in known), None)
            for key, known in COLUMNS.items()
        }
        if None not in columns.values():
            return collect_rows(cells[place + 1 :], place + 2, columns)
        if place == 9:
            break
    raise BadPlan(f"{path.name} has no row of headings with 乡镇 and 村 among its first ten.")


def collect_rows(cells: list[list[str]], first: int, columns: dict[str, int | None]) -> list[PlaceRow]:
    rows, township = [], ""
    for number, row in enumerate(cells, first):
        values = {
            key: tidy(row[at]) if at is not None and at < len(row) else "" for key, at in columns.items()
        }
        township = values["township"] or township
        if any(values.values()):
            rows.append(PlaceRow(number, township, values["village"]))
    return rows


def read_csv(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    if len(data) > spreadsheets.MOST_BYTES:
        raise BadPlan(f"{path.name} is too large: {spreadsheets.MOST_BYTES // 1_000_000} MB at most.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(row) for row in csv.reader(io.StringIO(data.decode(encoding)))]
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise BadPlan(f"{path.name} is no table with commas: {error}.") from error
    raise BadPlan(f"{path.name} is neither in UTF-8 nor in GB 18030: save it as .xlsx.")


def read_xlsx(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook

    with path.open("rb") as file, translation.override("en"):
        try:
            spreadsheets.refuse_hostile(file, path.stat().st_size)
            sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
            rows = sheet.iter_rows(max_col=50, max_row=MOST_VILLAGES + 100, values_only=True)
            return [["" if cell is None else str(cell) for cell in row] for row in rows]
        except spreadsheets.UnreadableSpreadsheet as error:
            raise BadPlan(f"{path.name}: {error}.") from error
        except (ValueError, KeyError, IndexError, *spreadsheets.BROKEN) as error:
            raise BadPlan(f"{path.name} is broken: open it, save it anew as .xlsx.") from error


def arrange(rows: Iterable[PlaceRow]) -> dict[str, list[str]]:
    """Return the villages by township. Raises BadPlan with every row that is wrong."""
    problems: list[str] = []
    townships: dict[str, list[str]] = {}
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        for name in filter(None, (row.township, row.village)):
            if len(name) > LONGEST_NAME or not name.isprintable():
                problems.append(f"Row {row.number}: “{name[:LONGEST_NAME]}” is no name of a place.")
        if not row.township:
            problems.append(f"Row {row.number}: {row.village} has no township.")
            continue
        villages = townships.setdefault(row.township, [])
        if not row.village:
            continue
        if first := seen.get((row.township, row.village)):
            problems.append(f"Rows {first} and {row.number} are both {row.township} {row.village}.")
            continue
        seen[row.township, row.village] = row.number
        villages.append(row.village)
    if len(seen) > MOST_VILLAGES:
        problems.append(f"{len(seen):,} villages are too many for a county: {MOST_VILLAGES:,} at most.")
    if problems:
        raise BadPlan(
            "\n".join([*problems[:20], *([f"… and {len(problems) - 20} more."] if problems[20:] else [])])
        )
    return townships


# --- the file ---


def read_plan(path: Path) -> CountyPlan:
    """Read and check a plan's file. Raises BadPlan with everything that is wrong in it."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadPlan(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPlan(f"{path.name} is not TOML: {error}.") from error
    problems = [
        f"{path.name} has “{key}”, which means nothing here." for key in sorted(written.keys() - KEYS)
    ]
    problems += [
        f"{path.name} has no “{key}”."
        for key in ("county", "administrator", "organiser")
        if key not in written
    ]
    if problems:
        raise BadPlan("\n".join(problems))
    found: dict[str, Any] = {}
    for key, read in (
        ("county", lambda: find_county(str(written["county"]))),
        ("administrator", lambda: read_person(written["administrator"], "administrator")),
        ("organiser", lambda: read_person(written["organiser"], "organiser")),
        ("townships", lambda: read_places(written, path.parent)),
    ):
        try:
            found[key] = read()
        except BadPlan as error:
            problems.append(str(error))
    if problems:
        raise BadPlan("\n".join(problems))
    return make_plan(**found)


def make_plan(
    county: County, administrator: PersonPlan, organiser: PersonPlan, townships: dict[str, list[str]]
) -> CountyPlan:
    """Put a plan together. Raises BadPlan if one number stands for two people."""
    if administrator.phone == organiser.phone and administrator.name != organiser.name:
        raise BadPlan(f"{administrator.name} and {organiser.name} have the same number.")
    return CountyPlan(county, administrator, organiser, townships)


def read_places(written: dict[str, Any], folder: Path) -> dict[str, list[str]]:
    rows = read_sheet(folder / str(written["places"])) if "places" in written else []
    listed = written.get("townships", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) and "name" in one for one in listed):
        raise BadPlan("“townships” is a list of tables, each with a name and its villages.")
    for one in listed:
        names = one.get("villages", [])
        if not isinstance(names, list):
            raise BadPlan(f"The villages of {one['name']} are not a list.")
        # Rows of the file itself have no number that anybody could look up: the township stands for it.
        rows += [PlaceRow(len(rows) + 1, tidy(str(one["name"])), tidy(str(name))) for name in names or [""]]
    return arrange(rows)


def read_person(written: Any, role: str) -> PersonPlan:
    """Check a name and a number. Raises BadPlan."""
    if not isinstance(written, dict) or not {"name", "phone"} <= written.keys():
        raise BadPlan(f"“{role}” needs a name and a phone.")
    with translation.override("en"):
        try:
            name = PersonNameField().clean(str(written["name"]))
            return PersonPlan(name, phones.normalise(str(written["phone"])))
        except ValidationError as error:
            raise BadPlan(f"{role}: {' '.join(error.messages)}") from error
