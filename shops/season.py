"""Where in its harvest a fruit is, in the words of the trade: 开园, 在采, 末批."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui.days import day as spoken

OPENING_DAYS = 10
LAST_DAYS = 10


@dataclass(frozen=True)
class Season:
    first: date
    last: date
    today: date

    @property
    def is_on(self) -> bool:
        return self.first <= self.today <= self.last

    @property
    def days_in(self) -> int:
        return (self.today - self.first).days

    @property
    def days_left(self) -> int:
        return (self.last - self.today).days

    def word(self) -> str:
        """Two characters for the picture; empty out of season. A short harvest is opening, then ending."""
        if not self.is_on:
            return ""
        if self.days_left <= LAST_DAYS and self.days_left <= self.days_in:
            return _("末批")
        return _("开园") if self.days_in < OPENING_DAYS else _("在采")

    def note(self) -> str:
        """What it means for who wants some."""
        if self.today < self.first:
            return _("%(day)s开采") % {"day": spoken(self.first)}
        if not self.is_on:
            return _("这一季采完了")
        if not self.days_left:
            return _("今天采最后一天")
        return ngettext("还能采 %(n)s 天", "还能采 %(n)s 天", self.days_left) % {"n": self.days_left}

    def span(self) -> str:
        return _("%(first)s到%(last)s") % {"first": spoken(self.first), "last": spoken(self.last)}

    def months(self) -> list[Month]:
        """January to December, each with whether anything is picked in it."""
        first = self.first.year * 12 + self.first.month - 1
        last = min(self.last.year * 12 + self.last.month - 1, first + 11)
        picked = {month % 12 + 1 for month in range(first, last + 1)}
        return [Month(n, n in picked, n == self.today.month) for n in range(1, 13)]


@dataclass(frozen=True)
class Month:
    number: int
    is_on: bool
    is_now: bool
