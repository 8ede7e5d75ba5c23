"""Module 1: hands, upright or level, the stand, walking in the orchard."""

from config.demo.pictures import citrus, cut, devices, hands, heads, light, people, rooms
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.colour import mix
from config.demo.pictures.figures import arrow, ring
from config.demo.pictures.light import Piece
from config.demo.pictures.people import SKIN, Clothes
from config.demo.pictures.rooms import H, W, scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, rect, taper
from config.demo.pictures.trees import CITRUS, near_tree


def phone_grip(width: int) -> Sketch:
    """Both hands, elbows in, one foot ahead; beside it the hands seen close."""
    sketch = scene_sketch("phone-grip")
    rooms.hills(sketch, 1, 150)
    _yard(sketch, 176)
    rooms.pool(sketch, 116, 254, 44, 0.5)
    holder(sketch, 112, 254)
    for x, y, r in ((104, 145, 16), (98, 248, 14), (138, 251, 14)):
        ring(sketch, x, y, r)
    _close_hands(sketch)
    light.finish(sketch, 0.14, 0.14)
    return sketch


def holder(sketch: Sketch, x: float, y: float) -> None:
    """Someone seen from the side, facing right, a phone upright before the face; feet at (x, y)."""
    clothes = Clothes()
    up = lambda a, b: (x + a, y - b)  # noqa: E731
    people.arm(sketch, up(6, 146), up(14, 108), up(40, 146), mix(clothes.coat, "#1d2a38", 0.25))
    people.leg(sketch, up(-2, 92), up(-8, 48), up(-16, 3), clothes, 1)
    people.leg(sketch, up(4, 92), up(18, 50), up(22, 0), clothes, 1)
    people.torso(
        sketch,
        [up(-12, 154), up(4, 158), up(15, 148), up(17, 120), up(17, 86), up(-13, 86), up(-16, 120)],
        clothes,
    )
    heads.head(sketch, *up(4, 180), 15, "right", clothes)
    devices.phone_back(sketch, *up(53, 163), 42, 6, 0.13, "#30343a")
    people.arm(sketch, up(-4, 146), up(-2, 108), up(46, 144), clothes.coat)
    for k in range(4):
        sketch.add(
            ellipse(
                *up(51 + 0.6 * k, 152 - 4.2 * k), 3.2, 2.3, people.fill(sketch, SKIN, *up(51, 152 - 4 * k), 4)
            )
        )


def _yard(sketch: Sketch, y: float) -> None:
    """Swept cement with a low wall behind."""
    sketch.add(
        rect(0, y - 26, W, 26, sketch.linear((0, "#e9e0cc"), (1, "#b9ab8e"), y1=y - 26, y2=y)),
        rect(0, y - 29, W, 5, "#6d736f"),
    )
    joints = "".join(
        f"M{k * 26 + (row % 2) * 13} {y - 22 + row * 8}v8" for k in range(19) for row in range(3)
    ) + "".join(f"M0 {y - 22 + row * 8}H{W}" for row in range(3))
    sketch.add(line(joints, "#9c8d70", 0.6, 0.4))
    sketch.add(rect(0, y, W, H - y, sketch.linear((0, "#d8c9a8"), (1, "#b49d74"), y1=y, y2=H)))
    specks = "".join(
        f"M{sketch.rng.uniform(0, W):.1f} {sketch.rng.uniform(y + 4, H):.1f}h{sketch.rng.uniform(1, 5):.1f}"
        for _ in range(160)
    )
    sketch.add(line(specks, "#8a744c", 0.7, 0.3))


def _close_hands(sketch: Sketch) -> None:
    """A round window: the right hand round the lower half, the left under it."""
    cx, cy, r = 340, 136, 122
    disc = f"M{cx - r} {cy}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"
    sketch.soft(5, ellipse(cx + 5, cy + 7, r, r, "#1d0c02", 0.4))
    sketch.add(ellipse(cx, cy, r + 3.5, r + 3.5, "#fffaf0"), f'<g clip-path="{sketch.clip(disc)}">')
    sketch.add(
        rect(
            cx - r,
            cy - r,
            2 * r,
            2 * r,
            sketch.linear((0, "#e9efd8"), (1, "#a8b98a"), x1=cx - r, y1=cy - r, x2=cx + r, y2=cy + r),
        )
    )
    hands.sleeve(sketch, (250, 290), (300, 214), 38, "#46607a")
    hands.sleeve(sketch, (452, 292), (400, 214), 38, "#46607a")
    for k in range(4):
        hands.finger(sketch, [(352, 150 + 17 * k), (318, 147 + 17 * k), (301, 152 + 17 * k)], 16.5)
    hands.palm(sketch, [(372, 134), (404, 142), (420, 176), (414, 222), (380, 232), (356, 200)])
    hands.palm(
        sketch,
        [(286, 204), (308, 196), (352, 204), (396, 206), (404, 222), (372, 242), (306, 240)],
        mix(SKIN, "#a86a44", 0.12),
    )

    def view() -> None:
        sketch.add(
            rect(
                0, 0, 100, 200, sketch.linear((0, "#dcebee"), (0.5, "#eff1dc"), (1, "#c9a877"), y1=0, y2=200)
            )
        )
        sketch.add(
            path("M0 92C20 72 44 84 60 76S90 66 100 74V120H0Z", "#8fb07c"), rect(0, 116, 100, 84, "#b98d5c")
        )
        for x, y in ((38, 120), (66, 122), (52, 100)):
            citrus.fruit(sketch, NAVEL, x, y, 18, (50, -80), "calyx")
        devices.thirds(sketch)
        devices.recording(sketch)

    devices.phone(sketch, 345, 118, 186, view)
    for k in range(4):
        hands.finger(sketch, [(298, 152 + 17 * k), (303, 149 + 17 * k), (311, 151 + 17 * k)], 16, nail=0)
    hands.finger(sketch, [(414, 196), (406, 168), (392, 146)], 20, nail=-60)
    hands.finger(sketch, [(300, 226), (336, 220), (372, 214)], 18)
    hands.finger(sketch, [(292, 216), (298, 198), (310, 184)], 18, nail=-50)
    sketch.add(
        "</g>",
        f'<circle cx="{cx}" cy="{cy}" r="{r}" fill="none" stroke="#8a6a3c" stroke-opacity=".35" stroke-width="1.200"/>',
    )


