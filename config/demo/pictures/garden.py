"""Ginger, taro, radish, pumpkin and fresh jujubes."""

import math

from config.demo.pictures import skin as skins
from config.demo.pictures.body import drop_shadow, glow_along, halo, outline_of, speckle, tube
from config.demo.pictures.colour import mix, shift, shift_all
from config.demo.pictures.leaves import OLD, YOUNG, leaf
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, round_shape, taper, turned


def radish(sketch: Sketch, x: float, y: float, r: float, turn: float, tops: bool = True) -> None:
    """Long and white, green at the shoulder, its leaves cut short."""
    rng = sketch.rng
    spine = [(-96, 0), (-70, 1), (-30, 2), (20, 3), (64, 5), (98, 9), (124, 17), (146, 28)]
    body = taper(spine, [40, 62, 70, 68, 58, 40, 16, 2])
    with sketch.at(x, y, turn, r / 100):
        if tops:
            for k, lean in enumerate((-26, 18, -6)):
                with sketch.at(-88, 0, 180 + lean):
                    sketch.add(
                        path(
                            taper([(0, 0), (36, -4), (78, 3)], [9, 7, 5]),
                            ("#b9cc7a", "#a4bd66", "#c6d68c")[k],
                        )
                    )
                    leaf(sketch, 54, 0, -6, 0.86, OLD if k else YOUNG, 26, 10, 0.3, 6)
        drop_shadow(sketch, body, turn, 12, 0.4)
        tube(sketch, body, ("#ffffff", "#fbfaf2", "#efecdf", "#cfc6ae", "#988a6c"), turn, 42, 2.2)
        green = sketch.linear(
            (0, "#93b25c", 0.95), (0.5, "#b6ca86", 0.6), (1, "#d7dfba", 0), x1=-98, y1=0, x2=-24, y2=0
        )
        sketch.add(path(body, green))
        rings = "".join(
            f"M{px:.1f} {rng.uniform(-24, 10):.1f}q2 8 0 {rng.uniform(9, 18):.1f}"
            for px in (rng.uniform(-70, 100) for _ in range(20))
        )
        sketch.add(line(rings, "#a89a78", 1.1, 0.6))
        lx, ly = turned(-0.6, -0.8, -turn)
        glow_along(sketch, [(px, ly * 20 + lx * 5) for px in (-76, -40, 0, 40, 80)], [2, 9, 12, 9, 2], 0.5)
        sketch.add(line("M140 26Q160 32 178 26", "#d8cfb6", 1.6, 0.9))


def radish_slice(sketch: Sketch, x: float, y: float, r: float) -> None:
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100, r / 100 * 0.8):
        face = round_shape(rng, 100, 98, 0.012)
        drop_shadow(sketch, face, 0, 18, 0.34)
        with sketch.at(1, 10):
            sketch.add(path(face, "#c9bf9f"))
        sketch.add(path(face, "#f3f2e0"))
        sketch.add(
            ellipse(
                0,
                0,
                90,
                88,
                sketch.radial((0, "#ffffff"), (0.7, "#fbfbf4"), (0.9, "#e9ecd8"), (1, "#dfe5c8"), r=92),
            )
        )
        rays = "".join(
            f"M{26 * math.cos(a):.1f} {26 * math.sin(a):.1f}L{80 * math.cos(a):.1f} {80 * math.sin(a):.1f}"
            for a in (rng.uniform(0, 6.28) for _ in range(34))
        )
        sketch.add(line(rays, "#cfd6b8", 1.2, 0.6), ellipse(-20, -24, 40, 24, "#ffffff", 0.5, -30))


def pumpkin(sketch: Sketch, x: float, y: float, r: float, hue: float = 0) -> None:
    """Flat and ribbed, tan-orange with green left in the furrows."""
    tones = shift_all(("#fbc887", "#ec9a46", "#d17423", "#9c4c14", "#632a0a"), hue)
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 106, 80, 0.36)
        ribs = (
            (-84, 24, 56),
            (84, 24, 56),
            (-58, 34, 64),
            (58, 34, 64),
            (-30, 40, 68),
            (30, 40, 68),
            (0, 42, 70),
        )
        for cx, wide, tall in ribs:
            lit = mix(tones[2], tones[1], max(0, 0.5 - cx / 120))
            fill = sketch.radial(
                (0, mix(tones[0], lit, max(0, (cx + 60) / 160))),
                (0.5, lit),
                (0.86, tones[3]),
                (1, tones[4]),
                cx=cx - wide * 0.4,
                cy=-34,
                r=118,
                tall=1,
            )
            outline = curve(
                [
                    (cx + wide * math.cos(a) * (1 - 0.12 * math.sin(a)), 2 + tall * math.sin(a))
                    for a in (k * 0.3491 for k in range(18))
                ],
                True,
            )
            sketch.add(path(outline, fill), line(outline, tones[4], 1.6, 0.4))
            streaks = "".join(
                f"M{cx + sketch.rng.uniform(-wide * 0.6, wide * 0.6):.1f} {sketch.rng.uniform(-46, 40):.1f}q2 7 0 13"
                for _ in range(9)
            )
            sketch.add(line(streaks, tones[0], 2.2, 0.4))
            sketch.add(
                path(
                    taper(
                        [
                            (cx * 0.5, -58),
                            (cx * 0.86 + wide * 0.2, -30),
                            (cx + wide * 0.62, 20),
                            (cx + wide * 0.4, 54),
                        ],
                        [3, 6, 6, 2],
                    ),
                    "#7d8a3a",
                    0.22,
                )
            )
        dip = sketch.radial((0, "#4a2408", 0.75), (1, "#4a2408", 0), cx=0, cy=-56, r=44, tall=0.36)
        sketch.add(ellipse(0, -56, 44, 16, dip))
        stem = taper([(0, -54), (4, -72), (16, -90), (30, -96)], [26, 15, 13, 16])
        sketch.add(
            path(
                stem,
                sketch.linear((0, "#b9b078"), (0.5, "#8a8450"), (1, "#4f4a28"), x1=-6, y1=-70, x2=24, y2=-74),
            )
        )
        sketch.add(
            line("M-5-56Q0-74 22-94M4-55Q8-72 28-90", "#4d4826", 1.6, 0.6),
            ellipse(31, -96, 4, 8, "#cfc592", 1, 10),
        )
        sketch.add(
            ellipse(
                -40,
                -24,
                22,
                30,
                sketch.radial((0, "#fff4de", 0.5), (1, "#fff4de", 0), cx=-40, cy=-24, r=30),
                turn=20,
            )
        )


