"""Figures and marks drawn as strokes (no font is used): handwriting, a scale's segments, rings and arrows that point."""

import math

from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect

# On a field 6 wide and 10 tall, the pen's way through each sign.
STROKES = {
    "0": "M3 0C1 0 0 2.500 0 5S1 10 3 10 6 7.500 6 5 5 0 3 0Z",
    "1": "M1.200 1.800 3.400 0V10",
    "2": "M.3 2.400C.5-.6 5.600-.8 5.600 2.600 5.600 5 .4 7.400 0 10H6",
    "3": "M.4 1.400C1.600-.6 5.600-.4 5.600 2.500 5.600 4.500 3.600 4.800 "
    "2.400 4.800 4 4.800 6 5.200 6 7.400 6 10.600 1.400 10.600 0 8.400",
    "4": "M4.600 10V0L0 7H6",
    "5": "M5.400 0H.9L.5 4.400C2 3.400 6 3.600 6 6.800 6 10.400 1.600 10.700 0 8.800",
    "6": "M5 .2C2 1 0 4 0 7 0 9 1.200 10 3 10S6 8.900 6 7 4.800 4.200 3 4.200.2 5.400 0 7",
    "7": "M0 0H6C4 3 2.600 6.400 2.200 10",
    "8": "M3 4.700C1.300 4.700.5 3.700.5 2.400S1.500 0 3 0 5.500 1.100 5.500 2.400 4.700 "
    "4.700 3 4.700 0 5.800 0 7.500 1.200 10 3 10 6 9.100 6 7.500 4.700 4.700 3 4.700Z",
    "9": "M5.800 3C5.800 1 4.600 0 3 0S0 1.100 0 3 1.200 5.600 3 5.600 5.800 4.400 5.800 3C5.800 6 4 9.400 1.200 10",
    ".": "M1 9.500 1.400 10",
    "-": "M.6 5.400H5.400",
    "+": "M.2 5.400H5.800M3 2.600V8.200",
    "=": "M.4 4H5.600M.4 7H5.600",
    "×": "M.6 3 5.400 8M5.400 3 .6 8",
    "/": "M5.400 0 .6 10",
    "¥": "M.4 0 3 4.600 5.600 0M3 4.600V10M.6 5.400H5.400M.6 7.600H5.400",
    "k": "M.6 0V10M5 3.600.8 7M2.400 5.800 5.200 10",
    "g": "M5.400 4.400C4.600 3.200.4 3 .4 6.200S4.600 9.200 5.400 8V3.600V10.400C5.400 13 1.400 13 .8 11.600",
    "m": "M.4 10V3.800M.4 5.400C1 3.400 3 3.400 3 5.400V10M3 5.400C3.600 3.400 5.800 3.400 5.800 5.400V10",
    "斤": "M5 .4C3.800 1.200 2.400 1.500.9 1.700V5.600C.9 7.600.6 8.800 0 10M1 4.200H6M3.700 4.300V10",
    " ": "",
}
SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcdfg",
    "-": "g",
}
BARS = {
    "a": "M.5 0H5.5",
    "b": "M6 .5V4.6",
    "c": "M6 5.400V9.500",
    "d": "M.5 10H5.5",
    "e": "M0 5.400V9.500",
    "f": "M0 .5V4.600",
    "g": "M.5 5H5.500",
}


def written(
    sketch: Sketch,
    text: str,
    x: float,
    y: float,
    tall: float,
    colour: str = "#3a2a1c",
    pen: float = 1.1,
    turn: float = 0,
) -> float:
    """By hand, starting at (x, y) top left; gives back where the pen ends."""
    scale, across = tall / 10, 0.0
    with sketch.at(x, y, turn, scale):
        for sign in text:
            sketch.add(f'<g transform="translate({across:.1f} 0)">{line(STROKES[sign], colour, pen)}</g>')
            across += {".": 3.0, "1": 6.2, " ": 4.0}.get(sign, 8.2)
    return x + across * scale


def segments(
    sketch: Sketch, text: str, x: float, y: float, tall: float, colour: str = "#1f2a1c", dim: str = ""
) -> float:
    """On a scale's display."""
    scale, across = tall / 10, 0.0
    with sketch.at(x, y, 0, scale):
        for sign in text:
            if sign == ".":
                sketch.add(rect(across - 1.6, 9.3, 1.3, 1.3, colour))
                across += 0.6
                continue
            sketch.add(f'<g transform="translate({across:.1f} 0)">')
            if dim:
                sketch.add(line("".join(BARS.values()), dim, 1.5, 0.28, "butt"))
            sketch.add(line("".join(BARS[s] for s in SEGMENTS[sign]), colour, 1.6, 1, "butt"), "</g>")
            across += 8.6
    return x + across * scale


