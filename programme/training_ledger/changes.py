"""What has changed in a class since one of its ledgers was written, sheet by sheet and row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from programme.models import TrainingLedger
from programme.training_ledger.production import read_part
from programme.training_ledger.sheets import Sheet, build_sheets, list_texts, load_class

# So many rows of a sheet are shown.
MOST_SHOWN = 50


@dataclass
class Changed:
    """A row that is another now: who or what it is, and each changed cell as (column, before, now)."""

    name: str
    cells: list[tuple[str, str, str]]


@dataclass
class SheetChange:
    """The changes of a sheet; `titles` are columns that came or went. `more` rows are not listed."""

    title: str
    titles: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    more: int = 0

    def cut(self) -> None:
        for rows in (self.changed, self.added, self.removed):
            self.more += max(0, len(rows) - MOST_SHOWN)
            del rows[MOST_SHOWN:]


def list_changed_sheets(ledger: TrainingLedger) -> list[str]:
    """Return the titles of the sheets that would be different today, by their digests."""
    facts = load_class(ledger.cohort, ledger.site, ledger.language)
    return [
        sheet.title
        for sheet in build_sheets(facts)
        if ledger.digests.get(sheet.key, {}).get("sha256") != sheet.digest
    ]


def compare_ledger(ledger: TrainingLedger) -> list[SheetChange]:
    """Compare the spreadsheet as it was written with the class as it is. Raises OSError if the file is away."""
    earlier = read_tables(ledger)
    facts = load_class(ledger.cohort, ledger.site, ledger.language)
    found = []
    for sheet in build_sheets(facts):
        if ledger.digests.get(sheet.key, {}).get("sha256") == sheet.digest:
            continue
        with translation.override(ledger.language):
            found.append(compare_sheet(sheet, earlier.get(sheet.title, [])))
    return found


def read_tables(ledger: TrainingLedger) -> dict[str, list[list[str]]]:
    """Return the rows of each sheet of the written spreadsheet as text, its header first."""
    import io

    from python_calamine import CalamineWorkbook

    part = read_part(ledger, ".xlsx")
    if part is None:
        return {}
    book = CalamineWorkbook.from_filelike(io.BytesIO(part[1]))
    tables = {}
    for title in book.sheet_names:
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        tables[title] = [list_texts(row) for row in rows]
    return tables


def compare_sheet(sheet: Sheet, earlier: list[list[str]]) -> SheetChange:
    """Pair rows by what names them; a row without a pair was added or removed."""
    change = SheetChange(sheet.title)
    header = [column.title for column in sheet.columns][: sheet.compared]
    before_header = earlier[0][: sheet.compared] if earlier else header
    change.titles = sorted(set(header) ^ set(before_header))
    shared = [title for title in header[1:] if title in before_header]
    now = [pick(list_texts(row), header, shared) for row in sheet.rows]
    before = [pick(row, before_header, shared) for row in earlier[1:]]
    names = [header[at] for at in sheet.identity]
    gone, new = Counter(before), Counter(now)
    gone.subtract(Counter(now))
    new.subtract(Counter(before))
    waiting: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for row in new.elements():
        waiting[name_row(row, shared, names)].append(row)
    for row in gone.elements():
        key = name_row(row, shared, names)
        if waiting[key]:
            other = waiting[key].pop(0)
            cells = [
                (title, was, now_is)
                for title, was, now_is in zip(shared, row, other, strict=True)
                if was != now_is
            ]
            change.changed.append(Changed(say(key), cells))
        else:
            change.removed.append(say(key))
    change.added = [say(key) for key, rows in waiting.items() for _row in rows]
    change.cut()
    return change


def pick(row: list[str], header: list[str], shared: list[str]) -> tuple[str, ...]:
    """Return the cells of the shared columns; a spreadsheet leaves out empty cells at the end of a row."""
    cells = dict(zip(header, [*row, *[""] * len(header)], strict=False))
    return tuple(cells.get(title, "") for title in shared)


def name_row(row: tuple[str, ...], shared: list[str], names: list[str]) -> tuple[str, ...]:
    return tuple(cell for title, cell in zip(shared, row, strict=True) if title in names)


def say(cells: tuple[str, ...]) -> str:
    return _("，").join(cell for cell in cells if cell)
