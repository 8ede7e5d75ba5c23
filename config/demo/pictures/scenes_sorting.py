"""Module 5: sizes, storing."""

from config.demo.pictures import citrus, light, rooms, tools
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.colour import mix
from config.demo.pictures.figures import arrow, card, cross, tick, written
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect


def size_ring(width: int) -> Sketch:
    """Stem end up and level: through the 80, held by the 75."""
    sketch = scene_sketch("size-ring", rooms.plain(width, "linen"))
    light.sweep(sketch, 0.4)
    holes = ((65, 60, 30), (70, 136, 32.5), (75, 226, 35), (80, 330, 37.5), (85, 426, 40))
    sketch.soft(9, rect(14, 74, 462, 136, "#241003", 0.5))
    board = "M20 66H460Q472 66 472 78V192Q472 204 460 204H20Q8 204 8 192V78Q8 66 20 66Z"
    sketch.add(
        path(board, "#8a6a3a", 1, transform="translate(0 7)"),
        path(
            board,
            sketch.linear((0, "#f3dcae"), (0.5, "#e2bf85"), (1, "#c09658"), x1=0, y1=66, x2=470, y2=204),
        ),
    )
    grain = "".join(f"M12 {74 + k * 9}C120 {70 + k * 9} 260 {80 + k * 9} 468 {73 + k * 9}" for k in range(14))
    sketch.add(line(grain, "#8a6232", 0.9, 0.24))
    tall = 0.72
    for size, x, r in holes:
        hole = f"M{x - r} 142a{r} {r * tall} 0 1 0 {2 * r} 0a{r} {r * tall} 0 1 0 {-2 * r} 0Z"
        sketch.add(
            path(hole, "#c9b48c"),
            f'<g clip-path="{sketch.clip(hole)}">',
            ellipse(x, 148, r, r * tall, "#efe2c8"),
            ellipse(x, 126, r, r * tall, "#6d4f26", 0.55),
            "</g>",
        )
        sketch.add(
            line(hole, "#7a5726", 1.6, 0.8),
            f'<path d="M{x - r} 142a{r} {r * tall} 0 0 0 {2 * r} 0" fill="none" '
            f'stroke="#fff3d4" stroke-width="1.800" stroke-opacity=".8"/>',
        )
        written(sketch, str(size), x - 10, 180, 15, "#5a3410", 1.8)
    _dropping(sketch)
    citrus.fruit(sketch, NAVEL, 226, 116, 38, (24, -90), "calyx")
    sketch.add(path("M190 146A36 25 0 0 0 262 146L258 152A35 24 0 0 1 194 152Z", "#4a2c0c", 0.4))
    arrow(sketch, "M330 30V64", (330, 70), 90, wide=4)
    arrow(sketch, "M330 212V232", (330, 240), 90, wide=4)
    tick(sketch, 366, 46, 13)
    cross(sketch, 262, 66, 12)
    card(sketch, "75-80", 404, 242, 16, -3)
    light.finish(sketch, 0.16, 0.18)
    return sketch


def _dropping(sketch: Sketch) -> None:
    """In the 80 ring: halfway down, the near rim before it."""
    x, y, r = 330, 142, 37.5
    above = f"M{x - 60} 40H{x + 60}V{y}H{x + r}A{r} {r * 0.72:.1f} 0 0 1 {x - r} {y}H{x - 60}Z"
    sketch.add(f'<g clip-path="{sketch.clip(above)}">')
    citrus.fruit(sketch, NAVEL, x, 134, 36.2, (26, -90), "calyx")
    sketch.add(
        "</g>",
        f'<path d="M{x - r} {y}a{r} {r * 0.72:.1f} 0 0 0 {2 * r} 0" fill="none" '
        f'stroke="#fff3d4" stroke-width="2.400" stroke-opacity=".9"/>',
    )


def storage_crate(width: int) -> Sketch:
    """Off the floor, away from the wall, not quite full, each with its tag."""
    sketch = scene_sketch("storage-crate", rooms.indoors(width, 0.7, "#dcd3c0", "cedar", 9))
    floor = sketch.linear((0, "#b9ad98"), (1, "#8a7d68"), y1=188, y2=270)
    sketch.add(rect(0, 188, 480, 82, floor), rect(0, 186, 480, 4, "#8d806a", 0.7))
    rooms.window(sketch, 26, 20, 66, 62)
    rooms.sunbeam(sketch, (30, 80, 92, 80), (120, 240, 300, 262), 0.4)
    _thermometer(sketch, 436, 60)
    for x, wide in ((150, 150), (332, 150)):
        _stand(sketch, x, 240, wide)
        _stack(sketch, x, 226, wide)
    arrow(sketch, "M58 242V226", (58, 222), -90, wide=3)
    sketch.add(
        line("M44 246H72M44 218H72", "#fffaf0", 4.4, 0.9), line("M44 246H72M44 218H72", "#c2561c", 2.2)
    )
    light.finish(sketch, 0.16, 0.2)
    return sketch


