"""Write the rows of the workbook on standard input as lines of JSON. Run as a script, because the library ends its whole
process at a workbook whose one cell is far from the others.

    python -I workbook_rows.py PARENT MOST_SHEETS MOST_ROWS MOST_COLUMNS

Each visible sheet is a line `{"sheet": name}`, then a line `[number, [value, …], [column of a formula, …]]` for each row
that is not empty; a cell is a text, a number, true, false or null. A line `"REASON"` alone says why it was not read.
"""

import io
import json
import re
import sys
import zipfile
from pathlib import Path
from xml.parsers import expat

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from media.sandbox import limits  # noqa: E402

MEMORY, CPU_SECONDS = 2 << 30, 60
FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f\b')
# The library does not say so of a file without a name: a stream EncryptedPackage ([MS-OFFCRYPTO]), or in an XLS file the
# record FilePass after the first one and, where the file is also protected against changes, after WriteProtect ([MS-XLS]).
PASSWORD = re.compile(
    re.escape("EncryptedPackage".encode("utf-16-le"))
    + rb"|\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)
MOST_LIST_BYTES = 1 << 20


class Refused(Exception):
    """Raised with the reason for which nothing is read."""


def write_rows(content: bytes, most_sheets: int, most_rows: int, most_columns: int) -> None:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(io.BytesIO(content))
    except (calamine.CalamineError, OSError, ValueError):
        raise Refused("password" if PASSWORD.search(content) else "broken") from None
    shown = [
        (place, one.name)
        for place, one in enumerate(book.sheets_metadata)
        if one.visible == calamine.SheetVisibleEnum.Visible and one.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if len(shown) > most_sheets:
        raise Refused("sheets")
    formulas, count = Formulas(content), 0
    for place, name in shown:
        try:
            sheet = book.get_sheet_by_index(place)
        except (calamine.CalamineError, OSError, ValueError):
            raise Refused("broken") from None
        write_line({"sheet": name})
        if sheet.start is None or sheet.end is None:
            continue
        if sheet.end[1] >= most_columns:
            raise Refused("columns")
        marked = formulas.find(place)
        for number, row in iterate_rows(sheet):
            if any(cell not in ("", None) for cell in row) or number in marked:
                count += 1
                if count > most_rows:
                    raise Refused("rows")
                write_line([number, row, marked.get(number, [])])


def iterate_rows(sheet):
    """Yield each row with its number in the sheet; a cell merged downwards stands in each of its rows."""
    left = sheet.start[1]
    merged: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, right) in sheet.merged_cell_ranges or []:
        if column == right and last > first:
            merged.setdefault(first, []).append((column, last))
    open_ranges: dict[int, tuple[int, object]] = {}
    # The library yields from the first row of the sheet on, but from the first column that has a cell.
    for place, cells in enumerate(sheet.iter_rows()):
        row = [None] * left + [plain(cell) for cell in cells]
        for column, (last, value) in list(open_ranges.items()):
            if place > last:
                del open_ranges[column]
            elif column < len(row) and row[column] in ("", None):
                row[column] = value
        for column, last in merged.get(place, ()):
            if column < len(row):
                open_ranges[column] = (last, row[column])
        yield place + 1, row


def plain(cell):
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    return str(cell)


class Formulas:
    """Where an XLSX file has formulas: the library only reads the values that were last calculated.

    In an XLS file they cannot be told from typed values, so that the calculated one is taken as text.
    """

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content)) if content.startswith(b"PK") else None
        self.paths = list_sheet_paths(self.archive) if self.archive else []

    def find(self, place: int) -> dict[int, list[int]]:
        """Return the columns with a formula by the number of the row."""
        found: dict[int, list[int]] = {}
        if self.archive and place < len(self.paths):
            for column, row in FORMULA.findall(self.archive.read(self.paths[place])):
                found.setdefault(int(row), []).append(read_column(column.decode()))
        return found


def list_sheet_paths(archive: zipfile.ZipFile) -> list[str]:
    """Return the files of the sheets in their order; none if the lists in the workbook cannot be read."""
    order: list[str] = []
    targets: dict[str, str] = {}

    def take_sheet(name: str, given: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            order.append(next((value for key, value in given.items() if key.endswith(":id")), ""))

    def take_target(name: str, given: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    try:
        for path, take in (("xl/workbook.xml", take_sheet), ("xl/_rels/workbook.xml.rels", take_target)):
            parser = expat.ParserCreate()
            parser.StartElementHandler = take
            parser.Parse(archive.open(path).read(MOST_LIST_BYTES), True)
        paths = [targets[one] for one in order]
        return [path.lstrip("/") if path.startswith("/") else f"xl/{path}" for path in paths]
    except (KeyError, expat.ExpatError, zipfile.BadZipFile, OSError):
        return []


def read_column(letters: str) -> int:
    """Return the place of a column from 0: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def write_line(value) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


def main() -> None:
    parent, most_sheets, most_rows, most_columns = map(int, sys.argv[1:])
    limits.limit_process(1 << 20, CPU_SECONDS, MEMORY, parent)
    try:
        write_rows(sys.stdin.buffer.read(), most_sheets, most_rows, most_columns)
    except Refused as refused:
        write_line(str(refused))
    except MemoryError:
        write_line("spread")


if __name__ == "__main__":
    main()