def pumpkin_wedge(sketch: Sketch, x: float, y: float, r: float) -> None:
    rng = sketch.rng
    with sketch.at(x, y, -8, r / 100):
        rind = outline_of(
            (-100, -16), (-72, 34), (-20, 62), (36, 60), (84, 28), (104, -20), (92, -28), (-90, -26)
        )
        drop_shadow(sketch, rind, -8, 12, 0.4)
        sketch.add(path(rind, sketch.linear((0, "#e0913c"), (1, "#8a4512"), x1=-60, y1=0, x2=60, y2=60)))
        meat = outline_of(
            (-94, -22),
            (-66, 26),
            (-18, 50),
            (34, 48),
            (78, 20),
            (97, -24),
            (60, -20),
            (30, 4),
            (-4, 8),
            (-36, 0),
            (-62, -20),
        )
        sketch.add(
            path(
                meat,
                sketch.linear((0, "#ffcf63"), (0.5, "#fbb03c"), (1, "#ef9424"), x1=-40, y1=-30, x2=20, y2=56),
            )
        )
        strings = "".join(
            f"M{rng.uniform(-50, 50):.1f} {rng.uniform(-8, 8):.1f}q{rng.uniform(-8, 8):.1f} "
            f"10 {rng.uniform(-9, 9):.1f} {rng.uniform(10, 20):.1f}"
            for _ in range(38)
        )
        sketch.add(line(strings, "#ffe49a", 1.6, 0.7))
        for _ in range(11):
            px = rng.uniform(-46, 44)
            with sketch.at(px, rng.uniform(-12, 2), rng.uniform(40, 140)):
                seed = "M-11 0C-7-6 5-7 11 0 5 7-7 6-11 0Z"
                sketch.add(
                    f'<g transform="translate(1 2)">{path(seed, "#8a4a10", 0.5)}</g>',
                    path(seed, "#fdf1d2"),
                    line("M-7 0Q0-3 7 0", "#d8bf8c", 1, 0.8),
                )


def fresh_date(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    """A fresh jujube, reddening from green."""
    rng = sketch.rng
    ripe = rng.random()
    with sketch.at(x, y, 0, r / 100):
        outline = round_shape(rng, 100, 80, 0.012, turn=turn)
        sketch.add(f'<g transform="translate(9 16)">{path(outline, "#200703", 0.36)}</g>')
        green, red = (
            ("#eef0b4", "#d3dc7e", "#b1c058", "#83923a", "#555f22"),
            ("#d98a62", "#b35236", "#8b2f20", "#621a14", "#3a0c0a"),
        )
        tones = tuple(mix(a, b, 0.9 if ripe > 0.55 else 0.06) for a, b in zip(green, red, strict=True))
        sketch.add(path(outline, skins.shade(sketch, tones)))
        clip = sketch.clip(outline)
        sketch.add(f'<g clip-path="{clip}">')
        lean = rng.uniform(0, math.tau)
        for k in range(6):
            a = lean + rng.uniform(-1.1, 1.1)
            out, size = rng.uniform(30, 80), rng.uniform(34, 64)
            px, py = out * math.cos(a), out * 0.8 * math.sin(a)
            patch, clear = ("#8b2f20", 0.5 if k else 0.8) if ripe <= 0.55 else ("#c3b95a", 0.34)
            sketch.add(
                ellipse(
                    px,
                    py,
                    size,
                    size * 0.8,
                    sketch.radial(
                        (0, patch, clear), (0.5, patch, clear * 0.6), (1, patch, 0), cx=px, cy=py, r=size
                    ),
                )
            )
        sketch.add(path(speckle(rng, 26, 80, 60, (1, 2)), "#f3e6b0", 0.4), "</g>")
        skins.rim(sketch, outline, tones[4], 0.8, 0.2)
        sx, sy = turned(-94, 0, turn)
        sketch.add(
            ellipse(sx, sy, 17, 17, sketch.radial((0, "#3d2a10", 0.8), (1, "#3d2a10", 0), cx=sx, cy=sy, r=17))
        )
        tip = turned(-122, -8, turn)
        sketch.add(line(f"M{sx:.1f} {sy:.1f}L{tip[0]:.1f} {tip[1]:.1f}", shift("#9aa55a", 0, 0.9), 5, 1))
        skins.shine(sketch, 0.8, size=0.85, y=-36)