def ring(
    sketch: Sketch,
    x: float,
    y: float,
    r: float,
    colour: str = "#f6a02a",
    wide: float = 2.4,
    tall: float = 1.0,
) -> None:
    """Look here."""
    around = math.tau * r
    dash = around / max(8, min(14, round(r / 1.8)))
    for tone, width, clear in (
        ("#2a1606", wide + 1.6, 0.25),
        ("#fff9ea", wide + 1.2, 0.9),
        (colour, wide, 1),
    ):
        sketch.add(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{r:.1f}" ry="{r * tall:.1f}" '
            f'fill="none" stroke="{tone}" stroke-opacity="{clear}" '
            f'stroke-width="{width:.1f}" stroke-dasharray="{dash * 0.62:.2f} {dash * 0.38:.2f}" stroke-linecap="round"/>'
        )


def arrow(
    sketch: Sketch, d: str, tip: tuple[float, float], turn: float, colour: str = "#f6a02a", wide: float = 3.2
) -> None:
    """A way to go: a curve and its head."""
    x, y = tip
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    head = polygon(
        [
            (x + a * c - b * s, y + a * s + b * c)
            for a, b in ((wide * 2.2, 0), (-wide, -wide * 1.7), (-wide, wide * 1.7))
        ]
    )
    sketch.add(
        line(d, "#fff9ea", wide + 2.4, 0.9),
        path(head, "#fff9ea", 1, stroke="#fff9ea", stroke_width=2.4, stroke_linejoin="round"),
    )
    sketch.add(
        line(d, colour, wide), path(head, colour, 1, stroke=colour, stroke_width=0.8, stroke_linejoin="round")
    )


def badge(sketch: Sketch, sign: str, x: float, y: float, r: float = 11, colour: str = "#3a6f35") -> None:
    """A step's number."""
    sketch.add(
        ellipse(x + 0.8, y + 1.4, r, r, "#1d0c02", 0.3),
        ellipse(x, y, r, r, "#fffaf0"),
        ellipse(x, y, r * 0.86, r * 0.86, colour),
    )
    written(sketch, sign, x - r * (0.2 if sign == "1" else 0.31), y - r * 0.5, r, "#fffaf0", 1.7)


def tick(sketch: Sketch, x: float, y: float, r: float = 11) -> None:
    sketch.add(
        ellipse(x + 0.8, y + 1.4, r, r, "#1d0c02", 0.3),
        ellipse(x, y, r, r, "#fffaf0"),
        ellipse(x, y, r * 0.86, r * 0.86, "#3a7a3a"),
    )
    sketch.add(
        line(
            f"M{x - r * 0.42:.1f} {y + r * 0.02:.1f}l{r * 0.3:.1f} {r * 0.32:.1f}L{x + r * 0.44:.1f} {y - r * 0.34:.1f}",
            "#ffffff",
            r * 0.2,
        )
    )


def cross(sketch: Sketch, x: float, y: float, r: float = 11) -> None:
    sketch.add(
        ellipse(x + 0.8, y + 1.4, r, r, "#1d0c02", 0.3),
        rect(x - r, y - r, 2 * r, 2 * r, "#fffaf0", 1, r * 0.5),
        rect(x - r * 0.86, y - r * 0.86, r * 1.72, r * 1.72, "#b5482c", 1, r * 0.42),
    )
    sketch.add(
        line(
            f"M{x - r * 0.34:.1f} {y - r * 0.34:.1f}l{r * 0.68:.1f} "
            f"{r * 0.68:.1f}m0 {-r * 0.68:.1f}l{-r * 0.68:.1f} {r * 0.68:.1f}",
            "#ffffff",
            r * 0.2,
        )
    )


def card(
    sketch: Sketch,
    text: str,
    x: float,
    y: float,
    tall: float,
    turn: float = 0,
    tone: str = "#fdf1d8",
    ink: str = "#8a3d0c",
) -> None:
    """A small card with a figure on it, its middle at (x, y)."""
    wide = sum({".": 3.0, "1": 6.2, " ": 4.0}.get(s, 8.2) for s in text) * tall / 10 + tall * 0.9
    with sketch.at(x, y, turn):
        sketch.add(rect(-wide / 2 + 1.6, -tall * 0.85 + 2.6, wide, tall * 1.7, "#241003", 0.3, tall * 0.2))
        sketch.add(
            rect(-wide / 2, -tall * 0.85, wide, tall * 1.7, tone, 1, tall * 0.2),
            rect(-wide / 2, -tall * 0.85, wide, tall * 0.2, "#ffffff", 0.5, tall * 0.1),
        )
        written(sketch, text, -wide / 2 + tall * 0.55, -tall / 2, tall, ink, 1.35)
