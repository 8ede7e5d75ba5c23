"""Trees as seen from a few steps to far off: citrus, broadleaf, bamboo."""

import math
from dataclasses import dataclass
from random import Random

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Sketch, ellipse, line, path, round_shape, taper


@dataclass(frozen=True)
class Leafage:
    lit: str
    mid: str
    dark: str
    fruit: str = "#f59a1e"


CITRUS = Leafage("#93b558", "#55843c", "#2c5230")
WOOD = Leafage("#8fae62", "#5d8547", "#38603a", "")


def tinted(leafage: Leafage, air: str, share: float) -> Leafage:
    """The same leaves through so much air."""
    fruit = mix(leafage.fruit, air, share * 0.8) if leafage.fruit else ""
    return Leafage(
        mix(leafage.lit, air, share), mix(leafage.mid, air, share), mix(leafage.dark, air, share), fruit
    )


def disc(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"


def dab(x: float, y: float, long: float, turn: float, fat: float = 0.62) -> str:
    """One leaf, a few pixels long."""
    dx, dy = long * math.cos(turn), long * math.sin(turn)
    nx, ny = -dy * fat, dx * fat
    return (
        f"M{x - dx:.1f} {y - dy:.1f}Q{x + nx:.1f} {y + ny:.1f} {x + dx:.1f} "
        f"{y + dy:.1f}Q{x - nx:.1f} {y - ny:.1f} {x - dx:.1f} {y - dy:.1f}Z"
    )


def far_tree(sketch: Sketch, x: float, y: float, r: float, leafage: Leafage, fruits: int = 5) -> None:
    """Standing at (x, y), crown of radius r; for rows on a slope."""
    rng = sketch.rng
    cy = y - r * 0.8
    sketch.add(ellipse(x + r * 0.35, y, r * 1.1, r * 0.26, "#20240f", 0.34))
    crown = round_shape(rng, r, r * 0.86, 0.07, 12)
    with sketch.at(x, cy):
        sketch.add(path(crown, leafage.dark))
    mids = "".join(
        disc(x + rng.gauss(-0.12, 0.36) * r, cy + rng.gauss(-0.12, 0.32) * r, r * rng.uniform(0.24, 0.42))
        for _ in range(6)
    )
    lits = "".join(
        disc(x + rng.gauss(-0.3, 0.22) * r, cy + rng.gauss(-0.36, 0.18) * r, r * rng.uniform(0.13, 0.26))
        for _ in range(5)
    )
    sketch.add(path(mids, leafage.mid, 0.9), path(lits, leafage.lit, 0.85))
    if leafage.fruit and fruits:
        spots = [(x + rng.uniform(-0.75, 0.75) * r, cy + rng.uniform(-0.5, 0.66) * r) for _ in range(fruits)]
        sketch.add(path("".join(disc(a, b, max(0.9, r * 0.085)) for a, b in spots), leafage.fruit))


def near_tree(
    sketch: Sketch, x: float, y: float, r: float, leafage: Leafage = CITRUS, fruits: int = 16
) -> None:
    """A tree whose leaves one can see."""
    rng = sketch.rng
    cy = y - r * 1.05
    sketch.add(ellipse(x + r * 0.3, y, r * 1.05, r * 0.2, "#1d210c", 0.42))
    trunk = taper(
        [(x + r * 0.02, y), (x - r * 0.03, y - r * 0.3), (x + r * 0.05, y - r * 0.7)],
        [r * 0.17, r * 0.12, r * 0.1],
    )
    sketch.add(
        path(trunk, "#5d4a2c"),
        line(
            f"M{x - r * 0.04:.1f} {y - 1:.1f}L{x - r * 0.06:.1f} {y - r * 0.5:.1f}", "#a68d5c", r * 0.03, 0.7
        ),
    )
    lumps = [(math.tau * k / 9 + rng.uniform(-0.3, 0.3), rng.uniform(0.5, 0.66)) for k in range(9)]
    mass = "".join(
        disc(x + r * out * math.cos(a), cy + r * 0.84 * out * math.sin(a), r * rng.uniform(0.3, 0.4))
        for a, out in lumps
    )
    sketch.add(path(mass + disc(x, cy, r * 0.62), shift(leafage.dark, 0, 0.82)))
    tips = mix(leafage.lit, "#f6f3b4", 0.35)
    layers = (
        (leafage.dark, 130, 0, 0.02, 0.98),
        (mix(leafage.dark, leafage.mid, 0.6), 120, -0.04, -0.03, 0.92),
        (leafage.mid, 110, -0.1, -0.1, 0.80),
        (leafage.lit, 56, -0.2, -0.22, 0.62),
        (tips, 16, -0.28, -0.32, 0.44),
    )
    for k, (tone, count, dx, dy, reach) in enumerate(layers):
        dabs = []
        for _ in range(count):
            a, out = rng.uniform(0, math.tau), math.sqrt(rng.random()) * reach * r
            lean = 0.9 * math.sin(a) + rng.uniform(-0.5, 0.9)
            dabs.append(
                dab(
                    x + dx * r + out * math.cos(a),
                    cy + dy * r + out * 0.86 * math.sin(a),
                    r * rng.uniform(0.07, 0.12),
                    lean,
                )
            )
        sketch.add(path("".join(dabs), tone, 0.92))
        if k == 2 and leafage.fruit:
            _hang(sketch, x, cy, r, fruits, leafage.fruit)


def _hang(sketch: Sketch, x: float, cy: float, r: float, count: int, colour: str) -> None:
    rng = sketch.rng
    spots = [(x + rng.uniform(-0.8, 0.8) * r, cy + rng.uniform(-0.4, 0.72) * r) for _ in range(count)]
    spots = [(a, b) for a, b in spots if math.hypot(a - x, (b - cy) / 0.86) < r * 0.86]
    size = r * 0.088
    sketch.add(
        path("".join(disc(a + size * 0.2, b + size * 0.3, size * 1.1) for a, b in spots), "#26300f", 0.5)
    )
    sketch.add(path("".join(disc(a, b, size) for a, b in spots), shift(colour, -4, 0.86)))
    sketch.add(path("".join(disc(a - size * 0.14, b - size * 0.16, size * 0.8) for a, b in spots), colour))
    sketch.add(
        path("".join(disc(a - size * 0.34, b - size * 0.38, size * 0.3) for a, b in spots), "#ffe6b0", 0.9)
    )


def bamboo_clump(sketch: Sketch, x: float, y: float, tall: float, leafage: Leafage) -> None:
    """Stems fanning out, plumes nodding at their tops."""
    rng = sketch.rng
    sketch.add(ellipse(x + tall * 0.16, y, tall * 0.4, tall * 0.05, "#20240f", 0.3))
    stems = sorted(
        ((k - 6) * 0.075 + rng.uniform(-0.03, 0.03) for k in range(13)), key=lambda lean: -abs(lean)
    )
    for k, lean in enumerate(stems):
        high, foot = tall * rng.uniform(0.74, 1.06), x + lean * tall * 0.5
        points = [(foot, y), (foot + lean * high * 0.4, y - high * 0.5), (foot + lean * high * 1.4, y - high)]
        sketch.add(
            path(
                taper(points, [tall * 0.02, tall * 0.015, tall * 0.005]),
                mix(leafage.mid, leafage.lit, rng.random()),
            )
        )
        for tone, count, push in (
            (leafage.dark, 15, 0.02),
            (leafage.mid, 15, 0),
            (mix(leafage.mid, leafage.lit, k / 12), 10, -0.02),
        ):
            dabs = []
            for _ in range(count):
                t = rng.uniform(0.42, 1.05)
                px, py = foot + lean * high * t * (0.6 + 0.8 * t), y - high * t
                spread = 0.03 + 0.05 * math.sin(math.pi * min(1, t))
                dabs.append(
                    dab(
                        px + rng.gauss(0, spread) * tall,
                        py + rng.gauss(0, 0.03) * tall + push * tall,
                        tall * rng.uniform(0.03, 0.055),
                        rng.uniform(0.5, 2.6),
                        0.42,
                    )
                )
            sketch.add(path("".join(dabs), tone, 0.9))


def grass(rng: Random, x: float, y: float, wide: float, count: int, tall: float) -> str:
    """Blades, as one path of strokes."""
    parts = []
    for _ in range(count):
        px, py, high = x + rng.uniform(-wide, wide), y + rng.uniform(-2, 2), tall * rng.uniform(0.5, 1)
        parts.append(
            f"M{px:.1f} {py:.1f}q{rng.uniform(-2, 2):.1f} {-high * 0.6:.1f} {rng.uniform(-4, 4):.1f} {-high:.1f}"
        )
    return "".join(parts)
