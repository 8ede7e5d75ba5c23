"""How a recap writes its figures."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from live.models import Figure
from live.recap_forms import spoken
from live.timeline import Timeline
from ui import amounts

register = template.Library()

# Of the chart, in its own units: how wide it is, how wide a digit and what stands between two values.
WIDE, DIGIT, GAP = 296, 8, 3
CIRCLED = 20


@register.filter
def in_unit(value: int | None, unit: str) -> str:
    """¥12.30, 4.5%, 3分12秒 or 1,234; a dash for what is not known."""
    if value is None:
        return "—"
    if unit == "fen":
        return f"¥{amounts.yuan(value)}"
    if unit == "share":
        return f"{value / 100:.2f}".rstrip("0").rstrip(".") + "%"
    return spoken(value) if unit == "seconds" else f"{value:,}"


@register.filter
def figure_name(name: str) -> str:
    return Figure.Name(name).spoken


@register.filter
def figure_unit(name: str) -> str:
    if name.endswith("_fen"):
        return "fen"
    return "seconds" if name == Figure.Name.WATCH_SECONDS else "count"


@register.filter
def clock(at) -> str:
    return timezone.localtime(at).strftime("%H:%M") if at else ""


@register.filter
def minute_clock(minute: int) -> str:
    """Since the start: 75 → 1:15."""
    return f"{minute // 60}:{minute % 60:02d}"


@register.filter
def against(value: int | None, other: int | None) -> str:
    """Beside the one before it, in hundredths of what that was: +12%."""
    if value is None or not other:
        return ""
    change = round((value - other) * 100 / abs(other))
    if not change:
        return _("一样")
    return f"{'+' if change > 0 else '−'}{abs(change):,}%"


@register.filter
def of_name(rows: dict, name: str):
    return rows.get(name)


@register.filter
def circled(number: int) -> str:
    """① to ⑳: which item, never how many."""
    return chr(0x245F + number) if 1 <= number <= CIRCLED else str(number)


@register.filter
def drawn(timeline: Timeline) -> dict:
    """The chart's geometry: 296 × 150 units, a bar a step with its value on it, a mark for each item that came on the
    table."""
    top, floor = 38, 120
    bars, most, visits = timeline.bars, timeline.most_units, timeline.most_visits
    pitch = WIDE / max(1, len(bars))
    found = []
    for at, bar in enumerate(bars):
        height = round(max(0, bar.units) * (floor - top) / most, 1) if most else 0
        x = round(at * pitch + pitch * 0.1, 1)
        found.append(
            {
                "x": x,
                "y": round(floor - height, 1),
                "height": height,
                "mid": round(at * pitch + pitch / 2, 1),
                "is_most": bar.units == most,
                "slips": bar.slips,
                "units": bar.units,
            }
        )
    line = [
        f"{at * pitch + pitch / 2:.1f} {floor - (bar.visits or 0) * (floor - top) / visits:.1f}"
        for at, bar in enumerate(bars)
        if visits and bar.visits is not None
    ]
    length = len(bars) * timeline.step
    pinned = [one for one in timeline.stretches if one.item]
    return {
        "bars": found,
        "values": values_on(found),
        "width": round(pitch * 0.8, 1),
        "visits": f"M{'L'.join(line)}" if len(line) > 1 else "",
        "pins": [
            {"x": round(one.minute / length * WIDE, 1), "number": number}
            for number, one in enumerate(pinned, 1)
        ]
        if len(pinned) <= CIRCLED
        else [],
        "has_slips": any(bar.slips for bar in bars),
        "end": length,
    }


def values_on(bars: list[dict]) -> list[dict]:
    """The values that stand on their bars: all where there is room, else the highest ones. The table has every one."""
    taken: list[tuple[float, float]] = []
    shown = []
    for bar in sorted(bars, key=lambda one: -one["units"]):
        half = (len(str(bar["units"])) * DIGIT + GAP) / 2
        mid = min(max(bar["mid"], half), WIDE - half)
        if bar["units"] > 0 and all(mid + half <= start or end <= mid - half for start, end in taken):
            taken.append((mid - half, mid + half))
            shown.append({"x": round(mid, 1), "y": round(bar["y"] - 3, 1), "units": bar["units"]})
    return sorted(shown, key=lambda one: one["x"])
