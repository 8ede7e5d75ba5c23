"""Bodies that are no ball: any outline, shaded as something round."""

import math
from random import Random

from config.demo.pictures.colour import mix
from config.demo.pictures.sketch import Point, Sketch, curve, line, path, taper, turned


def halo(sketch: Sketch, rx: float = 100, ry: float = 100, strength: float = 0.3) -> None:
    """Darken what lies close behind."""
    dark = sketch.radial(
        (0.62, "#2a1003", strength),
        (0.8, "#2a1003", strength * 0.45),
        (1, "#2a1003", 0),
        cx=rx * 0.08,
        cy=ry * 0.11,
        r=rx * 1.26,
        tall=ry / rx,
    )
    # A ring: what the thing itself will cover need not be painted, and gradients are what costs time.
    sketch.add(
        path(
            oval(rx * 0.08, ry * 0.11, rx * 1.26, ry * 1.26) + oval(0, 0, rx * 0.84, ry * 0.84),
            dark,
            1,
            fill_rule="evenodd",
        )
    )


def oval(x: float, y: float, rx: float, ry: float) -> str:
    return f"M{x - rx:.1f} {y:.1f}a{rx:.1f} {ry:.1f} 0 1 0 {2 * rx:.1f} 0a{rx:.1f} {ry:.1f} 0 1 0 {-2 * rx:.1f} 0Z"


def drop_shadow(sketch: Sketch, outline: str, turn: float = 0, far: float = 7, strength: float = 0.3) -> None:
    """A thing lying flat: its own shape, moved to the lower right whatever way it is turned."""
    sketch.add(
        f'<g transform="rotate({-turn:.0f}) translate({far * 0.6:.1f} {far:.1f}) rotate({turn:.0f})">',
        path(outline, "#241003", strength),
        "</g>",
    )


def tube(
    sketch: Sketch, outline: str, tones: tuple[str, ...], turn: float, reach: float, long: float = 1.0
) -> None:
    """A body lit from the page's upper left, however it is turned. The longer it is, the more its tones run
    across it: a pod pointing at the window is not dark at its tip."""
    lx, ly = turned(-0.62, -0.78, -turn)
    lx, ly = lx / long**2, ly + (0.6 if ly >= 0 else -0.6) * (long - 1)
    far = reach / math.hypot(lx, ly)
    marks = (0, 0.25, 0.5, 0.76, 1)
    fill = sketch.linear(
        *zip(marks, tones, strict=True), x1=lx * far, y1=ly * far, x2=-lx * far, y2=-ly * far
    )
    sketch.add(path(outline, fill), line(outline, tones[4], 1.2, 0.35))


def glow_along(
    sketch: Sketch, points: list[Point], widths: list[float], strength: float, colour: str = "#fffaf0"
) -> None:
    """A soft long highlight, built from three strokes of growing brightness."""

    for k, share in ((1.0, 0.3), (0.62, 0.45), (0.3, 0.7)):
        sketch.add(path(taper(points, [w * k for w in widths]), colour, strength * share))


def speckle(rng: Random, count: int, wide: float, tall: float, size: tuple[float, float]) -> str:
    """Small dots strewn in an ellipse, thinner at its edge."""
    parts = []
    while len(parts) < count:
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
        if x * x + y * y < 0.9:
            r = rng.uniform(*size)
            parts.append(
                f"M{x * wide - r:.1f} {y * tall:.1f}a{r:.2f} {r:.2f} 0 1 0 {2 * r:.2f} 0a{r:.2f} {r:.2f} 0 1 0 {-2 * r:.2f} 0Z"
            )
    return "".join(parts)


def outline_of(*points: Point) -> str:
    return curve(list(points), closed=True)


def five(light: str, mid: str, dark: str) -> tuple[str, str, str, str, str]:
    return light, mix(light, mid, 0.5), mid, mix(mid, dark, 0.55), dark
