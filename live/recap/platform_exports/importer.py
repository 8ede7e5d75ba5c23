"""Turn an export into figures: a preview, then the import. The same file is imported once for a live."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from live.models import ColumnChoice, Figure, FigureImport, Livestream
from live.recap.platform_exports import values
from live.recap.platform_exports.columns import (
    AMOUNT,
    MINUTE,
    MONEY,
    ORDER_NO,
    PAID_AT,
    REFUND,
    SECONDS,
    STATUS,
)
from live.recap.platform_exports.formats import Shape, Sheet
from media.storages import write_file

Name = Figure.Name
NOT_PAID = ("未付款", "待付款", "待支付", "已取消", "已关闭", "交易关闭")
GIVEN_BACK = ("已退款", "退款成功", "退款完成")
# Orders may be paid so long after the live.
AFTERWARDS = datetime.timedelta(hours=2)
LATEST_MINUTE = 24 * 60


@dataclass
class Outcome:
    """What an export holds. `figures`: {(name, minute or None): value}; `problems`: sentences about what could not be read."""

    figures: dict[tuple[str, int | None], int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def totals(self) -> list[tuple[str, int]]:
        return [(name, value) for (name, minute), value in self.figures.items() if minute is None]

    @property
    def read_minutes(self) -> int:
        return len({minute for _name, minute in self.figures if minute is not None})


def preview_import(sheet: Sheet, live: Livestream) -> Outcome:
    """Return what an import would write. No query."""
    readers: dict[str, Callable[[Sheet, Livestream, Outcome], None]] = {
        Shape.SUMMARY: read_summary,
        Shape.MINUTES: read_minutes,
        Shape.ORDERS: read_orders,
    }
    outcome = Outcome()
    readers[sheet.shape](sheet, live, outcome)
    drop_implausible(outcome)
    outcome.rows = len(sheet.rows)
    return outcome


def drop_implausible(outcome: Outcome) -> None:
    """Drop values larger than any live ever had: a column was misread."""
    for (name, minute), value in list(outcome.figures.items()):
        if value > values.MOST:
            del outcome.figures[name, minute]
            outcome.problems.append(
                _("“%(name)s”大得不像真的，没有记：看看那一列选对了没有") % {"name": Name(name).spoken}
            )


def parse_value(name: str, cell: str) -> int:
    if name in SECONDS:
        return values.parse_seconds(cell)
    return values.parse_fen(cell) if name in MONEY else values.count(cell)


def report_unreadable(sheet: Sheet, row: int, place: int, outcome: Outcome) -> None:
    label = next(column.label for column in sheet.columns if column.place == place)
    facts = {"row": sheet.numbers[row], "label": label, "cell": sheet.rows[row][place][:30]}
    outcome.problems.append(_("第 %(row)d 行“%(label)s”读不懂：%(cell)s") % facts)


def read_row(sheet: Sheet, at: int, outcome: Outcome) -> dict[str, int]:
    """Return the figures of one row."""
    found = {}
    for name, place in sheet.meanings.items():
        cell = sheet.rows[at][place]
        if name not in Name.values or values.is_empty(cell):
            continue
        try:
            found[name] = parse_value(name, cell)
        except values.UnreadableCell:
            report_unreadable(sheet, at, place, outcome)
    return found


def read_summary(sheet: Sheet, live: Livestream, outcome: Outcome) -> None:
    """Read totals: one line is the live; of several, as of a month, the one with the most figures."""
    lines = [read_row(sheet, at, outcome) for at in range(len(sheet.rows))]
    best = max(lines, key=len)
    if len([line for line in lines if line]) > 1:
        outcome.problems.append(_("表里有好几行，只看数最全的那一行。别的场删掉再传，就不会弄错"))
    outcome.figures.update({(name, None): value for name, value in best.items()})


def read_minutes(sheet: Sheet, live: Livestream, outcome: Outcome) -> None:
    start, place = live.started_at or live.starts_at, sheet.meanings[MINUTE]
    for at, row in enumerate(sheet.rows):
        try:
            minute = parse_minute(row[place], start)
        except values.UnreadableCell:
            report_unreadable(sheet, at, place, outcome)
            continue
        if not 0 <= minute <= LATEST_MINUTE:
            outcome.problems.append(_("第 %(row)d 行不是这一场的时间") % {"row": sheet.numbers[at]})
            continue
        outcome.figures.update(
            {(name, minute): value for name, value in read_row(sheet, at, outcome).items()}
        )


def parse_minute(cell: str, start: datetime.datetime) -> int:
    """Return the minute since the start from 第 12 分钟, 12, or a time."""
    bare = cell.removeprefix("第").removesuffix("分钟").strip()
    if bare.isdecimal() and len(bare) < 5:
        return int(bare)
    seconds = (
        values.parse_moment(cell, start.astimezone().date()) - start.replace(second=0, microsecond=0)
    ).total_seconds()
    return int(seconds // 60)


def read_orders(sheet: Sheet, live: Livestream, outcome: Outcome) -> None:
    """Sum the paid orders of the live's time; an order counts once, however many lines it has."""
    where = sheet.meanings
    by_minute: defaultdict[int, Counter] = defaultdict(Counter)
    sums: Counter = Counter()
    seen: set[str] = set()
    back: set[str] = set()
    for at, row in enumerate(sheet.rows):
        facts = read_order(sheet, at, live, outcome)
        if facts is None:
            continue
        number = row[where[ORDER_NO]] if ORDER_NO in where else str(at)
        is_new = number not in seen
        seen.add(number)
        sums.update({Name.ORDERS: is_new})
        if not facts.paid:
            continue
        sums.update({Name.PAID_ORDERS: is_new, Name.SALES_FEN: facts.fen, Name.REFUND_FEN: facts.refund_fen})
        if facts.refund_fen and number not in back:
            back.add(number)
            sums[Name.REFUND_ORDERS] += 1
        if facts.minute is not None:
            by_minute[facts.minute].update({Name.PAID_ORDERS: is_new, Name.SALES_FEN: facts.fen})
    outcome.figures.update({(name, None): int(value) for name, value in sums.items()})
    for minute, found in sorted(by_minute.items()):
        outcome.figures.update({(name, minute): int(value) for name, value in found.items()})


