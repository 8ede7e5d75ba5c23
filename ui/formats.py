"""Format money (fen), weight (grams) and dates as people read them; only this module turns them into text."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui.text import is_page_chinese

JIN = 500
KG = 1000


def yuan(fen: int | None) -> str:
    """Format 1234550 as "12,345.50"; with a long minus sign, which is easier to see in a column of figures."""
    if fen is None:
        return ""
    whole, cents = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{whole:,}.{cents:02d}"


def bytes_over(size: int, unit: int) -> str:
    """Format the size of a refused file in units of 10**6 or 10**9 bytes.

    It is rounded up to a tenth, so that it never shows the limit itself: 5_000_001 bytes are "5.1" MB.
    """
    tenths = -(-size * 10 // unit)
    return figure(tenths, 10)


def fen_per(fen: int, grams: int, unit: int) -> int:
    """Return what `unit` grams cost when `grams` cost `fen`, in fen, half a fen rounded up."""
    return (2 * fen * unit + grams) // (2 * grams)


def per_jin(fen: int | None, grams: int | None) -> str:
    return yuan(fen_per(fen, grams, JIN)) if fen is not None and grams else ""


def per_kg(fen: int | None, grams: int | None) -> str:
    return yuan(fen_per(fen, grams, KG)) if fen is not None and grams else ""


def figure(grams: int, unit: int) -> str:
    """Format how many units the grams are: "1,250", "2.5", never "2.50"."""
    number = f"{Decimal(grams) / unit:,f}".replace("-", "−")
    return number.rstrip("0").rstrip(".") if "." in number else number


def jin(grams: int | None) -> str:
    if grams is None:
        return ""
    if grams == JIN // 2:
        return _("半斤")
    return _("%(n)s斤") % {"n": figure(grams, JIN)}


def kg(grams: int | None) -> str:
    return "" if grams is None else _("%(n)s公斤") % {"n": figure(grams, KG)}


def jin_and_kg(grams: int | None) -> str:
    """Format 2500 as "5斤（2.5公斤）": what people say and what scales show."""
    return "" if grams is None else _("%(jin)s（%(kg)s）") % {"jin": jin(grams), "kg": kg(grams)}


def local_date(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value: date | None) -> str:
    """Format the day: 11月24日 on a Chinese page, Nov 24 on an English one; with its year unless it is this year."""
    return "" if value is None else write_day(local_date(value), timezone.localdate())


def days(first: date, last: date) -> str:
    """Format a period: 11月24日到11月28日, or only the day if both are the same."""
    return day(first) if first == last else _("%(start)s到%(end)s") % {"start": day(first), "end": day(last)}


def write_day(when: date, today: date) -> str:
    is_this_year = when.year == today.year
    if not is_page_chinese():
        return written(when, "M j" if is_this_year else "M j, Y")
    return f"{'' if is_this_year else f'{when.year}年'}{when.month}月{when.day}日"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Format how long ago it was, for pages rendered for one reader; a cached page shows `day` instead.

    `now` is the local time, for the rows of a list.
    """
    if value is None:
        return ""
    now = now or timezone.localtime()
    passed = max(now - value, timedelta())
    if passed < timedelta(minutes=1):
        return _("刚刚")
    if passed < timedelta(hours=1):
        n = passed // timedelta(minutes=1)
        return ngettext("%(n)s 分钟前", "%(n)s 分钟前", n) % {"n": n}
    when, today = value.astimezone(now.tzinfo).date(), now.date()
    days = (today - when).days
    if days == 0:
        n = passed // timedelta(hours=1)
        return ngettext("%(n)s 小时前", "%(n)s 小时前", n) % {"n": n}
    if days == 1:
        return _("昨天")
    if days < 7:
        return ngettext("%(n)s 天前", "%(n)s 天前", days) % {"n": days}
    return write_day(when, today)
