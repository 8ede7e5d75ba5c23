"""Module 5: sweetness, the two snips, sizes, storing."""

from config.demo.pictures import citrus, hands, light, rooms, tools
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.figures import badge, ring, tick, written
from config.demo.pictures.leaves import OLD, YOUNG, leaf
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, rect, taper


def harvest_shears(width: int) -> Sketch:
    """First snip a centimetre away; second snip level with the button, which stays on."""
    sketch = scene_sketch("harvest-shears")
    rooms.hills(sketch, 0, 190)
    for side in (0, 240):
        _panel(sketch, side)
    _first(sketch)
    _second(sketch)
    sketch.add(rect(238, 0, 4, 270, "#fffaf0"))
    badge(sketch, "1", 24, 24, 15)
    badge(sketch, "2", 266, 24, 15)
    light.finish(sketch, 0.18, 0.16)
    return sketch


def _panel(sketch: Sketch, x: float) -> None:
    """Leaves out of focus behind."""
    rng = sketch.rng
    for _ in range(34):
        lx, ly = x + rng.uniform(0, 238), rng.uniform(0, 270)
        tone = rng.choice(("#6d9a4c", "#4f7f3c", "#8fb45c", "#3d6a34", "#a9c46c"))
        sketch.soft(
            5, ellipse(lx, ly, rng.uniform(20, 40), rng.uniform(9, 15), tone, 0.55, rng.uniform(0, 180))
        )
    for _ in range(3):
        sketch.soft(5, ellipse(x + rng.uniform(10, 228), rng.uniform(20, 250), 15, 15, "#f2962a", 0.7))


def _first(sketch: Sketch) -> None:
    limb = [(-14, 40), (70, 30), (150, 44), (240, 30)]
    sketch.add(
        path(taper(limb, [13, 12, 10, 8]), "#6f5f34"),
        path(taper([(a, b - 3) for a, b in limb], [3, 3, 2, 1]), "#c0ad78", 0.6),
    )
    for x, y, turn, size in ((50, 34, 66, 0.8), (176, 42, -50, 0.7), (200, 38, 54, 0.8), (24, 38, -46, 0.7)):
        leaf(sketch, x, y, turn, size, OLD if size > 0.75 else YOUNG)
    sketch.add(
        path(taper([(118, 40), (121, 72), (120, 116)], [8, 6.4, 5.6]), "#76803c"),
        line("M117 44Q120 76 118.500 112", "#c3cc80", 1.4, 0.8),
    )
    citrus.fruit(sketch, NAVEL, 120, 182, 66, (64, -90), "calyx", 1.0)
    tools.shears(sketch, 118, 96, 1.05, -8, 26)
    ring(sketch, 120, 96, 15)
    sketch.add(
        line("M78 92H92M78 122H92M85 94V120", "#fffaf0", 4.4, 0.9),
        line("M78 92H92M78 122H92M85 94V120", "#c2561c", 2),
    )
    written(sketch, "1", 58, 99, 15, "#fffaf0", 3.4)
    written(sketch, "1", 58, 99, 15, "#c2561c", 1.7)


def _second(sketch: Sketch) -> None:
    hands.sleeve(sketch, (300, 300), (330, 250), 42, "#46607a")
    hands.palm(
        sketch,
        [(300, 214), (330, 236), (380, 244), (420, 226), (430, 200), (410, 250), (370, 268), (320, 262)],
    )
    citrus.fruit(sketch, NAVEL, 360, 172, 68, (60, -90), "calyx")
    for k, (x, y) in enumerate(((300, 206), (304, 186), (310, 168))):
        hands.finger(sketch, [(x + 2, y + 40 - k * 2), (x - 8, y + 12), (x + 5, y - 8)], 17.5, nail=-60)
    hands.palm(sketch, [(290, 226), (306, 220), (322, 232), (340, 246), (330, 258), (304, 254)])
    hands.finger(sketch, [(424, 232), (430, 206), (420, 182)], 19, nail=-110)
    sketch.add(path(taper([(366, 66), (362, 84)], [5, 5]), "#76803c", 0.9))
    with sketch.at(392, 66, 34):
        sketch.add(
            path("M-12-3H12V3H-12Z", "#76803c"),
            ellipse(12, 0, 1.6, 3, "#d8cf9c"),
            ellipse(-12, 0, 1.6, 3, "#d8cf9c"),
        )
    tools.shears(sketch, 359, 106, 1.05, -6, 12)
    ring(sketch, 360, 113, 17, tall=0.8)
    tick(sketch, 452, 248, 13)
