"""Whole citrus fruit, peeled fruit and segments. Each is drawn around (x, y) with radius r."""

import math
from dataclasses import replace

from config.demo.pictures import skin as skins
from config.demo.pictures.body import halo
from config.demo.pictures.colour import mix, shift, shift_all
from config.demo.pictures.leaves import OLD, YOUNG, leaf, stalk
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path
from config.demo.pictures.skin import Axis, Skin, on_ball

ORANGE = Skin(
    ("#ffd98e", "#ffb348", "#f4921e", "#d36c0c", "#a24a06"),
    "#9a4604",
    2400,
    1.55,
    0.20,
    0.5,
    ("#ffcf4a", "#e46a10"),
)
NAVEL = Skin(
    ("#ffcf84", "#fca33c", "#ee8018", "#c95c0b", "#984006"),
    "#8f3c04",
    1900,
    1.9,
    0.20,
    0.5,
    ("#ffb63a", "#dc5c0c"),
)
PONKAN = Skin(
    ("#ffd083", "#fba53d", "#ee8119", "#cb5f0c", "#9a4407"),
    "#9a4104",
    1700,
    1.9,
    0.20,
    0.42,
    ("#f9b23a", "#e9731a", "#d8c24a"),
    0.02,
)
SATSUMA = Skin(
    ("#ffd77a", "#ffb038", "#f59017", "#dc6e09", "#a44c05"),
    "#99480a",
    2100,
    1.5,
    0.17,
    0.55,
    ("#b9c24a", "#e6c63c", "#f08a1c"),
    0.012,
)
TANGERINE = Skin(
    ("#ffb263", "#ff812f", "#f05a14", "#cb3d0a", "#932706"),
    "#8d2604",
    1900,
    1.6,
    0.20,
    0.6,
    ("#ff8a34", "#d63f10"),
    0.012,
)
ORAH = Skin(
    ("#ffc970", "#ff9a2a", "#f67a11", "#d65906", "#9e3d03"),
    "#963c05",
    2100,
    1.5,
    0.17,
    0.62,
    ("#ffa436",),
    0.01,
)
POMELO = Skin(
    ("#fbf3b8", "#f0e083", "#dcc655", "#ae9f3d", "#7f7c2d"),
    "#7d7a24",
    3600,
    1.15,
    0.24,
    0.42,
    ("#c8cf6a", "#efd75a", "#b7bf58"),
)
LEMON = Skin(
    ("#fff6ae", "#fde666", "#f4cf33", "#d0a41c", "#9c7a14"),
    "#a07c0c",
    1700,
    1.7,
    0.22,
    0.55,
    ("#f7f08a", "#e5c022"),
)
KUMQUAT = Skin(
    ("#ffd98a", "#ffb23f", "#f58d17", "#d46a0a", "#a34a06"), "#a04a06", 760, 2.4, 0.18, 0.7, ("#ffc23f",)
)


def tinted(skin: Skin, hue: float, light: float = 1.0) -> Skin:
    return replace(skin, tones=shift_all(skin.tones, hue, light), pore=shift(skin.pore, hue))


def fruit(
    sketch: Sketch, skin: Skin, x: float, y: float, r: float, axis: Axis, end="calyx", flat=1.0, furrows=0
) -> None:
    """`end` is what faces along the axis: calyx, stalk, leafy, navel, or tip for the plain far end."""
    seen = on_ball(axis, 0, 0)[2] > 0.12
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 100, 100 * flat)
        skins.ball(sketch, skin, flat, r)
        if furrows and seen:
            skins.creases(sketch, axis, furrows, skin.tones[4], skin.tones[0], (9, 38), flat, 0.38)
        if seen:
            _end(sketch, skin, axis, end, flat)
        skins.shine(sketch, skin.gloss, y=-44 * flat)


def _end(sketch: Sketch, skin: Skin, axis: Axis, end: str, flat: float) -> None:
    if end == "navel":
        return _navel(sketch, skin, axis, flat)
    if end == "tip":
        skins.hollow(sketch, axis, skin.tones[4], 9, 0.6, flat)
        return None
    px, py = skins.hollow(sketch, axis, skin.tones[4], 30, 0.55, flat)
    x, y, z = on_ball(axis, 0, 0)
    calyx(sketch, px - x * 3, py - y * 3, math.degrees(math.atan2(y, x)), max(0.35, z))
    if end in ("stalk", "leafy"):
        tip = (px + x * 30 + 2, py + y * 30 - 4)
        stalk(sketch, (px - x * 3, py - y * 3), tip, 7)
        if end == "leafy":
            lean = math.degrees(math.atan2(y, x))
            leaf(
                sketch,
                px + x * 16,
                py + y * 16,
                lean + sketch.rng.uniform(40, 75),
                sketch.rng.uniform(0.8, 1.0),
                OLD,
            )
            leaf(
                sketch,
                px + x * 24,
                py + y * 24,
                lean - sketch.rng.uniform(28, 64),
                sketch.rng.uniform(0.7, 0.95),
                YOUNG,
            )
    return None


def calyx(sketch: Sketch, x: float, y: float, turn: float, thin: float, size: float = 1.0) -> None:
    rng = sketch.rng
    with sketch.at(x, y, turn, thin * size, size):
        points = []
        for k in range(10):
            angle, out = (
                math.tau * k / 10 + rng.uniform(-0.14, 0.14),
                (14.5 if k % 2 else 8.0) * rng.uniform(0.86, 1.12),
            )
            points.append((out * math.cos(angle), out * math.sin(angle)))
        star = curve(points, True)
        sketch.add(f'<g transform="translate(2 2.500)">{path(star, "#3d1c02", 0.4)}</g>')
        sketch.add(
            path(star, sketch.radial((0, "#a9b364"), (0.6, "#6f8740"), (1, "#4c6a2e"), cx=-3, cy=-3, r=17))
        )
        sketch.add(line(star, "#cdd391", 0.8, 0.5))
        sketch.add(
            ellipse(0, 0, 5, 5, "#57491f"),
            ellipse(-0.8, -0.8, 3.6, 3.6, "#c7b077"),
            ellipse(0, 0, 1.6, 1.6, "#8a733c"),
        )


def _navel(sketch: Sketch, skin: Skin, axis: Axis, flat: float) -> None:
    rng = sketch.rng
    px, py = skins.hollow(sketch, axis, skin.tones[4], 27, 0.45, flat)
    x, y, z = on_ball(axis, 0, 0)
    with sketch.at(px - x * 4, py - y * 4, math.degrees(math.atan2(y, x)), max(0.35, z), 1):
        lips = [
            (13 * rng.uniform(0.8, 1.2) * math.cos(k), 13 * rng.uniform(0.8, 1.2) * math.sin(k))
            for k in (0, 1, 2, 3, 4, 5)
        ]
        sketch.add(path(curve(lips, True), mix(skin.tones[4], "#2a0f02", 0.35), 0.85))
        small = [(a * 0.58 + 1.5, b * 0.58 + 2) for a, b in lips]
        sketch.add(
            path(
                curve(small, True), sketch.radial((0, skin.tones[1]), (1, skin.tones[3]), cx=-3, cy=-3, r=12)
            )
        )
        sketch.add(line("M-3-1 3 2M0-4 1 5", skin.tones[4], 1.5, 0.6))
        sketch.add(line(curve([(a * 1.1, b * 1.1) for a, b in lips], True), skin.tones[0], 1.6, 0.4))
