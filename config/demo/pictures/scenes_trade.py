"""Module 6: net weight, the cost of a box, freight, the cover photo; and the course's own cover."""

from config.demo.pictures import citrus, light, rooms, tools
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.colour import mix
from config.demo.pictures.figures import arrow, badge, card, cross, written
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, polygon, rect


def weigh_net(width: int) -> Sketch:
    """The empty box tared to nought; the same box filled to 2.55 kg."""
    sketch = scene_sketch("weigh-net", rooms.indoors(width, 0.62, "#efe2c8"))
    rooms.sunbeam(sketch, (-20, 0, 160, 0), (120, 250, 420, 250), 0.4)
    rooms.edge_of_table(sketch, 168)
    for x, reading, full in ((124, "0.00", False), (356, "2.55", True)):
        rooms.pool(sketch, x, 240, 88, 0.5)
        tools.scale(sketch, x, 240, 184, reading)
        _box_on(sketch, x, 187, full)
    badge(sketch, "1", 26, 28, 14)
    badge(sketch, "2", 262, 28, 14)
    arrow(sketch, "M226 140Q240 132 252 140", (255, 141), 18, wide=4.4)
    light.finish(sketch, 0.16, 0.18)
    return sketch


def _box_on(sketch: Sketch, x: float, y: float, full: bool) -> None:
    tools.carton(sketch, x, y, 148, 62, 30)
    if full:
        rng = sketch.rng
        for count, dy, r in ((5, -16, 14), (6, -4, 15), (5, 6, 15.5)):
            for k in range(count):
                fx = x + (k - (count - 1) / 2) * 23 + rng.uniform(-1.5, 1.5)
                citrus.fruit(
                    sketch, NAVEL, fx, y - 64 + dy, r, (rng.uniform(20, 58), rng.uniform(-150, -30)), "calyx"
                )
    else:
        tray = polygon([(x - 68, y - 64), (x + 68, y - 64), (x + 56, y - 88), (x - 56, y - 88)])
        sketch.add(
            path(tray, sketch.linear((0, "#5f4122"), (1, "#7d5730"), y1=y - 88, y2=y - 62)),
            line(
                f"M{x - 20} {y - 64}L{x - 16} {y - 88}M{x + 20} {y - 64}L{x + 16} {y - 88}",
                "#b98d55",
                2.2,
                0.7,
            ),
        )
    tools.carton_front(sketch, x, y, 148, 62)


def freight_box(width: int) -> Sketch:
    """One box of 2.85 kg; three rings of distance and what each adds to free delivery."""
    sketch = scene_sketch("freight-box", rooms.plain(width, "linen"))
    light.sweep(sketch, 0.4)
    x, y = 112, 170
    for r, tone in ((356, "#dfe5cf"), (262, "#d3deb4"), (172, "#b9cf8e")):
        area = f"M{x} {y}m{-r} 0a{r} {r * 0.62:.1f} 0 1 0 {2 * r} 0a{r} {r * 0.62:.1f} 0 1 0 {-2 * r} 0"
        sketch.add(
            path(area, tone, 0.9),
            line(area, "#ffffff", 3, 0.8),
            f'<g stroke-dasharray="7 6">{line(area, "#7d9a54", 1.2, 0.7, "butt")}</g>',
        )
    river = curve([(500, 34), (400, 76), (330, 66), (250, 110), (200, 236), (120, 280)])
    sketch.add(line(river, "#9cc3d2", 7, 0.8), line(river, "#d3e8ee", 2, 0.8))
    for mx, my, s in (
        (300, 40, 1.0),
        (338, 34, 1.3),
        (420, 120, 1.2),
        (452, 126, 1.6),
        (70, 60, 0.9),
        (230, 226, 0.8),
        (360, 222, 1.1),
    ):
        brow = (
            f"M{mx - 24 * s:.1f} {my + 12 * s:.1f}C{mx - 14 * s:.1f} {my + 6 * s:.1f} {mx - 8 * s:.1f} {my - 16 * s:.1f} "
            f"{mx} {my - 16 * s:.1f}S{mx + 14 * s:.1f} {my + 6 * s:.1f} {mx + 24 * s:.1f} {my + 12 * s:.1f}Z"
        )
        sketch.add(
            path(
                brow,
                sketch.linear(
                    (0, "#b9cfa4"),
                    (1, "#7d9a70"),
                    x1=mx - 16 * s,
                    y1=my - 10 * s,
                    x2=mx + 18 * s,
                    y2=my + 10 * s,
                ),
            )
        )
    roads = (
        (f"M{x + 40} {y - 6}Q190 150 216 130", (224, 118), "0", True),
        (f"M{x + 40} {y}Q220 176 316 150", (326, 140), "+2", True),
        (f"M{x + 40} {y + 8}Q280 240 404 198", (416, 188), "+9", True),
        (f"M{x + 30} {y - 24}Q220 40 420 60", (436, 58), "", False),
    )
    for d, _, _, ships in roads:
        sketch.add(
            line(d, "#fffaf0", 6, 0.95),
            f'<g stroke-dasharray="7 6">{line(d, "#c2561c" if ships else "#8d8676", 2.6, 1)}</g>',
        )
    for _, (px, py), text, ships in roads:
        _pin(sketch, px, py, "#e0662a" if ships else "#8d8676")
        if ships:
            card(sketch, text, px + 34, py - 22, 17, -3)
        else:
            cross(sketch, px - 26, py - 22, 12)
    rooms.pool(sketch, 100, 236, 66, 0.5)
    tools.carton(sketch, 98, 236, 118, 74, 30, False)
    tools.carton_front(sketch, 98, 236, 118, 74)
    sketch.add(rect(90, 162, 16, 30, "#f0dcae", 0.9))
    with sketch.at(98, 208):
        sketch.add(rect(-40, -13, 80, 30, "#fffdf4", 1, 2))
        written(sketch, "2.85kg", -34, -5, 13, "#3a2a1c", 1.4)
    citrus.fruit(sketch, NAVEL, 176, 232, 20, (54, -80), "leafy")
    light.finish(sketch, 0.14, 0.16)
    return sketch


def _pin(sketch: Sketch, x: float, y: float, tone: str) -> None:
    """A house on a pin."""
    sketch.add(ellipse(x + 3, y + 2, 8, 3, "#1d0c02", 0.35))
    drop = (
        f"M{x} {y}C{x - 4} {y - 9} {x - 13} {y - 13} {x - 13} {y - 22}A13 13 "
        f"0 0 1 {x + 13} {y - 22}C{x + 13} {y - 13} {x + 4} {y - 9} {x} {y}Z"
    )
    sketch.add(
        path(
            drop,
            sketch.linear(
                (0, mix(tone, "#ffffff", 0.3)),
                (1, mix(tone, "#3a1404", 0.3)),
                x1=x - 12,
                y1=y - 34,
                x2=x + 12,
                y2=y,
            ),
        ),
        line(drop, "#fffaf0", 1.2, 0.8),
    )
    sketch.add(
        path(
            f"M{x - 8} {y - 22}L{x} {y - 29}L{x + 8} {y - 22}H{x + 5.5}V{y - 15}H{x - 5.5}V{y - 22}Z",
            "#fffaf0",
        )
    )
