"""A live minute by minute: what was on the table, what was sold, who was there."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from live import figures
from live.models import Figure, LiveSale, Livestream, Pin, Slip

MOST_BARS = 48
STEPS = (1, 2, 5, 10, 15, 30, 60)


@dataclass(frozen=True)
class Bar:
    """`minute` is its first one since the start; `item` what was on the table when it began."""

    minute: int
    units: int
    fen: int
    visits: int | None
    item: object | None
    slips: int


@dataclass(frozen=True)
class Stretch:
    """So long one item was on the table; `item` is None before any was. `units` and `fen` are of this item, `all_units` of
    everything that was sold meanwhile, as the bars show it; `number` counts the pins."""

    item: object | None
    minute: int
    minutes: int
    units: int
    fen: int
    all_units: int
    number: int = 0


@dataclass(frozen=True)
class Timeline:
    step: int
    bars: list[Bar]
    stretches: list[Stretch]

    @property
    def units(self) -> int:
        return sum(bar.units for bar in self.bars)

    @property
    def most_units(self) -> int:
        return max((bar.units for bar in self.bars), default=0)

    @property
    def most_visits(self) -> int:
        return max((bar.visits or 0 for bar in self.bars), default=0)


def timeline(live: Livestream) -> Timeline:
    """Four queries. What was keyed in after the end stands in the last minute."""
    if not live.started_at:
        return Timeline(1, [], [])
    end = live.over_at
    length = max(1, minutes_between(live.started_at, end) + 1)
    step = next((one for one in STEPS if length <= one * MOST_BARS), STEPS[-1])
    units, fen = Counter(), Counter()
    sales = list(
        LiveSale.objects.filter(livestream=live).select_related("undoes").order_by("happened_at", "id")
    )
    for sale in sales:
        minute = min(max(0, minutes_between(live.started_at, told_at(sale))), length - 1) // step * step
        units[minute] += sale.quantity
        fen[minute] += sale.fen
    pins = list(
        Pin.objects.filter(livestream=live).select_related("item__product").order_by("happened_at", "id")
    )
    visits = figures.by_minute(live, Figure.Name.VISITS)
    slips = Counter(
        minutes_between(live.started_at, at) // step * step
        for at in Slip.objects.filter(livestream=live).values_list("happened_at", flat=True)
    )
    bars = [
        Bar(
            minute,
            units[minute],
            fen[minute],
            seen(visits, minute, step),
            on_table(pins, live.started_at + datetime.timedelta(minutes=minute + step)),
            slips[minute],
        )
        for minute in range(0, length, step)
    ]
    return Timeline(step, bars, stretches(live, pins, sales, end))


def minutes_between(start: datetime.datetime, at: datetime.datetime) -> int:
    return int((at - start).total_seconds() // 60)


def seen(visits: dict[int, int], minute: int, step: int) -> int | None:
    here = [visits[one] for one in range(minute, minute + step) if one in visits]
    return sum(here) if here else None


def on_table(pins: list[Pin], before: datetime.datetime):
    return next((pin.item for pin in reversed(pins) if pin.happened_at < before), None)


def stretches(
    live: Livestream, pins: list[Pin], sales: list[LiveSale], end: datetime.datetime
) -> list[Stretch]:
    """One for each pin, and before the first one if something was sold before it: together they hold every sale."""
    starts = [(pin.item, pin.happened_at) for pin in pins]
    if not pins or any(told_at(sale) < pins[0].happened_at for sale in sales):
        starts.insert(0, (None, live.started_at))
    found = []
    for place, (item, start) in enumerate(starts):
        is_last = place + 1 == len(starts)
        until = end if is_last else starts[place + 1][1]
        # What was keyed in after the end, or before the beginning by a wrong clock, is the last's or the first's.
        here = [
            sale
            for sale in sales
            if (place == 0 or start <= told_at(sale)) and (is_last or told_at(sale) < until)
        ]
        mine = [sale for sale in here if item and sale.item_id == item.pk]
        found.append(
            Stretch(
                item,
                max(0, minutes_between(live.started_at, start)),
                max(1, round((until - start).total_seconds() / 60)),
                sum(sale.quantity for sale in mine),
                sum(sale.fen for sale in mine),
                sum(sale.quantity for sale in here),
                number=place + 1 - (starts[0][0] is None),
            )
        )
    return found if pins else []


def told_at(sale: LiveSale) -> datetime.datetime:
    """What was taken back is taken from the moment in which it was told."""
    return (sale.undoes or sale).happened_at
