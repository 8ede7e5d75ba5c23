"""Round bodies: shading, pores and creases wrapped over a ball seen from any side."""

import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from config.demo.pictures.sketch import Point, Sketch, ellipse, line, path, round_shape, taper, turned

Axis = tuple[float, float]
"""Where the stem points: degrees away from the viewer's eye, then degrees on the page (−90 is up)."""


@dataclass(frozen=True)
class Skin:
    tones: tuple[str, str, str, str, str]
    """From the lit side to the dark side."""
    pore: str
    pores: int = 2600
    pore_size: float = 1.5
    pore_depth: float = 0.22
    gloss: float = 0.5
    mottle: tuple[str, ...] = ()
    uneven: float = 0.008


def on_ball(axis: Axis, angle: float, around: float) -> tuple[float, float, float]:
    """A point `angle` degrees from the stem; the third number is how far it faces the viewer."""
    tilt, lean = math.radians(axis[0]), math.radians(axis[1])
    pole = (math.sin(tilt) * math.cos(lean), math.sin(tilt) * math.sin(lean), math.cos(tilt))
    side = (-math.sin(lean), math.cos(lean), 0.0)
    fore = (-math.cos(tilt) * math.cos(lean), -math.cos(tilt) * math.sin(lean), math.sin(tilt))
    a, b = math.radians(angle), math.radians(around)
    x, y, z = (
        math.cos(a) * p + math.sin(a) * (math.cos(b) * s + math.sin(b) * f)
        for p, s, f in zip(pole, side, fore, strict=True)
    )
    return x, y, z


@lru_cache(maxsize=32)
def spots(count: int, seed: int, lowest: float = 0.1) -> tuple[tuple[float, float, float], ...]:
    """Evenly strewn, slightly shaken points on the near half of a unit ball."""
    rng = Random(seed)
    found = []
    for i in range(count * 2):
        z = 1 - (i + 0.5) / count
        if z < lowest:
            break
        angle = i * 2.399963 + rng.uniform(-0.5, 0.5) * 3 / math.sqrt(count)
        out = math.sqrt(max(0.0, 1 - z * z)) + rng.uniform(-0.6, 0.6) / math.sqrt(count)
        if out < 0.985:
            found.append((out * math.cos(angle), out * math.sin(angle), z))
    return tuple(found)


def dots(places: list[tuple[float, float, float]], size: float, push: float, shaken: Random) -> str:
    """One path of many small ellipses, each narrowed as the ball turns away."""
    parts = []
    for x, y, z in places:
        wide = size * shaken.uniform(0.55, 1.25)
        thin = wide * max(0.25, z)
        turn = math.degrees(math.atan2(y, x))
        dx, dy = thin * math.cos(math.radians(turn)), thin * math.sin(math.radians(turn))
        px, py = x * 98 + push * z, y * 98 + push * z
        arc = f"a{thin:.2f} {wide:.2f} {turn:.0f} 1 0"
        parts.append(
            f"M{px - dx:.1f} {py - dy:.1f}{arc} {2 * dx:.2f} {2 * dy:.2f}{arc} {-2 * dx:.2f} {-2 * dy:.2f}Z"
        )
    return "".join(parts)


@lru_cache(maxsize=64)
def pores(count: int, size: float, seed: int) -> tuple[str, str]:
    """Pits: a dark upper-left wall and a lit lower-right one."""
    places = list(spots(count, seed))
    return dots(places, size, -0.5 * size, Random(seed)), dots(places, size * 0.72, 0.55 * size, Random(seed))


def pitted(sketch: Sketch, skin: Skin, r: float) -> tuple[str, str]:
    """The pores of a ball that will be drawn with radius r: a small one gets fewer, as the eye cannot tell."""
    share = round(max(0.3, min(1.0, (r / 108) ** 1.3)), 1)
    return pores(round(skin.pores * share), skin.pore_size / math.sqrt(share), sketch.rng.randrange(4))


def ball(sketch: Sketch, skin: Skin, flat: float = 1.0, r: float = 108) -> None:
    """A ball of radius 100 around the origin of the current place, `flat` of it tall."""
    rng = sketch.rng
    outline = round_shape(rng, 100, 100 * flat, skin.uneven)
    sketch.add(path(outline, shade(sketch, skin.tones)))
    for colour in skin.mottle:
        angle, out = rng.uniform(0, 6.28), rng.uniform(20, 62)
        x, y, r = out * math.cos(angle), out * math.sin(angle) * flat, rng.uniform(24, 38)
        patch = sketch.radial((0, colour, 0.34), (0.6, colour, 0.16), (1, colour, 0), cx=x, cy=y, r=r)
        sketch.add(ellipse(x, y, r, r * flat, patch))
    if skin.pores:
        dark, light = pitted(sketch, skin, r)
        with sketch.at(0, 0, 0, 1, flat):
            sketch.add(
                path(dark, skin.pore, skin.pore_depth), path(light, skin.tones[0], skin.pore_depth * 0.8)
            )
    rim(sketch, outline, skin.tones[4], flat)