def _stand(sketch: Sketch, x: float, y: float, wide: float) -> None:
    """Bricks and a board: ten centimetres of air."""
    rooms.pool(sketch, x, y, wide * 0.56, 0.6)
    for k in (-1, 0, 1):
        bx = x + k * wide * 0.42
        sketch.add(
            rect(
                bx - 13,
                y - 14,
                26,
                14,
                sketch.linear((0, "#c9815a"), (1, "#7d4328"), x1=bx - 13, y1=y - 14, x2=bx + 13, y2=y),
                1,
                1.4,
            ),
            line(f"M{bx - 13:.1f} {y - 7}H{bx + 13:.1f}", "#5f301a", 0.8, 0.5),
        )
    sketch.add(
        rect(
            x - wide * 0.56,
            y - 19,
            wide * 1.12,
            6,
            sketch.linear((0, "#dcb27c"), (1, "#8a5d30"), y1=y - 19, y2=y - 13),
            1,
            1,
        )
    )


def _stack(sketch: Sketch, x: float, y: float, wide: float) -> None:
    for level, (base, tone) in enumerate(((y - 4, "#3f7fa6"), (y - 68, "#4f8a62"))):
        rim = base - 62
        inside = polygon(
            [
                (x - wide / 2, rim),
                (x + wide / 2, rim),
                (x + wide / 2 - 10, rim - 18),
                (x - wide / 2 + 10, rim - 18),
            ]
        )
        if level:
            sketch.add(
                path(inside, "#16281c"),
                line(
                    f"M{x - wide / 2:.1f} {rim:.1f}L{x - wide / 2 + 10:.1f} "
                    f"{rim - 18:.1f}H{x + wide / 2 - 10:.1f}L{x + wide / 2:.1f} {rim:.1f}",
                    mix(tone, "#ffffff", 0.3),
                    3,
                ),
            )
            _filled(sketch, x, rim, wide, ((6, -3, 11.5), (6, 4, 12.5)))
        tools.crate(sketch, x, base, wide, 62, tone)
        _tag(sketch, x + wide * 0.22, base - 44)


def _filled(sketch: Sketch, x: float, y: float, wide: float, rows: tuple) -> None:
    for count, dy, r in rows:
        for k in range(count):
            fx = x + (k - (count - 1) / 2) * wide * 0.145 + sketch.rng.uniform(-2, 2)
            citrus.fruit(
                sketch,
                NAVEL,
                fx,
                y + dy - 4,
                r,
                (sketch.rng.uniform(20, 60), sketch.rng.uniform(-150, -30)),
                "calyx",
            )


def _tag(sketch: Sketch, x: float, y: float) -> None:
    with sketch.at(x, y, sketch.rng.uniform(-5, 5)):
        sketch.add(
            line("M0-14Q-4-6-14 0", "#efe4cc", 1),
            rect(-21.5, 1.5, 46, 31, "#14100a", 0.35, 2),
            rect(-23, 0, 46, 31, "#fdf1d8", 1, 2),
            ellipse(-18.500, 4.500, 1.6, 1.6, "#8a6a3c"),
        )
        written(sketch, "11-20", -17, 5, 8.4, "#5a3410", 1.5)
        written(sketch, "40", -15, 18, 9, "#8a3d0c", 1.6)
        written(sketch, "斤", 3, 18, 9, "#8a3d0c", 1.4)


def _thermometer(sketch: Sketch, x: float, y: float) -> None:
    sketch.add(
        rect(x - 12, y - 32, 26, 78, "#241003", 0.25, 5),
        rect(x - 14, y - 35, 26, 78, "#fffaf0", 1, 5),
        rect(x - 3.4, y - 28, 5, 56, "#dfe5e6", 1, 2.4),
        rect(x - 2.2, y - 2, 2.6, 32, "#d8432a", 1, 1),
        ellipse(x - 0.9, y + 31, 5, 5, "#d8432a"),
    )
    sketch.add(
        line(
            "".join(f"M{x + 4} {y - 26 + k * 5.4:.1f}h{5 if k % 2 else 3}" for k in range(11)), "#5a5148", 0.8
        )
    )
