"""The figures by which a live is looked back on, each with its formula in words. Money in fen, shares in hundredths of a
per cent; None where a figure that it needs is not known. The definitions are those of module 12."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from live.models import Figure

Name = Figure.Name
Known = Mapping[str, int]


@dataclass(frozen=True)
class Formula:
    """`unit`: "fen", "share", "seconds" or "count". `better`: 1 where more is better, −1 where less is."""

    code: str
    title: str
    words: str
    unit: str
    needs: tuple[str, ...]
    reckon: Callable[[Known], int]
    below: str = ""  # what it is divided by
    better: int = 1

    def of(self, known: Known) -> int | None:
        if any(known.get(name) is None for name in self.needs):
            return None
        return self.reckon(known) if not self.below or known[self.below] else None

    def lacking(self, known: Known) -> list[str]:
        """What must still be told, in words."""
        return [Name(name).spoken for name in self.needs if known.get(name) is None]


def half_up(above: int, below: int) -> int:
    """To the nearest whole, halves away from nought: 5/2 → 3."""
    sign = -1 if (above < 0) != (below < 0) else 1
    above, below = abs(above), abs(below)
    return sign * ((2 * above + below) // (2 * below))


def share(part: str, whole: str) -> Callable[[Known], int]:
    return lambda known: half_up(known[part] * 10_000, known[whole])


FORMULAS = (
    Formula(
        "net", _("净成交"), _("成交金额 − 退款金额"), "fen", (Name.SALES_FEN, Name.REFUND_FEN),
        lambda known: known[Name.SALES_FEN] - known[Name.REFUND_FEN],
    ),
    Formula(
        "gpm", _("千次成交（GPM）"), _("成交金额 × 1000 ÷ 进直播间的人次"), "fen", (Name.SALES_FEN, Name.VISITS),
        lambda known: half_up(known[Name.SALES_FEN] * 1000, known[Name.VISITS]), Name.VISITS,
    ),
    Formula(
        "visit_value", _("一个人次值多少"), _("成交金额 ÷ 进直播间的人次"), "fen", (Name.SALES_FEN, Name.VISITS),
        lambda known: half_up(known[Name.SALES_FEN], known[Name.VISITS]), Name.VISITS,
    ),
    Formula(
        "basket", _("平均一人买多少"), _("成交金额 ÷ 买的人数"), "fen", (Name.SALES_FEN, Name.BUYERS),
        lambda known: half_up(known[Name.SALES_FEN], known[Name.BUYERS]), Name.BUYERS,
    ),
    Formula(
        "refund_share", _("退款率"), _("退款金额 ÷ 成交金额"), "share", (Name.REFUND_FEN, Name.SALES_FEN),
        share(Name.REFUND_FEN, Name.SALES_FEN), Name.SALES_FEN, better=-1,
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
    """One step of the funnel; `share` is of the step before, in hundredths of a per cent."""

    name: str
    value: int | None
    share: int | None


def funnel(known: Known) -> list[Stage]:
    stages: list[Stage] = []
    before: int | None = None
    for name in FUNNEL:
        value = known.get(name)
        part = half_up(value * 10_000, before) if value is not None and before else None
        stages.append(Stage(name, value, part))
        before = value
    return stages


def reckoned(known: Known) -> dict[str, int | None]:
    return {formula.code: formula.of(known) for formula in FORMULAS}
