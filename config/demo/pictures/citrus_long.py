"""Citrus that is no ball: pomelo with its shoulder, lemon, kumquat, the necked dekopon."""

import math
from random import Random

from config.demo.pictures import skin as skins
from config.demo.pictures.body import halo
from config.demo.pictures.citrus import KUMQUAT, LEMON, ORAH, calyx, tinted
from config.demo.pictures.leaves import OLD, YOUNG, leaf, stalk
from config.demo.pictures.sketch import Point, Sketch, curve, ellipse, path, turned
from config.demo.pictures.skin import Skin


def _egg(long: float, wide: float, nipple: float, turn: float, rng: Random) -> list[Point]:
    """An oval along the turn; `nipple` draws its far end out."""
    points = []
    for k in range(28):
        a = math.tau * k / 28
        c, s = math.cos(a), math.sin(a)
        reach = long + nipple * math.exp(-((a if a < math.pi else math.tau - a) ** 2) * 9)
        reach += nipple * 0.4 * math.exp(-((a - math.pi) ** 2) * 14)
        points.append(
            turned(reach * c * rng.uniform(0.995, 1.005), wide * s * rng.uniform(0.995, 1.005), turn)
        )
    return points


def oval(
    sketch: Sketch,
    skin: Skin,
    x: float,
    y: float,
    r: float,
    turn: float,
    long=1.14,
    wide=0.9,
    nipple=0.0,
    stem="calyx",
) -> None:
    """`turn` points to the blossom end; the stem is at the other."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 106, 98)
        outline = curve(_egg(100 * long, 100 * wide, nipple, turn, rng), True)
        sketch.add(path(outline, skins.shade(sketch, skin.tones)))
        for colour in skin.mottle:
            px, py = rng.uniform(-46, 46), rng.uniform(-40, 40)
            sketch.add(
                ellipse(px, py, 34, 30, sketch.radial((0, colour, 0.34), (1, colour, 0), cx=px, cy=py, r=34))
            )
        dark, light = skins.pitted(sketch, skin, r)
        with sketch.at(0, 0, turn, long * 0.985, wide * 0.985):
            sketch.add(
                path(dark, skin.pore, skin.pore_depth), path(light, skin.tones[0], skin.pore_depth * 0.8)
            )
        skins.rim(sketch, outline, skin.tones[4], wide, 0.2)
        if nipple:
            ex, ey = turned(100 * long + nipple * 0.5, 0, turn)
            sketch.add(
                ellipse(
                    ex,
                    ey,
                    7,
                    7,
                    sketch.radial((0, skin.tones[4], 0.7), (1, skin.tones[4], 0), cx=ex, cy=ey, r=9),
                )
            )
        sx, sy = turned(-100 * long + 7, 0, turn)
        sketch.add(
            ellipse(
                sx,
                sy,
                24,
                24,
                sketch.radial((0, skin.tones[4], 0.55), (1, skin.tones[4], 0), cx=sx, cy=sy, r=24),
            )
        )
        calyx(sketch, sx, sy, turn, 0.55)
        if stem == "leafy":
            tip = turned(-100 * long - 22, -4, turn)
            stalk(sketch, (sx, sy), tip, 8)
            leaf(sketch, *tip, turn + 180 + rng.uniform(24, 60), 0.95, OLD)
            leaf(sketch, *tip, turn + 180 - rng.uniform(24, 60), 0.8, YOUNG)
        skins.shine(sketch, skin.gloss, y=-42 * wide)


def lemon(sketch: Sketch, x: float, y: float, r: float, turn: float, leafy: bool = False) -> None:
    oval(sketch, LEMON, x, y, r, turn, 1.1, 0.86, 16, "leafy" if leafy else "calyx")


def kumquat(
    sketch: Sketch, x: float, y: float, r: float, turn: float, hue: float = 0, leafy: bool = False
) -> None:
    oval(sketch, tinted(KUMQUAT, hue), x, y, r, turn, 1.16, 0.86, 0, "leafy" if leafy else "calyx")


def pomelo(
    sketch: Sketch, skin: Skin, x: float, y: float, r: float, lean: float = 0, leafy: bool = True
) -> None:
    """Broad below, drawn in to a shoulder at the stem."""
    rng = sketch.rng
    shape = (
        (0, -104),
        (26, -98),
        (50, -80),
        (76, -48),
        (97, -2),
        (96, 44),
        (70, 82),
        (24, 99),
        (-24, 99),
        (-70, 82),
        (-96, 44),
        (-97, -2),
        (-76, -48),
        (-50, -80),
        (-26, -98),
    )
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 100, 104)
        outline = curve([turned(px * rng.uniform(0.99, 1.01), py, lean) for px, py in shape], True)
        sketch.add(path(outline, skins.shade(sketch, skin.tones)))
        for colour in skin.mottle * 2:
            px, py = rng.uniform(-60, 60), rng.uniform(-60, 64)
            sketch.add(
                ellipse(px, py, 36, 32, sketch.radial((0, colour, 0.32), (1, colour, 0), cx=px, cy=py, r=36))
            )
        clip = sketch.clip(outline)
        dark, light = skins.pitted(sketch, skin, r)
        sketch.add(f'<g clip-path="{clip}">')
        with sketch.at(0, 0, 0, 1.0, 1.06):
            sketch.add(
                path(dark, skin.pore, skin.pore_depth), path(light, skin.tones[0], skin.pore_depth * 0.9)
            )
        sketch.add("</g>")
        skins.rim(sketch, outline, skin.tones[4], 1.0, 0.25)
        tx, ty = turned(0, -96, lean)
        sketch.add(
            ellipse(
                tx,
                ty + 4,
                30,
                13,
                sketch.radial((0, "#5c5a1c", 0.6), (1, "#5c5a1c", 0), cx=tx, cy=ty + 4, r=30, tall=0.45),
            )
        )
        calyx(sketch, tx, ty + 1, 90 + lean, 0.42, 0.95)
        tip = turned(5, -126, lean)
        stalk(sketch, (tx, ty), tip, 9)
        if leafy:
            leaf(sketch, tip[0], tip[1] + 4, rng.uniform(-34, -2), 1.0, OLD, 31)
            leaf(sketch, tip[0], tip[1] + 8, rng.uniform(-178, -148), 0.85, YOUNG, 28)
        skins.shine(sketch, skin.gloss, size=1.15)


def dekopon(sketch: Sketch, x: float, y: float, r: float, lean: float = 0, leafy: bool = False) -> None:
    """Ugly orange: a knob at the stem, coarse skin."""
    rng = sketch.rng
    skin = tinted(ORAH, 4)
    shape = (
        (0, -112),
        (17, -109),
        (26, -98),
        (34, -86),
        (62, -72),
        (92, -36),
        (102, 8),
        (88, 54),
        (46, 82),
        (0, 88),
        (-46, 82),
        (-88, 54),
        (-102, 8),
        (-92, -36),
        (-62, -72),
        (-34, -86),
        (-26, -98),
        (-17, -109),
    )
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 102, 96)
        outline = curve([turned(px, py * rng.uniform(0.985, 1.015), lean) for px, py in shape], True)
        sketch.add(path(outline, skins.shade(sketch, skin.tones)))
        dark, light = skins.pores(1500, 2.2, rng.randrange(4))
        with sketch.at(0, 2, 0, 0.99, 0.86):
            sketch.add(path(dark, skin.pore, 0.24), path(light, skin.tones[0], 0.2))
        collar = sketch.radial((0, skin.tones[4], 0.4), (1, skin.tones[4], 0), cx=4, cy=-72, r=44, tall=0.42)
        sketch.add(ellipse(4, -72, 44, 18, collar))
        for k in range(-3, 4):
            start, end = turned(k * 6, -104, lean), turned(k * 19, -58 + abs(k) * 3, lean)
            bend = turned(k * 8, -82, lean)
            d = f"M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
            sketch.add(
                f'<path d="{d}" fill="none" stroke="{skin.tones[4]}" '
                f'stroke-opacity=".3" stroke-width="3.400" stroke-linecap="round"/>'
            )
            sketch.add(
                f'<path d="{d}" transform="translate(-2 0)" fill="none" stroke="{skin.tones[0]}" '
                f'stroke-opacity=".4" stroke-width="1.600" stroke-linecap="round"/>'
            )
        skins.rim(sketch, outline, skin.tones[4], 0.9, 0.2)
        tx, ty = turned(0, -110, lean)
        calyx(sketch, tx, ty + 2, 90 + lean, 0.45, 0.85)
        if leafy:
            tip = turned(4, -134, lean)
            stalk(sketch, (tx, ty), tip, 7)
            leaf(sketch, *tip, rng.uniform(-30, 10), 0.9, OLD)
        skins.shine(sketch, 0.5, -34, -34)
