"""Scales, shears, crates and cartons."""

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.figures import segments, written
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect, taper


def scale(sketch: Sketch, x: float, y: float, wide: float, reading: str, unit: str = "kg") -> None:
    """A bench scale standing on (x, y); its plate's top is 0.30 wide above."""
    h = wide * 0.2
    body = polygon(
        [(x - wide * 0.42, y - h), (x + wide * 0.42, y - h), (x + wide * 0.5, y), (x - wide * 0.5, y)]
    )
    sketch.add(ellipse(x + wide * 0.08, y + 2, wide * 0.58, wide * 0.06, "#1d0c02", 0.45))
    sketch.add(
        path(
            body,
            sketch.linear(
                (0, "#8fa39a"),
                (0.5, "#5f756d"),
                (1, "#33443e"),
                x1=x - wide * 0.5,
                y1=y - h,
                x2=x + wide * 0.5,
                y2=y,
            ),
        ),
        line(body, "#22302b", 0.8, 0.5),
    )
    sw = wide * 0.5
    sketch.add(
        rect(x - sw / 2, y - h * 0.84, sw, h * 0.68, "#1d2a22", 1, 2),
        rect(x - sw / 2 + 1.4, y - h * 0.84 + 1.4, sw - 2.8, h * 0.68 - 2.8, "#c7d8a6", 1, 1.4),
    )
    end = segments(sketch, reading, x - sw * 0.40, y - h * 0.70, h * 0.42, "#1f2d1a", "#b4c692")
    written(sketch, unit, end + h * 0.06, y - h * 0.60, h * 0.3, "#1f2d1a", 1.5)
    sketch.add(rect(x - wide * 0.06, y - wide * 0.27, wide * 0.12, wide * 0.08, "#6d7672"))
    plate = (
        f"M{x - wide * 0.52:.1f} {y - wide * 0.29:.1f}H{x + wide * 0.52:.1f}L{x + wide * 0.49:.1f} "
        f"{y - wide * 0.245:.1f}H{x - wide * 0.49:.1f}Z"
    )
    sketch.add(
        path(
            plate,
            sketch.linear(
                (0, "#f4f6f4"),
                (0.4, "#c9cfcc"),
                (1, "#87908c"),
                x1=x - wide * 0.5,
                y1=0,
                x2=x + wide * 0.5,
                y2=0,
            ),
        ),
        line(f"M{x - wide * 0.52:.1f} {y - wide * 0.29:.1f}H{x + wide * 0.52:.1f}", "#ffffff", 1.4, 0.9),
    )


def shears(sketch: Sketch, x: float, y: float, size: float, turn: float, open_: float = 14) -> None:
    """Round-tipped picking shears, the blades' meeting point at (x, y), handles away along the turn."""
    with sketch.at(x, y, turn, size):
        for side in (1, -1):
            with sketch.at(30, 0, side * open_ / 2):
                blade = f"M-34 {side * 1}C-38 {side * 5}-30 {side * 8}-18 {side * 8}L4 {side * 6}V{-side * 2}L-20 {-side * 1}Z"
                sketch.add(path(blade, "#241003", 0.25, transform="translate(1.500 3)"))
                sketch.add(
                    path(blade, sketch.linear((0, "#ffffff"), (0.5, "#c3c9cc"), (1, "#71797d"), y1=-8, y2=8)),
                    line(f"M-32 {side * 1.4}L2 {-side * 1.2}", "#ffffff", 1, 0.9),
                )
                handle = taper(
                    [(0, side * 3), (20, side * 9), (50, side * 13), (74, side * 9)], [7, 8.6, 8.4, 6]
                )
                sketch.add(path(handle, "#241003", 0.25, transform="translate(1.500 4)"))
                sketch.add(
                    path(
                        handle,
                        sketch.linear(
                            (0, "#f07a4a"), (0.5, "#cf4a22"), (1, "#7d2409"), y1=-side * 2, y2=side * 18
                        ),
                    ),
                    line(f"M6 {side * 4}Q30 {side * 8} 66 {side * 7}", "#ffd0b4", 1.4, 0.6),
                )
        sketch.add(
            ellipse(31, 0, 5, 5, "#5d6468"),
            ellipse(30, -1, 3, 3, "#d9dee0"),
            ellipse(30.4, -0.6, 1.2, 1.2, "#5d6468"),
        )
        sketch.add(line("M44-6q4 6 0 12", "#8d9498", 1.6))


