"""Persimmons, pears and loquats."""

import math

from config.demo.pictures import skin as skins
from config.demo.pictures.body import halo, outline_of, speckle
from config.demo.pictures.colour import mix
from config.demo.pictures.leaves import OLD, leaf
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, taper
from config.demo.pictures.skin import Skin, on_ball

PERSIMMON = Skin(
    ("#ffbf7a", "#fb8f35", "#ea661b", "#c2450f", "#8d2b08"),
    "#963409",
    0,
    gloss=0.78,
    mottle=("#ff9d3c", "#e0540f"),
    uneven=0.03,
)


LOQUAT = Skin(
    ("#ffe3a0", "#fcc35c", "#f0a13a", "#cf7a22", "#985014"),
    "#a4641c",
    700,
    1.4,
    0.16,
    0.3,
    ("#f7cd66", "#dd8a34"),
)


def persimmon(sketch: Sketch, x: float, y: float, r: float, leaning: float = 0) -> None:
    """Squat and glossy under a four-leaved crown."""
    axis = (58, -90 + leaning)
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 100, 84)
        skins.ball(sketch, PERSIMMON, 0.84)
        for around in (25, 115, 205, 295):
            groove = [p for p in (on_ball(axis, a, around) for a in range(20, 110, 10)) if p[2] > 0.05]
            if len(groove) > 3:
                points = [(p[0] * 99, p[1] * 84) for p in groove]
                sketch.add(
                    path(
                        taper(
                            points,
                            [10 * math.sin(math.pi * (i + 0.5) / len(points)) for i in range(len(points))],
                        ),
                        "#a43a0c",
                        0.13,
                    )
                )
        px, py = skins.hollow(sketch, axis, "#7a2a06", 44, 0.6, 0.84)
        z = on_ball(axis, 0, 0)[2]
        with sketch.at(px, py + 3, 0, 1.08, z * 1.05):
            _crown(sketch, leaning)
        sketch.add(path(f"M{px - 3:.1f} {py:.1f}l1 -15 7 -1 0 17z", "#6b5530"))
        skins.shine(sketch, 0.75, y=-30, size=0.95)
        fleck = sketch.radial((0, "#ffffff", 0.4), (1, "#ffffff", 0), cx=46, cy=26, r=18, tall=0.5)
        sketch.add(ellipse(46, 26, 18, 9, fleck))


def _crown(sketch: Sketch, leaning: float) -> None:
    for k in (45, 135, 225, 315):
        with sketch.at(0, 0, k + leaning):
            sepal = outline_of((2, -8), (20, -20), (38, -16), (47, 0), (37, 16), (20, 19), (2, 8))
            sketch.add(
                f'<g transform="rotate({-k - leaning:.0f}) translate(3 6) '
                f'rotate({k + leaning:.0f})">{path(sepal, "#571d04", 0.45)}</g>'
            )
            sketch.add(
                path(
                    sepal,
                    sketch.linear((0, "#8c8a4e"), (0.6, "#a3a266"), (1, "#6f6434"), x1=0, y1=0, x2=48, y2=0),
                )
            )
            sketch.add(
                line("M4 0 40 0M10-3 32-10M10 3 32 10", "#565226", 1.1, 0.6), line(sepal, "#d4cf98", 1, 0.5)
            )
    sketch.add(ellipse(0, 0, 13, 13, "#5d5630"), ellipse(-2, -2, 8, 8, "#857a48"))


def pear(sketch: Sketch, x: float, y: float, r: float, turn: float = 0, leafy: bool = False) -> None:
    """Sand pear: round, tan, freckled."""
    rng = sketch.rng
    with sketch.at(x, y, turn, r / 100):
        halo(sketch, 96, 100)
        body = outline_of(
            (0, -92),
            (34, -84),
            (66, -54),
            (92, -2),
            (90, 46),
            (60, 86),
            (14, 96),
            (-18, 96),
            (-62, 84),
            (-91, 44),
            (-92, -4),
            (-66, -54),
            (-34, -85),
        )
        sketch.add(path(body, skins.shade(sketch, ("#f7e6ae", "#e6cb7a", "#cda653", "#a0773a", "#6b4a22"))))
        for colour in ("#d9c76a", "#b98a44", "#c9b65e"):
            px, py = rng.uniform(-50, 50), rng.uniform(-40, 50)
            sketch.add(
                ellipse(px, py, 40, 36, sketch.radial((0, colour, 0.4), (1, colour, 0), cx=px, cy=py, r=40))
            )
        sketch.add(
            path(speckle(rng, 330, 92, 90, (0.7, 1.5)), "#7a5222", 0.42),
            path(speckle(rng, 240, 88, 88, (0.5, 1.1)), "#fff2c4", 0.5),
        )
        skins.rim(sketch, body, "#5d3f1c")
        dip = sketch.radial((0, "#553914", 0.7), (1, "#553914", 0), cx=0, cy=-82, r=28, tall=0.5)
        sketch.add(ellipse(0, -82, 28, 14, dip))
        sketch.add(
            path(taper([(0, -82), (3, -104), (12, -126)], [6, 4.6, 6.5]), "#6a4a26"),
            line("M-1-84Q0-104 9-124", "#b08a54", 1.2, 0.7),
        )
        if leafy:
            leaf(sketch, 8, -112, 10, 0.85, OLD, 28, 12)
        skins.shine(sketch, 0.34, -34, -40, 1.15)


