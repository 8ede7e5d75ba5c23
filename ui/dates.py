"""Format dates as they are spoken: 11月24日 on a Chinese page, Nov 24 on an English one."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui.text import is_page_chinese


def local_date(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value: date | None) -> str:
    """Format the day, with its year only when it is not this year."""
    if value is None:
        return ""
    when = local_date(value)
    chinese = is_page_chinese()
    if when.year == timezone.localdate().year:
        return written(when, "n月j日" if chinese else "M j")
    return written(when, "Y年n月j日" if chinese else "M j, Y")


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Format how long ago it was, for pages made for one reader; a page kept for many shows `day` instead."""
    if value is None:
        return ""
    now = now or timezone.now()
    passed = max(now - value, timedelta())
    if passed < timedelta(minutes=1):
        return _("刚刚")
    if passed < timedelta(hours=1):
        n = passed // timedelta(minutes=1)
        return ngettext("%(n)s 分钟前", "%(n)s 分钟前", n) % {"n": n}
    days = (local_date(now) - local_date(value)).days
    if days == 0:
        n = passed // timedelta(hours=1)
        return ngettext("%(n)s 小时前", "%(n)s 小时前", n) % {"n": n}
    if days == 1:
        return _("昨天")
    if days < 7:
        return ngettext("%(n)s 天前", "%(n)s 天前", days) % {"n": days}
    return day(value)
