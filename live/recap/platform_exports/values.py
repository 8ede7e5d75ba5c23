"""Parse cells as platforms write them into exact integers (counts, fen, seconds) and moments."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from ui.fields import to_ascii

NOTHING = {"", "-", "--", "—", "——", "/", "N/A", "n/a", "无", "null", "None"}
TIMES = {"万": 10_000, "w": 10_000, "W": 10_000, "千": 1000, "k": 1000, "K": 1000, "亿": 100_000_000}
NUMBER = re.compile(r"(\d+(?:\.\d+)?)(万|w|W|千|k|K|亿)?")
CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:\.\d+)?")
SPOKEN = re.compile(r"(?:(\d+)(?:小时|时|h))?(?:(\d+)(?:分钟|分|m(?:in)?))?(?:(\d+(?:\.\d+)?)(?:秒钟|秒|s))?")
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M")
MOST = 10**13
# A live lasts at most a day.
MOST_SECONDS = 24 * 3600


class UnreadableCell(ValueError):
    """Raised when a cell is not empty and holds no value of this kind."""


def is_empty(cell: str) -> bool:
    return cell.strip() in NOTHING


def parse_number(cell: str) -> Decimal:
    """Parse 1,234 or 1.2万 or ￥１２.５0元. Raises UnreadableCell."""
    text = to_ascii(cell).strip("¥").removesuffix("元").replace(",", "")
    text = re.sub(r"(人次|人|次|单|笔|件|条|个)$", "", text)
    found = NUMBER.fullmatch(text)
    if not found:
        raise UnreadableCell(cell)
    try:
        value = Decimal(found[1]) * TIMES.get(found[2], 1)
    except InvalidOperation as error:
        raise UnreadableCell(cell) from error
    if value > MOST:
        raise UnreadableCell(cell)
    return value


def count(cell: str) -> int:
    value = parse_number(cell)
    if value != int(value):
        raise UnreadableCell(cell)
    return int(value)


def parse_fen(cell: str) -> int:
    value = parse_number(cell) * 100
    if value != int(value):
        raise UnreadableCell(cell)
    return int(value)


def parse_seconds(cell: str) -> int:
    """Parse 3分12秒, 00:03:12, 192秒 or 192, rounded to seconds. Raises UnreadableCell, also for more than a day."""
    text = to_ascii(cell)
    if found := CLOCK.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        if rest > 59 or (found[1] and minutes > 59):
            raise UnreadableCell(cell)
        whole = hours * 3600 + minutes * 60 + rest
    elif (found := SPOKEN.fullmatch(text)) and any(found.groups()):
        hours, minutes = (int(part or 0) for part in found.groups()[:2])
        whole = hours * 3600 + minutes * 60 + round(Decimal(found[3] or 0))
    else:
        whole = round(parse_number(cell))
    if whole > MOST_SECONDS:
        raise UnreadableCell(cell)
    return whole


def parse_moment(cell: str, day: datetime.date) -> datetime.datetime:
    """Parse a moment with its zone; a time without a date is of `day`. Raises UnreadableCell."""
    text = " ".join(cell.replace("T", " ").split())
    for form in MOMENTS:
        try:
            return timezone.make_aware(datetime.datetime.strptime(text, form))
        except ValueError:
            continue
    if (found := CLOCK.fullmatch(text)) and found[1] or re.fullmatch(r"\d{1,2}:\d{2}", text):
        hours, minutes, rest = (*(int(part) for part in text.split(".")[0].split(":")), 0)[:3]
        if hours < 24 and minutes < 60 and rest < 60:
            return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hours, minutes, rest)))
    raise UnreadableCell(cell)