@dataclass(frozen=True)
class OrderFacts:
    fen: int
    refund_fen: int
    paid: bool
    minute: int | None


def read_order(sheet: Sheet, at: int, live: Livestream, outcome: Outcome) -> OrderFacts | None:
    """Read one order; report a line that is unreadable or of another time and return None."""
    where, row = sheet.meanings, sheet.rows[at]
    found = {}
    for name in (AMOUNT, REFUND):
        cell = row[where[name]] if name in where else ""
        try:
            found[name] = 0 if values.is_empty(cell) else values.parse_fen(cell)
        except values.UnreadableCell:
            report_unreadable(sheet, at, where[name], outcome)
            return None
    status = row[where[STATUS]] if STATUS in where else ""
    paid = not any(word in status for word in NOT_PAID) or bool(found[REFUND])
    refund = found[REFUND] or (found[AMOUNT] if any(word in status for word in GIVEN_BACK) else 0)
    minute = None
    cell = row[where[PAID_AT]] if PAID_AT in where else ""
    if not values.is_empty(cell):
        start, end = live.started_at or live.starts_at, live.ended_at
        try:
            moment = values.parse_moment(cell, start.astimezone().date())
        except values.UnreadableCell:
            report_unreadable(sheet, at, where[PAID_AT], outcome)
            return None
        if moment < start - datetime.timedelta(minutes=10) or (end and moment > end + AFTERWARDS):
            outcome.problems.append(_("第 %(row)d 行不是这一场的时间") % {"row": sheet.numbers[at]})
            return None
        minute = max(0, int((moment - start).total_seconds() // 60))
    return OrderFacts(found[AMOUNT], refund, paid, minute)


def find_import(live: Livestream, digest: str) -> FigureImport | None:
    return FigureImport.objects.filter(livestream=live, sha256=digest).first()


def import_export(
    live: Livestream, sheet: Sheet, file: File, name: str, digest: str, by: User
) -> FigureImport:
    """Import an export; the same bytes again return the first import. The file is stored before its row."""
    if earlier := find_import(live, digest):
        return earlier
    outcome = preview_import(sheet, live)
    row = FigureImport(
        livestream=live,
        shape=sheet.shape,
        name=name[:200],
        sha256=digest,
        encoding=sheet.encoding,
        columns={column.label: column.meaning for column in sheet.columns},
        rows=outcome.rows,
        by=by,
    )
    row.stored = f"exports/{row.key.hex[:2]}/{row.key.hex}"
    file.seek(0)
    write_file(storages["private"], row.stored, file)
    try:
        with transaction.atomic():
            row.save()
            Figure.objects.bulk_create(
                Figure(livestream=live, name=name, minute=minute, value=value, source=row, by=by)
                for (name, minute), value in outcome.figures.items()
            )
            remember_columns(live, sheet)
    except IntegrityError:  # another connection imported the same file first
        storages["private"].delete(row.stored)
        if earlier := find_import(live, digest):
            return earlier
        raise
    return row


def remember_columns(live: Livestream, sheet: Sheet) -> None:
    if live.shop_id:
        chosen = {column.label: column.meaning for column in sheet.columns}
        ColumnChoice.objects.update_or_create(
            shop_id=live.shop_id,
            platform=live.platform,
            fingerprint=sheet.fingerprint,
            defaults={"columns": chosen},
        )


def find_remembered_columns(live: Livestream, fingerprint: str) -> dict[str, str] | None:
    """Return the meanings that this shop chose last time for these columns. One query."""
    if not live.shop_id:
        return None
    rows = ColumnChoice.objects.filter(shop=live.shop_id, platform=live.platform, fingerprint=fingerprint)
    return rows.values_list("columns", flat=True).first()