def tripod_window(width: int) -> Sketch:
    """Window to the side; the phone looks a little down at the fruit."""
    sketch = scene_sketch("tripod-window", rooms.indoors(width, 0.66))
    rooms.window(sketch, 70, 18, 150, 120)
    rooms.sunbeam(sketch, (74, 130, 216, 130), (96, 236, 330, 236), 0.5)
    rooms.edge_of_table(sketch, 178)
    sketch.add(path("M70 196H262L284 248H44Z", "#f2e8d2"), line("M70 196H262L284 248H44Z", "#b79c6e", 1, 0.5))
    fold = "".join(f"M{70 + k * 24} 196l{-26 + k * 6.2:.1f} 52" for k in range(1, 8))
    sketch.add(line(fold, "#b79c6e", 1.4, 0.16))
    table = [
        Piece(126, 182, 30, lambda: citrus.fruit(sketch, NAVEL, 126, 182, 30, (60, -80), "leafy")),
        Piece(184, 186, 28, lambda: citrus.fruit(sketch, NAVEL, 184, 186, 28, (50, 30), "navel")),
        Piece(108, 214, 26, lambda: citrus.fruit(sketch, NAVEL, 108, 214, 26, (40, -60), "calyx")),
        Piece(158, 216, 27, lambda: cut.half(sketch, NAVEL, cut.RIPE, 158, 216, 27)),
    ]
    light.lay(sketch, table)
    rooms.pool(sketch, 352, 242, 44, 0.45)
    devices.tripod(sketch, 352, 242, 128, 0.3)
    with sketch.at(350, 104, -9):
        devices.phone_back(sketch, 0, 0, 84, 0, 0.12, "#30343a")
        sketch.add(rect(-8, 22, 18, 9, "#25272b", 1, 2), rect(-9, -34, 5, 8, "#0f1114", 1, 1.5))
    sketch.add(
        f'<g stroke-dasharray="5 '
        f'5">{line("M338 96L214 178", "#f6a02a", 1.8, 0.95)}{line("M340 120L214 232", "#f6a02a", 1.8, 0.95)}</g>'
    )
    arrow(sketch, "M150 60Q158 104 166 132", (168, 142), 78)
    light.finish(sketch, 0.16, 0.2)
    return sketch


def orchard_path(width: int) -> Sketch:
    """Walking forward on the level track, the phone at the chest."""
    sketch = scene_sketch("orchard-path")
    rooms.hills(sketch, 0, 118)
    track = [(252, 112), (250, 150), (246, 200), (238, 276)]
    sketch.add(
        path(taper(track, [12, 46, 100, 196]), "#9fae62"),
        path(taper(track, [8, 36, 84, 168]), sketch.linear((0, "#ecd9b2"), (1, "#c3a06a"), y1=112, y2=H)),
    )
    ruts = "".join(
        f"M{sketch.rng.uniform(200, 290):.1f} {sketch.rng.uniform(170, 268):.1f}h{sketch.rng.uniform(2, 8):.1f}"
        for _ in range(70)
    )
    sketch.add(line(ruts, "#8d6d3e", 0.9, 0.4))
    for y, r, out in (
        (128, 16, 44),
        (142, 22, 62),
        (162, 32, 88),
        (190, 44, 124),
        (232, 62, 178),
        (286, 84, 244),
    ):
        for side in (-1, 1):
            near_tree(sketch, 250 + side * out, y, r, CITRUS, 15)
    rooms.pool(sketch, 250, 246, 30, 0.55)
    walker(sketch, 248, 246)
    ring(sketch, 248, 140, 23)
    light.finish(sketch, 0.2, 0.2)
    return sketch


def walker(sketch: Sketch, x: float, y: float) -> None:
    """Coming towards us, phone in both hands at the chest; feet at (x, y)."""
    clothes = Clothes("#b5654a", "#4d5560")
    up = lambda a, b: (x + a, y - b)  # noqa: E731
    people.leg(sketch, up(-9, 84), up(-10, 44), up(-11, 12), clothes, 0, 0.92)
    people.leg(sketch, up(9, 84), up(11, 42), up(11, 0), clothes, 0, 1.0)
    people.torso(
        sketch,
        [
            up(-14, 138),
            up(0, 141),
            up(14, 138),
            up(24, 124),
            up(23, 100),
            up(21, 78),
            up(-21, 78),
            up(-23, 100),
            up(-24, 124),
        ],
        clothes,
        up(0, 134),
    )
    heads.head(sketch, *up(0, 160), 14, "front", clothes)
    people.arm(sketch, up(-20, 128), up(-27, 96), up(-8, 102), clothes.coat)
    people.arm(sketch, up(20, 128), up(27, 96), up(8, 102), clothes.coat)
    devices.phone_back(sketch, *up(0, 109), 34, 0, 0.5)
    for side in (-1, 1):
        for k in range(3):
            sketch.add(
                ellipse(
                    *up(side * 7, 97 + 4 * k),
                    3.6,
                    2.2,
                    people.fill(sketch, SKIN, *up(side * 7, 97 + 4 * k), 4),
                )
            )