def half_pear(sketch: Sketch, x: float, y: float, r: float, turn: float = 0) -> None:
    rng = sketch.rng
    with sketch.at(x, y, turn, r / 100):
        halo(sketch, 96, 100)
        shell = (
            (0, -92),
            (34, -84),
            (66, -54),
            (92, -2),
            (90, 46),
            (60, 86),
            (0, 97),
            (-62, 84),
            (-91, 44),
            (-92, -4),
            (-66, -54),
            (-34, -85),
        )
        with sketch.at(2, 8):
            sketch.add(path(outline_of(*shell), "#7d5a2a"))
        sketch.add(path(outline_of(*shell), "#d6b366"))
        inner = outline_of(*((px * 0.955, py * 0.955) for px, py in shell))
        sketch.add(
            path(
                inner, sketch.radial((0, "#fffbe9"), (0.6, "#fdf6d9"), (1, "#f2e4b4"), cx=-16, cy=-10, r=120)
            )
        )
        core = outline_of((0, -26), (22, -6), (24, 18), (10, 38), (0, 44), (-10, 38), (-24, 18), (-22, -6))
        sketch.add(
            path(core, "#f3e6b6"),
            line(core, "#cdb36c", 1.4, 0.7),
            line("M0-80Q2-50 0-26M0 44Q1 66 0 88", "#dcc583", 2, 0.6),
        )
        for side in (-1, 1):
            pocket = outline_of((side * 2, -8), (side * 12, 2), (side * 12, 18), (side * 4, 26))
            sketch.add(
                path(pocket, "#c9a866", 0.8),
                path(outline_of((side * 4, -2), (side * 9.5, 8), (side * 8, 18), (side * 4, 20)), "#3a2212"),
            )
            sketch.add(line(f"M{side * 5} 2q{side * 2} 6 {side * 1} 12", "#a67a52", 1.2, 0.8))
        sketch.add(path(speckle(rng, 160, 84, 84, (0.4, 1.0)), "#e2cf95", 0.6))
        sketch.add(
            path(inner, sketch.linear((0, "#ffffff", 0.4), (0.5, "#ffffff", 0), x1=-80, y1=-80, x2=40, y2=60))
        )
        sketch.add(path(taper([(0, -88), (4, -106), (12, -122)], [6, 4.6, 6]), "#6a4a26"))


def loquat(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    """An apricot-coloured egg; `turn` is where its dark open end points."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch)
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        egg = [
            (math.cos(a) * (112 if math.cos(a) < 0 else 100), math.sin(a) * (84 - 10 * math.cos(a)))
            for a in (k * 0.349 for k in range(18))
        ]
        outline = curve([(px * c - py * s, px * s + py * c) for px, py in egg], True)
        sketch.add(path(outline, skins.shade(sketch, LOQUAT.tones)))
        for colour in LOQUAT.mottle:
            px, py = rng.uniform(-40, 40), rng.uniform(-30, 40)
            sketch.add(
                ellipse(px, py, 40, 34, sketch.radial((0, colour, 0.4), (1, colour, 0), cx=px, cy=py, r=40))
            )
        sketch.add(path(speckle(rng, 90, 84, 80, (0.5, 1.3)), "#8f5514", 0.4))
        skins.rim(sketch, outline, LOQUAT.tones[4], 0.9, 0.2)
        ex, ey = 88 * c, 88 * s
        sketch.add(
            ellipse(
                ex, ey, 26, 26, sketch.radial((0, "#6b3f10", 0.75), (1, "#6b3f10", 0), cx=ex, cy=ey, r=26)
            )
        )
        with sketch.at(ex, ey, turn, 0.62, 1):
            points = [
                ((14 if k % 2 else 6) * math.cos(k * 0.628), (14 if k % 2 else 6) * math.sin(k * 0.628))
                for k in range(10)
            ]
            sketch.add(
                path(curve(points, True), "#4c2d10"), ellipse(0, 0, 4, 4, mix("#5c3a17", "#d9b27a", 0.5))
            )
        skins.shine(sketch, 0.36, size=1.2)
