"""Module 5: sweetness, read from the refractometer."""

from config.demo.pictures import citrus, cut, light, rooms
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.colour import mix
from config.demo.pictures.figures import arrow, card, written
from config.demo.pictures.light import Piece
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect


def refractometer(width: int) -> Sketch:
    """The instrument with juice on its prism; what the eye sees with water and with juice."""
    sketch = scene_sketch("refractometer", rooms.plain(width, "pine"))
    light.window(sketch, 0.34)
    sketch.soft(7, path("M40 196 210 130 222 160 60 232Z", "#241003", 0.55))
    _instrument(sketch)
    half = Piece(96, 78, 46, lambda: cut.half(sketch, NAVEL, cut.RIPE, 96, 78, 46))
    whole = Piece(34, 98, 38, lambda: citrus.fruit(sketch, NAVEL, 34, 98, 38, (58, -80), "leafy"))
    light.lay(sketch, [whole, half])
    _drop(sketch, 62, 152)
    for x, reading in ((282, 0.0), (411, 11.7)):
        _eyepiece(sketch, x, 122, 56, reading)
    _water(sketch, 290, 218)
    cut.half(sketch, NAVEL, cut.RIPE, 402, 224, 22)
    _drop(sketch, 434, 222, "#f6a02a")
    light.finish(sketch, 0.16, 0.18)
    return sketch


def _instrument(sketch: Sketch) -> None:
    with sketch.at(128, 184, -21):
        body = rect(
            -36,
            -15,
            84,
            30,
            sketch.linear((0, "#f0f2f4"), (0.35, "#aeb5ba"), (0.7, "#5f676d"), (1, "#3a4046"), y1=-15, y2=15),
            1,
            5,
        )
        sketch.add(
            body,
            rect(
                46,
                -17,
                36,
                34,
                sketch.linear((0, "#5a5f66"), (0.4, "#2c2f34"), (1, "#121316"), y1=-17, y2=17),
                1,
                6,
            ),
        )
        sketch.add(
            line("".join(f"M{52 + k * 5} -16V16" for k in range(5)), "#0d0e10", 1.6, 0.6),
            rect(80, -13, 12, 26, "#1b1d20", 1, 5),
        )
        sketch.add(
            rect(-6, -15.5, 5, 31, "#3a4046", 0.8),
            rect(14, -15.5, 3, 31, "#3a4046", 0.6),
            line("M-32-9H42", "#ffffff", 2.4, 0.7),
        )
        prism = polygon([(-36, -13), (-84, -5), (-88, 8), (-36, 14)])
        sketch.add(path(prism, sketch.linear((0, "#7d868c"), (1, "#3d444a"), y1=-13, y2=14)))
        glass = polygon([(-40, -10), (-82, -3), (-82, 3), (-40, 3)])
        sketch.add(
            path(glass, "#bcd6e2"), path(glass, "#fbb23a", 0.75), line("M-44-8-78-2", "#ffffff", 1.6, 0.8)
        )
        cover = polygon([(-40, -12), (-88, -32), (-92, -28), (-44, -6)])
        sketch.add(
            path(cover, "#dfeaf0", 0.72),
            line(cover, "#8fa0aa", 1, 0.8),
            ellipse(-40, -10, 3.4, 3.4, "#4a5157"),
            ellipse(24, -17, 3.6, 2.6, "#8d6a2a"),
        )


def _drop(sketch: Sketch, x: float, y: float, tone: str = "#f9a51f") -> None:
    with sketch.at(x, y):
        sketch.add(
            path(
                "M0-12C5-4 8 0 8 5A8 8 0 0 1-8 5C-8 0-5-4 0-12Z",
                sketch.radial(
                    (0, mix(tone, "#ffffff", 0.5)),
                    (0.6, tone),
                    (1, mix(tone, "#5a2604", 0.4)),
                    cx=-2,
                    cy=1,
                    r=13,
                ),
            ),
            ellipse(-3, 2, 2, 3.4, "#ffffff", 0.8, 20),
        )


def _water(sketch: Sketch, x: float, y: float) -> None:
    _drop(sketch, x, y, "#8fc3e0")
    _drop(sketch, x - 20, y + 4, "#8fc3e0")


def _eyepiece(sketch: Sketch, x: float, y: float, r: float, reading: float) -> None:
    """The round field: dark above the reading, light below, a scale of 0 to 16 down the middle."""
    sketch.soft(5, ellipse(x + 5, y + 7, r + 6, r + 6, "#1d0c02", 0.55))
    sketch.add(
        ellipse(
            x,
            y,
            r + 7,
            r + 7,
            sketch.linear((0, "#4a4e55"), (1, "#101114"), x1=x - r, y1=y - r, x2=x + r, y2=y + r),
        ),
        ellipse(x, y, r + 2, r + 2, "#08090a"),
    )
    disc = f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"
    step = r * 1.5 / 16
    zero = y + r * 0.75
    level = zero - reading * step
    sketch.add(f'<g clip-path="{sketch.clip(disc)}">', ellipse(x, y, r, r, "#fbfaf0"))
    sketch.add(
        rect(
            x - r,
            y - r,
            2 * r,
            level - y + r,
            sketch.linear((0, "#5f93c6"), (1, "#3f73ac"), y1=y - r, y2=level),
        )
    )
    sketch.add(rect(x - r, level - 1.2, 2 * r, 2.4, "#27507d", 0.55))
    ticks = "".join(
        f"M{x - (9 if k % 4 == 0 else 5)} {zero - k * step:.1f}H{x + (9 if k % 4 == 0 else 5)}"
        for k in range(17)
    )
    sketch.add(
        line(ticks, "#1d2a38", 1.1, 0.9, "butt"),
        line(f"M{x} {zero}V{zero - 16 * step:.1f}", "#1d2a38", 0.9, 0.7),
    )
    for k in (0, 4, 8, 12, 16):
        written(sketch, str(k), x + 13, zero - k * step - 3.6, 7.2, "#14202c", 1.5)
    sketch.add("</g>", ellipse(x - r * 0.36, y - r * 0.42, r * 0.4, r * 0.2, "#ffffff", 0.16, -40))
    arrow(sketch, f"M{x - r + 4} {level:.1f}H{x - 22}", (x - 20, level), 0, "#f6a02a", 3)
    card(
        sketch,
        "0" if reading == 0 else f"{reading}",
        x - r * 0.72,
        level - (15 if reading == 0 else -16),
        11,
        -3,
    )
