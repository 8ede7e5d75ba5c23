"""A sheet to draw on: SVG gathered in layers, some sharp, some to be blurred."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from PIL import Image

Point = tuple[float, float]
Stop = tuple[float, str] | tuple[float, str, float]


@dataclass
class Layer:
    blur: float
    parts: list[str] = field(default_factory=list)


class Sketch:
    """Light always falls from the upper left; `ground` is the picture everything is laid on."""

    def __init__(self, width: int, height: int, rng: Random, ground: Image.Image | None = None):
        self.width, self.height, self.rng, self.ground = width, height, rng, ground
        self.layers: list[Layer] = []
        self.veil: tuple[float, float] | None = None
        self.bounce = "#ffdcaa"
        self._paints: dict[str, str] = {}

    def add(self, *parts: str) -> None:
        self._on(0).parts.extend(parts)

    def soft(self, blur: float, *parts: str) -> None:
        """Drawn small and blurred by so many units: cast shadows, beams, things far off."""
        self._on(blur).parts.extend(parts)

    def _on(self, blur: float) -> Layer:
        if not self.layers or self.layers[-1].blur != blur:
            self.layers.append(Layer(blur))
        return self.layers[-1]

    @contextmanager
    def at(
        self, x: float, y: float, turn: float = 0, scale: float = 1, tall: float | None = None
    ) -> Iterator:
        place = f'<g transform="translate({x:.1f} {y:.1f})'
        place += f" rotate({turn:.1f})" if turn else ""
        place += f' scale({scale:.3f} {scale if tall is None else tall:.3f})">'
        self._on(0).parts.append(place)
        yield
        self._on(0).parts.append("</g>")

    def radial(self, *stops: Stop, cx=0.0, cy=0.0, r=100.0, fx=None, fy=None, turn=0.0, tall=1.0) -> str:
        """A gradient in the units of the shape it fills; `turn` and `tall` make it an ellipse."""
        focus = "" if fx is None else f' fx="{fx:.1f}" fy="{fy:.1f}"'
        bend = ""
        if turn or tall != 1:
            bend = f' gradientTransform="translate({cx:.1f} {cy:.1f}) rotate({turn:.1f}) scale(1 {tall:.3f})"'
            cx, cy = 0, 0
        attributes = f'gradientUnits="userSpaceOnUse" cx="{cx:.1f}" cy="{cy:.1f}" r="{r:.1f}"{focus}{bend}'
        return self._paint("radialGradient", attributes, stops)

    def linear(self, *stops: Stop, x1=0.0, y1=0.0, x2=0.0, y2=100.0) -> str:
        ends = f'gradientUnits="userSpaceOnUse" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        return self._paint("linearGradient", ends, stops)

    def clip(self, path: str) -> str:
        return self._define(f'<clipPath id="%s"><path d="{path}"/></clipPath>')

    def _paint(self, tag: str, attributes: str, stops: Sequence[Stop]) -> str:
        marks = "".join(
            f'<stop offset="{stop[0]:.3f}" stop-color="{stop[1]}"'
            + (f' stop-opacity="{stop[2]:.3f}"/>' if len(stop) == 3 else "/>")
            for stop in stops
        )
        return self._define(f'<{tag} id="%s" {attributes}>{marks}</{tag}>')

    def _define(self, markup: str) -> str:
        name = self._paints.setdefault(markup, f"p{len(self._paints)}")
        return f"url(#{name})"

    def document(self, layer: Layer, width: int, height: int) -> str:
        body = "".join(layer.parts)
        paints = "".join(m % name for m, name in self._paints.items() if f"url(#{name})" in body)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {self.width} {self.height}" preserveAspectRatio="none">'
            f"<defs>{paints}</defs>{body}</svg>"
        )


def path(d: str, fill: str = "none", opacity: float = 1, **attributes: object) -> str:
    """`stroke_width=2` and the like become SVG attributes."""
    extra = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    clear = f' fill-opacity="{opacity:.3f}"' if opacity != 1 and fill != "none" else ""
    return f'<path d="{d}" fill="{fill}"{clear}{extra}/>'


def line(d: str, colour: str, width: float, opacity: float = 1, cap: str = "round") -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:.2f}" '
        f'stroke-opacity="{opacity:.3f}" stroke-linecap="{cap}" stroke-linejoin="round"/>'
    )


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1, turn: float = 0) -> str:
    bend = f' transform="rotate({turn:.1f} {x:.1f} {y:.1f})"' if turn else ""
    clear = f' fill-opacity="{opacity:.3f}"' if opacity != 1 else ""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"{clear}{bend}/>'


def rect(x: float, y: float, w: float, h: float, fill: str, opacity: float = 1, round_: float = 0) -> str:
    corner = f' rx="{round_:.1f}"' if round_ else ""
    clear = f' fill-opacity="{opacity:.3f}"' if opacity != 1 else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}"{clear}{corner}/>'


def polygon(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def curve(points: Sequence[Point], closed: bool = False) -> str:
    """A smooth line through the points (Catmull-Rom)."""
    ends = (points[-1], (points[0], points[1])) if closed else (points[0], (points[-1],))
    points = [ends[0], *points, *ends[1]]
    parts = [f"M{points[1][0]:.1f} {points[1][1]:.1f}"]
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(
        points, points[1:], points[2:], points[3:], strict=False
    ):
        parts.append(
            f"C{bx + (cx - ax) / 6:.1f} {by + (cy - ay) / 6:.1f} "
            f"{cx - (dx - bx) / 6:.1f} {cy - (dy - by) / 6:.1f} {cx:.1f} {cy:.1f}"
        )
    return "".join(parts) + ("Z" if closed else "")


def round_shape(
    rng: Random, rx: float, ry: float, uneven: float = 0.01, steps: int = 20, turn: float = 0
) -> str:
    """An ellipse no compass drew."""
    waves = [(k, rng.uniform(0, math.tau), rng.uniform(0.3, 1) * uneven) for k in (2, 3, 5)]
    points = []
    for step in range(steps):
        angle = math.tau * step / steps
        r = 1 + sum(high * math.sin(k * angle + start) for k, start, high in waves)
        points.append(turned(rx * r * math.cos(angle), ry * r * math.sin(angle), turn))
    return curve(points, closed=True)


def turned(x: float, y: float, degrees: float) -> Point:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x * c - y * s, x * s + y * c


def taper(points: Sequence[Point], widths: Sequence[float]) -> str:
    """A closed shape around a line that swells and thins: stalks, creases, brush marks."""
    left, right = [], []
    for i, ((x, y), w) in enumerate(zip(points, widths, strict=True)):
        ax, ay = points[max(0, i - 1)]
        bx, by = points[min(len(points) - 1, i + 1)]
        long = math.hypot(bx - ax, by - ay) or 1
        nx, ny = (ay - by) / long * w / 2, (bx - ax) / long * w / 2
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    back = curve(right[::-1])
    return curve(left) + "L" + back[1:] + "Z"
