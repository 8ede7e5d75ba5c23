"""Kiwis, bayberries, grapes and red dates."""

import math
from random import Random

from config.demo.pictures import skin as skins
from config.demo.pictures.body import five, halo, outline_of, tube
from config.demo.pictures.colour import mix, shift_all
from config.demo.pictures.leaves import OLD, leaf
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, round_shape, taper
from config.demo.pictures.skin import spots


def kiwi(sketch: Sketch, x: float, y: float, r: float, turn: float = 0, smooth: bool = False) -> None:
    """An egg in brown down; the red-fleshed kind is nearly bald."""
    rng = sketch.rng
    tones = ("#c9a877", "#a68352", "#826138", "#5d4223", "#3b2812")
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 100, 84)
        outline = round_shape(rng, 104, 80, 0.012, turn=turn)
        sketch.add(path(outline, skins.shade(sketch, tones)))
        hairs = ([], [])
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        for px, py, _ in spots(420 if smooth else 900, rng.randrange(3), 0.05):
            hx, hy = (px * 102 * c - py * 79 * s), (px * 102 * s + py * 79 * c)
            long = rng.uniform(3, 7) * (0.6 if smooth else 1)
            a = math.radians(turn) + py * 0.6 + rng.uniform(-0.5, 0.5)
            hairs[rng.random() < 0.45].append(
                f"M{hx:.1f} {hy:.1f}l{long * math.cos(a):.1f} {long * math.sin(a):.1f}"
            )
        sketch.add(
            line("".join(hairs[0]), "#3f2a10", 0.8, 0.42), line("".join(hairs[1]), "#e2c28f", 0.7, 0.42)
        )
        skins.rim(sketch, outline, "#2f1e0b", 0.8, 0.3)
        ex, ey = 92 * c, 92 * s
        nub = sketch.radial((0, "#2c1a08", 0.8), (1, "#2c1a08", 0), cx=ex, cy=ey, r=16)
        sketch.add(ellipse(ex, ey, 16, 16, nub), ellipse(ex * 0.985, ey * 0.985, 4, 5, "#6f4e28"))
        skins.shine(sketch, 0.24, -34, -36, 1.5)


def half_kiwi(sketch: Sketch, x: float, y: float, r: float, red: bool) -> None:
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100, r / 100 * 0.95):
        halo(sketch)
        with sketch.at(3, 11):
            sketch.add(
                path(
                    round_shape(rng, 99, 99, 0.01),
                    skins.shade(sketch, ("#8a683c", "#74542c", "#5d4223", "#402b13", "#2a1a09")),
                )
            )
        sketch.add(path(round_shape(rng, 99, 98, 0.01), "#7f5f35"))
        near = ("#c94a4e", "#d8716a", "#c9b152") if red else ("#cfdc7e", "#b9cf5c", "#9cbc3e")
        meat = sketch.radial(
            (0.2, near[0]),
            (0.36, near[1]),
            (0.48, near[2]),
            (0.72, "#9db53c"),
            (0.93, "#7f9c2e"),
            (1, "#a9bd5c"),
            r=95,
        )
        sketch.add(path(round_shape(rng, 94.5, 93.5, 0.012), meat))
        rays = ([], [], [])
        for k in range(150):
            a = math.tau * k / 150 + rng.uniform(-0.02, 0.02)
            start, end = rng.uniform(22, 34), rng.uniform(62, 91)
            rays[k % 3].append(
                f"M{start * math.cos(a):.1f} {start * math.sin(a):.1f}L{end * math.cos(a):.1f} {end * math.sin(a):.1f}"
            )
        sketch.add(
            line("".join(rays[0]), "#eef3b4", 1.3, 0.34),
            line("".join(rays[1]), "#5f7d1e", 1.1, 0.30),
            line("".join(rays[2]), "#d6e38a", 0.8, 0.42),
        )
        core = curve(
            [
                (
                    (24 + (4 if k % 2 else 0)) * math.cos(k * 0.349),
                    (19 + (4 if k % 2 else 0)) * math.sin(k * 0.349),
                )
                for k in range(18)
            ],
            True,
        )
        sketch.add(path(core, sketch.radial((0, "#fffbe6"), (0.7, "#f7efc6"), (1, "#e8dfa4"), r=28)))
        for k in range(46):
            a = math.tau * k / 46 + rng.uniform(-0.05, 0.05)
            out = rng.uniform(35, 52)
            with sketch.at(out * math.cos(a), out * math.sin(a), math.degrees(a)):
                sketch.add(
                    '<path d="M-5 0Q1-3.400 5 0 1 3.400-5 0Z" fill="#211407"/><path '
                    'd="M-1-1.200Q1-2 3-.6" stroke="#b8a06a" stroke-width=".8" fill="none"/>'
                )
        wet = sketch.linear(
            (0, "#ffffff", 0.32), (0.45, "#ffffff", 0.03), (1, "#243006", 0.16), x1=-80, y1=-90, x2=70, y2=90
        )
        sketch.add(ellipse(0, 0, 94, 93, wet))