def shade(sketch: Sketch, tones: tuple[str, ...]) -> str:
    marks = (0, 0.24, 0.54, 0.82, 1)
    return sketch.radial(*zip(marks, tones, strict=True), cx=-30, cy=-36, r=146, fx=-36, fy=-44)


def rim(sketch: Sketch, outline: str, dark: str, flat: float = 1.0, strength: float = 0.34) -> None:
    """The lower right edge catches light back from the cloth; the whole edge is drawn a little firmer."""
    glow = sketch.bounce
    light = sketch.radial(
        (0.80, glow, 0),
        (0.93, glow, strength * 0.35),
        (1, glow, strength),
        cx=-9,
        cy=-11 * flat,
        r=113,
        tall=flat,
    )
    start, end = turned(98.6, 0, -30), turned(98.6, 0, 130)
    arc = f"A98.600 {98.6 * flat:.1f} 0 0 1"
    sketch.add(path(f"M{start[0]:.1f} {start[1] * flat:.1f}{arc} {end[0]:.1f} {end[1] * flat:.1f}Z", light))
    sketch.add(line(outline, dark, 1.3, 0.30))


def shine(sketch: Sketch, strength: float, x=-36.0, y=-44.0, size=1.0, turn=-42.0) -> None:
    """The window in the skin: a broad glow and a small bright core."""
    wide = sketch.radial(
        (0, "#fffaf0", strength * 0.8),
        (0.5, "#fff6e4", strength * 0.3),
        (1, "#fff6e4", 0),
        cx=x,
        cy=y,
        r=36 * size,
        turn=turn,
        tall=0.62,
    )
    sketch.add(ellipse(x, y, 36 * size, 23 * size, wide, turn=turn))
    core = sketch.radial(
        (0, "#ffffff", strength * 1.1),
        (0.55, "#ffffff", strength * 0.55),
        (1, "#ffffff", 0),
        cx=x - 4 * size,
        cy=y - 4 * size,
        r=13 * size,
        turn=turn,
        tall=0.6,
    )
    sketch.add(ellipse(x - 4 * size, y - 4 * size, 13 * size, 8 * size, core, turn=turn))


def hollow(
    sketch: Sketch, axis: Axis, dark: str, size: float, depth: float = 0.5, flat: float = 1.0
) -> Point:
    """The dip around a stem or navel; gives back where it is on the page."""
    x, y, z = on_ball(axis, 0, 0)
    px, py = x * 100, y * 100 * flat
    turn, thin = math.degrees(math.atan2(y, x)), max(0.3, z)
    with sketch.at(px - x * 4, py - y * 4, turn, thin, 1):
        fill = sketch.radial((0, dark, depth), (0.45, dark, depth * 0.55), (1, dark, 0), r=size)
        sketch.add(ellipse(0, 0, size, size, fill))
    return px, py


def creases(
    sketch: Sketch, axis: Axis, count: int, dark: str, light: str, reach=(12, 34), flat=1.0, clear=0.5
) -> None:
    """Furrows running down from the stem, as on a loose-skinned mandarin."""
    rng = sketch.rng
    for k in range(count):
        around = 360 * k / count + rng.uniform(-9, 9)
        start, end = reach[0] * rng.uniform(0.7, 1.1), reach[1] * rng.uniform(0.6, 1.15)
        points, seen = [], True
        for step in range(6):
            x, y, z = on_ball(axis, start + (end - start) * step / 5, around + step * rng.uniform(-1, 1))
            seen = seen and z > 0.05
            points.append((x * 100, y * 100 * flat))
        if seen:
            wide = rng.uniform(2.6, 4.4)
            widths = [wide, wide * 0.9, wide * 0.7, wide * 0.5, wide * 0.3, 0.2]
            sketch.add(path(taper([(x + 1.4, y + 1.6) for x, y in points], widths), light, clear * 0.8))
            sketch.add(path(taper(points, widths), dark, clear))


def edge_line(outline: str, dark: str, width: float = 1.2, clear: float = 0.4) -> str:
    return line(outline, dark, width, clear)
