"""Jar, bottle and rice sack."""

from config.demo.pictures.body import halo
from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, rect


def jar(
    sketch: Sketch, x: float, y: float, r: float, content: tuple[str, str, str], lid: str = "#c9a25e"
) -> None:
    """A glass jar, full to the shoulder."""
    light, mid, dark = content
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 84, 106, 0.28)
        glass = "M-70-62C-82-54-86-44-86-30V78Q-86 98-66 100H66Q86 98 86 78V-30C86-44 82-54 70-62Z"
        sketch.add(path(glass, "#fff8e4", 0.55))
        honey = "M-80-38H80V76Q80 93 62 95H-62Q-80 93-80 76Z"
        sketch.add(
            path(
                honey,
                sketch.linear((0, mid), (0.28, light), (0.62, mid), (1, dark), x1=-80, y1=-20, x2=84, y2=30),
            )
        )
        sketch.add(
            path(
                honey, sketch.radial((0, mix(light, "#ffffff", 0.5), 0.75), (1, light, 0), cx=40, cy=56, r=78)
            )
        )
        sketch.add(
            ellipse(0, -38, 80, 13, mix(light, "#fff4d0", 0.35)),
            line("M-80-38A80 13 0 0 0 80-38", dark, 1.4, 0.5),
        )
        sketch.add(
            path("M-74-34C-78 10-78 50-72 82L-58 86C-62 40-62 0-58-30Z", "#ffffff", 0.5),
            path("M62-30C68 0 70 50 66 80L74 74V-34Z", "#ffffff", 0.25),
        )
        sketch.add(line(glass, "#7a5a2a", 1.4, 0.4), line("M-64 95Q0 101 64 95", "#ffffff", 2.4, 0.5))
        sketch.add(ellipse(0, -62, 72, 12, shift(lid, 0, 0.7)))
        cloth = curve(
            [
                (-74, -66),
                (-66, -96),
                (0, -104),
                (66, -96),
                (74, -66),
                (92, -40),
                (70, -46),
                (46, -36),
                (20, -44),
                (-8, -35),
                (-34, -44),
                (-62, -36),
                (-94, -42),
            ],
            True,
        )
        sketch.add(
            path(
                cloth,
                sketch.linear(
                    (0, mix(lid, "#ffffff", 0.5)),
                    (0.5, lid),
                    (1, shift(lid, -4, 0.55)),
                    x1=-80,
                    y1=-90,
                    x2=80,
                    y2=-40,
                ),
            )
        )
        pleats = "".join(f"M{k * 15} -68q{k * 2.2:.1f} 14 {k * 4.4:.1f} 28" for k in range(-4, 5))
        sketch.add(
            line(pleats, shift(lid, 0, 0.5), 1.5, 0.5),
            line("M-73-68Q0-56 73-68", "#8a3a24", 4.4, 1),
            line("M-73-69.500Q0-57.500 73-69.500", "#d2795c", 1.4, 0.8),
        )


def bottle(sketch: Sketch, x: float, y: float, r: float, content: tuple[str, str, str]) -> None:
    """A tall square-shouldered oil bottle with a cork."""
    light, mid, dark = content
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 60, 130, 0.24)
        glass = "M-15-150V-108C-15-84-52-84-52-50V108Q-52 122-38 123H38Q52 122 52 108V-50C52-84 15-84 15-108V-150Z"
        oil = "M-47-46C-46-66-24-72-14-84H14C24-72 46-66 47-46V104Q47 116 36 117H-36Q-47 116-47 104Z"
        sketch.add(path(glass, "#f3f0d6", 0.62))
        sketch.add(
            path(
                oil, sketch.linear((0, mid), (0.3, light), (0.66, mid), (1, dark), x1=-50, y1=0, x2=52, y2=24)
            )
        )
        sketch.add(path(oil, sketch.radial((0, "#fffbd6", 0.8), (1, "#fffbd6", 0), cx=22, cy=84, r=60)))
        sketch.add(ellipse(0, -84, 14, 3.6, mix(light, "#ffffff", 0.4)))
        sketch.add(
            path("M-41-44C-41 10-41 60-38 104L-29 106C-32 50-32 0-29-58Z", "#ffffff", 0.62),
            path("M36-40V100L42 98V-40Z", "#ffffff", 0.35),
            line("M-9-146V-100", "#ffffff", 4, 0.6),
        )
        sketch.add(line(glass, "#6d6a2e", 1.5, 0.5))
        sketch.add(
            rect(-18, -154, 36, 10, "#e9e6cc", 0.9, 4),
            path(
                "M-13-154-11-182Q0-187 11-182L13-154Z",
                sketch.linear((0, "#e0b888"), (0.5, "#c4935c"), (1, "#8a5c30"), x1=-12, y1=0, x2=12, y2=0),
            ),
        )
        sketch.add(
            ellipse(0, -183, 11, 3.4, "#e9c89a"), line("M-6-176v4M2-168v5M6-178v3", "#7a5028", 1.6, 0.7)
        )


def sack(sketch: Sketch, x: float, y: float, r: float) -> None:
    """A cotton bag rolled open at the mouth; fill it afterwards at (x, y − 0.5 r)."""
    rng = sketch.rng
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 96, 104, 0.3)
        body = curve(
            [
                (-70, -52),
                (-86, -10),
                (-94, 50),
                (-84, 92),
                (-40, 102),
                (10, 100),
                (60, 103),
                (88, 90),
                (95, 44),
                (86, -12),
                (70, -52),
            ],
            True,
        )
        sketch.add(
            path(
                body,
                sketch.linear(
                    (0, "#f6ecd4"), (0.45, "#e2d0a9"), (1, "#9c845a"), x1=-90, y1=-40, x2=92, y2=60
                ),
            )
        )
        folds = (
            (-50, -30, -64, 80),
            (-20, -34, -30, 60),
            (16, -34, 24, 84),
            (48, -32, 66, 60),
            (66, -20, 80, 86),
        )
        for ax, ay, bx, by in folds:
            d = f"M{ax} {ay}Q{(ax + bx) / 2 + rng.uniform(-9, 9):.1f} {(ay + by) / 2:.1f} {bx} {by}"
            sketch.add(
                line(d, "#7d6540", 7, 0.16),
                line(d, "#6b5430", 2, 0.26),
                f'<g transform="translate(-4 0)">{line(d, "#fffaf0", 3, 0.3)}</g>',
            )
        weave = "".join(f"M-98 {k * 3.4:.1f}H98" for k in range(-12, 31)) + "".join(
            f"M{k * 3.4:.1f}-50V104" for k in range(-28, 29)
        )
        sketch.add(f'<g clip-path="{sketch.clip(body)}">{line(weave, "#6b5430", 0.4, 0.14)}</g>')
        roll = curve(
            [(-84, -48), (-74, -70), (0, -84), (74, -70), (84, -48), (70, -30), (0, -20), (-70, -30)], True
        )
        sketch.add(
            path(
                roll,
                sketch.linear(
                    (0, "#fffaf0"), (0.5, "#ead9b4"), (1, "#a68e64"), x1=-80, y1=-70, x2=84, y2=-30
                ),
            ),
            line(roll, "#7d6540", 1.2, 0.5),
        )
        sketch.add(ellipse(0, -54, 66, 20, "#5d4a2a"))
