"""Compute the ratios of the recap, each with its formula in words; None if a figure is unknown.

Money in fen, shares in hundredths of a per cent. The definitions are those of module 12 of the course.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from live.models import Figure

Name = Figure.Name
Values = Mapping[str, int]


@dataclass(frozen=True)
class Formula:
    """One ratio. `unit`: "fen", "share", "seconds" or "count". `better`: 1 if more is better, −1 if less is."""

    code: str
    title: str | Promise
    words: str | Promise
    unit: str
    needs: tuple[str, ...]
    compute: Callable[[Values], int]
    below: str = ""  # the divisor
    better: int = 1

    def of(self, known: Values) -> int | None:
        if any(known.get(name) is None for name in self.needs):
            return None
        return self.compute(known) if not self.below or known[self.below] else None

    def missing(self, known: Values) -> list[str]:
        """Return the figures that it still needs, in words."""
        return [Name(name).spoken for name in self.needs if known.get(name) is None]


def round_half_up(above: int, below: int) -> int:
    """Divide and round, halves away from zero: 5/2 → 3."""
    sign = -1 if (above < 0) != (below < 0) else 1
    above, below = abs(above), abs(below)
    return sign * ((2 * above + below) // (2 * below))


def make_share(part: str, whole: str) -> Callable[[Values], int]:
    return lambda known: round_half_up(known[part] * 10_000, known[whole])


FORMULAS = (
    Formula(
        "net", _("净成交"), _("成交金额 − 退款金额"), "fen", (Name.SALES_FEN, Name.REFUND_FEN),
        lambda known: known[Name.SALES_FEN] - known[Name.REFUND_FEN],
    ),
    Formula(
        "gpm", _("千次成交（GPM）"), _("成交金额 × 1000 ÷ 进直播间的人次"), "fen", (Name.SALES_FEN, Name.VISITS),
        lambda known: round_half_up(known[Name.SALES_FEN] * 1000, known[Name.VISITS]), Name.VISITS,
    ),
    Formula(
        "visit_value", _("人次价值（UV 价值）"), _("成交金额 ÷ 进直播间的人次"), "fen", (Name.SALES_FEN, Name.VISITS),
        lambda known: round_half_up(known[Name.SALES_FEN], known[Name.VISITS]), Name.VISITS,
    ),
    Formula(
        "basket", _("客单价"), _("成交金额 ÷ 买家人数"), "fen", (Name.SALES_FEN, Name.BUYERS),
        lambda known: round_half_up(known[Name.SALES_FEN], known[Name.BUYERS]), Name.BUYERS,
    ),
    Formula(
        "refund_share", _("退款率"), _("退款金额 ÷ 成交金额"), "share", (Name.REFUND_FEN, Name.SALES_FEN),
        make_share(Name.REFUND_FEN, Name.SALES_FEN), Name.SALES_FEN, better=-1,
    ),
    Formula(
        "watch", _("平均看了多久"), _("平台算好的"), "seconds", (Name.WATCH_SECONDS,),
        lambda known: known[Name.WATCH_SECONDS],
    ),
)  # fmt: skip
# seen → entered → product seen → product tapped → order made → paid
FUNNEL = (Name.SEEN, Name.VISITS, Name.PRODUCT_SEEN, Name.PRODUCT_TAPS, Name.ORDERS, Name.PAID_ORDERS)


@dataclass(frozen=True)
class Stage:
    """One stage of the funnel; `share` of the stage before, in hundredths of a per cent."""

    name: str
    value: int | None
    share: int | None


def build_funnel(known: Values) -> list[Stage]:
    stages: list[Stage] = []
    before: int | None = None
    for name in FUNNEL:
        value = known.get(name)
        part = round_half_up(value * 10_000, before) if value is not None and before else None
        stages.append(Stage(name, value, part))
        before = value
    return stages


def compute_all(known: Values) -> dict[str, int | None]:
    return {formula.code: formula.of(known) for formula in FORMULAS}
