"""Ginger and taro."""

import math

from config.demo.pictures.body import drop_shadow, glow_along, halo, outline_of, speckle, tube
from config.demo.pictures.colour import shift_all
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, round_shape, turned

GINGER = ("#fbe6b0", "#eccb86", "#d5a95e", "#ad7f3e", "#744f22")


LOBES = (
    (-64, 6, 58, 34, -10),
    (4, -6, 56, 38, 14),
    (66, 4, 50, 32, -16),
    (-22, -46, 28, 36, 24),
    (38, -44, 26, 34, -20),
    (26, 38, 34, 28, 30),
    (-52, 40, 24, 20, -30),
)


def ginger(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    """A hand of ginger: fat joints, ringed, a pink bud here and there."""
    rng = sketch.rng
    with sketch.at(x, y, turn, r / 100):
        shape = [round_shape(rng, rx, ry, 0.03, turn=lean) for _, _, rx, ry, lean in LOBES]
        for (cx, cy, *_), outline in zip(LOBES, shape, strict=True):
            sketch.add(f'<g transform="translate({cx} {cy})">')
            drop_shadow(sketch, outline, turn, 13, 0.34)
            sketch.add("</g>")
        for k in (3, 4, 6, 0, 2, 1, 5):
            cx, cy, rx, ry, lean = LOBES[k]
            with sketch.at(cx, cy):
                _joint(sketch, shape[k], rx, ry, lean, turn, k in (4, 6))


def _joint(sketch: Sketch, outline: str, rx: float, ry: float, lean: float, turn: float, bud: bool) -> None:
    rng = sketch.rng
    tube(
        sketch,
        outline,
        shift_all(GINGER, rng.uniform(-3, 3), rng.uniform(0.96, 1.04)),
        turn,
        max(rx, ry) * 0.95,
        0.5,
    )
    upright = ry > rx
    rings = []
    for k in range(-2, 3):
        p = k / 2.6
        wide = math.sqrt(max(0.05, 1 - p * p)) * 0.97
        if upright:
            rings.append(f"M{-rx * wide:.1f} {ry * p:.1f}Q0 {ry * p + 7:.1f} {rx * wide:.1f} {ry * p:.1f}")
        else:
            rings.append(f"M{rx * p:.1f} {-ry * wide:.1f}Q{rx * p + 7:.1f} 0 {rx * p:.1f} {ry * wide:.1f}")
    marks = f'<g transform="rotate({lean})">{line("".join(rings), "#7d5526", 1.8, 0.45)}'
    sketch.add(
        f'{marks}<g transform="translate(1.600 1.600)">{line("".join(rings), "#fff3cf", 1.3, 0.5)}</g></g>'
    )
    sketch.add(path(speckle(rng, 16, rx * 0.8, ry * 0.8, (0.6, 1.4)), "#8a6230", 0.5))
    if bud:
        tx, ty = turned(0, -ry * 0.86, lean) if upright else turned(-rx * 0.86, 0, lean)
        sketch.add(
            ellipse(
                tx,
                ty,
                13,
                10,
                sketch.radial(
                    (0, "#f4b7a4", 0.95), (0.7, "#eebb9a", 0.6), (1, "#eebb9a", 0), cx=tx, cy=ty, r=13
                ),
            )
        )


def ginger_slice(sketch: Sketch, x: float, y: float, r: float) -> None:
    rng = sketch.rng
    with sketch.at(x, y, rng.uniform(-20, 20), r / 100, r / 100 * 0.8):
        face = round_shape(rng, 100, 90, 0.05)
        drop_shadow(sketch, face, 0, 18, 0.34)
        with sketch.at(0, 9):
            sketch.add(path(face, "#9c713a"))
        sketch.add(path(face, "#cda25c"))
        with sketch.at(0, 0, 0, 0.94):
            sketch.add(
                path(
                    face,
                    sketch.radial(
                        (0, "#fff3b8"),
                        (0.6, "#f9e08a"),
                        (0.66, "#e8c45e"),
                        (0.7, "#f6dc88"),
                        (1, "#eccb6c"),
                        cx=-4,
                        cy=-4,
                        r=100,
                    ),
                )
            )
        sketch.add(
            path(speckle(rng, 70, 84, 74, (1.2, 2.6)), "#d8ac46", 0.6),
            path(speckle(rng, 50, 84, 74, (0.8, 1.8)), "#fffbe0", 0.8),
        )


def taro(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    rng = sketch.rng
    body = outline_of(
        (-104, 0),
        (-88, -44),
        (-40, -66),
        (24, -68),
        (78, -48),
        (104, -8),
        (96, 34),
        (52, 62),
        (-10, 68),
        (-66, 56),
        (-96, 30),
    )
    with sketch.at(x, y, turn, r / 100):
        drop_shadow(sketch, body, turn, 14, 0.42)
        tube(sketch, body, ("#b98e68", "#906446", "#6a452e", "#46291a", "#28150c"), turn, 76)
        sketch.add(f'<g clip-path="{sketch.clip(body)}">')
        for k in range(-5, 6):
            px = k * 19 + rng.uniform(-3, 3)
            ring = [(px - 5, -72), (px + 7, -30), (px + 10, 6), (px + 6, 40), (px - 6, 74)]
            sketch.add(
                line(curve(ring), "#2a160c", 2.6, 0.55),
                line(curve([(a + 3, b) for a, b in ring]), "#d9b48c", 1.5, 0.4),
            )
            frays = "".join(
                f"M{px + rng.uniform(2, 8):.1f} {rng.uniform(-64, 64):.1f}l{rng.uniform(6, 13):.1f} {rng.uniform(-4, 4):.1f}"
                for _ in range(22)
            )
            sketch.add(line(frays, "#c79a6c" if k % 2 else "#3a2013", 1.1, 0.55))
        sketch.add("</g>")
        lx, ly = turned(-0.6, -0.8, -turn)
        glow_along(
            sketch,
            [(px, ly * 34 + lx * 6) for px in (-60, -30, 0, 34, 60)],
            [2, 12, 16, 12, 2],
            0.2,
            "#fff0dc",
        )
        bud = outline_of((96, -16), (116, -10), (122, 2), (112, 14), (96, 16))
        sketch.add(path(bud, sketch.linear((0, "#f0cfc0"), (1, "#a4685a"), x1=96, y1=-16, x2=112, y2=16)))


def cut_taro(sketch: Sketch, x: float, y: float, r: float) -> None:
    """White flesh with violet threads."""
    rng = sketch.rng
    with sketch.at(x, y, -6, r / 100, r / 100 * 0.82):
        halo(sketch)
        face = round_shape(rng, 100, 94, 0.025)
        with sketch.at(4, 18):
            sketch.add(path(face, sketch.linear((0, "#7d5438"), (1, "#2e190e"), x1=-80, y1=0, x2=90, y2=40)))
        sketch.add(path(face, "#6a452e"))
        with sketch.at(0, 0, 0, 0.95):
            sketch.add(
                path(
                    face,
                    sketch.radial((0, "#fdf8ee"), (0.8, "#f6ecdf"), (1, "#e6d2c4"), cx=-14, cy=-14, r=106),
                )
            )
        threads = []
        for _ in range(110):
            px, py = rng.uniform(-80, 80), rng.uniform(-74, 74)
            if px * px + py * py < 6600:
                threads.append(f"M{px:.1f} {py:.1f}l{rng.uniform(-5, 5):.1f} {rng.uniform(2, 9):.1f}")
        sketch.add(line("".join(threads), "#8a5590", 1.9, 0.7))
        sketch.add(
            path(face, sketch.linear((0, "#ffffff", 0.4), (0.5, "#ffffff", 0), x1=-80, y1=-80, x2=30, y2=50))
        )
