"""Module 6: what a box costs."""

from config.demo.pictures import citrus, light, rooms
from config.demo.pictures.citrus import NAVEL
from config.demo.pictures.figures import written
from config.demo.pictures.light import Piece
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, rect

INK = "#3c4a63"


def cost_sheet(width: int) -> Sketch:
    """One thing to a line: fruit, box, labour, courier; the sum; below it the price that covers the spoilt."""
    sketch = scene_sketch("cost-sheet", rooms.plain(width, "cedar"))
    light.window(sketch, 0.3)
    sketch.soft(7, f'<g transform="rotate(-2 190 140)">{rect(66, 14, 270, 252, "#1d0c02", 0.55)}</g>')
    with sketch.at(192, 136, -2):
        _sheet(sketch)
    _abacus(sketch)
    _pen(sketch)
    light.lay(
        sketch, [Piece(424, 50, 36, lambda: citrus.fruit(sketch, NAVEL, 424, 50, 36, (56, -80), "leafy"))]
    )
    light.finish(sketch, 0.16, 0.18)
    return sketch


def _sheet(sketch: Sketch) -> None:
    sketch.add(
        rect(
            -132,
            -126,
            264,
            250,
            sketch.linear((0, "#fffdf4"), (1, "#f1e6cd"), x1=-132, y1=-126, x2=132, y2=124),
            1,
            2,
        )
    )
    rules = "".join(f"M-122 {-84 + k * 34}H122" for k in range(6))
    sketch.add(line(rules, "#a9c0cf", 0.9, 0.8), line("M-72-120V118", "#d98d7a", 0.9, 0.6))
    rows = ((_an_orange, "10.20"), (_a_box, "2.95"), (_a_clock, "1.25"), (_a_van, "6.00"))
    for k, (icon, amount) in enumerate(rows):
        y = -104 + k * 34
        with sketch.at(-98, y):
            icon(sketch)
        written(sketch, amount, 108 - len(amount) * 13.2, y - 9, 19, INK, 1.15)
        sketch.add(line(f"M-64 {y + 8}H{90 - len(amount) * 13}", "#b9a984", 1, 0.5, "butt"))
    sketch.add(line("M-122 26H122", "#3c4a63", 1.8), line("M-122 29H122", "#3c4a63", 0.8))
    written(sketch, "=", -106, 38, 20, "#8a3d0c", 1.3)
    written(sketch, "20.40", 34, 36, 24, "#8a3d0c", 1.35)
    with sketch.at(-98, 92):
        _a_spoilt(sketch)
    written(sketch, "21.25", 34, 80, 24, "#2f6a33", 1.35)
    sketch.add(line("M24 112Q70 104 124 111M28 115Q74 108 122 114", "#2f6a33", 1.6, 0.9))


def _an_orange(sketch: Sketch) -> None:
    citrus.fruit(sketch, NAVEL, 0, 0, 12, (50, -80), "calyx")


def _a_box(sketch: Sketch) -> None:
    sketch.add(
        path("M-12-6 0-11 12-6V8L0 13-12 8Z", "#c99a60"),
        path("M-12-6 0-1 12-6 0-11Z", "#e6c08a"),
        path("M0-1V13L12 8V-6Z", "#a1763f"),
        line("M-6-8.500 6-3.500V2", "#f6e2b4", 2),
    )


def _a_clock(sketch: Sketch) -> None:
    sketch.add(
        ellipse(0, 0, 12, 12, "#3f6488"),
        ellipse(0, 0, 9.6, 9.6, "#fffaf0"),
        line("M0-6V0L4.500 3", "#3a2a1c", 1.8),
        ellipse(0, 0, 1.3, 1.3, "#c2561c"),
    )


def _a_van(sketch: Sketch) -> None:
    sketch.add(
        rect(-14, -8, 17, 14, "#4f8a62", 1, 1.6),
        path("M3-4H10L15 1V6H3Z", "#3a6f4a"),
        path("M5-2.500H9.500L12.500 1H5Z", "#d5e6ea"),
    )
    for x in (-8, 9):
        sketch.add(ellipse(x, 7, 3.6, 3.6, "#22262a"), ellipse(x, 7, 1.5, 1.5, "#c9cdd2"))


def _a_spoilt(sketch: Sketch) -> None:
    """Four boxes in a hundred: a bruised fruit."""
    citrus.fruit(sketch, NAVEL, 0, 0, 12, (50, -80), "calyx")
    sketch.add(
        ellipse(3, 4, 6, 4.6, "#6b4a1c", 0.75, 20),
        ellipse(3, 4, 3, 2.2, "#5a6b52", 0.8, 20),
        line("M-13 13 13-13", "#b5482c", 2.6),
    )


def _abacus(sketch: Sketch) -> None:
    sketch.soft(5, f'<g transform="rotate(5 400 176)">{rect(348, 104, 124, 150, "#1d0c02", 0.5)}</g>')
    with sketch.at(402, 172, 5):
        sketch.add(
            rect(-62, -76, 124, 152, "#5a371a", 1, 4),
            rect(-54, -68, 108, 136, "#e9d3a4", 1, 1),
            rect(
                -54,
                -68,
                108,
                136,
                sketch.linear((0, "#5a371a", 0.4), (0.2, "#5a371a", 0), x1=-54, y1=-68, x2=40, y2=60),
            ),
        )
        digits = (0, 2, 0, 4, 0)
        for k, value in enumerate(digits):
            x = -43 + k * 21.5
            sketch.add(line(f"M{x} -68V68", "#a9824a", 2))
            upper = (-60, -49) if value < 5 else (-60, -40)
            lower = [(-17 + j * 11) if j < value % 5 else (15 + (j) * 11) for j in range(5)]
            for y in (*upper, *lower):
                sketch.add(
                    ellipse(x + 1.4, y + 2.4, 9.4, 5, "#241003", 0.35),
                    ellipse(
                        x,
                        y,
                        9.4,
                        5,
                        sketch.linear(
                            (0, "#b4693a"),
                            (0.5, "#7d3d1a"),
                            (1, "#43190a"),
                            x1=x - 6,
                            y1=y - 5,
                            x2=x + 6,
                            y2=y + 5,
                        ),
                    ),
                    ellipse(x - 3, y - 2, 3, 1.2, "#ffe0c0", 0.6),
                )
        sketch.add(
            rect(-56, -33, 112, 7, sketch.linear((0, "#8a5a30"), (1, "#43270f"), y1=-33, y2=-26)),
            line("M-60-74H60", "#a9764a", 1.6, 0.8),
        )


def _pen(sketch: Sketch) -> None:
    with sketch.at(34, 160, -74):
        sketch.add(
            rect(-44, -1, 92, 8, "#1d0c02", 0.3, 3),
            rect(
                -40,
                -4.5,
                80,
                9,
                sketch.linear((0, "#5f86b4"), (0.5, "#2f5688"), (1, "#16304f"), y1=-5, y2=5),
                1,
                3,
            ),
            path("M-40-4.500-54 0-40 4.500Z", "#e9d3a4"),
            path("M-50-1.400-54 0-50 1.400Z", "#22262a"),
            rect(26, -5, 12, 10, "#d9dde2", 1, 2),
            line("M-36-2.500H24", "#ffffff", 1.2, 0.6),
        )
