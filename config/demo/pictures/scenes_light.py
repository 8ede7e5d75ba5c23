"""Module 2: light from a window, light in open shade, a clear voice."""

from config.demo.pictures import citrus, cut, devices, heads, light, people, rooms
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.colour import mix
from config.demo.pictures.figures import arrow, ring
from config.demo.pictures.light import Piece
from config.demo.pictures.people import SKIN, Clothes
from config.demo.pictures.rooms import H, W, scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect
from config.demo.pictures.trees import CITRUS, near_tree


def window_light(width: int) -> Sketch:
    """Window in front and to one side, a white board on the dark side."""
    sketch = scene_sketch("window-light", rooms.indoors(width, 1.0, "#e6d6ba"))
    _room_corner(sketch)
    rooms.window(sketch, 18, 26, 104, 150, -0.22)
    rooms.sunbeam(sketch, (40, 40, 128, 150), (250, 90, 330, 232), 0.5)
    _seated(sketch, 246, 206)
    table = "M84 206H412L446 272H50Z"
    sketch.add(
        path(table, sketch.linear((0, "#dcb27c"), (1, "#9d6f40"), x1=60, y1=206, x2=440, y2=270)),
        line("M84 206H412", "#fff0cf", 1.6, 0.7),
    )
    grain = "".join(f"M{60 + k * 20} {214 + (k * 37) % 50}h{60 + (k * 53) % 90}" for k in range(16))
    sketch.add(line(grain, "#7d5228", 0.8, 0.35))
    light.lay(
        sketch,
        [
            Piece(190, 222, 21, lambda: citrus.fruit(sketch, NAVEL, 190, 222, 21, (56, -80), "leafy")),
            Piece(228, 226, 19, lambda: citrus.fruit(sketch, NAVEL, 228, 226, 19, (40, 30), "navel")),
            Piece(208, 240, 18, lambda: cut.half(sketch, NAVEL, cut.RIPE, 208, 240, 18)),
        ],
    )
    _board(sketch)
    arrow(sketch, "M112 92L168 118", (172, 120), 26, wide=4)
    arrow(sketch, "M352 140L316 134", (312, 133), 188, "#fffaf0", 3.4)
    light.finish(sketch, 0.18, 0.22)
    return sketch


def _room_corner(sketch: Sketch) -> None:
    """The side wall with the window, and the back wall in its shade."""
    sketch.add(path("M0 0H140V196L0 252Z", "#fff4dc", 0.5), line("M140 0V196", "#a48c62", 1.2, 0.5))
    sketch.add(
        path("M0 252 140 196H480V270H0Z", "#b08a5c", 0.55), line("M0 252 140 196H480", "#fff4dc", 2.4, 0.6)
    )
    dusk = sketch.linear((0, "#4a3a28", 0), (1, "#4a3a28", 0.42), x1=200, y1=0, x2=480, y2=0)
    sketch.add(rect(140, 0, 340, 270, dusk))


def _seated(sketch: Sketch, x: float, y: float) -> None:
    """Facing us behind the table, the left half lit, the right half brought up by the board."""
    clothes = Clothes("#5d7a66", hat="")
    people.torso(
        sketch,
        [
            (x - 20, y - 84),
            (x, y - 88),
            (x + 20, y - 84),
            (x + 42, y - 64),
            (x + 48, y - 20),
            (x + 46, y + 10),
            (x - 46, y + 10),
            (x - 48, y - 20),
            (x - 42, y - 64),
        ],
        clothes,
        (x, y - 78),
    )
    heads.head(sketch, x, y - 112, 26, "front", clothes, 0.22)
    dark = sketch.linear(
        (0, "#3a2010", 0),
        (0.45, "#3a2010", 0),
        (0.78, "#3a2010", 0.34),
        (1, "#3a2010", 0.16),
        x1=x - 26,
        y1=0,
        x2=x + 30,
        y2=0,
    )
    sketch.add(ellipse(x, y - 110, 24, 31, dark))
    people.arm(sketch, (x - 40, y - 56), (x - 52, y - 8), (x - 22, y + 6), clothes.coat, 1.35)
    people.arm(
        sketch, (x + 40, y - 56), (x + 54, y - 8), (x + 26, y + 6), mix(clothes.coat, "#1d2a20", 0.25), 1.35
    )


def _board(sketch: Sketch) -> None:
    sketch.soft(5, path("M372 120 424 100V240L372 246Z", "#1d0c02", 0.5))
    board = "M364 108 416 88V228L364 238Z"
    sketch.add(
        path("M416 88 424 92V230L416 228Z", "#cfc6b2"),
        path(board, sketch.linear((0, "#ffffff"), (1, "#e9e4d6"), x1=364, y1=100, x2=418, y2=230)),
        line(board, "#a89b80", 0.8, 0.5),
    )
    glow = sketch.radial((0, "#fffaf0", 0.5), (1, "#fffaf0", 0), cx=348, cy=166, r=74)
    sketch.add(ellipse(348, 166, 74, 74, glow))