def bayberry(sketch: Sketch, x: float, y: float, r: float, hue: float = 0) -> None:
    """Waxberry: all beads, dark red to nearly black."""
    rng = sketch.rng
    tones = shift_all(("#e2585f", "#bd2b3c", "#93172c", "#640e20", "#3a0713"), hue)
    places = spots(400, rng.randrange(4), 0.02)
    with sketch.at(x, y, 0, r / 100):
        halo(sketch)
        sketch.add(path(round_shape(rng, 99, 98, 0.02), skins.shade(sketch, shift_all(tones, 0, 0.55))))
        size = 7.4
        groups: list[list[str]] = [[], [], [], [], []]
        deep, glint = [], []
        for px, py, z in places:
            bright = -0.45 * px - 0.58 * py + 0.62 * z + rng.uniform(-0.12, 0.12)
            tone = min(4, max(0, int((1.12 - bright) * 2.7)))
            r1 = size * (0.55 + 0.45 * z) * rng.uniform(0.88, 1.1)
            cx, cy = px * 97, py * 96
            groups[tone].append(_disc(cx, cy, r1 * 0.9))
            deep.append(_disc(cx + 1.4, cy + 1.8, r1 * 1.04))
            if bright > 0.5:
                glint.append(_disc(cx - r1 * 0.3, cy - r1 * 0.34, r1 * 0.24))
        sketch.add(path("".join(deep), tones[4], 0.75))
        for tone, discs in zip(tones, groups, strict=True):
            if discs:
                sketch.add(path("".join(discs), tone))
        sketch.add(path("".join(glint), "#fff0ee", 0.62))
        skins.shine(sketch, 0.30, size=1.4)


def _disc(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"


def grapes(sketch: Sketch, x: float, y: float, r: float) -> None:
    """A bunch of wild spine grapes: blue-black under a grey bloom."""
    rng = sketch.rng
    berries = []
    for row in range(8):
        count = (4, 5, 6, 6, 5, 4, 3, 2)[row]
        for k in range(count):
            across = (k - (count - 1) / 2) * 36 + rng.uniform(-6, 6)
            berries.append((across + row * 4 - 14, -92 + row * 28 + rng.uniform(-7, 7)))
    rng.shuffle(berries)
    berries.sort(key=lambda b: b[1] * 0.4 - abs(b[0]) * 0.5 + rng.uniform(-20, 20))
    with sketch.at(x, y, 0, r / 130):
        sketch.add(path(taper([(-2, -110), (-6, -136), (-26, -156)], [7, 6, 9]), "#6d7a35"))
        sketch.add(path(taper([(-70, -160), (-26, -156), (30, -150)], [8, 9, 7]), "#7d5f38"))
        leaf(sketch, 12, -150, 18, 0.9, OLD, 40, 6, veins=5)
        for bx, by in berries:
            grape(sketch, bx, by, rng.uniform(19.5, 23))


def grape(sketch: Sketch, x: float, y: float, r: float) -> None:
    rng = sketch.rng
    tones = rng.choice(
        (
            ("#a98bb4", "#6d4a80", "#452a5a", "#2a173c", "#180b24"),
            ("#b58ba6", "#7d4566", "#54274a", "#33142f", "#1d0a1b"),
        )
    )
    with sketch.at(x, y, 0, r / 100):
        sketch.add(
            ellipse(5, 8, 112, 112, "#12061c", 0.34), ellipse(0, 0, 100, 98, skins.shade(sketch, tones))
        )
        turn = rng.choice((0, 60, 120))
        bloom = sketch.radial(
            (0, "#c9cfe6", 0.5), (0.6, "#b9c2de", 0.22), (1, "#b9c2de", 0), cx=-14, cy=4, r=84
        )
        sketch.add(ellipse(-14, 4, 84, 62, bloom, turn=turn), ellipse(-36, -44, 15, 9, "#ffffff", 0.75, -42))
        sketch.add(line("M30 88A93 93 0 0 0 90 24", "#b88ac0", 5, 0.4))


def date(sketch: Sketch, x: float, y: float, r: float, turn: float) -> None:
    """A dried jujube: wrinkled, dark red, shining on its ridges."""
    rng = sketch.rng
    hue = rng.uniform(-6, 6)
    tones = shift_all(five("#cc5440", "#861d16", "#3c0908"), hue)
    with sketch.at(x, y, turn, r / 100):
        outline = round_shape(rng, 100, 68, 0.05)
        sketch.add(
            f'<g transform="rotate({-turn:.0f}) translate(8 15) rotate({turn:.0f})">{path(outline, "#200703", 0.42)}</g>'
        )
        tube(sketch, outline, tones, turn, 74)
        folds = Random(rng.randrange(6))
        for _ in range(20):
            px, py = folds.uniform(-80, 44), folds.uniform(-46, 46)
            bend = folds.uniform(-10, 10)
            points = [(px, py), (px + 18, py + bend * 0.6), (px + 40, py + bend)]
            if abs(py) < 50 * (1 - (px / 105) ** 2):
                sketch.add(
                    path(taper([(a + 1, b + 3) for a, b in points], [0.5, 4, 0.4]), tones[0], 0.5),
                    path(taper(points, [0.5, 5, 0.4]), tones[4], 0.6),
                )
        nub = outline_of((-92, -9), (-84, -12), (-80, 0), (-84, 11), (-92, 8))
        sketch.add(path(nub, "#3d1408"), ellipse(-90, 0, 4, 6, mix("#c79a6a", "#6a3a1c", 0.4)))
