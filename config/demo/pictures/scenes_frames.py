"""Modules 1 and 6: what a frame holds; a poor picture beside a good one."""

from config.demo.pictures import citrus, cut, devices, heads, light, people, rooms
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.figures import arrow, cross, tick
from config.demo.pictures.landscape import HOURS
from config.demo.pictures.people import SKIN, Clothes
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, rect


def level_upright(width: int) -> Sketch:
    """Left: upright, a face and the fruit. Right: level, the whole hillside."""
    sketch = scene_sketch("level-upright", rooms.plain(width, "linen"))
    light.sweep(sketch, 0.4)
    sketch.soft(7, rect(58, 26, 122, 232, "#241003", 0.5), rect(226, 84, 240, 120, "#241003", 0.5))

    def seller() -> None:
        sketch.add(rect(0, 0, 100, 200, sketch.linear((0, "#f0e4cc"), (1, "#cdb892"), y1=0, y2=200)))
        sketch.add(rect(8, 12, 26, 50, "#d7e6e4"), rect(20, 12, 2, 50, "#fffaf0"))
        shirt = Clothes("#46607a", hat="#e3c27a")
        people.torso(
            sketch,
            [(30, 96), (50, 92), (70, 96), (86, 112), (90, 160), (86, 205), (14, 205), (10, 160), (14, 112)],
            shirt,
        )
        heads.head(sketch, 50, 64, 22, "front", shirt, 0.15)
        people.arm(sketch, (18, 120), (22, 168), (40, 132), shirt.coat, 1.3)
        people.arm(sketch, (82, 120), (78, 168), (60, 132), shirt.coat, 1.3)
        citrus.fruit(sketch, NAVEL, 50, 114, 19, (46, -70), "leafy")
        for hx in (33, 67):
            sketch.add(ellipse(hx, 122, 6, 8, people.fill(sketch, SKIN, hx, 122, 8)))
        devices.thirds(sketch)
        devices.recording(sketch)

    devices.phone(sketch, 110, 136, 224, seller, -3)

    def hillside() -> None:
        _terraced_view(sketch)
        devices.thirds(sketch, True)
        devices.recording(sketch, True)

    devices.phone(sketch, 340, 140, 224, hillside, 2, True)
    light.finish(sketch, 0.12, 0.14)
    return sketch


def _terraced_view(sketch: Sketch) -> None:
    """Steps and trees on a field 200 × 100."""
    hour = HOURS[1]
    sketch.add(rect(0, 0, 200, 100, sketch.linear((0, hour.sky[0]), (1, hour.sky[2]), y1=0, y2=46)))
    for tone, y, k in (("#a9c2b8", 34, 0), ("#86a98e", 40, 30), ("#6d9672", 47, -20)):
        sketch.add(
            path(
                f"M0 {y}C{30 + k} {y - 18} {60 + k} {y - 4} {96 + k} {y - 12}S{160 + k} {y - 20} 200 {y - 4}V100H0Z",
                tone,
            )
        )
    for k in range(9):
        y = 46 + k * k * 0.55 + k * 1.6
        bend = 16 - k * 1.4
        d = f"M0 {y + 6:.1f}C50 {y - bend:.1f} 100 {y - bend * 0.6:.1f} 130 {y:.1f}S180 {y + 8:.1f} 200 {y + 2:.1f}"
        sketch.add(path(d + "V104H0Z", hour.field[k % 4]), line(d, "#4d7a3c", 1.2 + k * 0.16, 0.8))
    for k in range(22):
        x, y = sketch.rng.uniform(90, 198), 56 + k * 2
        r = 2.6 + k * 0.2
        sketch.add(
            ellipse(x, y, r, r * 0.86, "#2f5c33"),
            ellipse(x - r * 0.2, y - r * 0.24, r * 0.7, r * 0.56, "#55863f"),
            ellipse(x + r * 0.2, y + r * 0.1, 0.7, 0.7, "#f59a1e"),
            ellipse(x - r * 0.3, y, 0.7, 0.7, "#f59a1e"),
        )
    for x, y, w in ((36, 50, 15), (54, 54, 18), (24, 58, 17)):
        sketch.add(
            rect(x, y - w * 0.4, w, w * 0.4, "#fffdf4"),
            path(
                f"M{x - 1} {y - w * 0.38}l{w * 0.22} {-w * 0.26}h{w * 0.66}l{w * 0.22} {w * 0.26}Z", "#59626a"
            ),
            rect(x + w * 0.4, y - w * 0.26, w * 0.14, w * 0.26, "#7d5432"),
        )