def shade_light(width: int) -> Sketch:
    """Under the eaves, one step from the sun, facing the bright yard, the wall behind."""
    sketch = scene_sketch("shade-light")
    rooms.hills(sketch, 1, 128)
    for x, y, r in ((24, 158, 30), (88, 150, 24), (150, 148, 20)):
        near_tree(sketch, x, y, r, CITRUS, 12)
    sketch.add(rect(0, 164, W, 110, sketch.linear((0, "#fbf3d8"), (1, "#f3dfae"), y1=164, y2=H)))
    sketch.add(
        line(
            "".join(f"M0 {178 + k * 22}H270" for k in range(5))
            + "M60 164 20 270M140 164 120 270M210 164 214 270",
            "#cdb27c",
            0.9,
            0.5,
        )
    )
    _house_side(sketch)
    rooms.pool(sketch, 296, 250, 24, 0.4)
    _in_shade(sketch, 292, 250)
    rooms.pool(sketch, 150, 252, 22, 0.4)
    devices.tripod(sketch, 148, 254, 116, 0.26)
    with sketch.at(150, 128, 3):
        devices.phone_back(sketch, 0, 0, 58, 0, 0.14, "#30343a")
    ring(sketch, 278, 250, 40, tall=0.3)
    for k, (x, y) in enumerate(((92, 196), (110, 226))):
        arrow(
            sketch,
            f"M{x} {y}Q{x + 60} {y - 24} {232 + k * 4} {150 + k * 26}",
            (236 + k * 4, 148 + k * 26),
            -26 + k * 6,
            "#f6b63a",
            3.4,
        )
    light.finish(sketch, 0.2, 0.16)
    return sketch


def _house_side(sketch: Sketch) -> None:
    """Wall and door on the right, the tiled eaves reaching out, their shade on the ground."""
    sketch.add(
        rect(340, 58, 140, 150, sketch.linear((0, "#d9ceb6"), (1, "#a39577"), x1=340, y1=0, x2=480, y2=0))
    )
    sketch.add(
        rect(340, 186, 140, 24, "#8f8468", 0.6),
        rect(398, 96, 56, 114, "#5d4128"),
        rect(403, 101, 22, 109, "#7d5836"),
        rect(428, 101, 22, 109, "#745032"),
    )
    sketch.add(
        rect(388, 110, 7, 78, "#b8432c"),
        rect(458, 110, 7, 78, "#b8432c"),
        ellipse(422, 158, 2, 2, "#d9b45c"),
        ellipse(431, 158, 2, 2, "#d9b45c"),
    )
    sketch.add(
        path(
            "M252 206H480V270H228Z", sketch.linear((0, "#6b604a", 0.86), (1, "#544936", 0.9), y1=206, y2=270)
        ),
        line("M252 206 228 270", "#fff3cf", 1.6, 0.8),
    )
    sketch.add(path("M330 44H480V206H340Z", "#2a2016", 0.26))
    for x in (338,):
        sketch.add(
            rect(x, 62, 9, 150, sketch.linear((0, "#9c7448"), (1, "#5a3d20"), x1=x, y1=0, x2=x + 9, y2=0)),
            rect(x - 3, 208, 15, 6, "#8d8878"),
        )
    roof = polygon([(262, 74), (480, 30), (480, -10), (360, -10)])
    sketch.add(path(roof, sketch.linear((0, "#8d959a"), (1, "#4f575d"), x1=300, y1=20, x2=420, y2=70)))
    for k in range(16):
        a = k / 15
        sketch.add(
            line(
                f"M{262 + 218 * a:.1f} {74 - 44 * a:.1f}L{352 + 160 * a:.1f} {-10 - 4 * a:.1f}",
                "#3f464b",
                2.2,
                0.6,
            )
        )
    sketch.add(
        path(polygon([(260, 76), (480, 32), (480, 42), (264, 84)]), "#6d4a2a"),
        line("M260 75 480 31", "#c9cfd2", 2, 0.8),
    )
    rafters = "".join(f"M{276 + k * 20} {80 - k * 4}l10 {12 - k * 0.2:.1f}" for k in range(10))
    sketch.add(line(rafters, "#4d3218", 3, 0.9, "butt"))
    for k, (x, y) in enumerate(((372, 62), (384, 64))):
        sketch.add(
            path(
                "".join(f"M{x} {y + j * 8}q5 -3 6 4q-2 5 -6 3q-5 0 -5 -4z" for j in range(6 - k)),
                ("#d9a63a", "#c2402c")[k],
            )
        )


def _in_shade(sketch: Sketch, x: float, y: float) -> None:
    """Standing, facing left, an orange held up to the phone."""
    clothes = Clothes("#4f6f8c", "#4a4540", hat="")
    up = lambda a, b: (x + a, y - b)  # noqa: E731
    people.leg(sketch, up(6, 86), up(8, 44), up(12, 2), clothes, -1, 0.95)
    people.leg(sketch, up(-2, 86), up(-4, 44), up(-6, 0), clothes, -1, 0.95)
    people.arm(sketch, up(4, 136), up(4, 102), up(-26, 112), mix(clothes.coat, "#1d2a38", 0.25), 0.95)
    people.torso(
        sketch,
        [up(12, 142), up(-3, 146), up(-14, 138), up(-16, 112), up(-15, 80), up(15, 80), up(17, 112)],
        clothes,
    )
    heads.head(sketch, *up(-3, 168), 15, "left", clothes, 0.3)
    citrus.fruit(sketch, NAVEL, x - 34, y - 124, 11, (54, -70), "leafy")
    people.arm(sketch, up(4, 134), up(8, 100), up(-26, 116), clothes.coat, 0.95)
    for k in range(3):
        sketch.add(
            ellipse(*up(-30 - 2 * k, 113 + 2.6 * k), 3, 2.1, people.fill(sketch, SKIN, *up(-30, 114), 4))
        )
