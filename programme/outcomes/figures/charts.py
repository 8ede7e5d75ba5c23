"""Compute charts of upright bars for the template _columns.html, in units of its view box. They draw nothing themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, TOP, FLOOR, HEIGHT = 296, 30, 160, 190
# With more bars than this only some are named, so that the words do not run into each other.
NAMED = 6
# A number of so many characters is wider than its bar, and so far from the edge it has room.
LONG, EDGE = 4, 40


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    value: str
    is_high: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def anchor(self) -> str:
        """Return how the number stands over its bar: at the edge of the chart it must not leave it."""
        if len(self.value) < LONG or EDGE < self.middle < WIDTH - EDGE:
            return "middle"
        return "start" if self.middle <= EDGE else "end"

    @property
    def number_at(self) -> float:
        return {"middle": self.middle, "start": self.x, "end": round(self.x + self.width, 1)}[self.anchor]

    @property
    def over(self) -> float:
        """Return where the number stands."""
        return max(12, round(self.y - 6, 1))


@dataclass(frozen=True)
class Chart:
    """Bars with their names and numbers; `goal` is the height of a line to reach, or None."""

    bars: list[Bar]
    goal: float | None = None
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR


def draw_columns(values: Sequence[tuple[str, int, str]], goal: int | None = None) -> Chart:
    """Return a bar for each (name, number, number as it is written); a number below zero has no height.

    With many bars every second, third … is named, and only the highest has its number.
    """
    most = max([1, goal or 0, *(number for _name, number, _text in values)])
    scale = (FLOOR - TOP) / most
    step = WIDTH / max(1, len(values))
    gap = min(6.0, step * 0.15)
    each = -(-len(values) // NAMED)
    highest = max(range(len(values)), key=lambda at: values[at][1], default=0)
    bars = []
    for at, (name, number, text) in enumerate(values):
        height = round(max(0, number) * scale, 1)
        is_named = (len(values) - 1 - at) % each == 0
        bars.append(
            Bar(
                x=round(at * step, 1),
                y=round(FLOOR - height, 1),
                width=round(step - gap, 1),
                height=height,
                label=name if is_named else "",
                value=text if number and (each == 1 or at == highest) else "",
                is_high=at == highest and number > 0,
            )
        )
    return Chart(bars, None if goal is None else round(FLOOR - goal * scale, 1))
