"""Citrus out of its peel: loose segments, the whole fruit on the opened peel."""

import math

from config.demo.pictures import skin as skins
from config.demo.pictures.colour import mix, shift
from config.demo.pictures.cut import Flesh
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, round_shape, taper
from config.demo.pictures.skin import Skin, on_ball


def segment(sketch: Sketch, flesh: Flesh, x: float, y: float, turn: float, size: float) -> None:
    """A loose segment lying on its side."""
    rng = sketch.rng
    outline = curve(
        [(-58, 6), (-44, -14), (-16, -27), (16, -27), (44, -14), (58, 6), (36, 15), (0, 18), (-36, 15)], True
    )
    with sketch.at(x, y, turn, size / 60):
        sketch.add(
            f'<g transform="rotate({-turn:.0f}) translate(3 7) rotate({turn:.0f})">{path(outline, "#2b1405", 0.30)}</g>'
        )
        fill = sketch.linear(
            (0, mix(flesh.pale, flesh.juice, 0.45)),
            (0.5, flesh.juice),
            (1, flesh.deep),
            x1=-20,
            y1=-28,
            x2=10,
            y2=20,
        )
        sketch.add(path(outline, fill))
        sacs = []
        for _ in range(26):
            px = rng.uniform(-40, 40)
            py = rng.uniform(-11, 11) * (1 - (px / 54) ** 2)
            sacs.append(
                f"M{px:.1f} {py:.1f}q{4 + px * 0.04:.1f} -5 {px * 0.1:.1f} -10q-5 4 {-px * 0.1:.1f} 10Z"
            )
        sketch.add(path("".join(sacs[:13]), flesh.pale, 0.55), path("".join(sacs[13:]), flesh.deep, 0.35))
        sketch.add(
            line("M-54 5Q0 24 54 5", flesh.pith, 3.4, 0.9), line("M-40-13Q-4-30 30-20", "#ffffff", 2.6, 0.6)
        )
        for _ in range(3):
            px = rng.uniform(-36, 30)
            sketch.add(line(f"M{px:.1f} 15q4 -14 {rng.uniform(2, 9):.1f} -24", flesh.pith, 0.9, 0.55))
        sketch.add(line(outline, flesh.deep, 1, 0.5))


def peeled(sketch: Sketch, skin: Skin, flesh: Flesh, x: float, y: float, r: float, lobes: int = 10) -> None:
    """A mandarin out of its peel, on the opened peel, threads of pith still on it."""
    with sketch.at(x, y, 0, r / 100):
        _peel(sketch, skin, 30)
        dark = sketch.radial((0.5, "#7a3606", 0.5), (1, "#7a3606", 0), cx=6, cy=44, r=104, tall=0.5)
        sketch.add(ellipse(6, 44, 104, 52, dark))
        axis = (sketch.rng.uniform(26, 40), -90 + sketch.rng.uniform(-16, 16))
        tones = (
            flesh.pale,
            mix(flesh.pale, flesh.juice, 0.6),
            flesh.juice,
            flesh.deep,
            shift(flesh.deep, -6, 0.72),
        )
        outline = round_shape(sketch.rng, 88, 78, 0.012)
        sketch.add(path(outline, skins.shade(sketch, tones)))
        _lobes(sketch, flesh, axis, lobes)
        skins.shine(sketch, 0.5, -30, -36, 0.8)
        sketch.add(line(outline, shift(flesh.deep, -8, 0.6), 1.2, 0.4))


def _lobes(sketch: Sketch, flesh: Flesh, axis: tuple[float, float], lobes: int) -> None:
    rng = sketch.rng
    for k in range(lobes):
        around = 360 * k / lobes + rng.uniform(-3, 3)
        seam = [on_ball(axis, a, around) for a in range(4, 150, 8)]
        seen = [(p[0] * 87, p[1] * 77) for p in seam if p[2] > 0.02]
        if len(seen) < 3:
            continue
        sketch.add(
            path(
                taper([(px + 1.5, py + 1.5) for px, py in seen], [5.5] * len(seen)),
                shift(flesh.deep, -6, 0.75),
                0.42,
            )
        )
        sketch.add(line(curve(seen), flesh.pith, 1.8, 0.75))
        for _ in range(7):
            a, b, drift = rng.uniform(8, 96), around + rng.uniform(2, 34), rng.uniform(-10, 10)
            thread = [on_ball(axis, a + i * 7, b + drift * i / 3 + rng.uniform(-2, 2)) for i in range(5)]
            if all(p[2] > 0.08 for p in thread):
                sketch.add(
                    line(
                        curve([(p[0] * 87, p[1] * 77) for p in thread]),
                        flesh.pith,
                        rng.uniform(0.7, 1.9),
                        0.62,
                    )
                )
    px, py, z = on_ball(axis, 0, 0)
    sketch.add(
        ellipse(px * 86, py * 76, 11, 11 * z, "#f6e3bf", 0.95),
        ellipse(px * 86, py * 76, 4, 4 * z, "#c98f45", 0.8),
    )


def _peel(sketch: Sketch, skin: Skin, drop: float) -> None:
    """Peel torn into flaps and laid open, white side up."""
    rng = sketch.rng
    flaps = 5
    outer = []
    for k in range(flaps * 4):
        angle = math.tau * k / (flaps * 4) + 0.3
        out = (150, 138, 84, 138)[k % 4] * rng.uniform(0.94, 1.06)
        outer.append((out * math.cos(angle), drop + out * 0.56 * math.sin(angle)))
    rind = curve(outer, True)
    sketch.add(f'<g transform="translate(8 12)">{path(rind, "#2b1405", 0.34)}</g>')
    with sketch.at(1, 5):
        sketch.add(path(rind, skin.tones[3]))
    sketch.add(path(rind, skin.tones[1]))
    inside = [(px * 0.95, drop + (py - drop) * 0.94) for px, py in outer]
    pale = sketch.radial((0, "#f3d6a4"), (0.7, "#fbe8c4"), (1, "#fff3d9"), cx=-10, cy=drop - 10, r=150)
    sketch.add(path(curve(inside, True), pale))
    specks = "".join(
        f"M{rng.gauss(0, 62):.1f} {drop + rng.gauss(0, 30):.1f}q3 -2 {rng.uniform(3, 9):.1f} {rng.uniform(-3, 3):.1f}"
        for _ in range(46)
    )
    sketch.add(f'<g clip-path="{sketch.clip(curve(inside, True))}">{line(specks, "#fffaf0", 1.6, 0.7)}</g>')