def before_after(width: int) -> Sketch:
    """The same oranges twice: dim, crooked, cluttered; then by the window, tidy."""
    sketch = scene_sketch("before-after", rooms.plain(width, "cedar"))
    for x, turn in ((118, -3), (362, 2)):
        sketch.soft(
            6, f'<g transform="rotate({turn} {x} 136)">{rect(x - 96, 32, 206, 222, "#1d0c02", 0.55)}</g>'
        )
    with sketch.at(118, 134, -3):
        _print(sketch, lambda: _poor(sketch))
    with sketch.at(362, 134, 2):
        _print(sketch, lambda: _good(sketch))
    cross(sketch, 38, 38, 14)
    tick(sketch, 446, 38, 14)
    arrow(sketch, "M222 132Q240 122 256 132", (258, 133), 20, wide=4.4)
    light.finish(sketch, 0.14, 0.14)
    return sketch


def _print(sketch: Sketch, picture) -> None:
    sketch.add(rect(-100, -106, 200, 212, "#fffdf6", 1, 3))
    frame = "M-92-98H92V98H-92Z"
    sketch.add(f'<g clip-path="{sketch.clip(frame)}">')
    picture()
    sketch.add("</g>")


def _poor(sketch: Sketch) -> None:
    sketch.add(rect(-92, -98, 184, 196, sketch.linear((0, "#7d7568"), (1, "#4a4438"), y1=-98, y2=98)))
    sketch.add(
        path("M-92 8 92-22V98H-92Z", "#5b4a38"),
        rect(20, -90, 46, 62, "#d9d6c4"),
        line("M43-90V-28M20-60H66", "#8d8a7c", 3),
    )
    sketch.add(
        path("M-86-40h36l4 52h-44Z", "#a33c34"),
        rect(-78, -52, 20, 14, "#c9c4b4"),
        path("M40 10h40v-34q-20-14-40 0Z", "#3f5f7d"),
        line("M-90 60C-40 30 0 90 90 50", "#2f2b26", 3, 0.8),
    )
    for x, y, r in ((-30, 20, 22), (10, 34, 20), (-8, 62, 18), (60, 66, 17), (-64, 72, 19)):
        citrus.fruit(sketch, NAVEL, x, y, r, (50, -70), "calyx")
    sketch.add(
        rect(-92, -98, 184, 196, "#1f1c18", 0.46),
        ellipse(43, -58, 60, 60, sketch.radial((0, "#fffbe6", 0.6), (1, "#fffbe6", 0), cx=43, cy=-58, r=60)),
    )


def _good(sketch: Sketch) -> None:
    sketch.add(
        rect(-92, -98, 184, 196, sketch.linear((0, "#fbf2de"), (1, "#e6d3ae"), x1=-92, y1=-98, x2=92, y2=98))
    )
    sketch.add(path("M-92-98H10L80 98H-60Z", "#fffbe8", 0.5), path("M-92 40H92V98H-92Z", "#d9b98a", 0.4))
    for x, y, r in ((-22, -4, 48), (48, 2, 36)):
        sketch.add(
            ellipse(
                x + r * 0.24,
                y + r * 0.86,
                r * 1.1,
                r * 0.34,
                sketch.radial(
                    (0, "#2b1405", 0.6),
                    (1, "#2b1405", 0),
                    cx=x + r * 0.24,
                    cy=y + r * 0.86,
                    r=r * 1.1,
                    tall=0.31,
                ),
            )
        )
        citrus.fruit(sketch, NAVEL, x, y, r, (58, -80), "leafy" if r > 40 else "navel")
    cut.half(sketch, NAVEL, cut.RIPE, 34, 50, 36)