def crate(sketch: Sketch, x: float, y: float, wide: float, tall: float, tone: str = "#3f7fa6") -> None:
    """The front of a picking crate standing on (x, y); draw its fruit first."""
    left = x - wide / 2
    face = rect(
        left,
        y - tall,
        wide,
        tall,
        sketch.linear(
            (0, mix(tone, "#ffffff", 0.24)),
            (0.5, tone),
            (1, shift(tone, 0, 0.6)),
            x1=left,
            y1=y - tall,
            x2=left + wide,
            y2=y,
        ),
        1,
        3,
    )
    sketch.add(face)
    for row in range(3):
        for k in range(9):
            sx, sy = left + wide * (0.06 + 0.1 * k), y - tall * (0.64 - 0.22 * row)
            sketch.add(
                rect(sx, sy, wide * 0.072, tall * 0.12, shift(tone, 0, 0.34), 0.85, 1.6),
                rect(sx, sy + tall * 0.105, wide * 0.072, 1, mix(tone, "#ffffff", 0.5), 0.6),
            )
    sketch.add(
        rect(left - 2, y - tall - 1, wide + 4, tall * 0.16, mix(tone, "#ffffff", 0.16), 1, 2.4),
        rect(left - 2, y - tall - 1, wide + 4, 1.6, "#ffffff", 0.5, 1),
    )
    sketch.add(
        rect(left + wide * 0.38, y - tall * 0.9, wide * 0.24, tall * 0.13, shift(tone, 0, 0.3), 0.9, 3),
        rect(left - 1, y - tall * 0.08, wide + 2, tall * 0.08, shift(tone, 0, 0.8), 1, 2),
    )


def carton(
    sketch: Sketch, x: float, y: float, wide: float, tall: float, deep: float, open_: bool = True
) -> None:
    """A shipping box standing on (x, y), its near face to the viewer; inside first, then goods, then `carton_front`."""
    left, top = x - wide / 2, y - tall
    back = polygon(
        [
            (left, top),
            (left + wide, top),
            (left + wide - deep * 0.5, top - deep),
            (left + deep * 0.5, top - deep),
        ]
    )
    sketch.add(ellipse(x + wide * 0.1, y + 2, wide * 0.6, wide * 0.07, "#1d0c02", 0.45))
    sketch.add(path(back, "#8a6236" if open_ else "#d3a56c"))
    if open_:
        rear = polygon(
            [
                (left + deep * 0.5, top - deep),
                (left + wide - deep * 0.5, top - deep),
                (left + wide - deep * 0.2, top - deep - tall * 0.36),
                (left + deep * 0.2, top - deep - tall * 0.36),
            ]
        )
        sketch.add(
            path(
                rear,
                sketch.linear((0, "#dcb27c"), (1, "#b98a52"), y1=top - deep - tall * 0.36, y2=top - deep),
            )
        )
        for sign, edge in ((-1, left), (1, left + wide)):
            flap = polygon(
                [
                    (edge, top),
                    (edge - sign * deep * 0.5, top - deep),
                    (edge + sign * wide * 0.16, top - deep * 0.9),
                    (edge + sign * wide * 0.2, top + deep * 0.14),
                ]
            )
            sketch.add(path(flap, "#e0b983" if sign < 0 else "#b5854d"), line(flap, "#7d5a2e", 0.8, 0.4))
    else:
        sketch.add(
            path(
                polygon(
                    [
                        (x - wide * 0.07, top),
                        (x + wide * 0.07, top),
                        (x + wide * 0.06, top - deep),
                        (x - wide * 0.06, top - deep),
                    ]
                ),
                "#f0dcae",
                0.9,
            )
        )


def carton_front(sketch: Sketch, x: float, y: float, wide: float, tall: float) -> None:
    left, top = x - wide / 2, y - tall
    sketch.add(
        rect(
            left,
            top,
            wide,
            tall,
            sketch.linear(
                (0, "#dbb07a"), (0.5, "#c99a60"), (1, "#996c3a"), x1=left, y1=top, x2=left + wide, y2=y
            ),
            1,
            1,
        )
    )
    lines = "".join(f"M{left:.1f} {top + tall * k / 14:.1f}h{wide:.1f}" for k in range(1, 14))
    sketch.add(
        line(lines, "#8a6236", 0.5, 0.18), line(f"M{left:.1f} {top:.1f}h{wide:.1f}", "#f3d8ac", 1.6, 0.9)
    )
