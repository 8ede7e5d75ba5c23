"""Recognise the format of an export (totals, a row a minute, a row an order) and the meaning of its columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from live.models import Figure, FigureImport
from live.recap.platform_exports import columns
from live.recap.platform_exports.columns import MINUTE, ORDER_NO, PAID_AT
from live.recap.platform_exports.reader import ExportTable, UnreadableExport

Shape = FigureImport.Shape
HEAD_WITHIN = 12


@dataclass(frozen=True)
class Column:
    """A column of the file. `place` counts from 0; `label` follows that of its group: 流量/观看人次."""

    place: int
    label: str
    meaning: str
    example: str = ""


@dataclass(frozen=True)
class Sheet:
    shape: str
    columns: list[Column]
    rows: list[list[str]]
    numbers: list[int]
    encoding: str
    fingerprint: str

    @property
    def meanings(self) -> dict[str, int]:
        """Return {meaning: place of its first column}."""
        found: dict[str, int] = {}
        for column in self.columns:
            if column.meaning:
                found.setdefault(column.meaning, column.place)
        return found


def recognise_table(table: ExportTable, chosen: dict[str, str] | None = None) -> Sheet:
    """Find the header, columns and format. `chosen`: {label: meaning} that overrides ours. Raises UnreadableExport."""
    if upright := turn_upright(table):
        table = upright
    head = find_header(table)
    group = find_groups_above(table, head)
    names = table.rows[head]
    of_orders = any(
        columns.find_meaning(above, name, True) == ORDER_NO for above, name in zip(group, names, strict=True)
    )
    rows, numbers = table.rows[head + 1 :], table.numbers[head + 1 :]
    if not rows:
        raise UnreadableExport(_("只有列名，下面没有数"))
    found = []
    for place, (above, name) in enumerate(zip(group, names, strict=True)):
        label = f"{above}/{name}" if above and above != name else name
        if label:
            known = (chosen or {}).get(label)
            means = columns.find_meaning(above, name, of_orders) if known is None else known
            found.append(Column(place, label, means, next((row[place] for row in rows if row[place]), "")))
    made = Sheet("", found, rows, numbers, table.encoding, columns.hash_labels([one.label for one in found]))
    return replace(made, shape=find_shape(made, of_orders))


def find_shape(made: Sheet, of_orders: bool) -> str:
    if of_orders or {ORDER_NO, PAID_AT} & set(made.meanings):
        return Shape.ORDERS
    return Shape.MINUTES if MINUTE in made.meanings and len(made.rows) > 1 else Shape.SUMMARY


def count_known(table: ExportTable, at: int) -> int:
    """Count the known labels in a row read as the header."""
    row = table.rows[at]
    above = find_groups_above(table, at)
    return sum(
        bool(columns.find_meaning(group, cell, True)) for group, cell in zip(above, row, strict=True) if cell
    )


def find_groups_above(table: ExportTable, head: int) -> list[str]:
    if head and is_groups(table, head):
        return fill_groups(table.rows[head - 1])
    return [""] * len(table.rows[head])


def find_header(table: ExportTable) -> int:
    """Return the header: of the first rows the one with the most known labels."""
    best = max(range(min(HEAD_WITHIN, len(table.rows))), key=lambda at: (count_known(table, at), -at))
    if not count_known(table, best):
        raise UnreadableExport(_("看不出哪一行是列名。从平台导出的表不用改，原样传上来就行"))
    return best


def is_groups(table: ExportTable, head: int) -> bool:
    """Return whether the row above the header groups its columns: fewer labels than columns, none a number."""
    above = table.rows[head - 1]
    labels = [cell for cell in above if cell]
    return 1 < len(set(labels)) < len([cell for cell in table.rows[head] if cell]) and not any(
        cell[0].isdigit() for cell in labels
    )


def fill_groups(row: list[str]) -> list[str]:
    """Fill the empty cells after a group's label, as merged cells are exported to CSV."""
    label, filled = "", []
    for cell in row:
        label = cell or label
        filled.append(label)
    return filled


def turn_upright(table: ExportTable) -> ExportTable | None:
    """Transpose a table of two columns, name and figure; None for any other table."""
    pairs = [(row[0], next((cell for cell in row[1:] if cell), "")) for row in table.rows]
    named = [pair for pair in pairs if columns.find_meaning("", pair[0]) in Figure.Name.values and pair[1]]
    if len(named) < 2 or max(count_known(table, at) for at in range(min(HEAD_WITHIN, len(table.rows)))) > 2:
        return None
    pairs = [(name, figure) for name, figure in pairs if name and figure]
    return ExportTable(
        [[name for name, _figure in pairs], [figure for _name, figure in pairs]], [1, 2], table.encoding
    )
