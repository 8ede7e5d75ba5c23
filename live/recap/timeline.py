"""A live minute by minute: what was featured and sold, how many visited; and the chart of it."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from live.models import Figure, LiveSale, Livestream, Pin, RundownItem, Slip
from live.recap import figures

MOST_BARS = 48
STEPS = (1, 2, 5, 10, 15, 30, 60)
# The chart in its own units: its width, the width of a digit, the space between two values; the most pins it numbers.
WIDE, DIGIT, GAP = 296, 8, 3
MOST_PINS = 20


@dataclass(frozen=True)
class Bar:
    """One step of the chart, beginning at `minute` since the start; `item` was featured last in it."""

    minute: int
    units: int
    fen: int
    visits: int | None
    item: object | None
    slips: int


@dataclass(frozen=True)
class Stretch:
    """The time for which one item was featured; `item` is None before the first.

    `units` and `fen` are of this item, `all_units` of everything sold in that time, as the bars show it; `number` counts the
    stretches with an item.
    """

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


def build_timeline(live: Livestream) -> Timeline:
    """Return the timeline. Four queries. Sales keyed in after the end count in the last minute."""
    end = live.over_at
    if live.started_at is None or end is None:
        return Timeline(1, [], [])
    length = max(1, count_minutes_between(live.started_at, end) + 1)
    step = next((one for one in STEPS if length <= one * MOST_BARS), STEPS[-1])
    units: Counter[int] = Counter()
    fen: Counter[int] = Counter()
    sales = list(
        LiveSale.objects.filter(livestream=live).select_related("undoes").order_by("happened_at", "id")
    )
    for sale in sales:
        minute = (
            min(max(0, count_minutes_between(live.started_at, get_counting_time(sale))), length - 1)
            // step
            * step
        )
        units[minute] += sale.quantity
        fen[minute] += sale.fen
    pins = list(
        Pin.objects.filter(livestream=live).select_related("item__product").order_by("happened_at", "id")
    )
    visits = figures.load_figures_by_minute(live, Figure.Name.VISITS)
    slips = Counter(
        count_minutes_between(live.started_at, at) // step * step
        for at in Slip.objects.filter(livestream=live).values_list("happened_at", flat=True)
    )
    bars = [
        Bar(
            minute,
            units[minute],
            fen[minute],
            count_visits_in(visits, minute, step),
            find_featured_before(pins, live.started_at + datetime.timedelta(minutes=minute + step)),
            slips[minute],
        )
        for minute in range(0, length, step)
    ]
    return Timeline(step, bars, build_stretches(live, pins, sales, end))


def count_minutes_between(start: datetime.datetime, at: datetime.datetime) -> int:
    return int((at - start).total_seconds() // 60)


def count_visits_in(visits: dict[int, int], minute: int, step: int) -> int | None:
    here = [visits[one] for one in range(minute, minute + step) if one in visits]
    return sum(here) if here else None


def find_featured_before(pins: list[Pin], before: datetime.datetime):
    return next((pin.item for pin in reversed(pins) if pin.happened_at < before), None)


def build_stretches(
    live: Livestream, pins: list[Pin], sales: list[LiveSale], end: datetime.datetime
) -> list[Stretch]:
    """Return one for each pin, and one before the first if something was sold earlier: together they hold every sale."""
    assert live.started_at is not None  # it has been on air
    starts: list[tuple[RundownItem | None, datetime.datetime]] = [(pin.item, pin.happened_at) for pin in pins]
    if not pins or any(get_counting_time(sale) < pins[0].happened_at for sale in sales):
        starts.insert(0, (None, live.started_at))
    found = []
    for place, (item, start) in enumerate(starts):
        is_last = place + 1 == len(starts)
        until = end if is_last else starts[place + 1][1]
        # Sales entered after the end, or dated before the start by a wrong clock, belong to the last or the first stretch.
        here = [
            sale
            for sale in sales
            if (place == 0 or start <= get_counting_time(sale))
            and (is_last or get_counting_time(sale) < until)
        ]
        mine = [sale for sale in here if item and sale.item_id == item.pk]
        found.append(
            Stretch(
                item,
                max(0, count_minutes_between(live.started_at, start)),
                max(1, round((until - start).total_seconds() / 60)),
                sum(sale.quantity for sale in mine),
                sum(sale.fen for sale in mine),
                sum(sale.quantity for sale in here),
                number=place + 1 - (starts[0][0] is None),
            )
        )
    return found if pins else []


def get_counting_time(sale: LiveSale) -> datetime.datetime:
    """Return when a sale counts; an undo counts at the moment of its sale."""
    return (sale.undoes or sale).happened_at


# --- the chart ---


def compute_chart_geometry(timeline: Timeline) -> dict:
    """Return the chart's geometry: 296 × 150 units, a bar a step with its value, a mark for each featured item."""
    top, base = 38, 120
    bars, most, visits = timeline.bars, timeline.most_units, timeline.most_visits
    pitch = WIDE / max(1, len(bars))
    found = []
    for at, bar in enumerate(bars):
        height = round(max(0, bar.units) * (base - top) / most, 1) if most else 0
        x = round(at * pitch + pitch * 0.1, 1)
        found.append(
            {
                "x": x,
                "y": round(base - height, 1),
                "height": height,
                "mid": round(at * pitch + pitch / 2, 1),
                "is_most": bar.units == most,
                "slips": bar.slips,
                "units": bar.units,
            }
        )
    line = [
        f"{at * pitch + pitch / 2:.1f} {base - (bar.visits or 0) * (base - top) / visits:.1f}"
        for at, bar in enumerate(bars)
        if visits and bar.visits is not None
    ]
    length = len(bars) * timeline.step
    pinned = [one for one in timeline.stretches if one.item]
    return {
        "bars": found,
        "values": choose_values(found),
        "width": round(pitch * 0.8, 1),
        "visits": f"M{'L'.join(line)}" if len(line) > 1 else "",
        "pins": [
            {"x": round(one.minute / length * WIDE, 1), "number": number}
            for number, one in enumerate(pinned, 1)
        ]
        if len(pinned) <= MOST_PINS
        else [],
        "has_slips": any(bar.slips for bar in bars),
        "end": length,
    }


def choose_values(bars: list[dict]) -> list[dict]:
    """Return the values written on their bars: all that fit, the highest first. The table has every one."""
    taken: list[tuple[float, float]] = []
    shown = []
    for bar in sorted(bars, key=lambda one: -one["units"]):
        half = (len(str(bar["units"])) * DIGIT + GAP) / 2
        mid = min(max(bar["mid"], half), WIDE - half)
        if bar["units"] > 0 and all(mid + half <= start or end <= mid - half for start, end in taken):
            taken.append((mid - half, mid + half))
            shown.append({"x": round(mid, 1), "y": round(bar["y"] - 3, 1), "units": bar["units"]})
    return sorted(shown, key=lambda one: one["x"])
