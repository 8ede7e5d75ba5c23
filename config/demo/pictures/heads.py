"""Heads, faces as plain as can be, and the straw hat."""

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.people import SKIN, Clothes, fill
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path, taper

HAIR = "#2f2520"


def head(
    sketch: Sketch,
    x: float,
    y: float,
    r: float,
    facing: str,
    clothes: Clothes | None = None,
    lit: float = 0.0,
) -> None:
    """`facing` front, left, right or back; a hat if the clothes have one; `lit` brightens the whole for one in good light."""
    skin = mix(SKIN, "#fff0d8", lit)
    side = {"left": -1, "right": 1}.get(facing, 0)
    sketch.add(
        path(
            taper(
                [(x - side * r * 0.2, y + r * 1.6), (x - side * r * 0.1, y + r * 0.6)], [r * 0.9, r * 0.86]
            ),
            fill(sketch, shift(skin, 0, 0.86), x, y + r, r),
        )
    )
    sketch.add(ellipse(x - side * r * 0.16, y - r * 0.1, r * 1.04, r * 1.1, HAIR))
    if facing != "back":
        face = curve(
            [
                (x + side * r * 0.1 + r * a, y + r * b)
                for a, b in (
                    (-0.86, -0.4),
                    (-0.84, 0.2),
                    (-0.56, 0.82),
                    (0, 1.12),
                    (0.56, 0.82),
                    (0.84, 0.2),
                    (0.86, -0.4),
                    (0.4, -0.74),
                    (-0.4, -0.74),
                )
            ],
            True,
        )
        sketch.add(path(face, fill(sketch, skin, x, y, r * 1.5)))
        _features(sketch, x + side * r * 0.42, y, r, side)
        ear = x - side * r * 0.62 if side else 0
        if side:
            sketch.add(ellipse(ear, y + r * 0.16, r * 0.17, r * 0.26, shift(skin, 0, 0.9)))
        sketch.add(
            path(
                curve(
                    [
                        (x + r * a - side * r * 0.06, y + r * b)
                        for a, b in (
                            (-0.98, 0.06),
                            (-0.9, -0.7),
                            (-0.3, -1.16),
                            (0.4, -1.14),
                            (0.92, -0.66),
                            (0.96, -0.02),
                            (0.74, -0.42),
                            (0.2, -0.62),
                            (-0.5, -0.5),
                            (-0.78, -0.3),
                        )
                    ],
                    True,
                ),
                HAIR,
            )
        )
    if clothes and clothes.hat:
        straw_hat(sketch, x, y - r * 0.66, r * 2.1, clothes.hat)


def _features(sketch: Sketch, x: float, y: float, r: float, side: int) -> None:
    gap = r * (0.36 if side == 0 else 0.27)
    for k in (-1, 1):
        ex = x + k * gap
        sketch.add(
            line(
                f"M{ex - r * 0.12:.1f} {y + r * 0.06:.1f}q{r * 0.12:.1f} {-r * 0.12:.1f} {r * 0.24:.1f} 0",
                "#3a2a22",
                r * 0.09,
            )
        )
        sketch.add(
            line(
                f"M{ex - r * 0.15:.1f} {y - r * 0.22:.1f}q{r * 0.15:.1f} {-r * 0.09:.1f} {r * 0.3:.1f} 0",
                "#3a2a22",
                r * 0.06,
                0.7,
            )
        )
        sketch.add(ellipse(x + k * gap * 1.5, y + r * 0.4, r * 0.18, r * 0.12, "#d9704e", 0.3))
    sketch.add(
        line(
            f"M{x + side * r * 0.1:.1f} {y + r * 0.14:.1f}q{r * 0.08:.1f} {r * 0.2:.1f} {-r * 0.05:.1f} {r * 0.22:.1f}",
            "#a96a48",
            r * 0.06,
            0.8,
        )
    )
    sketch.add(
        line(
            f"M{x - r * 0.24:.1f} {y + r * 0.58:.1f}q{r * 0.24:.1f} {r * 0.24:.1f} {r * 0.48:.1f} 0",
            "#9c3f32",
            r * 0.09,
        )
    )


def straw_hat(sketch: Sketch, x: float, y: float, wide: float, tone: str = "#e3c27a") -> None:
    """Brim, crown and the plait's rings."""
    brim = curve(
        [
            (x - wide, y + wide * 0.06),
            (x - wide * 0.5, y - wide * 0.16),
            (x, y - wide * 0.22),
            (x + wide * 0.5, y - wide * 0.16),
            (x + wide, y + wide * 0.06),
            (x + wide * 0.5, y + wide * 0.2),
            (x, y + wide * 0.25),
            (x - wide * 0.5, y + wide * 0.2),
        ],
        True,
    )
    sketch.add(path(brim, fill(sketch, tone, x, y, wide * 1.3)), line(brim, shift(tone, 0, 0.55), 0.8, 0.5))
    for k in (0.55, 0.78):
        sketch.add(
            f'<ellipse cx="{x:.1f}" cy="{y + wide * 0.02:.1f}" rx="{wide * k:.1f}" ry="{wide * 0.22 * k:.1f}" '
            f'fill="none" stroke="{shift(tone, 0, 0.66)}" stroke-opacity=".5" stroke-width=".7"/>'
        )
    crown = (
        f"M{x - wide * 0.46:.1f} {y - wide * 0.02:.1f}C{x - wide * 0.42:.1f} "
        f"{y - wide * 0.56:.1f} {x + wide * 0.42:.1f} {y - wide * 0.56:.1f} "
        f"{x + wide * 0.46:.1f} {y - wide * 0.02:.1f}Q{x:.1f} {y + wide * 0.12:.1f} {x - wide * 0.46:.1f} {y - wide * 0.02:.1f}Z"
    )
    sketch.add(path(crown, fill(sketch, tone, x, y - wide * 0.2, wide * 0.7)))
    sketch.add(
        line(
            f"M{x - wide * 0.455:.1f} {y - wide * 0.06:.1f}Q{x:.1f} "
            f"{y + wide * 0.08:.1f} {x + wide * 0.455:.1f} {y - wide * 0.06:.1f}",
            "#a8462c",
            wide * 0.09,
            0.9,
        )
    )
